//! `/auth/revocations`: a token that got into wrong hands stops working at once.

use segb_auth::Role;
use segb_tests::{Client, ServerBuilder, token};
use serde_json::{Value, json};

/// The id in a token: its claim `jti`.
pub(crate) fn jti(token: &str) -> String {
    let claims = token.split('.').nth(1).expect("claims");
    let claims: Value = serde_json::from_slice(&unbase64(claims)).expect("JSON");
    claims["jti"].as_str().expect("an id").to_owned()
}

fn unbase64(text: &str) -> Vec<u8> {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for digit in text.chars().filter_map(|digit| ALPHABET.find(digit)) {
        (bits, count) = (bits << 6 | digit as u32, count + 6);
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}

fn revoke(client: &Client, body: &Value) -> (u16, Value) {
    let reply = client.post_json("/auth/revocations", body);
    (reply.status, reply.json())
}

#[test]
fn a_revoked_token_stops_working_at_once_and_after_a_restart() {
    let server = ServerBuilder::protected().start();
    let (leaked, other) = (token("ari", &[Role::Logger]), token("ari", &[Role::Logger]));
    let admin = token("root", &[Role::Admin]);
    let publish = |client: Client, token: &str| client.with_token(token).publish("<urn:a> a <urn:b> .");
    assert_eq!(publish(server.client(), &leaked).status, 201);

    let body = json!({ "jti": jti(&leaked), "reason": "the robot was stolen" });
    let (status, revocation) = revoke(&server.client().with_token(&admin), &body);
    assert_eq!((status, &revocation["jti"], &revocation["revoked_by"]), (201, &body["jti"], &json!("root")));
    let refused = publish(server.client(), &leaked);
    assert_eq!((refused.status, refused.header("WWW-Authenticate")), (401, "Bearer"));
    assert_eq!(refused.detail(), "Could not validate credentials. Invalid Token");
    assert_eq!(publish(server.client(), &other).status, 201, "another token of the same robot");

    // Once more changes nothing.
    let (status, again) = revoke(&server.client().with_token(&admin), &json!({ "jti": jti(&leaked) }));
    assert_eq!((status, &again), (201, &revocation));
    let mut server = server;
    server.kill();
    let server = server.restart();
    assert_eq!(publish(server.client(), &leaked).status, 401);
    let admin = server.client().with_token(&admin);
    assert_eq!(admin.get("/auth/revocations").json(), json!({ "revocations": [revocation] }));
    let entries = admin.get("/logs?kind=token_revoked").json();
    assert_eq!(entries["entries"][0]["log_id"], revocation["log_id"]);
    assert_eq!(entries["entries"].as_array().map(Vec::len), Some(1));
    assert!(
        admin.get("/logs/server?contains=revoked").json()["count"].as_u64().is_some_and(|count| count > 0)
    );
}

#[test]
fn what_names_no_token_is_refused() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    for (body, kind) in [
        (json!({}), "missing"),
        (json!({ "jti": null }), "string_type"),
        (json!({ "jti": 7 }), "string_type"),
        (json!({ "jti": "" }), "string_too_short"),
        (json!({ "jti": "x".repeat(256) }), "string_too_long"),
        (json!({ "jti": "x", "reason": "y".repeat(1_001) }), "string_too_long"),
    ] {
        let (status, answer) = revoke(&client, &body);
        assert_eq!((status, &answer["detail"][0]["type"]), (422, &json!(kind)), "{body}");
        assert_eq!(answer["detail"].as_array().map(Vec::len), Some(1), "{answer}");
    }
    assert_eq!(client.get("/auth/revocations").json(), json!({ "revocations": [] }));
}
