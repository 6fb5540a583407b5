//! How long a query may run and how much it may answer.

use std::{
    io::Write,
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use segb_tests::{Client, ServerBuilder, exchange_head, percent_encode};

use super::{PREFIX, filled};

/// Takes hours, without memory and with nothing that an optimiser could leave out.
const HEAVY: [&str; 3] = [
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o . ?p ?q ?r . ?s ?t ?u }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r FILTER(STRLEN(CONCAT(STR(?a), STR(?d), STR(?r))) < 0) }",
    "SELECT ?a { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r . ?s ?t ?u } ORDER BY ?a DESC(?u) LIMIT 1",
];

fn fill(client: &Client) {
    for number in 0..5 {
        assert_eq!(client.publish(&segb_tests::interaction_log(number)).status, 201);
    }
}

#[test]
fn a_heavy_query_is_stopped_and_holds_nobody_up() {
    let (server, _) = filled(ServerBuilder::learning().set("SEGB_QUERY_SECONDS_MAX", "1"));
    let client = server.client();
    fill(&client);
    thread::scope(|scope| {
        for query in HEAVY {
            let client = client.clone();
            scope.spawn(move || {
                let start = Instant::now();
                let reply = client.query(query, "*/*");
                // There are two processes for queries, so the third waits for one of them, as long as it may take.
                let stopped = "The query took longer than the limit of 1s and was stopped.";
                let detail =
                    if reply.status == 503 { "Too many queries are running. Try again." } else { stopped };
                assert_eq!(reply.detail(), detail, "{query}");
                assert!(matches!(reply.status, 503 | 504), "{query}: {:.300}", reply.text());
                assert!(start.elapsed() < Duration::from_secs(3), "{query}: {:?}", start.elapsed());
            });
        }
        thread::sleep(Duration::from_millis(200));
        let start = Instant::now();
        assert_eq!(client.get("/healthz/live").status, 200);
        assert_eq!(client.publish("<urn:meanwhile> a <urn:b> .").status, 201);
        assert_eq!(client.get("/events").status, 200);
        let checked = client.post_json("/query/validate", &serde_json::json!({ "query": "ASK {}" }));
        assert_eq!(checked.json()["valid"], true);
        assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    });
    let rows = client.select(&format!("{PREFIX}SELECT ?s {{ ?s a ex:Robot }}"));
    assert_eq!(rows.len(), 2, "and then all is as before");
}

#[test]
fn one_heavy_query_leaves_a_process_for_others() {
    let (server, _) = filled(ServerBuilder::learning().set("SEGB_QUERY_SECONDS_MAX", "3"));
    let client = server.client();
    fill(&client);
    thread::scope(|scope| {
        let heavy = scope.spawn(|| client.query(HEAVY[0], "*/*"));
        thread::sleep(Duration::from_millis(200));
        let start = Instant::now();
        for _ in 0..5 {
            assert_eq!(client.select(&format!("{PREFIX}SELECT ?s {{ ?s a ex:Robot }}")).len(), 2);
        }
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
        assert_eq!(heavy.join().expect("an answer").status, 504);
    });
}

#[test]
fn when_too_many_wait_the_next_is_told_to_come_back() {
    let builder = ServerBuilder::learning()
        .set("SEGB_QUERY_SECONDS_MAX", "2")
        .set("SEGB_QUERY_PROCESSES", "1")
        .set("SEGB_QUERIES_WAITING_MAX", "1");
    let (server, _) = filled(builder);
    let client = server.client();
    fill(&client);
    let replies: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..6).map(|_| scope.spawn(|| client.query(HEAVY[0], "*/*"))).collect();
        threads.into_iter().map(|thread| thread.join().expect("an answer")).collect()
    });
    let refused: Vec<_> = replies.iter().filter(|reply| reply.status == 503).collect();
    assert!(refused.len() >= 3, "{} of {}", refused.len(), replies.len());
    for reply in refused {
        assert_eq!(reply.detail(), "Too many queries are running. Try again.");
        assert!(reply.header("Retry-After").parse::<u32>().is_ok_and(|seconds| seconds > 0));
    }
    assert!(replies.iter().any(|reply| reply.status == 504));
}

#[test]
fn an_answer_has_a_largest_size() {
    let (server, _) = filled(
        ServerBuilder::learning().set("SEGB_QUERY_ROWS_MAX", "3").set("SEGB_QUERY_ANSWER_BYTES_MAX", "2000"),
    );
    let client = server.client();
    let values = |count: usize| format!("SELECT ?x {{ VALUES ?x {{ {} }} }}", "1 ".repeat(count));
    assert_eq!(client.select(&values(3)).len(), 3);
    let long = format!("SELECT ?x {{ BIND(\"{}\" AS ?x) }}", "y".repeat(3_000));
    let rows = "The answer has more than 3 rows. Narrow the query, or add LIMIT and OFFSET.";
    let bytes = "The answer is longer than 2000 bytes. Narrow the query, or add LIMIT and OFFSET.";
    for (query, detail) in
        [(values(4), rows), ("CONSTRUCT WHERE { ?s ?p ?o }".to_owned(), rows), (long, bytes)]
    {
        for accept in ["*/*", "application/json"] {
            let reply = client.query(&query, accept);
            assert_eq!(reply.status, 422, "{query:.60}: {}", reply.text());
            assert_eq!(reply.detail(), detail, "{query:.60}");
        }
    }
}

#[test]
fn an_answer_that_fails_half_way_has_no_end() {
    let server = ServerBuilder::learning().set("SEGB_QUERY_ROWS_MAX", "20000").start();
    let client = server.client();
    let list = "1 ".repeat(200);
    let query = format!("SELECT * {{ VALUES ?x {{ {list} }} VALUES ?y {{ {list} }} }}");
    let path = format!("/query?query={}", percent_encode(&query));
    let outcome = client.request("GET", &path).try_send(&[]);
    assert!(outcome.is_err(), "{:?}", outcome.map(|reply| (reply.status, reply.body.len())));
    // One row less than too many arrives whole.
    let request = format!("GET {path}%20LIMIT%2020000");
    let whole = exchange_head(server.address(), &request, &["Accept: text/csv"], b"");
    assert_eq!((whole.status, whole.text().lines().count()), (200, 20_001));
}

/// Somebody closes the page, or presses Stop, and asks something else.
#[test]
fn a_query_that_nobody_waits_for_any_more_ends() {
    let server = ServerBuilder::learning()
        .set("SEGB_QUERY_PROCESSES", "1")
        .set("SEGB_QUERY_SECONDS_MAX", "50")
        .start();
    let client = server.client();
    let document: String = (0..2_000).map(|number| format!("<urn:{number}> <urn:p> {number} .\n")).collect();
    assert_eq!(client.publish(&document).status, 201);
    let query = "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f }";
    let head = format!(
        "POST /query HTTP/1.1\r\nHost: {}\r\nContent-Type: application/sparql-query\r\nContent-Length: {}\r\n\r\n",
        server.address(),
        query.len()
    );
    let mut abandoned = TcpStream::connect(server.address()).expect("the server listens");
    abandoned.write_all(format!("{head}{query}").as_bytes()).expect("a request");
    thread::sleep(Duration::from_millis(300));
    drop(abandoned);
    let start = Instant::now();
    let reply = client.get("/query?query=ASK%20%7B%7D");
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}
