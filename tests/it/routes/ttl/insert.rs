//! `POST /ttl`: what is accepted, and the receipt for it.

use std::collections::BTreeSet;

use segb_auth::Role;
use segb_journal::{Hash, Timestamp};
use segb_tests::{Client, Reply, START_ENTRIES, Server, ServerBuilder, exchange_head, token};
use serde_json::{Value, json};

use super::post;

const MEMBERS: [&str; 8] =
    ["content_sha256", "leaf_hash", "log_id", "message", "proof", "received_at", "sequence", "triple_count"];

/// Checks a receipt against the document it is for, and reads the document back.
fn check_receipt(client: &Client, reply: &Reply, document: &str, triple_count: u64) -> Value {
    assert_eq!(reply.status, 201, "{document}: {}", reply.text());
    assert_eq!(reply.header("Content-Type"), "application/json", "{document}");
    let receipt = reply.json();
    let members: Vec<&str> = receipt.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(members, MEMBERS, "{document}");
    assert_eq!(receipt["message"], "TTL inserted");
    assert_eq!(receipt["proof"], Value::Null, "not asked for");
    assert_eq!(receipt["triple_count"], triple_count, "{document}");
    assert_eq!(receipt["content_sha256"], Hash::of(&[document.as_bytes()]).to_string(), "{document}");
    let log_id = receipt["log_id"].as_str().expect("a log id");
    let is_uuid = log_id.len() == 36 && log_id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    assert!(is_uuid, "{log_id}");
    let leaf_hash = receipt["leaf_hash"].as_str().expect("a hash");
    assert!(leaf_hash.len() == 64 && leaf_hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{leaf_hash}");
    let received_at = receipt["received_at"].as_str().expect("a moment");
    assert!(received_at.parse::<Timestamp>().is_ok() && received_at.ends_with('Z'), "{received_at}");
    assert_eq!(reply.header("Location"), format!("/logs/{log_id}"));
    let payload = client.get(&format!("/logs/{log_id}/payload"));
    assert_eq!(payload.text(), document);
    receipt
}

/// A gzip file (RFC 1952) of one stored block (RFC 1951, section 3.2.4).
fn gzip(content: &[u8]) -> Vec<u8> {
    let crc = !content.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| {
                if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 }
            },
        )
    });
    let length = content.len() as u16;
    let mut file = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1];
    file.extend(length.to_le_bytes());
    file.extend((!length).to_le_bytes());
    file.extend(content);
    file.extend(crc.to_le_bytes());
    file.extend((content.len() as u32).to_le_bytes());
    file
}

#[test]
fn json_and_turtle_are_taken_under_every_name_they_may_have() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let media_types = [
        "",
        "application/json",
        "application/json; charset=utf-8",
        "APPLICATION/JSON",
        "application/foo+json",
        "application/vnd.api+json;v=1",
        "text/turtle",
        "text/turtle; charset=UTF-8",
    ];
    for (sequence, media_type) in media_types.into_iter().enumerate() {
        let document = format!("<urn:{sequence}> a <urn:é>, <urn:c> .\n");
        let body = if media_type.starts_with("text/turtle") {
            document.clone()
        } else {
            json!({ "ttl_content": document, "unknown": [1] }).to_string()
        };
        let reply = post(&client, "/ttl", media_type, body.as_bytes());
        let receipt = check_receipt(&client, &reply, &document, 2);
        assert_eq!(receipt["sequence"], sequence + START_ENTRIES, "{media_type}");
    }
}

#[test]
fn a_body_may_be_compressed_or_chunked() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let document = "<urn:z> a <urn:b> .";
    let body = json!({ "ttl_content": document }).to_string();
    let request = client
        .request("POST", "/ttl")
        .header("Content-Encoding", "gzip")
        .header("Content-Type", "application/json");
    check_receipt(&client, &request.send(&gzip(body.as_bytes())), document, 1);

    let chunked = format!("{:x}\r\n{}\r\n{:x}\r\n{}\r\n0\r\n\r\n", 5, &body[..5], body.len() - 5, &body[5..]);
    let headers = ["Transfer-Encoding: chunked"];
    let reply = exchange_head(server.address(), "POST /ttl", &headers, chunked.as_bytes());
    check_receipt(&client, &reply, document, 1);
    // A byte order mark, which Python's JSON takes.
    check_receipt(&client, &post(&client, "/ttl", "", format!("\u{feff}{body}").as_bytes()), document, 1);
}

#[test]
fn a_log_sent_twice_is_two_logs_and_no_triple_is_double() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let document = "<urn:a> a <urn:b> ; <urn:c> \"x\"@en, 1, [ <urn:d> <urn:e> ] .";
    let mut ids = BTreeSet::new();
    for _ in 0..2 {
        let receipt = check_receipt(&client, &client.publish(document), document, 5);
        ids.insert(receipt["log_id"].to_string());
    }
    assert_eq!(ids.len(), 2);
    let count = |pattern: &str| {
        let rows = client.select(&format!("SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}"));
        rows[0]["n"]["value"].as_str().expect("a number").parse::<u32>().expect("a number")
    };
    // Three are the same, two are about the blank node, which is new each time.
    assert_eq!(count("?s ?p ?o"), 3 + 2 * 2);
    assert_eq!(count("<urn:a> a <urn:b>"), 1);
    assert_eq!(count("?s <urn:d> <urn:e>"), 2);
    assert_eq!(count("GRAPH ?log { <urn:a> a <urn:b> }"), 2);
}

#[test]
fn the_location_is_where_the_api_is_mounted() {
    let server = ServerBuilder::learning().with_ui().start();
    let client = server.ui_client();
    let reply = client.post_json("/api/ttl", &json!({ "ttl_content": "<urn:a> a <urn:b> ." }));
    let location = reply.header("Location").to_owned();
    assert!(location.starts_with("/api/logs/"), "{location}");
    assert_eq!(client.get(&location).json()["log_id"], reply.json()["log_id"]);
}

/// Publishes as `user` says and checks what the journal remembers.
fn check_actor(publisher: &Client, reader: &Client, user: &Value, actor: &str, claimed: &Value) {
    let body = json!({ "ttl_content": "<urn:a> a <urn:b> .", "user": user });
    let body = match user {
        Value::Bool(_) => json!({ "ttl_content": "<urn:a> a <urn:b> ." }),
        _ => body,
    };
    assert_eq!(publisher.post_json("/ttl", &body).status, 201, "{user}");
    let newest = reader.get("/logs?limit=1").json()["entries"][0].clone();
    assert_eq!(newest["actor"], actor, "{user}");
    assert_eq!(newest["claimed_user"], *claimed, "{user}");
}

/// What a sender may say about itself; `false` for nothing at all.
fn users() -> [Value; 5] {
    [json!(false), json!(null), json!(" "), json!("ari"), json!("  A. R. Í \u{1F916} ")]
}

#[test]
fn in_learning_mode_the_sender_is_who_it_says() {
    let server: Server = ServerBuilder::learning().start();
    let client = server.client();
    let expected = ["anonymous_user", "anonymous_user", "anonymous_user", "ari", "A. R. Í \u{1F916}"];
    for (user, actor) in users().iter().zip(expected) {
        let claimed = if actor == "anonymous_user" { json!(null) } else { json!(actor) };
        check_actor(&client, &client, user, actor, &claimed);
    }
    let raw = post(&client, "/ttl", "text/turtle", b"<urn:a> a <urn:b> .");
    assert_eq!(raw.status, 201);
    assert_eq!(client.get("/logs?limit=1").json()["entries"][0]["actor"], "anonymous_user");
}

#[test]
fn in_protected_mode_the_sender_is_who_the_token_says() {
    let server = ServerBuilder::protected().start();
    let robot = server.client().with_token(&token("robot-7", &[Role::Logger]));
    let auditor = server.client().with_token(&token("ana", &[Role::Auditor]));
    let claims = [json!(null), json!(null), json!(null), json!("ari"), json!("A. R. Í \u{1F916}")];
    for (user, claimed) in users().iter().zip(&claims) {
        check_actor(&robot, &auditor, user, "robot-7", claimed);
    }
}
