//! Why did the robot do this?

use std::collections::{BTreeSet, HashMap};

use segb_tests::{Client, ServerBuilder};
use serde_json::{Value, json};

use super::{STORY, codes, lines, path, publish, story};

fn explain(client: &Client, parameters: &[(&str, &str)]) -> Value {
    let reply = client.get(&path("/explain", parameters));
    assert_eq!((reply.status, reply.header("Content-Type")), (200, "application/json"), "{}", reply.text());
    let answer = reply.json();
    let ids: BTreeSet<&str> = list(&answer, "steps").iter().filter_map(|step| step["id"].as_str()).collect();
    assert_eq!(ids.len(), list(&answer, "steps").len(), "each step once");
    for link in list(&answer, "links") {
        for end in ["cause", "effect"] {
            assert!(link[end].as_str().is_some_and(|id| ids.contains(id)), "{link}");
        }
        assert!(!list(link, "logs").is_empty() && !list(link, "predicates").is_empty(), "{link}");
    }
    answer
}

fn list<'a>(answer: &'a Value, name: &str) -> &'a Vec<Value> {
    answer[name].as_array().expect("a list")
}

fn text(client: &Client, resource: &str) -> String {
    let reply = client
        .request("GET", &path("/explain", &[("resource", resource)]))
        .header("Accept", "text/plain")
        .send(&[]);
    assert_eq!((reply.status, reply.header("Content-Type")), (200, "text/plain; charset=utf-8"));
    reply.text()
}

fn apologise() -> String {
    format!("{STORY}activity/apologise")
}

#[test]
fn why_did_the_robot_apologise() {
    let server = story();
    let client = server.client();
    let answer = explain(&client, &[("resource", &apologise())]);
    assert_eq!(answer["resource"]["label"], "apology");
    assert_eq!(answer["cut"], Value::Null);
    let steps: HashMap<&str, &Value> = list(&answer, "steps")
        .iter()
        .map(|step| (step["id"].as_str().expect("an id").trim_start_matches(STORY), step))
        .collect();
    for (id, direction, kind) in [
        ("activity/apologise", "self", "activity"),
        ("activity/decide_to_apologise", "back", "activity"),
        ("activity/analyse_shock", "back", "activity"),
        ("emotion-annotation/shock_seen_by_ari", "back", "emotion"),
        ("message/shock", "back", "message"),
        ("activity/hear_shock", "back", "activity"),
        ("activity/read_headline", "back", "activity"),
        ("activity/choose_headline", "back", "activity"),
        ("message/request", "back", "message"),
        ("activity/hear_request", "back", "activity"),
        ("model/feelings", "back", "model"),
        ("activity/train_feelings", "back", "activity"),
        ("dataset/faces", "back", "dataset"),
        ("human/ana", "back", "human"),
        ("robot/ari", "back", "robot"),
        ("message/apology", "forward", "message"),
        ("activity/tell_rescue", "forward", "activity"),
        ("message/rescue", "forward", "message"),
        ("activity/hear_joy", "forward", "activity"),
    ] {
        let step = steps.get(id).unwrap_or_else(|| panic!("{id} is missing: {:?}", steps.keys()));
        assert_eq!(
            (&step["direction"], &step["resource"]["kind"]),
            (&json!(direction), &json!(kind)),
            "{id}"
        );
        assert!(!step["logs"].as_array().expect("logs").is_empty(), "{id}");
    }
    assert!(!steps.contains_key("activity/hear_goodbye"), "it has nothing to do with it");
    assert_eq!(steps["message/shock"]["text"], "Oh no, my exam!");
    assert_eq!(steps["activity/apologise"]["performer"]["label"], "ARI");
    assert_eq!(
        steps["activity/hear_request"]["logs"][0]["proof"],
        format!(
            "/logs/{}/proof",
            steps["activity/hear_request"]["logs"][0]["log_id"].as_str().expect("an id")
        )
    );

    // Things happened in this order.
    let order: Vec<&str> = list(&answer, "steps")
        .iter()
        .filter_map(|step| step["id"].as_str().expect("an id").strip_prefix(&format!("{STORY}activity/")))
        .collect();
    let expected = [
        "train_speech",
        "train_feelings",
        "hear_request",
        "choose_headline",
        "read_headline",
        "hear_shock",
        "analyse_shock",
        "decide_to_apologise",
        "apologise",
        "tell_rescue",
        "hear_joy",
    ];
    let ours: Vec<&&str> = order.iter().filter(|name| expected.contains(name)).collect();
    let trainings: BTreeSet<&&str> = ours.iter().take(2).copied().collect();
    assert_eq!(trainings, BTreeSet::from([&"train_speech", &"train_feelings"]), "at the same time");
    assert_eq!(ours[2..], expected[2..].iter().collect::<Vec<_>>());

    let links = lines(list(&answer, "links"), &["/cause", "/relation", "/effect"]);
    for link in [
        "activity/decide_to_apologise triggered activity/apologise",
        "emotion-annotation/shock_seen_by_ari triggered activity/decide_to_apologise",
        "activity/analyse_shock produced emotion-annotation/shock_seen_by_ari",
        "message/shock triggered activity/analyse_shock",
        "activity/hear_shock produced message/shock",
        "message/headline derived message/shock",
        "model/feelings model activity/analyse_shock",
        "activity/train_feelings produced model/feelings",
        "dataset/faces input activity/train_feelings",
        "robot/ari performed activity/apologise",
        "human/ana sent message/request",
        "activity/apologise step activity/tell_rescue",
        "event:ana_is_shocked observed activity/hear_shock",
    ] {
        assert!(links.iter().any(|found| found == link), "{link} is missing: {links:#?}");
    }
    let gaps = lines(list(&answer, "gaps"), &["/code", "/iri"]);
    assert!(gaps.contains(&"no_run model/dialogue".to_owned()), "{gaps:?}");
    assert!(
        !gaps.iter().any(|gap| gap.starts_with("no_trigger")),
        "every activity of the story has a reason: {gaps:?}"
    );
}

#[test]
fn in_plain_sentences() {
    let server = story();
    let client = server.client();
    let told = text(&client, &apologise());
    let mut rest = told.as_str();
    for sentence in [
        "Why: “apology” (activity)",
        "What happened, in order:",
        "2026-01-31 10:00:10.000 UTC: ARI listened (“hear_request”).",
        "Ana said: “Can you tell me some uplifting news?”",
        "ARI said: “The final exam is moved forward to next Monday!”",
        "Ana said: “Oh no, my exam!”",
        "ARI analysed emotions (“analyse_shock”).",
        "It was triggered by",
        "It was found that Ana felt fear (intensity 0.82, confidence 0.9), sadness (intensity 0.35, confidence 0.6).",
        "ARI made a decision (“decide_to_apologise”).",
        "ARI responded (“apology”).  <- this is what was asked about",
        "ARI said: “I am sorry, that was not uplifting at all.”",
        "ARI responded (“tell_rescue”).",
        "Who and what took part:",
        "What is missing:",
        "Nothing is recorded about how the model “Dialogue policy” was made.",
    ] {
        let place =
            rest.find(sentence).unwrap_or_else(|| panic!("“{sentence}” is not where it should be:\n{told}"));
        rest = &rest[place + sentence.len()..];
    }
}

#[test]
fn from_a_message_an_emotion_and_a_state() {
    let server = story();
    let client = server.client();
    for (resource, cause) in [
        ("message/rescue", "activity/tell_rescue"),
        ("emotion-annotation/joy_seen_by_ari", "activity/analyse_joy"),
        ("state/ari_2", "activity/tell_rescue"),
    ] {
        let answer = explain(&client, &[("resource", &format!("{STORY}{resource}"))]);
        let links = lines(list(&answer, "links"), &["/cause", "/relation", "/effect"]);
        let link = format!("{cause} produced {resource}");
        assert!(links.contains(&link), "{link}: {links:?}");
    }
    // A single emotion is a part of a result.
    let rows = super::report(&client, "emotions", &[]);
    let emotion = super::rows(&rows)[0]["emotion"].as_str().expect("an IRI");
    let answer = explain(&client, &[("resource", emotion)]);
    assert!(
        list(&answer, "links").iter().any(|link| link["relation"] == "part" && link["effect"] == emotion)
    );
    // A person did not happen.
    let answer = explain(&client, &[("resource", &format!("{STORY}human/ana"))]);
    assert_eq!((list(&answer, "steps").len(), codes(&answer["steps"][0])), (1, vec!["not_an_event"]));
    // An event: what was done about it.
    let answer = explain(&client, &[("resource", "https://gsi.upm.es/segb/shared-events/ana_asks")]);
    assert!(list(&answer, "steps").iter().any(|step| step["direction"] == "forward"));
}

#[test]
fn bounds_are_kept_and_said() {
    let server = story();
    let client = server.client();
    let near = explain(&client, &[("resource", &apologise()), ("depth", "1")]);
    assert!(list(&near, "steps").iter().all(|step| step["distance"].as_u64() <= Some(1)));
    assert_eq!(near["cut"]["by"], "depth");
    assert!(list(&near["cut"], "at").contains(&json!(format!("{STORY}activity/decide_to_apologise"))));
    let few = explain(&client, &[("resource", &apologise()), ("limit", "5")]);
    assert_eq!((list(&few, "steps").len(), &few["cut"]["by"]), (5, &json!("steps")));
    let gaps = lines(list(&few, "gaps"), &["/code"]);
    assert!(!gaps.contains(&"no_trigger".to_owned()), "what was cut is no gap: {gaps:?}");
    for bad in ["depth=0", "depth=101", "limit=0", "limit=2001", "limit=x"] {
        assert_eq!(client.get(&format!("/explain?resource=urn:a&{bad}")).status, 422, "{bad}");
    }
}

#[test]
fn what_nobody_mentions_is_unknown() {
    let server = story();
    let client = server.client();
    for resource in ["urn:nobody", "_:s0b99", "_:x"] {
        let reply = client.get(&path("/explain", &[("resource", resource)]));
        assert_eq!(
            (reply.status, reply.detail().as_str()),
            (404, "Nothing in the graph has this name."),
            "{resource}"
        );
    }
    let missing = client.get("/explain");
    assert_eq!((missing.status, &missing.json()["detail"][0]["type"]), (422, &json!("missing")));
    let bad = client.get("/explain?resource=apology");
    assert_eq!((bad.status, &bad.json()["detail"][0]["loc"]), (422, &json!(["query", "resource"])));
    let turtle = client
        .request("GET", &path("/explain", &[("resource", &apologise())]))
        .header("Accept", "text/turtle");
    let reply = turtle.send(&[]);
    assert_eq!(reply.status, 406);
    assert!(reply.detail().contains("application/json, text/plain"), "{}", reply.text());
}

const PREFIXES: &str = "@prefix ex: <urn:ex:> . @prefix oro: <http://kb.openrobots.org#> .
    @prefix prov: <http://www.w3.org/ns/prov#> . @prefix schema: <http://schema.org/> .
    @prefix segb: <http://www.gsi.upm.es/ontologies/segb/ns#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .";

/// Circles, a cause from the future, nobody, nothing, literals, a hostile text and a chain without an end in sight.
#[test]
fn odd_histories_are_told_and_end() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    publish(
        &client,
        &format!(
            "{PREFIXES}
            ex:a a segb:LoggedActivity ; segb:triggeredByActivity ex:b ; prov:startedAtTime \"2026-01-01T00:00:00Z\"^^xsd:dateTime .
            ex:b a segb:LoggedActivity ; segb:triggeredByActivity ex:a, ex:b ; segb:wasPerformedBy \"a robot\" ;
                prov:startedAtTime \"2026-01-02T00:00:00Z\"^^xsd:dateTime .
            ex:c a segb:LoggedActivity ; segb:triggeredByEntity ex:nothing, \"a text\", [ schema:text \"from nobody\" ] .
            ex:m a schema:Message ; schema:text \"\\u001B[31mred\\u202E\\nnext\" ."
        ),
    );
    let circle = explain(&client, &[("resource", "urn:ex:a")]);
    let directions = lines(list(&circle, "steps"), &["/id", "/direction"]);
    assert!(directions.contains(&"urn:ex:b both".to_owned()), "{directions:?}");
    let of = |answer: &Value, id: &str| {
        list(answer, "steps").iter().find(|step| step["id"] == id).cloned().expect("a step")
    };
    assert!(codes(&of(&circle, "urn:ex:a")).contains(&"effect_before_cause"));
    assert_eq!(of(&circle, "\"a robot\"")["resource"]["kind"], "literal");

    let c = explain(&client, &[("resource", "urn:ex:c")]);
    let gaps = lines(list(&c, "gaps"), &["/code", "/iri"]);
    for gap in ["no_performer urn:ex:c", "no_time urn:ex:c", "nothing_known urn:ex:nothing"] {
        assert!(gaps.contains(&gap.to_owned()), "{gap}: {gaps:?}");
    }
    let blank =
        list(&c, "steps").iter().filter_map(|step| step["id"].as_str()).find(|id| id.starts_with("_:"));
    let blank = explain(&client, &[("resource", blank.expect("a blank node"))]);
    assert_eq!(blank["steps"].as_array().map(Vec::len), Some(2));

    let told = text(&client, "urn:ex:m");
    assert!(told.contains("Somebody unknown said: “[31mred next”"), "{told}");
    assert!(told.contains("It is not recorded which activity “m” comes from."), "{told}");
}

#[test]
fn a_chain_of_a_hundred_thousand_is_cut() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    for part in 0..2 {
        let mut log = PREFIXES.to_owned();
        for number in part * 50_000..(part + 1) * 50_000 {
            log.push_str(&format!("ex:c{} segb:triggeredByActivity ex:c{number} .\n", number + 1));
        }
        publish(&client, &log);
    }
    let answer = explain(&client, &[("resource", "urn:ex:c50000"), ("limit", "2000"), ("depth", "100")]);
    assert_eq!((list(&answer, "steps").len(), &answer["cut"]["by"]), (201, &json!("depth")));
    let ids = lines(list(&answer, "steps"), &["/id"]);
    let expected: Vec<String> = (49_900..=50_100).map(|number| format!("urn:ex:c{number}")).collect();
    assert_eq!(ids, expected, "without any time: by distance");
    assert!(text(&client, "urn:ex:c50000").contains("This is not all."));
    // One that triggered everything.
    let mut log = PREFIXES.to_owned();
    for number in 0..30_000 {
        log.push_str(&format!("ex:e{number} segb:triggeredByActivity ex:hub .\n"));
    }
    publish(&client, &log);
    let answer = explain(&client, &[("resource", "urn:ex:hub"), ("limit", "2000")]);
    assert_eq!((list(&answer, "steps").len(), &answer["cut"]["by"]), (201, &json!("links")));
}
