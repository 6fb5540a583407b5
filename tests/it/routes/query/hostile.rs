//! Queries that mean harm: each ends as a clear error or an answer, and the server goes on.

use std::time::{Duration, Instant};

use segb_tests::{Client, Reply, ServerBuilder, exchange_head};

use super::{PREFIX, filled};

fn post(client: &Client, query: &str) -> Reply {
    let start = Instant::now();
    let reply = client
        .request("POST", "/query")
        .header("Content-Type", "application/sparql-query")
        .send(query.as_bytes());
    assert!(start.elapsed() < Duration::from_secs(20), "{:.60}: {:?}", query, start.elapsed());
    reply
}

fn check(client: &Client, query: &str, expected: &str) {
    let reply = post(client, query);
    assert_eq!(reply.status, 422, "{query:.60}: {}", reply.text());
    let detail = reply.detail();
    assert!(detail.starts_with(expected) && detail.len() < 500, "{query:.60}: {detail:.600}");
    let still =
        client.query(&format!("{PREFIX}ASK {{ ex:ari a ex:Robot }}"), "application/sparql-results+json");
    assert_eq!(still.json()["boolean"], true, "after {query:.60}");
}

#[test]
fn five_thousand_of_anything_are_no_crash() {
    let (server, _) = filled(ServerBuilder::learning().set("SEGB_QUERY_SECONDS_MAX", "1"));
    let client = server.client();
    let many = |text: &str| text.repeat(5_000);
    let nested = "The query is nested deeper than 128 levels.";
    for query in [
        format!("SELECT * {}{}", many("{"), many("}")),
        format!("SELECT * {}", many("{")),
        format!("SELECT * {{ ?s ?p {} 1 {} }}", many("("), many(")")),
        format!("SELECT * {{ ?s ?p {} {} }}", many("[ ?q "), many("]")),
        format!("SELECT * {{ FILTER({} true) }}", many("!")),
        format!("SELECT * {{ FILTER({} true {}) }}", many("("), many(")")),
        format!("SELECT * {{ {} ?s ?p ?o {} }}", many("OPTIONAL {"), many("}")),
        format!("SELECT * {{ ?s {} <urn:p> {} ?o }}", many("("), many(")*")),
        format!("SELECT * {{ FILTER {} }}", many("EXISTS {")),
        format!("SELECT * {{ {} * {{}} {} }}", many("{ SELECT "), many("}")),
    ] {
        check(&client, &query, nested);
    }
    for query in [
        format!("SELECT * {{ ?s {} <urn:p> ?o }}", many("!")),
        format!("SELECT * {{ ?s {} ?o }}", vec!["<urn:p>"; 5_000].join("/")),
        format!("SELECT * {{ {} }}", many("?s ?p ?o . ")),
        format!("SELECT * {{ {} {{}} }}", many("{} UNION ")),
        format!("SELECT (1 {} AS ?x) {{}}", many("+ 1 ")),
        format!("SELECT * {{ FILTER({} 1 > 0) }}", many("- ")),
        format!("SELECT * {{ FILTER(true {}) }}", many("&& true ")),
        format!("SELECT * {{ FILTER(?x IN ({} 1)) }}", many("1, ")),
        format!("SELECT ?x {{ VALUES ?x {{ {} }} }}", many("1 ")),
        format!("SELECT {} {{ ?s ?p ?o }}", many("?s ")),
        format!("SELECT * {{ {} }}", (0..5_000).map(|n| format!("BIND({n} AS ?v{n}) ")).collect::<String>()),
        many("PREFIX ex: <urn:x> ") + "ASK {}",
        many("SELECT "),
        many("#\n"),
        many("\u{0}"),
    ] {
        let reply = post(&client, &query);
        assert!(
            matches!(reply.status, 200 | 422 | 504),
            "{query:.60}: {} {:.300}",
            reply.status,
            reply.text()
        );
        assert!(reply.status == 200 || reply.detail().len() < 500, "{query:.60}: {:.600}", reply.text());
    }
    assert_eq!(client.get("/healthz/live").status, 200);
}

#[test]
fn a_huge_text_is_refused_by_its_length() {
    let (server, _) = filled(ServerBuilder::learning());
    let client = server.client();
    let max = 262_144;
    let padded = |bytes: usize| format!("ASK {{}}{}", " ".repeat(bytes - 6));
    check(&client, &padded(max + 1), "The query has 262145 bytes; 262144 are allowed.");
    assert_eq!(post(&client, &padded(max)).status, 200);
    let nine_mib = format!("ASK {{ FILTER(\"{}\" = \"x\") }}", "x".repeat(9 << 20));
    check(&client, &nine_mib, "The query has 94");
    let long_url = format!("GET /query?query=ASK%7B%7D{}", "+".repeat(200_000));
    let reply = exchange_head(server.address(), &long_url, &[], b"");
    assert!(matches!(reply.status, 400 | 414 | 431), "a long URL: {}", reply.status);
    let checked =
        client.post_json("/query/validate", &serde_json::json!({ "query": padded(max + 1) })).json();
    assert_eq!(checked["valid"], false);
    assert_eq!(checked["message"], "The query has 262145 bytes; 262144 are allowed.");
}
