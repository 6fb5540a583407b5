//! `GET /logs/stream`.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use segb_auth::Role;
use segb_tests::{Reply, Server, ServerBuilder, token};
use serde_json::Value;

use crate::routes::access::jti;

/// How long an event may take to come.
const EVENT_MAX: Duration = Duration::from_secs(20);

/// The events of an answer that has ended: id and data.
fn events(reply: &Reply) -> Vec<(String, Value)> {
    let text = reply.text();
    let blocks = text.split("\n\n").filter(|block| block.starts_with("id: "));
    blocks
        .map(|block| {
            let lines: Vec<&str> = block.lines().collect();
            assert_eq!((lines.len(), lines[1]), (3, "event: entry"), "{block}");
            let data = lines[2].strip_prefix("data: ").expect("data");
            (lines[0].replace("id: ", ""), serde_json::from_str(data).expect("JSON"))
        })
        .collect()
}

/// An open stream, read line by line.
struct OpenStream(BufReader<TcpStream>);

impl OpenStream {
    fn open(server: &Server, query: &str, token: Option<&str>) -> Self {
        let mut stream = TcpStream::connect(server.address()).expect("the server listens");
        stream.set_read_timeout(Some(EVENT_MAX)).expect("a socket");
        let token = token.map_or_else(String::new, |token| format!("Authorization: Bearer {token}\r\n"));
        let host = server.address();
        let head = format!("GET /logs/stream{query} HTTP/1.1\r\nHost: {host}\r\n{token}\r\n");
        stream.write_all(head.as_bytes()).expect("the request is sent");
        let mut open = Self(BufReader::new(stream));
        open.line_that(|line| line.starts_with("retry: "));
        open
    }

    /// The next line of which `wanted` is true; none if the stream ends before.
    fn try_line_that(&mut self, wanted: impl Fn(&str) -> bool) -> Option<String> {
        let mut line = String::new();
        while self.0.read_line(&mut line).expect("a line in time") > 0 {
            if wanted(line.trim_end()) {
                return Some(line.trim_end().to_owned());
            }
            line.clear();
        }
        None
    }

    fn line_that(&mut self, wanted: impl Fn(&str) -> bool) -> String {
        self.try_line_that(wanted).expect("the stream goes on")
    }
}

#[test]
fn it_gives_what_a_list_gives_oldest_first() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    for number in 0..300 {
        client.publish(&format!("<urn:a> <urn:b> {number} ."));
    }
    let listed = client.get("/logs?limit=1000").json()["entries"].as_array().expect("entries").clone();
    let all = events(&client.get("/logs/stream?after=0&follow=false"));
    let (ids, entries): (Vec<_>, Vec<_>) = all.into_iter().unzip();
    // Entry 0 is that the server started or the first log: it is not after itself.
    let expected: Vec<Value> = listed.iter().rev().skip(1).cloned().collect();
    assert_eq!(entries, expected);
    assert_eq!(ids, expected.iter().map(|entry| entry["sequence"].to_string()).collect::<Vec<_>>());
    let last = ids.last().expect("an entry");
    assert!(events(&client.get(&format!("/logs/stream?after={last}&follow=false"))).is_empty());
    let from_header = client
        .request("GET", "/logs/stream?after=0&follow=false")
        .header("Last-Event-ID", &ids[ids.len() - 2]);
    assert_eq!(events(&from_header.send(&[])).len(), 1);
}

#[test]
fn what_comes_in_appears_at_once() {
    let server = ServerBuilder::learning().start();
    server.client().publish("<urn:a> <urn:b> <urn:before> .");
    let mut stream = OpenStream::open(&server, "", None);
    let receipt = server.client().publish("<urn:a> <urn:b> <urn:after> .").json();
    let line = stream.line_that(|line| line.starts_with("data: "));
    let entry: Value = serde_json::from_str(line.trim_start_matches("data: ")).expect("JSON");
    assert_eq!((&entry["log_id"], &entry["leaf_hash"]), (&receipt["log_id"], &receipt["leaf_hash"]));
}

#[test]
fn a_revoked_token_ends_its_stream() {
    let server = ServerBuilder::protected().start();
    let admin = token("root", &[Role::Admin]);
    let client = server.client().with_token(&admin);
    let mut stream = OpenStream::open(&server, "", Some(&admin));
    let body = serde_json::json!({ "jti": jti(&admin), "reason": "a test" });
    let reply = client.post_json("/auth/revocations", &body);
    assert_eq!(reply.status, 201, "{}", reply.text());
    let started = Instant::now();
    assert_eq!(stream.try_line_that(|line| line == "0"), Some("0".to_owned()), "the last chunk");
    assert!(started.elapsed() < EVENT_MAX);
}

#[test]
fn a_server_that_stops_does_not_wait_for_readers() {
    let mut server = ServerBuilder::learning().start();
    let mut stream = OpenStream::open(&server, "", None);
    let started = Instant::now();
    assert!(server.terminate().success());
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    assert_eq!(stream.try_line_that(|line| line.starts_with("data: ")), None);
}

#[test]
fn there_is_a_limit_on_streams() {
    let server = ServerBuilder::learning().start();
    let mut streams: Vec<_> = (0..64).map(|_| OpenStream::open(&server, "", None)).collect();
    let refused = server.client().get("/logs/stream");
    assert_eq!((refused.status, refused.header("Retry-After")), (503, "1"), "{}", refused.text());
    streams.pop();
    let started = Instant::now();
    // That the reader left is seen when the second sign of life cannot be sent.
    while server.client().get("/logs/stream?follow=false").status == 503 {
        assert!(started.elapsed() < 2 * EVENT_MAX, "the place is free again");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn bad_parameters_are_named() {
    let server = ServerBuilder::learning().start();
    for (query, name) in [("after=many", "after"), ("after=-1", "after"), ("follow=perhaps", "follow")] {
        let reply = server.client().get(&format!("/logs/stream?{query}"));
        assert_eq!(
            (reply.status, &reply.json()["detail"][0]["loc"][1]),
            (422, &Value::from(name)),
            "{query}"
        );
    }
    let reply = server.client().request("GET", "/logs/stream").header("Last-Event-ID", "x").send(&[]);
    assert_eq!(reply.status, 422, "{}", reply.text());
}
