//! Turtle that is none: line and column, and nothing stored.

use segb_tests::{Client, ServerBuilder};

use super::{journal_length, post};

/// Sends a document in both ways and expects 422 with this text, or with one that starts so if it ends in `…`.
fn check(client: &Client, document: &str, expected: &str) {
    let replies = [client.publish(document), post(client, "/ttl", "text/turtle", document.as_bytes())];
    for reply in replies {
        let shown: String = document.chars().take(60).collect();
        assert_eq!(reply.status, 422, "{shown}: {}", reply.text());
        let detail = reply.json()["detail"].as_str().expect("a text").to_owned();
        match expected.strip_suffix('…') {
            Some(start) => assert!(detail.starts_with(start), "{shown}: {detail}"),
            None => assert_eq!(detail, expected, "{shown}"),
        }
        assert!(detail.len() < 400, "{shown}: {} bytes of detail", detail.len());
    }
}

#[test]
fn invalid_turtle_is_told_where() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    for (document, expected) in [
        ("<urn:a> <urn:b> .", "Invalid Turtle at line 1, column 17: …"),
        ("<urn:a> a <urn:b> .\n\n  <urn:é> <urn:b> ; .", "Invalid Turtle at line 3, column 19: …"),
        ("ex:a a <urn:b> .", "Invalid Turtle at line 1, column 1: Unknown prefix: ex…"),
        ("<urn:a> a <urn:b>", "Invalid Turtle at line 1, column 18: …"),
        ("<urn:a> a \"open .", "Invalid Turtle at line 1, column …"),
        ("\"text\" a <urn:b> .", "Invalid Turtle at line 1, column 1: …"),
        ("<urn:a b> a <urn:b> .", "Invalid Turtle at line 1, column …"),
        (
            "<urn:a> a <urn:b> .\n<relative> a <urn:b> .",
            "Invalid Turtle at line 2, column 2: invalid or relative IRI <relative>…",
        ),
        ("<urn:a> a <#me> .", "Invalid Turtle at line 1, column 12: invalid or relative IRI <#me>…"),
        ("SELECT * WHERE { ?s ?p ?o }", "Invalid Turtle at line 1, column …"),
        ("{ \"json\": true }", "Invalid Turtle at line 1, column 1: …"),
        ("<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> .", "Invalid Turtle at line 1, column …"),
        ("@prefix ex: <http://ex/> .\n# nothing else", "The Turtle document has no triples."),
        ("  \n", "The Turtle document has no triples."),
    ] {
        check(&client, document, expected);
    }
    check(&client, &"x".repeat(100_000), "Invalid Turtle at line 1, column …");
    // As JSON only: as it is, an empty document is no body.
    assert_eq!(client.publish("").detail(), "The Turtle document has no triples.");
    assert_eq!(journal_length(&client), 0);
    assert_eq!(client.get("/events").text(), "");
}

#[test]
fn five_thousand_brackets_are_an_error_and_no_crash() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let limit = "The document is over a limit at line 1: brackets nest deeper than 128";
    let depth = 5_000;
    for (open, close) in [("[ <urn:p> ", " ]"), ("( ", " )"), ("[", ""), ("(", "")] {
        let document = format!("<urn:a> <urn:p> {} 1 {} .", open.repeat(depth), close.repeat(depth));
        check(&client, &document, limit);
    }
    check(&client, &"<urn:a> <urn:p> \"".repeat(depth), "Invalid Turtle at line 1, column …");
    // As many as the limit allows are stored, and so are as many as one likes that are not inside one another.
    let deep = format!("<urn:a> <urn:p> {} 1 {} .", "[ <urn:p> ".repeat(128), " ]".repeat(128));
    assert_eq!(client.publish(&deep).status, 201);
    let wide = format!("<urn:a> <urn:p> ( {} ) .", "[] ".repeat(depth));
    assert_eq!(client.publish(&wide).status, 201);
    assert_eq!(client.get("/healthz/live").status, 200);
    assert_eq!(journal_length(&client), 2);
}
