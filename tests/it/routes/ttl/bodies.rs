//! Bodies of the wrong shape: FastAPI's words, exactly.

use segb_tests::{Client, Reply, ServerBuilder, exchange_head};
use serde_json::{Value, json};

use super::{journal_length, post};

fn missing(loc: &[&str]) -> Value {
    json!([{ "type": "missing", "loc": loc, "msg": "Field required" }])
}

fn string_type(name: &str) -> Value {
    json!({ "type": "string_type", "loc": ["body", name], "msg": "Input should be a valid string" })
}

fn not_an_object() -> Value {
    let message = "Input should be a valid dictionary or object to extract fields from";
    json!([{ "type": "model_attributes_type", "loc": ["body"], "msg": message }])
}

fn check(reply: &Reply, status: u16, detail: &Value, case: &str) {
    assert_eq!(reply.status, status, "{case}: {}", reply.text());
    assert_eq!(reply.json(), json!({ "detail": detail }), "{case}");
}

/// Wrong bodies for a route whose one required member is `name`.
fn check_route(client: &Client, path: &str, name: &str) {
    for (media_type, body, detail) in [
        ("application/json", "{}".to_owned(), missing(&["body", name])),
        ("application/json", r#"{"other": 1}"#.to_owned(), missing(&["body", name])),
        ("application/json", "null".to_owned(), missing(&["body"])),
        ("application/json", String::new(), missing(&["body"])),
        ("", String::new(), missing(&["body"])),
        ("", "[]".to_owned(), not_an_object()),
        ("application/json", r#""text""#.to_owned(), not_an_object()),
        ("application/json", "1".to_owned(), not_an_object()),
        ("text/plain", "{}".to_owned(), not_an_object()),
        ("application/x-www-form-urlencoded", "a=b".to_owned(), not_an_object()),
        ("application/json", format!(r#"{{"{name}": 1}}"#), json!([string_type(name)])),
        ("application/json", format!(r#"{{"{name}": null}}"#), json!([string_type(name)])),
        ("application/json", format!(r#"{{"{name}": ["a"]}}"#), json!([string_type(name)])),
    ] {
        let case = format!("{path}, {media_type:?}, {body}");
        check(&post(client, path, media_type, body.as_bytes()), 422, &detail, &case);
    }
    let no_utf8 = json!("There was an error parsing the body");
    check(&post(client, path, "application/json", b"{\"\xff\": 1}"), 400, &no_utf8, path);
}

/// Bodies that are no JSON: where, in characters, and why.
fn check_no_json(client: &Client, path: &str) {
    for (body, position) in [
        ("{".to_owned(), 1),
        ("{\"é\": x}".to_owned(), 6),
        ("\n\n  nope".to_owned(), 5),
        ("{} {}".to_owned(), 3),
        (format!("{{\"x\": {}", "[".repeat(5_000)), 5_006),
    ] {
        let reply = post(client, path, "application/json", body.as_bytes());
        let case: String = body.chars().take(40).collect();
        assert_eq!(reply.status, 422, "{path}, {case}: {}", reply.text());
        let error = &reply.json()["detail"][0];
        assert_eq!(error["type"], "json_invalid", "{path}, {case}");
        assert_eq!(error["msg"], "JSON decode error", "{path}, {case}");
        assert_eq!(error["loc"][0], "body", "{path}, {case}");
        let found = error["loc"][1].as_i64().expect("a position");
        assert!((found - position).abs() <= 1, "{path}, {case}: {found}, not {position}");
        assert!(error["ctx"]["error"].is_string(), "{path}, {case}");
    }
}

#[test]
fn wrong_bodies_get_the_documented_answers_and_store_nothing() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    for (path, name) in
        [("/ttl", "ttl_content"), ("/ttl/validate", "ttl_content"), ("/query/validate", "query")]
    {
        check_route(&client, path, name);
        check_no_json(&client, path);
    }
    let both = json!([string_type("ttl_content"), string_type("user")]);
    let body = json!({ "user": 1, "ttl_content": {} });
    check(&client.post_json("/ttl", &body), 422, &both, "two errors");
    for path in ["/ttl", "/ttl/delete_all"] {
        let body = json!({ "ttl_content": "<urn:a> a <urn:b> .", "user": ["x"] });
        check(&client.post_json(path, &body), 422, &json!([string_type("user")]), path);
    }
    for (media_type, body, detail) in
        [("application/json", "[]", not_an_object()), ("application/json", "", missing(&["body"]))]
    {
        check(&post(&client, "/ttl/delete_all", media_type, body.as_bytes()), 422, &detail, body);
    }
    assert_eq!(journal_length(&client), 0);
    assert_eq!(client.publish("<urn:a> a <urn:b> .").status, 201);
}

#[test]
fn bodies_that_cannot_be_read_are_told_so_and_store_nothing() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let with = |name: &str, value: &str, body: &[u8]| {
        client.request("POST", "/ttl").header(name, value).send(body).status
    };
    assert_eq!(with("Content-Encoding", "zstd", b"x"), 415);
    assert_eq!(with("Content-Encoding", "gzip", b"no gzip"), 400);
    assert_eq!(with("Content-Type", "text/turtle; charset=latin-1", b"<urn:a> a <urn:b> ."), 415);
    for path in ["/ttl", "/ttl/validate"] {
        let reply = post(&client, path, "text/turtle", b"<urn:a> a \"\xff\" .");
        assert_eq!(reply.status, 400, "{path}: {}", reply.text());
    }
    // A chunked body that is not chunked.
    let headers = ["Transfer-Encoding: chunked"];
    let reply = exchange_head(server.address(), "POST /ttl", &headers, b"hello\r\n\r\n");
    assert_eq!(reply.status, 400, "{}", reply.text());
    assert_eq!(journal_length(&client), 0);
}
