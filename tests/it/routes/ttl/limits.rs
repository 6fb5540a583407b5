//! Limits on what one log may be and how slowly it may come.

use std::time::{Duration, Instant};

use segb_tests::{Client, ServerBuilder, exchange_head};
use serde_json::json;

use super::{journal_length, post};

fn check(client: &Client, document: &str, detail: &str) {
    let reply = client.publish(document);
    let case = &document[..document.len().min(60)];
    assert_eq!(reply.status, 422, "{case}: {}", reply.text());
    assert_eq!(reply.json(), json!({ "detail": detail }), "{case}");
}

#[test]
fn what_is_over_a_limit_is_told_which() {
    let server = ServerBuilder::learning()
        .set("SEGB_TRIPLES_MAX", "3")
        .set("SEGB_TURTLE_NESTING_MAX", "2")
        .set("SEGB_IRI_BYTES_MAX", "50")
        .set("SEGB_LITERAL_BYTES_MAX", "20")
        .set("SEGB_PREFIXES_MAX", "2")
        .start();
    let client = server.client();
    let over = "The document is over a limit at line";
    let long = "x".repeat(60);
    check(&client, "<urn:a> <urn:b> 1, 2,\n3,\n4 .", &format!("{over} 3: more than 3 triples"));
    check(
        &client,
        "<urn:a> <urn:b> [\n<urn:b> [ <urn:b> [] ] ] .",
        &format!("{over} 2: brackets nest deeper than 2"),
    );
    check(
        &client,
        &format!("\n<urn:{long}> a <urn:b> ."),
        &format!("{over} 2: an IRI of 64 bytes, more than the 50 that are allowed"),
    );
    check(
        &client,
        &format!("<urn:a> <urn:b> \"{long}\" ."),
        &format!("{over} 1: a literal of 60 bytes, more than the 20 that are allowed"),
    );
    check(
        &client,
        "@prefix a: <urn:a> . @prefix b: <urn:b> . PREFIX c: <urn:c> a: a b: .",
        &format!("{over} 1: more than 2 prefix declarations"),
    );
    assert_eq!(journal_length(&client), 0);
    let within =
        format!("@prefix a: <urn:{}> . a: <urn:b> [ <urn:b> [] ] ; a \"{}\" .", &long[..46], &long[..20]);
    assert_eq!(client.publish(&within).status, 201);
}

/// A body of this many bytes that is JSON and, in it, Turtle.
fn body_of(bytes: usize) -> String {
    let around = json!({ "ttl_content": "<urn:a> a <urn:b> . #" }).to_string();
    let (head, tail) = around.split_at(around.len() - 2);
    format!("{head}{}{tail}", "x".repeat(bytes - around.len()))
}

#[test]
fn a_body_that_is_too_large_is_refused_however_it_comes() {
    let max = 2_000;
    let server = ServerBuilder::learning().set("SEGB_BODY_BYTES_MAX", &max.to_string()).start();
    let client = server.client();
    let detail = json!({ "detail": "The body is longer than the limit of 2000 bytes." });
    let too_large = body_of(max + 1);
    let chunked = format!("{:x}\r\n{too_large}\r\n0\r\n\r\n", too_large.len());
    let far_too_large = ["Content-Length: 99999999999"];
    let replies = [
        post(&client, "/ttl", "application/json", too_large.as_bytes()),
        post(&client, "/ttl", "text/turtle", "#".repeat(max + 1).as_bytes()),
        post(&client, "/ttl/validate", "application/json", too_large.as_bytes()),
        exchange_head(server.address(), "POST /ttl", &["Transfer-Encoding: chunked"], chunked.as_bytes()),
        // An announced length is enough.
        exchange_head(server.address(), "POST /ttl", &far_too_large, b"{"),
    ];
    for (case, reply) in replies.iter().enumerate() {
        assert_eq!(reply.status, 413, "{case}: {}", reply.text());
        assert_eq!(reply.json(), detail, "{case}");
    }
    assert_eq!(journal_length(&client), 0);
    assert_eq!(post(&client, "/ttl", "", body_of(max).as_bytes()).status, 201, "at the limit");
}

#[test]
fn a_body_that_comes_too_slowly_is_given_up() {
    let server = ServerBuilder::learning().set("SEGB_BODY_SECONDS_MAX", "1").start();
    let body = body_of(100);
    let (start, rest) = body.split_at(50);
    let length = format!("Content-Length: {}", body.len());
    let chunk = format!("{:x}\r\n{start}\r\n", start.len());
    for (header, sent) in [(length.as_str(), start), ("Transfer-Encoding: chunked", &chunk), (&length, "")] {
        let since = Instant::now();
        let reply = exchange_head(server.address(), "POST /ttl", &[header], sent.as_bytes());
        assert_eq!(reply.status, 408, "{header}: {}", reply.text());
        assert_eq!(reply.detail(), "The body did not arrive within the limit of 1s.", "{header}");
        let waited = since.elapsed();
        // Not only the answer, also the end of the connection has to come: else anybody could hold all there may be.
        assert!(
            (Duration::from_millis(900)..Duration::from_secs(20)).contains(&waited),
            "{header}: {waited:?}"
        );
    }
    assert_eq!(rest.len(), 50);
    assert_eq!(journal_length(&server.client()), 0);
    assert_eq!(server.client().publish("<urn:a> a <urn:b> .").status, 201);
}
