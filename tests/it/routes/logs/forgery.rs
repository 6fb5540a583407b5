//! Nothing that a caller sends can forge a line of the server log or shift a field of one.

use segb_auth::Role;
use segb_tests::{Server, ServerBuilder, exchange_head, percent_encode, token};
use serde_json::{Value, json};

const FORGED: &str = "2026-01-31 10:00:00 | CRITICAL | segb.forged | rid=f actor=f ip=6.6.6.6 | forged";

/// What people might try to break out with, before a line that looks real.
const BREAKS: [&str; 9] =
    ["\n", "\r\n", "\r", "x\u{b}\u{c}", "\u{85}", "\u{2028}", "\u{1b}[2J\u{1b}[1;1H", "\u{202e}", " | "];

fn log(server: &Server, admin: &segb_tests::Client) -> Vec<Value> {
    let page = admin.get("/logs/server?limit=2000").json();
    let file = std::fs::read_to_string(server.directory().join("logs/segb.log")).expect("a log");
    for line in file.lines() {
        assert!(!line.starts_with(FORGED), "{line}");
        let is_harmless =
            |character: char| !character.is_control() && !"\u{2028}\u{2029}\u{202e}".contains(character);
        assert!(line.chars().all(is_harmless), "{line:?}");
    }
    let entries = page["entries"].as_array().expect("entries").clone();
    for entry in &entries {
        assert_ne!(entry["logger"], "segb.forged", "{entry}");
        assert_ne!(entry["level"], "CRITICAL", "{entry}");
        assert_ne!(entry["origin_ip"], "6.6.6.6", "{entry}");
        assert!(!entry["raw"].as_str().expect("a line").contains('\n'), "{entry}");
    }
    entries
}

#[test]
fn names_of_users_cannot() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    for text in BREAKS {
        let user = format!("eve{text}{FORGED}");
        let body = json!({ "ttl_content": "<urn:a> a <urn:b> .", "user": user });
        assert_eq!(client.post_json("/ttl", &body).status, 201, "{text:?}");
        assert_eq!(client.post_json("/ttl/delete_all", &body).status, 200, "{text:?}");
    }
    for user in ["eve ip=6.6.6.6", "eve ip=6.6.6.6 | forged", "x rid=f actor=f ip=6.6.6.6 | forged"] {
        let body = json!({ "ttl_content": "<urn:a> a <urn:b> .", "user": user });
        assert_eq!(client.post_json("/ttl", &body).status, 201, "{user:?}");
    }
    let entries = log(&server, &client);
    let of_eve = |entry: &&Value| entry["actor"].as_str().is_some_and(|actor| actor.starts_with("eve"));
    assert!(entries.iter().filter(of_eve).count() >= 4 * BREAKS.len(), "{entries:?}");
    assert!(entries.iter().filter(of_eve).all(|entry| entry["origin_ip"] == "127.0.0.1"));
    // The journal keeps what was said, exactly.
    let newest = client.get("/logs?limit=1").json()["entries"][0]["actor"].clone();
    assert_eq!(newest, "x rid=f actor=f ip=6.6.6.6 | forged");
}

#[test]
fn names_in_tokens_cannot() {
    let server = ServerBuilder::protected().start();
    let admin = server.client().with_token(&token("root", &[Role::Admin]));
    for text in BREAKS {
        let name = format!("eve{text}{FORGED}");
        let eve = server.client().with_token(&token(&name, &[Role::Auditor]));
        assert_eq!(eve.get("/events").status, 200, "{text:?}");
        assert_eq!(eve.get("/metrics").status, 403, "{text:?}");
    }
    let entries = log(&server, &admin);
    let of_eve = |entry: &&Value| entry["actor"].as_str().is_some_and(|actor| actor.starts_with("eve"));
    assert!(entries.iter().filter(of_eve).count() >= 2 * BREAKS.len(), "{entries:?}");
}

#[test]
fn paths_queries_and_headers_cannot() {
    let server = ServerBuilder::learning().set("TRUSTED_PROXIES", "127.0.0.0/8").start();
    let client = server.client();
    for text in BREAKS {
        let encoded = percent_encode(&format!("{text}{FORGED}"));
        for path in [
            format!("/{encoded}"),
            format!("/logs/{encoded}"),
            format!("/logs/{encoded}/payload"),
            format!("/query?query={encoded}"),
            format!("/logs/server?contains={encoded}"),
        ] {
            let reply = client.get(&path);
            assert!(matches!(reply.status, 200 | 404 | 422), "{path}: {}", reply.status);
        }
        let turtle = format!("<urn:a> a \"{text}{FORGED}");
        assert_eq!(client.publish(&turtle).status, 422, "{text:?}");
    }
    // Bytes that a header may carry, and those that only a broken client sends.
    for name in
        ["X-Request-ID", "User-Agent", "X-Forwarded-For", "Referer", "Accept", "Origin", "Idempotency-Key"]
    {
        for value in [
            FORGED.to_owned(),
            format!("x\t{FORGED}"),
            format!("x\u{85}{FORGED}"),
            format!("x | {FORGED}"),
            format!("6.6.6.6 actor=f, {FORGED}"),
        ] {
            let line = format!("{name}: {value}");
            let reply = exchange_head(server.address(), "GET /healthz/live", &[&line], b"");
            assert!(matches!(reply.status, 200 | 400), "{line}: {}", reply.status);
            let id = reply.header("X-Request-ID");
            assert!(!id.contains("forged"), "{id}");
        }
    }
    let entries = log(&server, &client);
    assert!(entries.len() > 5 * BREAKS.len());
    assert!(entries.iter().all(|entry| {
        let is_plain = |text: &str| !text.is_empty() && !text.contains(' ');
        entry["request_id"].as_str().is_some_and(is_plain) && entry["actor"].as_str().is_some_and(is_plain)
    }));
}

#[test]
fn long_texts_are_cut() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    assert_eq!(client.get(&format!("/{}", "x".repeat(20_000))).status, 404);
    let user = json!({ "ttl_content": "<urn:a> a <urn:b> .", "user": "u".repeat(1_001) });
    assert_eq!(client.post_json("/ttl", &user).status, 422);
    for entry in log(&server, &client) {
        assert!(entry["raw"].as_str().expect("a line").len() < 3_000, "{entry}");
    }
}
