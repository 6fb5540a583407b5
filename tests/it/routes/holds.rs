//! `/holds`: what is held is not erased.

use segb_tests::{Client, ServerBuilder};
use serde_json::{Value, json};

fn erase(client: &Client, log_id: &str) -> (u16, Value) {
    let body = json!({ "reason": "Ana asked", "legal_ground": "GDPR, article 17" });
    let reply = client.post_json(&format!("/logs/{log_id}/erase"), &body);
    (reply.status, reply.json())
}

fn publish(client: &Client) -> (String, String) {
    let receipt = client.publish("<urn:a> a <urn:b> .").json();
    let text = |name: &str| receipt[name].as_str().expect("a text").to_owned();
    (text("log_id"), text("received_at"))
}

fn place(client: &Client, body: Value) -> Value {
    let reply = client.post_json("/holds", &body);
    assert_eq!(reply.status, 201, "{body}: {}", reply.text());
    reply.json()
}

fn release(client: &Client, hold: &Value, body: &str) -> (u16, Value) {
    let path = format!("/holds/{}", hold["hold_id"].as_str().expect("an id"));
    let request = client.request("DELETE", &path).header("Content-Type", "application/json");
    let reply = request.send(body.as_bytes());
    (reply.status, reply.json())
}

#[test]
fn what_is_held_is_not_erased_and_the_refusal_is_recorded() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let (held, received_at) = publish(&client);
    let hold = place(&client, json!({ "reason": "an inquiry", "since": received_at }));
    assert_eq!((&hold["reason"], &hold["released_at"]), (&json!("an inquiry"), &Value::Null));

    let (status, answer) = erase(&client, &held);
    let hold_id = hold["hold_id"].as_str().expect("an id");
    assert!(
        status == 409 && answer["detail"].as_str().is_some_and(|text| text.contains(hold_id)),
        "{answer}"
    );
    assert_eq!(client.get(&format!("/logs/{held}/payload")).text(), "<urn:a> a <urn:b> .");
    let refusals = client.get("/logs?kind=erasure_refused").json();
    let refusal = refusals["entries"][0]["log_id"].as_str().expect("an id");
    let said = client.get(&format!("/logs/{refusal}/payload")).json();
    assert_eq!((&said["log_id"], &said["holds"]), (&json!(held), &json!([hold_id])));
    assert_eq!((&said["reason"], &said["legal_ground"]), (&json!("Ana asked"), &json!("GDPR, article 17")));

    // Also after a crash, and also logs that came later.
    let mut server = server;
    server.kill();
    let server = server.restart();
    server.wait_until_ready();
    let client = server.client();
    let (later, _) = publish(&client);
    for log_id in [&held, &later] {
        assert_eq!(erase(&client, log_id).0, 409);
    }
    let (status, released) = release(&client, &hold, r#"{"reason": "closed"}"#);
    assert_eq!((status, &released["release_reason"]), (200, &json!("closed")));
    assert!(released["released_at"].is_string(), "{released}");
    assert_eq!(client.get("/holds").json(), json!({ "holds": [released] }));
    assert_eq!(erase(&client, &held).0, 200);
    let (status, again) = release(&client, &hold, "");
    assert!(status == 409 && again["detail"].as_str().is_some_and(|text| text.contains("was released")));
    assert_eq!(release(&client, &json!({ "hold_id": "hold_unknown" }), "").0, 404);
}

#[test]
fn a_hold_is_over_a_time_or_over_some_logs() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let ((one, _), (two, at_two), (three, _)) = (publish(&client), publish(&client), publish(&client));
    let named = place(&client, json!({ "reason": "these", "log_ids": [three] }));
    let early = place(&client, json!({ "reason": "before", "until": at_two }));
    assert_eq!(erase(&client, &one).0, 409);
    assert_eq!(erase(&client, &two).0, 200, "the end of a window is not in it");
    assert_eq!(erase(&client, &three).0, 409);
    assert_eq!(release(&client, &named, "").0, 200);
    assert_eq!(erase(&client, &three).0, 200);
    let holds = client.get("/holds").json();
    let ids: Vec<&Value> =
        holds["holds"].as_array().expect("holds").iter().map(|hold| &hold["hold_id"]).collect();
    assert_eq!(ids, [&named["hold_id"], &early["hold_id"]]);
}

#[test]
fn what_is_no_hold_is_refused() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let id = "00000000-0000-4000-8000-000000000000";
    for (body, name) in [
        (json!({}), "reason"),
        (json!({ "reason": " " }), "reason"),
        (json!({ "reason": 1 }), "reason"),
        (json!({ "reason": "x", "since": "yesterday" }), "since"),
        (json!({ "reason": "x", "since": "2026-01-02T00:00:00Z", "until": "2026-01-02T00:00:00Z" }), "until"),
        (json!({ "reason": "x", "log_ids": [] }), "log_ids"),
        (json!({ "reason": "x", "log_ids": ["x"] }), "log_ids"),
        (json!({ "reason": "x", "log_ids": [id, 7] }), "log_ids"),
        (json!({ "reason": "x", "log_ids": id }), "log_ids"),
    ] {
        let reply = client.post_json("/holds", &body);
        let answer = reply.json();
        assert_eq!((reply.status, &answer["detail"][0]["loc"]), (422, &json!(["body", name])), "{body}");
        assert_eq!(answer["detail"].as_array().map(Vec::len), Some(1), "{answer}");
    }
    assert_eq!(client.get("/holds").json(), json!({ "holds": [] }));
}
