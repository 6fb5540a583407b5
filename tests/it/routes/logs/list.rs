//! `GET /logs`: the journal, newest first.

use segb_auth::Role;
use segb_tests::{Client, START_ENTRIES, ServerBuilder, percent_encode, token};
use serde_json::{Value, json};

/// The sequence numbers that a list has, and where it goes on.
fn list(client: &Client, parameters: &str) -> (Vec<u64>, Value) {
    let reply = client.get(&format!("/logs{parameters}"));
    assert_eq!(reply.status, 200, "{parameters}: {}", reply.text());
    let list = reply.json();
    let entries = list["entries"].as_array().expect("entries");
    let sequences = entries.iter().map(|entry| entry["sequence"].as_u64().expect("a number")).collect();
    (sequences, list["next_before"].clone())
}

fn check(client: &Client, parameters: &str, expected: &[u64]) {
    let (found, _) = list(client, parameters);
    assert_eq!(found, expected, "{parameters}");
}

#[test]
fn entries_come_newest_first_and_can_be_filtered() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    assert_eq!(list(&client, ""), (vec![1, 0], json!(null)), "what the server itself has to say");
    check(&client, "?actor=segb-server&kind=server_started", &[1]);
    let mut times = Vec::new();
    for (number, user) in ["ari", "pepper", "ari", "Ari", "a b&c"].iter().enumerate() {
        let body = json!({ "ttl_content": format!("<urn:{number}> a <urn:b> ."), "user": user });
        let receipt = client.post_json("/ttl", &body).json();
        times.push(receipt["received_at"].as_str().expect("a moment").to_owned());
        // So that no two are at the same moment, whatever the resolution of the clock.
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    assert_eq!(client.post_json("/ttl/delete_all", &json!({ "user": "ari" })).status, 200);

    check(&client, "", &[7, 6, 5, 4, 3, 2, 1, 0]);
    check(&client, "?actor=ari", &[7, 4, 2]);
    check(&client, "?actor=Ari", &[5]);
    check(&client, "?actor=a%20b%26c", &[6]);
    check(&client, "?actor=a+b%26c", &[6]);
    check(&client, "?actor=nobody", &[]);
    check(&client, "?actor=%25", &[]);
    check(&client, "?kind=graph_cleared", &[7]);
    check(&client, "?kind=log_received&actor=ari", &[4, 2]);
    check(&client, "?unknown=1&limit=", &[7, 6, 5, 4, 3, 2, 1, 0]);
    // `since` is included, `until` is not.
    check(&client, &format!("?since={}", times[3]), &[7, 6, 5]);
    check(&client, &format!("?until={}", times[3]), &[4, 3, 2, 1, 0]);
    check(&client, &format!("?since={}&until={}", times[1], times[3]), &[4, 3]);
    check(&client, &format!("?since={}&until={}&actor=ari", times[1], times[3]), &[4]);
    check(&client, "?since=2999-01-01T00:00:00Z", &[]);
    check(&client, "?until=1999-01-01T00:00:00Z", &[]);
    // With another offset, encoded or not.
    let with_offset = times[3].replace('Z', "+00:00");
    check(&client, &format!("?until={}", percent_encode(&with_offset)), &[4, 3, 2, 1, 0]);
    check(&client, &format!("?until={with_offset}"), &[4, 3, 2, 1, 0]);
}

#[test]
fn pages_go_on_where_the_one_before_ended() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    for number in 0..7 {
        let body = json!({ "ttl_content": "<urn:a> a <urn:b> .", "user": format!("robot{}", number % 2) });
        assert_eq!(client.post_json("/ttl", &body).status, 201);
    }
    for (filter, expected) in
        [("&kind=log_received", vec![8, 7, 6, 5, 4, 3, 2]), ("&actor=robot0", vec![8, 6, 4, 2])]
    {
        for limit in 1..=8 {
            let (mut all, mut page) = (Vec::new(), format!("?limit={limit}{filter}"));
            loop {
                let (found, next_before) = list(&client, &page);
                assert!(found.len() <= limit, "{page}: {found:?}");
                all.extend(found);
                match next_before.as_u64() {
                    Some(next) => page = format!("?limit={limit}{filter}&before={next}"),
                    None => break,
                }
                assert!(all.len() <= 7, "it ends: {all:?}");
            }
            assert_eq!(all, expected, "pages of {limit}{filter}");
        }
    }
    check(&client, "?before=3", &[2, 1, 0]);
    check(&client, "?before=0", &[]);
}

#[test]
fn without_a_limit_there_are_100() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    for _ in 0..101 {
        assert_eq!(client.publish("<urn:a> a <urn:b> .").status, 201);
    }
    let (found, next_before) = list(&client, "");
    assert_eq!((found.len(), next_before), (100, json!(START_ENTRIES + 1)));
    assert_eq!(list(&client, "?limit=1000").0.len(), START_ENTRIES + 101);
}

#[test]
fn wrong_parameters_are_told_in_the_words_of_fastapi() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let field = |kind: &str, name: &str, message: &str, context: Value| {
        let mut error = json!({ "type": kind, "loc": ["query", name], "msg": message });
        if !context.is_null() {
            error["ctx"] = context;
        }
        error
    };
    let integer = "Input should be a valid integer, unable to parse string as an integer";
    let moment = "Input should be a valid datetime by RFC 3339, for example 2026-01-31T10:00:00Z";
    let kind = "Input should be one of 'log_received', 'graph_cleared', 'shared_context_resolved', \
                'shared_contexts_reconciled', 'review_case_accepted', 'review_case_rejected', 'token_revoked', \
                'log_erased', 'erasure_refused', 'hold_placed', 'hold_released', 'server_started', \
                'configuration_changed'";
    let too_small = |name: &str, least: u64| {
        let message = format!("Input should be greater than or equal to {least}");
        field("greater_than_equal", name, &message, json!({ "ge": least }))
    };
    let too_large = field(
        "less_than_equal",
        "limit",
        "Input should be less than or equal to 1000",
        json!({ "le": 1000 }),
    );
    for (parameters, expected) in [
        ("limit=abc", vec![field("int_parsing", "limit", integer, json!(null))]),
        ("limit=1.5", vec![field("int_parsing", "limit", integer, json!(null))]),
        ("limit=0", vec![too_small("limit", 1)]),
        ("limit=-1", vec![too_small("limit", 1)]),
        ("limit=1001", vec![too_large.clone()]),
        ("limit=99999999999999999999", vec![too_large.clone()]),
        ("before=-1", vec![too_small("before", 0)]),
        ("before=x", vec![field("int_parsing", "before", integer, json!(null))]),
        ("since=yesterday", vec![field("datetime_parsing", "since", moment, json!(null))]),
        ("until=2026-02-30T00:00:00Z", vec![field("datetime_parsing", "until", moment, json!(null))]),
        ("kind=nonsense", vec![field("enum", "kind", kind, json!(null))]),
        (
            "limit=0&since=x",
            vec![field("datetime_parsing", "since", moment, json!(null)), too_small("limit", 1)],
        ),
    ] {
        let reply = client.get(&format!("/logs?{parameters}"));
        assert_eq!(reply.status, 422, "{parameters}: {}", reply.text());
        assert_eq!(reply.json(), json!({ "detail": expected }), "{parameters}");
    }
}

#[test]
fn an_entry_says_what_the_journal_knows() {
    let server = ServerBuilder::protected().start();
    let robot = server.client().with_token(&token("robot-7", &[Role::Logger]));
    let auditor = server.client().with_token(&token("ana", &[Role::Auditor]));
    let body = json!({ "ttl_content": "<urn:a> a <urn:b>, <urn:c> .", "user": "ari" });
    let receipt = robot.post_json("/ttl", &body).json();
    let list = auditor.get("/logs").json();
    let mut entry = list["entries"][0].clone();
    for hash in ["payload_commitment", "leaf_hash"] {
        let text = entry[hash].as_str().expect("a hash");
        assert!(text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()), "{hash}: {text}");
    }
    assert_eq!(entry["leaf_hash"], receipt["leaf_hash"]);
    for hash in ["payload_commitment", "leaf_hash"] {
        entry.as_object_mut().expect("an object").remove(hash);
    }
    let expected = json!({
        "sequence": START_ENTRIES,
        "log_id": receipt["log_id"],
        "kind": "log_received",
        "received_at": receipt["received_at"],
        "actor": "robot-7",
        "claimed_user": "ari",
        "origin": "127.0.0.1",
        "media_type": entry["media_type"],
        "payload_size": 28,
        "triple_count": 2,
        "decision": null,
        "erasure": null,
    });
    assert_eq!(entry, expected);
}
