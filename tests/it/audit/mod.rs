//! The access journal: who looked, who changed something, who was turned away. Through the front door, on real files.

mod crash;
mod filters;
mod proofs;
mod recorded;

use segb_tests::Client;
use serde_json::Value;

/// A page of records; what was answered before is in it.
fn page(client: &Client, parameters: &str) -> Value {
    let reply = client.get(&format!("/audit{parameters}"));
    assert_eq!(reply.status, 200, "{parameters}: {}", reply.text());
    reply.json()
}

/// Records, newest first.
fn records(client: &Client, parameters: &str) -> Vec<Value> {
    page(client, parameters)["records"].as_array().expect("records").clone()
}
