//! `GET /graph/search`, `GET /graph/neighbours` and `GET /graph/vocabulary`.

use segb_tests::{Client, ServerBuilder, interaction_log, percent_encode};
use serde_json::{Value, json};

const LOG: &str = r#"
    @prefix ex: <https://robots.example/> . @prefix oro: <http://kb.openrobots.org#> .
    @prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix schema: <http://schema.org/> .
    ex:ana a oro:Human ; foaf:firstName "Ana"@en ; ex:age 70 .
    ex:ari a oro:Robot ; schema:name "ARI" ; ex:knows ex:ana, ex:ari .
    ex:hello a schema:Message ; schema:text "Good morning, ANA! The exam is over."@en ; schema:sender ex:ari .
    [] ex:about ex:ana .
"#;

fn search(client: &Client, query: &str) -> Vec<(String, String)> {
    let reply = client.get(&format!("/graph/search?q={}", percent_encode(query)));
    assert_eq!(reply.status, 200, "{query}: {}", reply.text());
    let hits = reply.json()["hits"].as_array().expect("hits").clone();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    hits.iter().map(|hit| (text(&hit["resource"]["iri"]), text(&hit["matched_by"]))).collect()
}

fn check_search(client: &Client, query: &str, expected: &[(&str, &str)]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(iri, by)| (format!("https://robots.example/{iri}"), (*by).to_owned()))
        .collect();
    assert_eq!(search(client, query), expected, "{query}");
}

#[test]
fn resources_are_found_by_what_people_type() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    assert_eq!(client.publish(LOG).status, 201);
    check_search(&client, "exam", &[("hello", "text")]);
    check_search(&client, "EXAM over", &[("hello", "text")]);
    check_search(&client, "morning good exa", &[("hello", "text")]);
    check_search(&client, "morning exam tomorrow", &[]);
    check_search(&client, "xam", &[]);
    check_search(&client, "ari", &[("ari", "iri")]);
    // By its name in a namespace that some log declared, then by texts.
    check_search(&client, "ana", &[("ana", "iri"), ("hello", "text")]);
    check_search(&client, "ex:he", &[("hello", "iri")]);
    check_search(&client, "<https://robots.example/hel", &[("hello", "iri")]);
    check_search(&client, "http://nobody.example/", &[]);
    check_search(&client, "!!!", &[]);
    // Numbers are no texts.
    check_search(&client, "70", &[]);
}

#[test]
fn what_is_erased_or_emptied_is_not_found() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let log = client.publish(LOG).json()["log_id"].as_str().expect("an id").to_owned();
    client.publish("<urn:other> <http://schema.org/text> \"another exam\" .");
    assert_eq!(search(&client, "exam").len(), 2);
    let reason = json!({ "reason": "a test", "legal_ground": "none" });
    assert_eq!(client.post_json(&format!("/logs/{log}/erase"), &reason).status, 200);
    assert_eq!(search(&client, "exam"), [("urn:other".to_owned(), "text".to_owned())]);
    assert_eq!(search(&client, "morning"), []);
    client.post_json("/ttl/delete_all", &json!({}));
    assert_eq!(search(&client, "exam"), []);
}

#[test]
fn neighbours_are_links_both_ways_and_values() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    client.publish(LOG);
    let get = |query: &str| {
        client.get(&format!("/graph/neighbours?resource=https://robots.example/{query}")).json()
    };
    let found = get("ari");
    assert_eq!(
        found["resource"],
        json!({ "iri": "https://robots.example/ari", "label": "ARI", "kind": "robot" })
    );
    assert_eq!(found["types"], json!(["http://kb.openrobots.org#Robot"]));
    let value = &found["values"][0];
    assert_eq!((&value["text"], &value["predicate"]), (&json!("ARI"), &json!("http://schema.org/name")));
    let links = |found: &Value| -> Vec<String> {
        let links = found["links"].as_array().expect("links");
        let short =
            |value: &Value| value.as_str().expect("a name").rsplit('/').next().expect("a name").to_owned();
        let triple = |link: &Value| {
            let names = [&link["subject"]["iri"], &link["predicate"], &link["object"]["iri"]];
            names.map(short).join(" ")
        };
        links.iter().map(triple).collect()
    };
    // The link to itself comes once.
    assert_eq!(links(&found), ["ari knows ana", "ari knows ari", "hello sender ari"]);
    assert_eq!(links(&get("ari&direction=in")), ["ari knows ari", "hello sender ari"]);
    assert_eq!(links(&get("ari&direction=out")), ["ari knows ana", "ari knows ari"]);
    assert_eq!(links(&get("ari&predicate=http://schema.org/sender")), ["hello sender ari"]);
    let first = get("ari&limit=2");
    assert_eq!((links(&first).len(), &first["next_offset"]), (2, &json!(2)));
    let last = get("ari&limit=2&offset=2");
    assert_eq!((links(&last), &last["next_offset"]), (vec!["hello sender ari".to_owned()], &Value::Null));
    // A blank node is named as exports name it, and can be asked for by that name.
    let blank =
        get("ana&direction=in&predicate=https://robots.example/about")["links"][0]["subject"]["iri"].clone();
    let name = blank.as_str().expect("a name").to_owned();
    assert!(name.starts_with("_:"), "{name}");
    let around = client.get(&format!("/graph/neighbours?resource={name}")).json();
    assert_eq!(around["links"][0]["object"]["label"], "Ana");
}

const MEETING: &str = r#"
    @prefix ex: <https://robots.example/> . @prefix oro: <http://kb.openrobots.org#> .
    @prefix prov: <http://www.w3.org/ns/prov#> . @prefix schema: <http://schema.org/> .
    @prefix segb: <http://www.gsi.upm.es/ontologies/segb/ns#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    ex:ana a oro:Human . ex:bob a oro:Human . ex:ari a oro:Robot ; prov:atLocation ex:hall .
    ex:hall a prov:Location .
    ex:early a prov:Activity ; segb:wasPerformedBy ex:ari ; prov:startedAtTime "2026-01-31T09:00:00Z"^^xsd:dateTime ;
      schema:about ex:meeting .
    ex:meeting a schema:Event ; schema:about ex:ana .
    ex:late a prov:Activity ; segb:wasPerformedBy ex:ari ; prov:startedAtTime "2026-01-31T10:00:00Z"^^xsd:dateTime ;
      oro:hasSpeaker ex:bob .
    ex:said a schema:Message ; prov:wasGeneratedBy ex:late ; prov:wasAttributedTo ex:ari .
    ex:seen a prov:Entity ; prov:wasDerivedFrom ex:ari . ex:early segb:producedEntityResult ex:seen .
"#;

#[test]
fn neighbours_are_chosen_by_kind_time_and_participant() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    assert_eq!(client.publish(MEETING).status, 201);
    let check = |conditions: &str, expected: &[&str]| {
        let path = format!("/graph/neighbours?resource=https://robots.example/ari{conditions}");
        let reply = client.get(&path);
        assert_eq!(reply.status, 200, "{conditions}: {}", reply.text());
        let found = reply.json();
        let name = |link: &Value, end: &str| {
            link[end]["iri"].as_str().expect("an IRI").rsplit('/').next().expect("a name").to_owned()
        };
        let mut names: Vec<String> =
            found["links"]
                .as_array()
                .expect("links")
                .iter()
                .map(|link| {
                    if name(link, "subject") == "ari" { name(link, "object") } else { name(link, "subject") }
                })
                .collect();
        names.sort();
        assert_eq!(names, expected, "{conditions}");
        assert_eq!(found["next_offset"], Value::Null, "{conditions}");
    };
    check("", &["early", "hall", "late", "said", "seen"]);
    check("&kind=activity", &["early", "late"]);
    check("&kind=message&kind=activity", &["early", "late", "said"]);
    check("&kind=robot", &[]);
    // What an activity made is of its time; a place has none, and stays.
    check("&since=2026-01-31T09:30:00Z", &["hall", "late", "said"]);
    check("&until=2026-01-31T10:00:00Z", &["early", "hall", "seen"]);
    check("&since=2026-01-31T09:00:00Z&until=2026-01-31T09:00:00.000001Z", &["early", "hall", "seen"]);
    // Ana takes part through the event, Bob as the speaker; the result names the robot.
    check("&participant=https://robots.example/ana", &["early", "hall"]);
    check("&participant=https://robots.example/bob", &["hall", "late"]);
    check("&participant=https://robots.example/ari", &["early", "hall", "late", "said", "seen"]);
    check(
        "&participant=https://robots.example/ana&participant=https://robots.example/bob",
        &["early", "hall", "late"],
    );
    check("&participant=urn:nobody", &["hall"]);
    check("&participant=https://robots.example/bob&since=2026-01-31T10:00:00Z&kind=activity", &["late"]);
}

/// A page ends after so many neighbours were looked at, and the pages together have all that fit.
#[test]
fn a_rare_neighbour_is_found_among_very_many() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let mut log = MEETING.to_owned();
    for number in 0..12_000 {
        let kind = if number % 2_400 == 3 { "schema:Message" } else { "prov:Activity" };
        log += &format!("ex:n{number} a {kind} ; segb:wasPerformedBy ex:ari .\n");
    }
    assert_eq!(client.publish(&log).status, 201);
    let (mut offset, mut found, mut pages) = (json!(0), 0, 0);
    while !offset.is_null() {
        let path =
            format!("/graph/neighbours?resource=https://robots.example/ari&kind=message&offset={offset}");
        let page = client.get(&path).json();
        found += page["links"].as_array().expect("links").len();
        offset = page["next_offset"].clone();
        pages += 1;
    }
    assert_eq!((found, pages), (6, 3));
}

#[test]
fn the_vocabulary_is_what_logs_use() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let empty = client.get("/graph/vocabulary").json();
    assert_eq!(empty, json!({ "classes": [], "properties": [], "prefixes": [] }));
    client.publish(LOG);
    client.publish(&interaction_log(1));
    let words = client.get("/graph/vocabulary").json();
    let count = |query: &str| client.select(query).len();
    assert_eq!(words["classes"].as_array().map(Vec::len), Some(count("SELECT DISTINCT ?c { ?s a ?c }")));
    assert_eq!(words["properties"].as_array().map(Vec::len), Some(count("SELECT DISTINCT ?p { ?s ?p ?o }")));
    let prefixes = words["prefixes"].as_array().expect("prefixes");
    assert!(prefixes.contains(&json!({ "prefix": "ex", "iri": "https://robots.example/" })), "{prefixes:?}");
}

#[test]
fn bad_requests_say_what_is_wrong() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    client.publish(LOG);
    for (path, status, name) in [
        ("/graph/search", 422, Some("q")),
        ("/graph/search?q=%20", 422, Some("q")),
        (&format!("/graph/search?q={}", "a".repeat(401)) as &str, 422, Some("q")),
        ("/graph/search?q=a&limit=0", 422, Some("limit")),
        ("/graph/neighbours", 422, Some("resource")),
        ("/graph/neighbours?resource=not%20an%20iri", 422, Some("resource")),
        ("/graph/neighbours?resource=urn:a&direction=up", 422, Some("direction")),
        ("/graph/neighbours?resource=urn:a&kind=thing", 422, Some("kind")),
        ("/graph/neighbours?resource=urn:a&since=noon", 422, Some("since")),
        ("/graph/neighbours?resource=urn:a&participant=ana", 422, Some("participant")),
        ("/graph/neighbours?resource=urn:nobody", 404, None),
        ("/graph/neighbours?resource=_:s99b9", 404, None),
    ] {
        let reply = client.get(path);
        assert_eq!(reply.status, status, "{path}: {}", reply.text());
        let detail = &reply.json()["detail"];
        assert_eq!(detail[0]["loc"][1].as_str(), name, "{path}: {detail}");
    }
}
