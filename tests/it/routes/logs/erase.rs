//! `POST /logs/{log_id}/erase`: the payload goes, the proofs stay.

use std::{
    fs,
    path::{Path, PathBuf},
};

use segb_tests::{Client, Reply, Server, ServerBuilder};
use serde_json::{Value, json};

/// What must not be found anywhere afterwards.
const SECRET: &str = "Anastasia-Quillfeather-1987";

fn erase(client: &Client, log_id: &str) -> Reply {
    let body = json!({ "reason": "Ana asked", "legal_ground": "GDPR, article 17" });
    client.post_json(&format!("/logs/{log_id}/erase"), &body)
}

fn publish(client: &Client, turtle: &str) -> Value {
    let reply = client.publish(turtle);
    assert_eq!(reply.status, 201, "{}", reply.text());
    reply.json()
}

/// A text that deflate does not shorten, so that it can be searched for.
fn noise(length: usize) -> String {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let digit = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(b'0' + (state % 75) as u8)
    };
    (0..length).map(digit).filter(|c| !matches!(c, '\\' | '<' | '>' | '^' | '`')).collect()
}

/// The files below a directory that hold a text, or its bytes as they are stored.
fn files_with(directory: &Path, needle: &[u8]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files_with(&path, needle));
        } else if fs::read(&path).expect("a file").windows(needle.len()).any(|window| window == needle) {
            found.push(path);
        }
    }
    found
}

/// The size of the payload, by the record that is proved.
fn proof_size(proof: &Value) -> Value {
    let record: Value = serde_json::from_str(text(proof, "record")).expect("a record");
    record["payload_size"].clone()
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().expect("a text")
}

#[test]
fn the_payload_goes_and_the_proofs_stay() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let kept = publish(&client, "<urn:a> <urn:p> \"said twice\" .");
    let log = publish(
        &client,
        &format!("<urn:a> <urn:p> \"said twice\", \"{SECRET}\" . <urn:{SECRET}> a <urn:T> ."),
    );
    let log_id = text(&log, "log_id");
    let proof_before = client.get(&format!("/logs/{log_id}/proof")).json();

    let reply = erase(&client, log_id);
    assert_eq!(reply.status, 200, "{}", reply.text());
    let erased = reply.json();
    assert_eq!((&erased["log_id"], &erased["complete"]), (&json!(log_id), &json!(true)));
    assert_eq!(erased["erasure"]["reason"], "Ana asked");
    assert_eq!(erased["erasure"]["legal_ground"], "GDPR, article 17");
    assert_eq!(erased["erasure"]["cause"], "request");

    let gone = client.get(&format!("/logs/{log_id}/payload"));
    assert!(gone.status == 410 && gone.detail().contains("erased at"), "{}", gone.text());
    let entry = client.get(&format!("/logs/{log_id}")).json();
    assert_eq!(entry["erasure"], erased["erasure"]);
    assert_eq!(
        (&entry["leaf_hash"], &entry["payload_size"]),
        (&log["leaf_hash"], &proof_size(&proof_before))
    );
    // The old proof is one of the tree that there is now, at its size.
    let size = proof_before["inclusion"]["tree_size"].as_u64().expect("a size");
    let mut same = client.get(&format!("/logs/{log_id}/proof?size={size}")).json();
    same["checkpoint"] = proof_before["checkpoint"].clone();
    assert_eq!(same, proof_before);
    assert_eq!(client.get(&format!("/journal/consistency?from={size}")).status, 200);

    // In the graph is what others say.
    let values = client.select("SELECT ?o { <urn:a> <urn:p> ?o }");
    assert_eq!(values.len(), 1, "{values:?}");
    assert!(!client.get("/events").text().contains(SECRET));
    assert_eq!(client.select("SELECT ?g { GRAPH ?g { ?s ?p ?o } }").len(), 1);
    assert_eq!(client.get(&format!("/logs/{}/payload", text(&kept, "log_id"))).status, 200);

    let entries = client.get("/logs?kind=log_erased").json();
    assert_eq!(entries["entries"][0]["log_id"], erased["erasure"]["log_id"]);
    let said = client.get(&format!("/logs/{}/payload", text(&erased["erasure"], "log_id"))).json();
    assert_eq!((&said["log_id"], &said["sequence"]), (&json!(log_id), &log["sequence"]));
    let again = erase(&client, log_id);
    assert!(again.status == 409 && again.detail().contains("was erased"), "{}", again.text());
}

#[test]
fn nothing_of_it_is_left_on_the_disk() {
    let (small, large) = (format!("{SECRET}-{}", noise(60)), format!("{SECRET}-{}", noise(100_000)));
    let mut server = ServerBuilder::learning().start();
    let client = server.client();
    for number in 0..50 {
        publish(&client, &format!("<urn:before{number}> <urn:p> \"{}\" .", "filler ".repeat(20)));
    }
    let logs: Vec<Value> =
        [&small, &large].map(|text| publish(&client, &format!("<urn:a> <urn:p> \"{text}\" ."))).to_vec();
    for number in 0..50 {
        publish(&client, &format!("<urn:after{number}> <urn:p> \"{}\" .", "filler ".repeat(20)));
    }
    let data_dir = server.data_dir();
    assert!(!files_with(&data_dir, small.as_bytes()).is_empty(), "the search finds what is there");
    // The last part of the large one: the pages that it fills are no longer linked, but must be overwritten.
    let parts = [&large.as_bytes()[..200], &large.as_bytes()[50_000..50_200], &large.as_bytes()[90_000..]];
    for log in &logs {
        let reply = erase(&client, text(log, "log_id"));
        assert_eq!((reply.status, &reply.json()["complete"]), (200, &json!(true)));
    }
    let in_journal = |needle: &[u8]| {
        let mut files = files_with(&data_dir, needle);
        files.retain(|path| !path.starts_with(data_dir.join("graph")));
        files
    };
    for needle in [small.as_bytes(), parts[0], parts[1], parts[2]] {
        assert_eq!(in_journal(needle), Vec::<PathBuf>::new(), "while the server runs");
    }
    // The index is made anew when it is opened next, and then nothing is left at all.
    server.kill();
    let server = server.restart();
    server.wait_until_ready();
    for needle in [small.as_bytes(), parts[0], parts[1], parts[2]] {
        assert_eq!(files_with(&data_dir, needle), Vec::<PathBuf>::new(), "after a restart");
    }
    assert_eq!(server.client().select("SELECT ?s { ?s <urn:p> ?o }").len(), 100);
    assert!(!server.stderr().contains("missing in the graph"), "{}", server.stderr());
}

#[test]
fn a_rebuilt_graph_is_the_same_and_a_backup_holds_nothing_of_it() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    publish(&client, "<urn:a> <urn:p> <urn:b> .");
    let log = publish(&client, &format!("<urn:a> <urn:p> <urn:b> , \"{SECRET}\" ."));
    publish(&client, "<urn:a> <urn:p> \"later\" .");
    assert_eq!(erase(&client, text(&log, "log_id")).status, 200);
    let export = |server: &Server| {
        let text =
            server.client().request("GET", "/events").header("Accept", "application/n-triples").send(b"");
        let mut lines: Vec<String> = text.text().lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let before = export(&server);
    assert_eq!(before.len(), 2, "{before:?}");
    let backup = server.directory().join("backup");
    let (status, _, error) = server.run_command(&["backup", backup.to_str().expect("a path")]);
    assert!(status.success(), "{error}");
    let mut server = server;
    server.terminate();
    let (status, _, error) = server.run_command(&["rebuild"]);
    assert!(status.success(), "{error}");
    let server = server.restart();
    assert_eq!(export(&server), before);
    let restored = ServerBuilder::learning().data_dir(&backup).start();
    restored.wait_until_ready();
    assert_eq!(export(&restored), before);
}

#[test]
fn a_key_that_was_used_does_not_bring_it_back() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let send = || {
        let request = client.request("POST", "/ttl").header("Content-Type", "text/turtle");
        request.header("Idempotency-Key", "k1").send(b"<urn:a> a <urn:b> .")
    };
    let first = send();
    assert_eq!(first.status, 201);
    assert_eq!(erase(&client, text(&first.json(), "log_id")).status, 200);
    let again = send();
    assert_eq!(
        (again.status, again.detail().as_str()),
        (422, "The Idempotency-Key was used before for another log.")
    );
    assert_eq!(client.select("SELECT ?s { ?s ?p ?o }").len(), 0);
}

#[test]
fn what_cannot_be_erased_is_told_why() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let log = publish(&client, "<urn:a> a <urn:b> .");
    let path = format!("/logs/{}/erase", text(&log, "log_id"));
    for (body, name) in [
        (json!({}), "reason"),
        (json!({ "legal_ground": "x" }), "reason"),
        (json!({ "reason": "x", "legal_ground": " " }), "legal_ground"),
        (json!({ "reason": "x".repeat(1_001), "legal_ground": "y" }), "reason"),
    ] {
        let reply = client.post_json(&path, &body);
        assert_eq!(
            (reply.status, &reply.json()["detail"][0]["loc"]),
            (422, &json!(["body", name])),
            "{body}"
        );
    }
    assert_eq!(erase(&client, "00000000-0000-4000-8000-000000000000").status, 404);
    assert_eq!(erase(&client, "x").status, 422);
    client.post_json("/ttl/delete_all", &json!({}));
    let cleared = client.get("/logs?kind=graph_cleared").json();
    let reply = erase(&client, text(&cleared["entries"][0], "log_id"));
    assert!(reply.status == 422 && reply.detail().contains("graph_cleared"), "{}", reply.text());
    assert_eq!(client.get(&format!("/logs/{}/payload", text(&log, "log_id"))).status, 200);
    // What is not in the graph any more can be erased, too.
    assert_eq!(erase(&client, text(&log, "log_id")).status, 200);
}
