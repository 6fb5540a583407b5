//! `POST /ttl/delete_all`: the graph is emptied, the journal keeps everything.

use segb_auth::Role;
use segb_tests::{Client, ServerBuilder, token};
use serde_json::{Value, json};

use super::post;

fn check(client: &Client, body: &Value, message: &str) {
    let reply = client.post_json("/ttl/delete_all", body);
    assert_eq!(reply.status, 200, "{body}: {}", reply.text());
    assert_eq!(reply.json(), json!({ "message": message }), "{body}");
}

#[test]
fn the_graph_is_emptied_and_the_journal_is_not() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    check(&client, &json!({ "user": "ana" }), "No TTLs to delete");
    let log_id = client.publish("<urn:a> a <urn:b>, [] .").json()["log_id"].clone();
    let log_id = log_id.as_str().expect("a log id");
    check(&client, &json!({ "user": "ana" }), "Graph cleared.");

    let events = client.get("/events");
    assert_eq!((events.status, events.text().as_str()), (200, ""));
    assert_eq!(events.header("Content-Type"), "text/turtle; charset=utf-8");
    for pattern in ["?s ?p ?o", "GRAPH ?log { ?s ?p ?o }"] {
        assert!(client.select(&format!("SELECT * WHERE {{ {pattern} }}")).is_empty(), "{pattern}");
    }
    check(&client, &json!({}), "No TTLs to delete");

    let entries = client.get("/logs").json()["entries"].clone();
    let kinds: Vec<_> = entries
        .as_array()
        .expect("entries")
        .iter()
        .map(|entry| (entry["kind"].as_str(), entry["actor"].as_str()))
        .collect();
    let expected = [
        (Some("graph_cleared"), Some("ana")),
        (Some("log_received"), Some("anonymous_user")),
        (Some("server_started"), Some("segb-server")),
        (Some("configuration_changed"), Some("segb-server")),
    ];
    assert_eq!(kinds, expected);
    assert_eq!(client.get(&format!("/logs/{log_id}/payload")).text(), "<urn:a> a <urn:b>, [] .");

    // The same log again is in the graph again, also after a restart.
    assert_eq!(client.publish("<urn:a> a <urn:b> .").status, 201);
    let mut server = server;
    assert!(server.terminate().success());
    let server = server.restart();
    server.wait_until_ready();
    assert_eq!(server.client().select("SELECT * WHERE { ?s ?p ?o }").len(), 1);
    check(&server.client(), &json!({ "user": null }), "Graph cleared.");
}

#[test]
fn in_protected_mode_the_token_says_who_cleared_it() {
    let server = ServerBuilder::protected().start();
    let admin = server.client().with_token(&token("root", &[Role::Admin]));
    assert_eq!(admin.publish("<urn:a> a <urn:b> .").status, 201);
    check(&admin, &json!({ "user": "ana" }), "Graph cleared.");
    let newest = admin.get("/logs?limit=1").json()["entries"][0].clone();
    assert_eq!(newest["kind"], "graph_cleared");
    assert_eq!((newest["actor"].as_str(), newest["claimed_user"].as_str()), (Some("root"), Some("ana")));
    assert_eq!(newest["triple_count"], 0);
    let payload = admin.get(&format!("/logs/{}/payload", newest["log_id"].as_str().expect("an id")));
    assert_eq!((payload.status, payload.body.len()), (200, 0), "there was no document");
    assert_eq!(post(&admin, "/ttl/delete_all", "application/vnd.x+json", b"{}").status, 200);
}
