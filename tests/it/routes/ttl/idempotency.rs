//! `Idempotency-Key`: a log that is sent again is the same log.

use segb_auth::Role;
use segb_tests::{Client, Reply, ServerBuilder, token};
use serde_json::json;

use super::journal_length;

fn publish(client: &Client, key: &str, document: &str) -> Reply {
    let body = json!({ "ttl_content": document });
    let request = client
        .request("POST", "/ttl")
        .header("Content-Type", "application/json")
        .header("Idempotency-Key", key);
    request.send(body.to_string().as_bytes())
}

#[test]
fn a_repeated_log_gets_the_first_receipt() {
    let server = ServerBuilder::protected().start();
    let client_of = |name: &str, role| server.client().with_token(&token(name, &[role]));
    let (ari, pepper) = (client_of("ari", Role::Logger), client_of("pepper", Role::Logger));
    let auditor = client_of("ana", Role::Auditor);
    let document = "<urn:a> a [] .";

    let first = publish(&ari, "key-1", document);
    assert_eq!((first.status, first.header("Idempotent-Replayed")), (201, ""));
    for _ in 0..2 {
        let again = publish(&ari, "key-1", document);
        assert_eq!((again.status, again.header("Idempotent-Replayed")), (201, "true"));
        assert_eq!(again.json(), first.json());
        assert_eq!(again.header("Location"), first.header("Location"));
    }
    assert_eq!(journal_length(&auditor), 1);

    let other = publish(&ari, "key-1", "<urn:other> a <urn:b> .");
    assert_eq!(other.status, 422);
    assert_eq!(other.json(), json!({ "detail": "The Idempotency-Key was used before for another log." }));
    assert_eq!(journal_length(&auditor), 1);

    // Other keys and other senders have nothing to do with it.
    for (client, key) in [(&ari, "key-2"), (&ari, "KEY-1"), (&pepper, "key-1")] {
        let reply = publish(client, key, document);
        assert_eq!((reply.status, reply.header("Idempotent-Replayed")), (201, ""), "{key}");
        assert_ne!(reply.json()["log_id"], first.json()["log_id"], "{key}");
    }
    assert_eq!(journal_length(&auditor), 4);
    // An error is not remembered.
    assert_eq!(publish(&ari, "key-3", "nonsense").status, 422);
    assert_eq!(publish(&ari, "key-3", document).status, 201);
}

#[test]
fn a_key_has_1_to_255_visible_characters() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let (longest, too_long) = ("k".repeat(255), "k".repeat(256));
    let wrong = json!({ "detail": [{
        "type": "value_error",
        "loc": ["header", "Idempotency-Key"],
        "msg": "Input should be one header of 1 to 255 visible ASCII characters",
    }] });
    for key in ["", "a b", "a\tb", &too_long] {
        let reply = publish(&client, key, "<urn:a> a <urn:b> .");
        assert_eq!(reply.status, 422, "{key:?}");
        assert_eq!(reply.json(), wrong, "{key:?}");
    }
    assert_eq!(journal_length(&client), 0);
    for key in ["k", "!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~", &longest] {
        assert_eq!(publish(&client, key, "<urn:a> a <urn:b> .").status, 201, "{key:?}");
    }
}

#[test]
fn a_log_repeated_at_the_same_moment_is_stored_once() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let mut ids: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| publish(&client, "one", "<urn:a> a <urn:b> .").json()["log_id"].to_string())
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("an answer")).collect()
    });
    ids.dedup();
    assert_eq!(ids.len(), 1, "{ids:?}");
    assert_eq!(journal_length(&client), 1);
}
