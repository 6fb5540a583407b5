//! `GET /healthz/live`, `GET /healthz/ready`, `GET /auth/mode`.

use segb_tests::{Client, ServerBuilder};
use serde_json::{Value, json};

fn check(client: &Client, path: &str, expected: &Value) {
    let reply = client.get(path);
    assert_eq!(reply.status, 200, "{path}");
    assert_eq!(reply.header("Content-Type"), "application/json", "{path}");
    assert_eq!(reply.json(), *expected, "{path}");
}

#[test]
fn the_answers_have_the_documented_shape() {
    for (builder, auth_enabled) in [(ServerBuilder::learning(), false), (ServerBuilder::protected(), true)] {
        let server = builder.start();
        server.wait_until_ready();
        let client = server.client();
        check(&client, "/healthz/live", &json!({ "live": true }));
        check(&client, "/healthz/ready", &json!({ "ready": true, "store": true, "virtuoso": true }));
        check(&client, "/auth/mode", &json!({ "auth_enabled": auth_enabled }));
        assert_eq!(client.get("/healthz/live").text(), "{\"live\":true}");
    }
}

#[test]
fn an_empty_secret_is_learning_mode() {
    let server = ServerBuilder::learning().set("SECRET_KEY", "").start();
    check(&server.client(), "/auth/mode", &json!({ "auth_enabled": false }));
    assert_eq!(server.client().get("/events").status, 200);
}
