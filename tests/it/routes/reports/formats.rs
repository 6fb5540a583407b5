//! CSV, content negotiation, parameters, the empty graph.

use segb_tests::{Client, Reply, ServerBuilder};
use serde_json::{Value, json};

use super::{path, publish, report, story};

const NAMES: [&str; 8] = [
    "overview",
    "participants",
    "ml-usage",
    "emotions",
    "extreme-emotions",
    "robot-states",
    "displacement",
    "conversations",
];

fn accept(client: &Client, name: &str, accept: &str, parameters: &[(&str, &str)]) -> Reply {
    client.request("GET", &path(&format!("/reports/{name}"), parameters)).header("Accept", accept).send(&[])
}

/// The records of a CSV document (RFC 4180).
fn records(document: &str) -> Vec<Vec<String>> {
    let (mut records, mut record, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut characters = document.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(std::mem::take(&mut field)),
            '\r' if !quoted && characters.peek() == Some(&'\n') => {
                characters.next();
                record.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut record));
            }
            other => field.push(other),
        }
    }
    assert!(field.is_empty() && record.is_empty(), "the last record ends, too");
    records
}

#[test]
fn csv_has_the_same_rows() {
    let server = story();
    let client = server.client();
    for (name, lines) in [
        ("participants", 4),
        ("ml-usage", 8),
        ("emotions", 4),
        ("extreme-emotions", 3),
        ("robot-states", 5),
        ("displacement", 4),
        ("conversations", 7),
    ] {
        let reply = accept(&client, name, "text/csv", &[]);
        assert_eq!((reply.status, reply.header("Content-Type")), (200, "text/csv; charset=utf-8"), "{name}");
        let records = records(&reply.text());
        assert_eq!(records.len(), lines + 1, "{name}");
        assert!(records.iter().all(|record| record.len() == records[0].len()), "{name}: {records:?}");
    }
    let emotions = records(&accept(&client, "emotions", "text/csv", &[]).text());
    let column = |name: &str| emotions[0].iter().position(|column| column == name).expect("a column");
    let rows = report(&client, "emotions", &[]);
    for (record, row) in emotions[1..].iter().zip(super::rows(&rows)) {
        assert_eq!(record[column("time")], row["time"].as_str().expect("a time"));
        assert_eq!(record[column("intensity")], row["intensity"].to_string());
        assert_eq!(record[column("category_label")], row["category"]["label"].as_str().expect("a label"));
        assert_eq!(record[column("target")], row["target"]["iri"].as_str().expect("an IRI"));
    }
    let page = accept(&client, "emotions", "text/csv", &[("limit", "3")]);
    assert_eq!(page.header("X-Next-Offset"), "3");
    assert_eq!(accept(&client, "emotions", "text/csv", &[("offset", "3")]).header("X-Next-Offset"), "");
}

#[test]
fn csv_is_no_formula() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    publish(
        &client,
        r#"@prefix oro: <http://kb.openrobots.org#> . @prefix schema: <http://schema.org/> .
           @prefix segb: <http://www.gsi.upm.es/ontologies/segb/ns#> . @prefix prov: <http://www.w3.org/ns/prov#> .
           <urn:r> a oro:Robot ; schema:name "=cmd|' /C calc'!A0" . <urn:h> a oro:Human ; schema:name "@SUM(1)" .
           <urn:a> segb:wasPerformedBy <urn:r> ; oro:hasSpeaker <urn:r> ; oro:hasListener <urn:h> ;
             prov:generated <urn:m1>, <urn:m2> .
           <urn:m1> a schema:Message ; schema:text "=HYPERLINK(\"http://evil\", \"a,b\")" ; schema:sender <urn:r> .
           <urn:m2> a schema:Message ; schema:text "+1\r\n-2" ; schema:sender <urn:h> ."#,
    );
    let records = records(&accept(&client, "conversations", "text/csv", &[]).text());
    assert_eq!(records.len(), 3);
    let texts: Vec<&str> = records[1..].iter().map(|record| record[11].as_str()).collect();
    assert_eq!(texts, ["'=HYPERLINK(\"http://evil\", \"a,b\")", "'+1\r\n-2"]);
    assert_eq!((records[1][1].as_str(), records[1][3].as_str()), ("'=cmd|' /C calc'!A0", "'@SUM(1)"));
    let message = report(&client, "conversations", &[]);
    assert_eq!(message["rows"][0]["messages"][1]["text"], "+1\r\n-2", "JSON has it as it was logged");
}

#[test]
fn formats_are_negotiated() {
    let server = story();
    let client = server.client();
    for name in NAMES {
        for (accepts, expected) in [
            ("*/*", "application/json"),
            ("text/html, */*;q=0.1", "application/json"),
            ("text/csv, application/json;q=0.5", "text/csv; charset=utf-8"),
        ] {
            let reply = accept(&client, name, accepts, &[]);
            assert_eq!((reply.status, reply.header("Content-Type")), (200, expected), "{name} {accepts}");
        }
        let refused = accept(&client, name, "text/turtle", &[]);
        assert_eq!(refused.status, 406, "{name}");
        assert_eq!(
            refused.detail(),
            "The answer is available as application/json, text/csv; Accept lists none of them."
        );
    }
}

#[test]
fn parameters_are_checked() {
    let server = story();
    let client = server.client();
    for (parameters, name, kind) in [
        ([("since", "yesterday")], "since", "datetime_parsing"),
        ([("until", "2026-13-01T00:00:00Z")], "until", "datetime_parsing"),
        ([("robot", "ari")], "robot", "value_error"),
        ([("human", "<urn:a>")], "human", "value_error"),
        ([("limit", "0")], "limit", "greater_than_equal"),
        ([("limit", "10001")], "limit", "less_than_equal"),
        ([("offset", "-1")], "offset", "greater_than_equal"),
        ([("threshold", "much")], "threshold", "float_parsing"),
        ([("threshold", "1.5")], "threshold", "less_than_equal"),
    ] {
        let reply = client.get(&path("/reports/extreme-emotions", &parameters));
        let detail = &reply.json()["detail"][0];
        assert_eq!((reply.status, &detail["type"]), (422, &json!(kind)), "{parameters:?}");
        assert_eq!(detail["loc"], json!(["query", name]));
    }
    let nobody = report(&client, "emotions", &[("robot", "urn:nobody")]);
    assert_eq!((&nobody["total"], &nobody["rows"]), (&json!(0), &json!([])));
    let both = report(
        &client,
        "emotions",
        &[
            ("robot", "https://robots.example/story/robot/ari"),
            ("robot", "https://robots.example/story/robot/tiago"),
        ],
    );
    assert_eq!(both["total"], 4);
}

#[test]
fn an_empty_graph_has_reports() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    for name in NAMES {
        let answer = report(&client, name, &[]);
        if name == "overview" {
            assert_eq!((&answer["triples"], &answer["first_time"]), (&json!(0), &Value::Null));
            assert_eq!(answer["counts"]["activities"], 0);
        } else {
            assert_eq!(
                (&answer["total"], &answer["rows"], &answer["next_offset"]),
                (&json!(0), &json!([]), &Value::Null)
            );
        }
        assert_eq!(accept(&client, name, "text/csv", &[]).status, 200);
    }
    publish(&client, "<urn:a> a <urn:b> .");
    assert_eq!(report(&client, "overview", &[])["log_count"], 1);
    client.post_json("/ttl/delete_all", &json!({}));
    let emptied = report(&client, "overview", &[]);
    assert_eq!((&emptied["log_count"], &emptied["triples"]), (&json!(0), &json!(0)));
    assert!(emptied["journal_entries"].as_u64() >= Some(2));
}
