//! `/shared-context/*`: the rules of section 8 of the contract, over HTTP.

mod bodies;
mod resolve;
mod review;

use segb_tests::{Client, Reply};
use serde_json::{Value, json};

/// An utterance of Maria's, `offset_ms` after ten o'clock.
fn utterance(offset_ms: i64, text: &str) -> Value {
    json!({
        "event_kind": "human_utterance",
        "observed_at": 1_769_853_600.0 + offset_ms as f64 / 1_000.0,
        "subject_uri": "https://example.org/maria",
        "modality": "speech",
        "text": text,
    })
}

fn with(mut observation: Value, name: &str, value: Value) -> Value {
    observation[name] = value;
    observation
}

fn post(client: &Client, path: &str, body: &Value) -> Reply {
    client.post_json(&format!("/shared-context/{path}"), body)
}

/// Resolves an observation; it has to be taken.
fn resolve(client: &Client, observation: &Value) -> Value {
    let reply = post(client, "resolve", observation);
    assert_eq!(reply.status, 200, "{observation}: {}", reply.text());
    reply.json()
}

fn pending(client: &Client) -> Value {
    let reply = client.get("/shared-context/review/pending");
    assert_eq!((reply.status, reply.header("Content-Type")), (200, "application/json"), "{}", reply.text());
    reply.json()
}
