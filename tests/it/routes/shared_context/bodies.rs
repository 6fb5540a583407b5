//! Bad input: a clear error, and nothing stored.

use segb_tests::{Client, Reply, START_ENTRIES, ServerBuilder};
use serde_json::{Value, json};

use super::{post, utterance, with};

fn check(reply: &Reply, expected: &Value) {
    assert_eq!(reply.status, 422, "{}", reply.text());
    let mut detail = reply.json()["detail"].clone();
    for error in detail.as_array_mut().into_iter().flatten() {
        error.as_object_mut().expect("an object").remove("ctx");
    }
    assert_eq!(&detail, expected);
}

fn field(kind: &str, name: &str, message: &str) -> Value {
    json!([{ "type": kind, "loc": ["body", name], "msg": message }])
}

fn nothing_is_stored(client: &Client) {
    let entries = client.get("/logs").json()["entries"].clone();
    assert_eq!(entries.as_array().expect("entries").len(), START_ENTRIES, "{entries}");
    assert_eq!(client.get("/shared-context/stats").json()["active_contexts"], 0);
}

#[test]
fn observations_that_mean_nothing_are_refused() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let check = |name: &str, value: Value, expected: Value| {
        check(&post(&client, "resolve", &with(utterance(0, "a"), name, value)), &expected);
    };
    let blank = json!("Parameter 'event_kind' must be a non-empty string.");
    check("event_kind", json!(""), blank.clone());
    check("event_kind", json!(" \t\u{a0}"), blank);
    let no_text = "Input should be a valid string";
    check("event_kind", Value::Null, field("string_type", "event_kind", no_text));
    check("subject_uri", json!(1), field("string_type", "subject_uri", no_text));
    check("text", json!(["a"]), field("string_type", "text", no_text));
    let no_time = "Input should be a valid datetime: expected a date-time by RFC 3339, with or without an offset, a \
                   date, or seconds since 1970";
    for value in [
        json!("yesterday"),
        json!("2026-02-30T10:00:00Z"),
        json!("2026-01-31T10:00:00+25:00"),
        json!("25:00"),
        json!(1e17),
        json!("NaN"),
    ] {
        check("observed_at", value, field("datetime_from_date_parsing", "observed_at", no_time));
    }
    for value in [Value::Null, json!(true), json!({})] {
        check(
            "observed_at",
            value,
            field("datetime_type", "observed_at", "Input should be a valid datetime"),
        );
    }
    let window = "Parameter 'time_window_seconds' must be a finite number between 0 and 3155760000.";
    for value in [json!(-0.001), json!(-3), json!("inf"), json!("-inf"), json!("nan"), json!(1e300)] {
        check("time_window_seconds", value, json!(window));
    }
    let no_number = "Input should be a valid number";
    check("time_window_seconds", json!([3]), field("float_type", "time_window_seconds", no_number));
    let not_parsed = "Input should be a valid number, unable to parse string as a number";
    check("time_window_seconds", json!("soon"), field("float_parsing", "time_window_seconds", not_parsed));
    check("text", json!("é".repeat(2_001)), json!("Parameter 'text' must have at most 2000 characters."));
    check(
        "robot_uri",
        json!("x".repeat(4_097)),
        json!("Parameter 'robot_uri' must have at most 4096 bytes."),
    );
    nothing_is_stored(&client);
}

#[test]
fn bodies_of_another_shape_are_refused() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let missing = |name: &str| json!({ "type": "missing", "loc": ["body", name], "msg": "Field required" });
    check(&post(&client, "resolve", &json!({})), &json!([missing("event_kind"), missing("observed_at")]));
    let no_object = "Input should be a valid dictionary or object to extract fields from";
    let no_object = json!([{ "type": "model_attributes_type", "loc": ["body"], "msg": no_object }]);
    check(&post(&client, "resolve", &json!([])), &no_object);
    // What Python writes for numbers that JSON has not.
    for number in ["NaN", "Infinity", "-Infinity", "1e999"] {
        let body = utterance(0, "a").to_string().replace("1769853600.0", number);
        let reply = client.request("POST", "/shared-context/resolve").send(body.as_bytes());
        assert_eq!(
            (reply.status, &reply.json()["detail"][0]["type"]),
            (422, &json!("json_invalid")),
            "{number}"
        );
    }
    for (path, status) in [("reconcile", 200), ("review/review_0123456789ab/reject", 422)] {
        let path = format!("/shared-context/{path}");
        // The body is optional, and what some clients send for nothing is nothing.
        for body in ["", "null", " {} "] {
            let reply = client.request("POST", &path).send(body.as_bytes());
            assert_eq!(reply.status, status, "{path} {body:?}: {}", reply.text());
            let detail = reply.json()["detail"].clone();
            assert!(detail.is_null() || detail == "Review case not found.", "{path} {body:?}: {detail}");
        }
        for (body, expected) in [("[]", "model_attributes_type"), ("{", "json_invalid")] {
            let reply = client.request("POST", &path).send(body.as_bytes());
            assert_eq!((reply.status, &reply.json()["detail"][0]["type"]), (422, &json!(expected)), "{path}");
        }
    }
    let accept = "review/review_0123456789ab/accept";
    check(&post(&client, accept, &json!({})), &json!([missing("target_context_uri")]));
    let null = json!({ "target_context_uri": null });
    check(
        &post(&client, accept, &null),
        &field("string_type", "target_context_uri", "Input should be a valid string"),
    );
    let limit = client.get("/shared-context/review/pending?limit=0");
    assert_eq!((limit.status, &limit.json()["detail"][0]["type"]), (422, &json!("greater_than_equal")));
    nothing_is_stored(&client);
}
