//! `GET /logs/{log_id}` and its payload.

use segb_store::Hash;
use segb_tests::{Client, ServerBuilder, SharedServer};
use serde_json::json;

static SERVER: SharedServer = SharedServer::new();

const UNKNOWN: &str = "00000000-0000-4000-8000-000000000000";

fn publish_raw(client: &Client, document: &[u8]) -> String {
    let reply = client.request("POST", "/ttl").header("Content-Type", "text/turtle").send(document);
    assert_eq!(reply.status, 201, "{}", reply.text());
    reply.json()["log_id"].as_str().expect("a log id").to_owned()
}

#[test]
fn a_log_comes_back_byte_for_byte() {
    let server = SERVER.get(|| ServerBuilder::learning().start());
    let client = server.client();
    let long = format!("<urn:a> a \"{}\" .", "é".repeat(100_000));
    for document in [
        "<urn:a> a <urn:b> .",
        "\r\n# a comment \u{2028}\t\r<urn:a>\ta\r\n<urn:b>.\r",
        "<urn:a> a \"\\u0000 \u{7f} \u{10ffff}\" .",
        &long,
    ] {
        let log_id = publish_raw(&client, document.as_bytes());
        let payload = client.get(&format!("/logs/{log_id}/payload"));
        assert_eq!(payload.status, 200, "{document:.40}");
        assert!(payload.body == document.as_bytes(), "{document:.40}");
        assert!(payload.header("Content-Type").starts_with("text/turtle"), "{document:.40}");
        assert_eq!(payload.header("X-Content-Type-Options"), "nosniff");
        let disposition = format!("attachment; filename=\"{log_id}.ttl\"");
        assert_eq!(payload.header("Content-Disposition"), disposition);
    }
}

/// Who has the bytes can see that they are what the entry committed to; a proof alone does not say so.
#[test]
fn the_salt_that_opens_the_commitment_comes_with_the_payload_only() {
    let server = SERVER.get(|| ServerBuilder::learning().start());
    let client = server.client();
    let log_id = publish_raw(&client, b"<urn:a> <urn:says> \"yes\" .");
    let payload = client.get(&format!("/logs/{log_id}/payload"));
    let salt = payload.header("Payload-Salt");
    assert_eq!((salt.len(), salt), (64, salt.to_ascii_lowercase().as_str()));
    let salt_bytes: Hash = salt.parse().expect("hexadecimal");
    let entry = client.get(&format!("/logs/{log_id}")).json();
    let commitment = Hash::of(&[salt_bytes.as_bytes(), &payload.body]).to_string();
    assert_eq!(entry["payload_commitment"], commitment);
    for path in ["", "/proof"] {
        let text = client.get(&format!("/logs/{log_id}{path}")).text();
        assert!(!text.contains(salt), "{text}");
    }
}

#[test]
fn one_entry_is_the_one_of_the_list() {
    let server = SERVER.get(|| ServerBuilder::learning().start());
    let client = server.client();
    let log_id = publish_raw(&client, b"<urn:a> a <urn:b> .");
    let one = client.get(&format!("/logs/{log_id}"));
    assert_eq!(one.status, 200);
    let list = client.get("/logs?limit=1000").json();
    let entries = list["entries"].as_array().expect("entries");
    assert!(entries.contains(&one.json()), "{}", one.text());
    // The same id, spelled otherwise.
    assert_eq!(client.get(&format!("/logs/{}", log_id.to_uppercase())).json(), one.json());
}

#[test]
fn unknown_ids_are_404_and_what_is_no_id_is_422() {
    let server = SERVER.get(|| ServerBuilder::learning().start());
    let client = server.client();
    for (path, status, detail) in [
        (format!("/logs/{UNKNOWN}"), 404, "Log not found."),
        (format!("/logs/{UNKNOWN}/payload"), 404, "Log payload not found."),
    ] {
        let reply = client.get(&path);
        assert_eq!(reply.status, status, "{path}");
        assert_eq!(reply.json(), json!({ "detail": detail }), "{path}");
    }
    for id in ["no-id", "1", &UNKNOWN[1..], "%00", "..%2Fserver", "'%20OR%201=1"] {
        for path in [format!("/logs/{id}"), format!("/logs/{id}/payload")] {
            let reply = client.get(&path);
            assert_eq!(reply.status, 422, "{path}: {}", reply.text());
            let error = &reply.json()["detail"][0];
            assert_eq!(error["type"], "uuid_parsing", "{path}");
            assert_eq!(error["loc"], json!(["path", "log_id"]), "{path}");
            let message = error["msg"].as_str().expect("a message");
            assert!(message.starts_with("Input should be a valid UUID, "), "{path}: {message}");
        }
    }
    assert_eq!(client.get(&format!("/logs/{UNKNOWN}/nothing")).status, 404);
}
