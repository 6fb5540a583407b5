//! Logs come in, are checked, and are taken out of the graph.

mod bodies;
mod delete_all;
mod idempotency;
mod insert;
mod limits;
mod turtle;
mod validate;

use segb_tests::{Client, Reply, START_ENTRIES};

/// How many entries the journal has, besides those about the start of the server.
fn journal_length(client: &Client) -> usize {
    let list = client.get("/logs?limit=1000");
    assert_eq!(list.status, 200, "{}", list.text());
    list.json()["entries"].as_array().expect("entries").len() - START_ENTRIES
}

/// POST with this media type, or none.
fn post(client: &Client, path: &str, media_type: &str, body: &[u8]) -> Reply {
    let request = client.request("POST", path);
    match media_type {
        "" => request.send(body),
        media_type => request.header("Content-Type", media_type).send(body),
    }
}
