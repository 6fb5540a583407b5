//! `POST /query/validate`: kinds and messages.

use segb_tests::{Client, ServerBuilder};
use serde_json::json;

fn check(client: &Client, query: &str, kind: &str, message: &str) {
    let reply = client.post_json("/query/validate", &json!({ "query": query }));
    assert_eq!(reply.status, 200, "{query:.60}: {}", reply.text());
    let mut found = reply.json();
    let text = found["message"].as_str().expect("a message").to_owned();
    let expected = message.strip_suffix('…');
    match expected {
        Some(start) => assert!(text.starts_with(start) && text.len() < 500, "{query:.60}: {text}"),
        None => assert_eq!(text, message, "{query:.60}"),
    }
    found["message"] = json!("");
    let valid = message == "Valid SPARQL query.";
    let members =
        json!({ "valid": valid, "query_kind": kind, "allows_update_execution": false, "message": "" });
    assert_eq!(found, members, "{query:.60}");
}

#[test]
fn kinds_and_messages_are_the_documented_ones() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let valid = "Valid SPARQL query.";
    let update = "Update queries are not allowed for this request.";
    let unknown = "Query must start with SELECT/CONSTRUCT/ASK/DESCRIBE or an update operation.";
    let syntax = "Invalid SPARQL syntax: line …";
    for (query, kind, message) in [
        ("SELECT * WHERE { ?s ?p ?o }", "select", valid),
        ("  select ?s { ?s ?p ?o }", "select", valid),
        ("# a comment\nPREFIX ex: <urn:x> BASE <urn:y> SELECT * { ?s a ex:T }", "select", valid),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "construct", valid),
        ("ASK { ?s ?p ?o }", "ask", valid),
        ("DESCRIBE <urn:a>", "describe", valid),
        ("SELECT * FROM <urn:elsewhere> { ?s ?p ?o }", "select", valid),
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", "update", update),
        ("PREFIX ex: <urn:x> DELETE WHERE { ?s ?p ?o }", "update", update),
        ("CLEAR ALL", "update", update),
        ("INSERT nonsense", "update", update),
        ("nonsense", "unknown", unknown),
        ("SELEKT *", "unknown", unknown),
        ("{}", "unknown", unknown),
        ("SELECT * WHERE {", "select", syntax),
        ("CONSTRUCT { ?s }", "construct", syntax),
        ("ASK", "ask", syntax),
        ("DESCRIBE { ?s ?p ?o", "describe", syntax),
        ("", "unknown", unknown),
        (
            "SELECT * { SERVICE <urn:s> { ?s ?p ?o } }",
            "select",
            "SERVICE is not allowed: queries run on the data of this server only.",
        ),
    ] {
        check(&client, query, kind, message);
    }
    let deep = format!("ASK {}{}", "{".repeat(5_000), "}".repeat(5_000));
    check(&client, &deep, "ask", "The query is nested deeper than 128 levels.");
    let wide = format!("SELECT * {{ {} }}", "?s ?p ?o . ".repeat(5_000));
    check(&client, &wide, "select", "Valid SPARQL query.");
}
