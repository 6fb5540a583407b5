//! `POST /ttl/validate`: the report and its codes (wire contract, section 6).

use segb_tests::{Client, ServerBuilder, SharedServer};
use serde_json::{Value, json};

use super::{journal_length, post};

static SERVER: SharedServer = SharedServer::new();

const PREFIXES: &str = "\
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix segb: <http://www.gsi.upm.es/ontologies/segb/ns#> .
@prefix onyx: <http://www.gsi.upm.es/ontologies/onyx/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
";

fn report(client: &Client, statements: &str) -> Value {
    let document = format!("{PREFIXES}{statements}");
    let reply = client.post_json("/ttl/validate", &json!({ "ttl_content": document, "user": "ana" }));
    assert_eq!(reply.status, 200, "{statements}: {}", reply.text());
    reply.json()
}

fn codes(report: &Value) -> Vec<(&str, &str)> {
    let issues = report["issues"].as_array().expect("issues");
    issues
        .iter()
        .map(|issue| {
            let members: Vec<&str> =
                issue.as_object().expect("an object").keys().map(String::as_str).collect();
            assert_eq!(members, ["code", "focus_node", "message", "predicate", "severity", "value"]);
            assert!(!issue["message"].as_str().expect("a message").is_empty());
            (issue["severity"].as_str().expect("a severity"), issue["code"].as_str().expect("a code"))
        })
        .collect()
}

/// Checks one document that has one thing wrong.
fn check(client: &Client, statements: &str, code: &str) {
    let report = report(client, statements);
    let severity = if code == "SEM_SUBJECT_WITHOUT_TYPE" { "warning" } else { "error" };
    assert_eq!(codes(&report), [(severity, code)], "{statements}: {report}");
    let valid = severity == "warning";
    assert_eq!(report["valid"], valid, "{statements}");
    assert_eq!(report["semantic_ok"], valid, "{statements}");
    assert_eq!(report["syntax_ok"], code != "TTL_SYNTAX_ERROR", "{statements}");
}

#[test]
fn each_rule_has_its_code() {
    let server = SERVER.get(|| ServerBuilder::learning().start());
    let client = server.client();
    for statements in ["<urn:a> a", "<urn:a> a <relative> .", "ex:a a <urn:b> .", &"[".repeat(5_000)] {
        check(&client, statements, "TTL_SYNTAX_ERROR");
    }
    check(&client, "", "SEM_EMPTY_GRAPH");
    check(&client, "<urn:a> a \"Robot\" .", "SEM_RDF_TYPE_LITERAL");
    for predicate in [
        "prov:wasAssociatedWith",
        "prov:used",
        "prov:wasInfluencedBy",
        "prov:wasGeneratedBy",
        "prov:generated",
        "prov:specializationOf",
        "segb:triggeredByActivity",
        "segb:producedEntityResult",
    ] {
        check(&client, &format!("<urn:a> a <urn:T> ; {predicate} \"x\" ."), "SEM_OBJECT_PROPERTY_LITERAL");
        check(&client, &format!("<urn:a> {predicate} <urn:x> ."), "SEM_SUBJECT_WITHOUT_TYPE");
    }
    for predicate in ["prov:startedAtTime", "prov:endedAtTime", "prov:generatedAtTime"] {
        for (value, code) in [
            ("<urn:t>", "SEM_DATETIME_NOT_LITERAL"),
            ("[]", "SEM_DATETIME_NOT_LITERAL"),
            ("\"2026-01-31T10:00:00Z\"", "SEM_DATETIME_WRONG_DATATYPE"),
            ("\"2026-01-31\"^^xsd:date", "SEM_DATETIME_WRONG_DATATYPE"),
            ("\"2026-02-30T10:00:00Z\"^^xsd:dateTime", "SEM_DATETIME_INVALID_LEXICAL"),
            ("\"yesterday\"^^xsd:dateTime", "SEM_DATETIME_INVALID_LEXICAL"),
        ] {
            check(&client, &format!("<urn:a> a <urn:T> ; {predicate} {value} ."), code);
        }
    }
    for (value, code) in [
        ("<urn:i>", "SEM_INTENSITY_NOT_LITERAL"),
        ("\"high\"", "SEM_INTENSITY_NOT_NUMERIC"),
        ("1.01", "SEM_INTENSITY_OUT_OF_RANGE"),
        ("-0.1", "SEM_INTENSITY_OUT_OF_RANGE"),
    ] {
        check(&client, &format!("<urn:a> a onyx:Emotion ; onyx:hasEmotionIntensity {value} ."), code);
    }
    check(
        &client,
        "<urn:a> a onyx:Emotion ; onyx:hasEmotionCategory \"joy\" .",
        "SEM_EMOTION_CATEGORY_LITERAL",
    );
}

#[test]
fn a_good_document_has_no_issue_and_triples_are_counted_once() {
    let server = SERVER.get(|| ServerBuilder::learning().start());
    let good = "<urn:a> a prov:Activity ; prov:used <urn:x>, <urn:x>, [] ; \
        prov:startedAtTime \"2026-01-31T10:00:00.5+01:00\"^^xsd:dateTime . \
        <urn:e> a onyx:Emotion ; onyx:hasEmotionIntensity \"0.5\" ; onyx:hasEmotionCategory <urn:joy> .";
    let expected =
        json!({ "valid": true, "syntax_ok": true, "semantic_ok": true, "triple_count": 7, "issues": [] });
    assert_eq!(report(&server.client(), good), expected);
}

#[test]
fn issues_say_where_and_come_in_the_order_of_the_rules() {
    let server = SERVER.get(|| ServerBuilder::learning().start());
    let client = server.client();
    let wrong = "<urn:a> onyx:hasEmotionCategory \"joy\" ; onyx:hasEmotionIntensity 2 ; prov:endedAtTime 1 ; \
        prov:used \"hammer\" ; a \"Robot\" . <urn:b> prov:used <urn:c> .";
    let report = report(&client, wrong);
    let expected = [
        ("error", "SEM_RDF_TYPE_LITERAL"),
        ("error", "SEM_OBJECT_PROPERTY_LITERAL"),
        ("error", "SEM_DATETIME_WRONG_DATATYPE"),
        ("error", "SEM_INTENSITY_OUT_OF_RANGE"),
        ("error", "SEM_EMOTION_CATEGORY_LITERAL"),
        ("warning", "SEM_SUBJECT_WITHOUT_TYPE"),
    ];
    assert_eq!(codes(&report), expected);
    assert_eq!(report["triple_count"], 6);
    let issue = &report["issues"][1];
    assert_eq!(issue["focus_node"], "urn:a");
    assert_eq!(issue["predicate"], "http://www.w3.org/ns/prov#used");
    assert_eq!(issue["value"], "hammer");
    let syntax = client.post_json("/ttl/validate", &json!({ "ttl_content": "<urn:a>\n a" })).json();
    let message = syntax["issues"][0]["message"].as_str().expect("a message");
    assert!(message.starts_with("Invalid Turtle at line 2, column "), "{message}");
    assert_eq!(syntax["triple_count"], 0);
}

#[test]
fn raw_turtle_is_checked_too_and_nothing_is_stored() {
    let server = SERVER.get(|| ServerBuilder::learning().start());
    let client = server.client();
    let reply = post(&client, "/ttl/validate", "text/turtle", b"<urn:a> a <urn:b> .");
    assert_eq!(reply.json()["valid"], true);
    assert_eq!(journal_length(&client), 0);
    assert_eq!(client.get("/events").text(), "");
}
