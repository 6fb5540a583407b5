//! `GET /logs/server`: the end of the server log, filtered.

use segb_auth::Role;
use segb_tests::{Client, ServerBuilder, percent_encode, token};
use serde_json::{Value, json};

/// The entries that the server gives for these parameters.
fn entries(client: &Client, parameters: &str) -> Vec<Value> {
    let reply = client.get(&format!("/logs/server{parameters}"));
    assert_eq!(reply.status, 200, "{parameters}: {}", reply.text());
    let page = reply.json();
    let entries = page["entries"].as_array().expect("entries").clone();
    assert_eq!(page["count"], entries.len(), "{parameters}");
    entries
}

#[test]
fn the_answer_has_the_documented_shape() {
    let server = ServerBuilder::protected().start();
    let robot = server.client().with_token(&token("robot-7", &[Role::Logger]));
    let admin = server.client().with_token(&token("root", &[Role::Admin]));
    let body = json!({ "ttl_content": "<urn:a> a <urn:b> .", "user": "ari" });
    let request = robot
        .request("POST", "/ttl")
        .header("Content-Type", "application/json")
        .header("X-Request-ID", "request-1");
    assert_eq!(request.send(body.to_string().as_bytes()).status, 201);

    let reply = admin.get("/logs/server?contains=request-1&level=info&limit=10");
    let page = reply.json();
    let members: Vec<&str> = page.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(members, ["count", "entries", "filters", "log_file"]);
    assert!(page["log_file"].as_str().expect("a path").ends_with("segb.log"), "{}", page["log_file"]);
    assert_eq!(page["filters"], json!({ "limit": 10, "level": "INFO", "contains": "request-1" }));
    let entries = page["entries"].as_array().expect("entries");
    assert_eq!(entries.len(), 2, "{page}");
    for entry in entries {
        assert_eq!(entry["request_id"], "request-1");
        assert_eq!(entry["actor"], "robot-7");
        assert_eq!(entry["origin_ip"], "127.0.0.1");
        assert_eq!((entry["level"].as_str(), entry["logger"].as_str()), (Some("INFO"), Some("segb.server")));
        let text = |name: &str| entry[name].as_str().expect("a text").to_owned();
        let timestamp = text("timestamp");
        assert!(timestamp.len() == 19 && timestamp.as_bytes()[10] == b' ', "{timestamp}");
        let raw = format!(
            "{timestamp} | INFO | segb.server | rid=request-1 actor=robot-7 ip=127.0.0.1 | {}",
            text("message")
        );
        assert_eq!(text("raw"), raw);
        assert_eq!(entry.as_object().expect("an object").len(), 8, "{entry}");
    }
    let message = entries[0]["message"].as_str().expect("a message");
    assert!(message.contains("19 bytes") && message.contains("1 triple"), "{message}");
    let message = entries[1]["message"].as_str().expect("a message");
    assert!(message.starts_with("HTTP POST /ttl -> 201 (") && message.ends_with(" ms)"), "{message}");
    // Reading the log is an operation like others.
    let readings = self::entries(&admin, "?contains=of%20the%20server%20log");
    let reading = readings.last().expect("a line about the reading");
    assert_eq!(
        (&reading["actor"], &reading["message"]),
        (&json!("root"), &json!("gave out 2 entries of the server log"))
    );
    // The file has the same lines.
    let file = std::fs::read_to_string(server.directory().join("logs/segb.log")).expect("a log");
    assert!(entries.iter().all(|entry| file.lines().any(|line| entry["raw"] == line)));
    assert!(server.stderr().contains(entries[1]["raw"].as_str().expect("a line")));
}

#[test]
fn entries_can_be_filtered() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    for number in 0..5 {
        assert_eq!(client.get(&format!("/Marker-{number}")).status, 404);
    }
    assert_eq!(client.publish("<urn:a> a <urn:b> .").status, 201);
    assert_eq!(client.post_json("/ttl/delete_all", &json!({})).status, 200);

    let markers = |parameters: &str| -> Vec<String> {
        let found = entries(&client, parameters);
        let messages = found.iter().map(|entry| entry["message"].as_str().expect("a message"));
        messages.filter_map(|message| Some(message.split_once("/Marker-")?.1[..1].to_owned())).collect()
    };
    assert_eq!(markers("?contains=/Marker-"), ["0", "1", "2", "3", "4"]);
    assert_eq!(markers("?contains=marker-"), ["0", "1", "2", "3", "4"], "case is ignored");
    assert_eq!(markers("?contains=/MARKER-&limit=2"), ["3", "4"], "the last ones, oldest first");
    assert_eq!(markers("?contains=Marker-3&level=INFO"), ["3"]);
    assert_eq!(markers("?contains=Marker-3&level=ERROR"), [""; 0]);
    assert_eq!(markers("?contains=Marker-3&level_min=DEBUG"), ["3"]);
    assert_eq!(markers("?contains=Marker-3&level_min=warning"), [""; 0]);
    assert_eq!(markers("?contains=&level=&limit="), ["0", "1", "2", "3", "4"], "blank is as good as none");
    for level in ["WARNING", "warning", "Warning"] {
        let warnings = entries(&client, &format!("?level={level}"));
        assert!(!warnings.is_empty(), "{level}");
        assert!(warnings.iter().all(|entry| entry["level"] == "WARNING"), "{warnings:?}");
        assert!(
            warnings.iter().any(|entry| {
                entry["message"].as_str().is_some_and(|text| text.contains("LEARNING MODE"))
            })
        );
        assert!(
            warnings
                .iter()
                .any(|entry| { entry["message"].as_str().is_some_and(|text| text.contains("cleared")) })
        );
    }
    assert_eq!(entries(&client, "?limit=1").len(), 1);
}

#[test]
fn without_a_limit_there_are_200() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    for _ in 0..210 {
        assert_eq!(client.get("/healthz/live").status, 200);
    }
    assert_eq!(entries(&client, "").len(), 200);
    assert!(entries(&client, "?limit=2000").len() > 210);
    let default = client.get("/logs/server").json()["filters"].clone();
    assert_eq!(default, json!({ "limit": 200, "level": null, "contains": null }));
}

#[test]
fn wrong_parameters_are_told_so() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let field = |kind: &str, message: &str, context: Value| {
        let mut error = json!({ "type": kind, "loc": ["query", "limit"], "msg": message });
        if !context.is_null() {
            error["ctx"] = context;
        }
        json!([error])
    };
    let integer = "Input should be a valid integer, unable to parse string as an integer";
    let small = field("greater_than_equal", "Input should be greater than or equal to 1", json!({ "ge": 1 }));
    let large = field("less_than_equal", "Input should be less than or equal to 2000", json!({ "le": 2000 }));
    let level = |name: &str| {
        json!(format!("Invalid level '{name}'. Use one of: CRITICAL, DEBUG, ERROR, INFO, WARNING."))
    };
    for (parameters, expected) in [
        ("limit=0", small.clone()),
        ("limit=-7", small),
        ("limit=2001", large),
        ("limit=abc", field("int_parsing", integer, json!(null))),
        ("level=LOUD", level("LOUD")),
        ("level=loud", level("LOUD")),
        ("level_min=loud", level("LOUD")),
        ("level=INFO,ERROR", level("INFO,ERROR")),
    ] {
        let reply = client.get(&format!("/logs/server?{parameters}"));
        assert_eq!(reply.status, 422, "{parameters}: {}", reply.text());
        assert_eq!(reply.json(), json!({ "detail": expected }), "{parameters}");
    }
    for level in ["DEBUG", "critical", " error "] {
        assert_eq!(
            client.get(&format!("/logs/server?level={}", percent_encode(level))).status,
            200,
            "{level}"
        );
    }
}

#[test]
fn the_level_of_the_log_is_a_setting() {
    let server = ServerBuilder::learning().set("LOGGING_LEVEL", "WARNING").start();
    let client = server.client();
    assert_eq!(client.get("/nothing").status, 404);
    let found = entries(&client, "");
    assert!(!found.is_empty() && found.iter().all(|entry| entry["level"] == "WARNING"), "{found:?}");
}

#[test]
fn the_file_of_the_log_is_a_setting() {
    let server = ServerBuilder::learning()
        .set("SERVER_LOG_DIR", "elsewhere/deep")
        .set("SERVER_LOG_FILE", "x.log")
        .start();
    let client = server.client();
    assert_eq!(client.get("/marker").status, 404);
    assert_eq!(entries(&client, "?contains=/marker").len(), 1);
    assert!(server.directory().join("elsewhere/deep/x.log").exists());
}
