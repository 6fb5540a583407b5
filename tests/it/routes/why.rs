//! `GET /why`: who said it.

use segb_tests::{Client, ServerBuilder, percent_encode};
use serde_json::{Value, json};

const PREFIXES: &str = "@prefix ex: <http://example/> . @prefix oro: <http://kb.openrobots.org#> . \
                        @prefix segb: <http://www.gsi.upm.es/ontologies/segb/ns#> .";

fn why(client: &Client, parameters: &[(&str, &str)]) -> Value {
    let query: Vec<String> =
        parameters.iter().map(|(name, value)| format!("{name}={}", percent_encode(value))).collect();
    let reply = client.get(&format!("/why?{}", query.join("&")));
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

fn publish(client: &Client, turtle: &str) -> String {
    let reply = client.publish(&format!("{PREFIXES} {turtle}"));
    assert_eq!(reply.status, 201, "{}", reply.text());
    reply.json()["log_id"].as_str().expect("an id").to_owned()
}

fn log_ids(answer: &Value) -> Vec<&str> {
    let assertions = answer["assertions"].as_array().expect("assertions").iter();
    assertions.map(|assertion| assertion["log"]["log_id"].as_str().expect("an id")).collect()
}

#[test]
fn three_logs_said_it_and_one_of_them_is_erased() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let said = "ex:ana ex:feels \"joy\"@en .";
    let first = publish(&client, &format!("{said} ex:talk segb:wasPerformedBy ex:ari ."));
    let second = publish(&client, &format!("{said} ex:pepper a oro:Robot ."));
    let third = publish(&client, &format!("{said} ex:other ex:thing 1 ."));
    let question = [("subject", "ex:ana"), ("predicate", "<http://example/feels>"), ("object", "'joy'@en")];

    let answer = why(&client, &question);
    assert_eq!(log_ids(&answer), [&first, &second, &third]);
    assert_eq!(answer["next_offset"], Value::Null);
    let assertion = &answer["assertions"][0];
    assert_eq!(assertion["subject"], "<http://example/ana>");
    assert_eq!(assertion["predicate"], "<http://example/feels>");
    assert_eq!(assertion["object"], "\"joy\"@en");
    assert_eq!(assertion["robots"], json!(["http://example/ari"]));
    assert_eq!(answer["assertions"][1]["robots"], json!(["http://example/pepper"]));
    assert_eq!(answer["assertions"][2]["robots"], json!([]));
    for assertion in answer["assertions"].as_array().expect("assertions") {
        let log_id = assertion["log"]["log_id"].as_str().expect("an id");
        assert_eq!(assertion["log"], client.get(&format!("/logs/{log_id}")).json());
        let proof = client.get(assertion["proof"].as_str().expect("a path")).json();
        assert_eq!(proof["log_id"], log_id);
    }

    let body = json!({ "reason": "Ana asked", "legal_ground": "GDPR, article 17" });
    assert_eq!(client.post_json(&format!("/logs/{second}/erase"), &body).status, 200);
    let check = |client: &Client| {
        let answer = why(client, &question);
        assert_eq!(log_ids(&answer), [&first, &third, &second], "the tombstone comes last");
        let erasures: Vec<bool> =
            (0..3).map(|place| answer["assertions"][place]["log"]["erasure"].is_object()).collect();
        assert_eq!(erasures, [false, false, true]);
        assert_eq!(answer["assertions"][2]["log"]["erasure"]["reason"], "Ana asked");
        assert_eq!(answer["assertions"][2]["robots"], json!([]));
        let gone = why(client, &[("subject", "ex:pepper")]);
        assert_eq!(gone["assertions"], json!([]), "nobody says any more what only the erased log said");
    };
    check(&client);
    let mut server = server;
    server.kill();
    let server = server.restart();
    server.wait_until_ready();
    check(&server.client());

    // When nobody says it any more, it is not known either who did.
    for log_id in [&first, &third] {
        assert_eq!(server.client().post_json(&format!("/logs/{log_id}/erase"), &body).status, 200);
    }
    assert_eq!(why(&server.client(), &question)["assertions"], json!([]));
    publish(&server.client(), said);
    assert_eq!(log_ids(&why(&server.client(), &question)).len(), 1, "no tombstone is left");
}

#[test]
fn any_part_of_a_triple_may_be_asked_for() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let one = publish(&client, "ex:a ex:p ex:b , [ ex:q 7 ] . ex:c ex:p ex:b .");
    let two = publish(&client, "ex:a ex:p ex:b .");
    let count = |parameters: &[(&str, &str)]| log_ids(&why(&client, parameters)).len();
    assert_eq!(count(&[("object", "http://example/b")]), 3);
    assert_eq!(count(&[("predicate", "ex:p")]), 4);
    assert_eq!(count(&[("subject", "ex:a"), ("object", "ex:b")]), 2);
    assert_eq!(count(&[("object", "7")]), 1);
    assert_eq!(count(&[("object", "\"7\"")]), 0);
    assert_eq!(count(&[("subject", "urn:nobody")]), 0);
    let node = why(&client, &[("object", "7")])["assertions"][0]["subject"].clone();
    let node = node.as_str().expect("a blank node");
    assert!(node.starts_with("_:"), "{node}");
    assert_eq!(count(&[("subject", node)]), 1);
    assert_eq!(count(&[("subject", "_:nobody")]), 0);

    // Page by page it is the same.
    let all = why(&client, &[("predicate", "ex:p")]);
    let (mut paged, mut offset) = (Vec::new(), json!(0));
    while let Some(number) = offset.as_u64() {
        let page = why(&client, &[("predicate", "ex:p"), ("limit", "3"), ("offset", &number.to_string())]);
        paged.extend(page["assertions"].as_array().expect("assertions").clone());
        offset = page["next_offset"].clone();
    }
    assert_eq!(all["assertions"], Value::Array(paged));
    assert_eq!(log_ids(&why(&client, &[("subject", "ex:a"), ("object", "ex:b")])), [one, two]);
}

#[test]
fn what_is_no_term_is_refused() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let reply = client.get("/why");
    assert_eq!(
        (reply.status, reply.detail().as_str()),
        (422, "At least one of subject, predicate and object is needed.")
    );
    for (name, value) in [
        ("subject", "Ana Lopez"),
        ("object", "joy"),
        ("predicate", "\"text\""),
        ("subject", "<relative>"),
        ("object", "\"a\" . <urn:x> <urn:y> <urn:z>"),
        ("object", "[]"),
    ] {
        let reply = client.get(&format!("/why?{name}={}", percent_encode(value)));
        let detail = &reply.json()["detail"][0];
        assert_eq!((reply.status, &detail["loc"]), (422, &json!(["query", name])), "{value}");
        assert!(detail["msg"].as_str().is_some_and(|text| text.contains("RDF term")), "{detail}");
    }
    for query in ["subject=urn:a&limit=0", "subject=urn:a&limit=1001", "subject=urn:a&offset=-1"] {
        assert_eq!(client.get(&format!("/why?{query}")).status, 422, "{query}");
    }
}
