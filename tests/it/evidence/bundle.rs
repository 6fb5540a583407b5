//! What is in a bundle, and what is no bundle.

use std::{
    collections::BTreeSet,
    io::{Read as _, Write as _},
    net::TcpStream,
    time::{Duration, Instant},
};

use segb_auth::Role;
use segb_tests::{Client, ServerBuilder, token};
use serde_json::{Value, json};

use super::{ALL, evidence, key_of, lines, published, record, text, unpack, verify};

/// Documents that are easily changed on their way, or by an editor.
const DOCUMENTS: [&str; 5] = [
    "<urn:a> <urn:says> \"plain\" .",
    "<urn:ä> <urn:says> \"é\u{301} \u{1F916} \u{2028} \u{85} \u{202E}\" .\r\n\r\n",
    "@prefix ex: <urn:ex:> . ex:a ex:says \"\\u0000\\t\\\\\\\"\" . # no end of the line",
    "\n\n<urn:a> <urn:says> '''three\r\nlines\r''' .\t ",
    "<urn:a> <urn:says> \"\u{7f}\u{80}\u{ffff}\u{10ffff}\" .",
];

fn publish_all(client: &Client) -> Vec<Value> {
    let publish = |turtle: &&str| {
        let request = client.request("POST", "/ttl").header("Content-Type", "text/turtle");
        published(&request.send(turtle.as_bytes()))
    };
    DOCUMENTS.iter().map(publish).collect()
}

fn erase(client: &Client, log_id: &str) {
    let body = json!({ "reason": "Ana asked", "legal_ground": "GDPR, article 17" });
    let reply = client.post_json(&format!("/logs/{log_id}/erase"), &body);
    assert_eq!(reply.status, 200, "{}", reply.text());
}

#[test]
fn a_window_has_every_byte_and_verifies_where_nobody_knows_the_server() {
    let mut server = ServerBuilder::learning().start();
    let client = server.client();
    let logs = publish_all(&client);
    let key = key_of(&client);
    let (since, until) = (text(&logs[1], "received_at"), text(&logs[4], "received_at"));
    let reply = client.get(&format!("/evidence?since={since}&until={until}"));
    assert_eq!((reply.status, reply.header("Content-Type")), (200, "application/zip"));
    let disposition = reply.header("Content-Disposition");
    assert!(disposition.starts_with("attachment; filename=\"segb-evidence-segb-"), "{disposition}");
    assert!(disposition.ends_with("Z.zip\""), "{disposition}");
    let checkpoint = client.get("/journal/checkpoint").text();
    server.terminate();

    let files = unpack(&reply.body);
    let found = lines(&files);
    assert_eq!(found.len(), 3);
    for (line, (log, document)) in found.iter().zip(logs.iter().zip(DOCUMENTS).skip(1)) {
        let record = record(line);
        assert_eq!((&record["sequence"], &record["log_id"]), (&log["sequence"], &log["log_id"]));
        assert_eq!((&line["leaf_hash"], &line["triple_count"]), (&log["leaf_hash"], &log["triple_count"]));
        assert_eq!((&line["included_because"], &line["erased_by"]), (&json!("requested"), &Value::Null));
        let name = format!("payloads/{:010}.ttl", log["sequence"].as_u64().expect("a number"));
        assert_eq!(text(line, "payload"), name);
        assert_eq!(files[&name], document.as_bytes(), "{name}");
    }
    let names: BTreeSet<&str> = files.keys().map(String::as_str).filter(|name| !name.contains('/')).collect();
    let expected = [
        "README.txt",
        "SHA256SUMS",
        "bundle.json",
        "checkpoint.note",
        "entries.jsonl",
        "key.txt",
        "manifest.note",
        "prefixes.ttl",
    ];
    assert_eq!(names.into_iter().collect::<Vec<_>>(), expected);
    assert_eq!(files["checkpoint.note"], checkpoint.as_bytes());
    assert_eq!(files["key.txt"], format!("{key}\n").as_bytes());
    assert_eq!(files["prefixes.ttl"], b"@prefix ex: <urn:ex:> .\n");
    let description: Value = serde_json::from_slice(&files["bundle.json"]).expect("JSON");
    assert_eq!(
        (&description["format"], &description["entry_count"]),
        (&json!("segb-evidence/v1"), &json!(3))
    );
    assert_eq!(
        description["request"],
        json!({
            "since": since, "until": until, "log_ids": null, "actor": null, "kind": null
        })
    );

    let (code, out, _) = verify(&reply.body, &["--key", &key]);
    assert!(code == 0 && out.contains("VERIFIED: everything fits."), "{out}");
    let (code, out, _) = verify(&reply.body, &[]);
    assert!(code == 3 && out.contains("NOT CHECKED    no key was given"), "{out}");
    let (code, out, _) = verify(&reply.body, &["--json", "--key", &key]);
    let report: Value = serde_json::from_str(&out).expect("one JSON object");
    assert_eq!((code, &report["verdict"], &report["entries"]), (0, &json!("verified"), &json!(3)));
    assert_eq!((&report["verifier"], &report["key_given"]), (&json!(key), &json!(true)));
    assert_eq!((&report["problem_count"], &report["gaps"]), (&json!(0), &json!([])));
}

#[test]
fn logs_are_named_once_or_more_in_any_order() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let logs = publish_all(&client);
    let id = |index: usize| text(&logs[index], "log_id");
    for (query, expected) in [
        (format!("log_id={}", id(2)), vec![2]),
        (format!("log_id={},{}", id(3), id(1)), vec![1, 3]),
        (format!("log_id={}&log_id={},{}", id(4), id(0), id(4)), vec![0, 4]),
        (format!("log_id={},{}&until={}", id(0), id(3), text(&logs[3], "received_at")), vec![0]),
    ] {
        let zip = evidence(&client, &query);
        let found: Vec<_> = lines(&unpack(&zip)).iter().map(|line| record(line)["log_id"].clone()).collect();
        let expected: Vec<_> = expected.into_iter().map(|index| logs[index]["log_id"].clone()).collect();
        assert_eq!(found, expected, "{query}");
        assert_eq!(verify(&zip, &["--key", &key_of(&client)]).0, 0, "{query}");
    }
}

#[test]
fn an_erased_log_comes_with_what_explains_it() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let logs = publish_all(&client);
    erase(&client, text(&logs[0], "log_id"));
    erase(&client, text(&logs[1], "log_id"));
    client.post_json("/ttl/delete_all", &json!({}));
    let zip = evidence(&client, &format!("log_id={}", text(&logs[1], "log_id")));
    let files = unpack(&zip);
    let found = lines(&files);
    assert_eq!(found.len(), 2);
    let (erased, explains) = (&found[0], &found[1]);
    assert_eq!((&erased["salt"], &erased["payload"]), (&Value::Null, &Value::Null));
    assert_eq!(erased["erased_by"], record(explains)["sequence"]);
    assert_eq!(
        (&record(explains)["kind"], &explains["included_because"]),
        (&json!("log_erased"), &json!("erasure"))
    );
    let said: Value = serde_json::from_slice(&files[text(explains, "payload")]).expect("JSON");
    assert_eq!((&said["log_id"], &said["reason"]), (&logs[1]["log_id"], &json!("Ana asked")));
    let (code, out, _) = verify(&zip, &["--key", &key_of(&client)]);
    assert!(code == 0 && out.contains("1 of them, commitments intact"), "{out}");

    // With all others, also the one without a payload.
    let zip = evidence(&client, ALL);
    let found = lines(&unpack(&zip));
    assert!(found.iter().all(|line| line["included_because"] == "requested"));
    let cleared = found.iter().find(|line| record(line)["kind"] == "graph_cleared").expect("an entry");
    assert!(cleared["payload"].is_null() && cleared["salt"].is_string(), "{cleared}");
    assert_eq!(record(&found[0])["kind"], "configuration_changed");
    let (code, out, _) = verify(&zip, &["--key", &key_of(&client)]);
    assert!(code == 0 && out.contains("2 of them, commitments intact"), "{out}");
}

#[test]
fn actors_and_kinds_narrow_it() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    for user in ["ari", "tiago", "ari"] {
        let body = json!({ "ttl_content": "<urn:a> <urn:p> <urn:b> .", "user": user });
        published(&client.post_json("/ttl", &body));
    }
    for (query, count) in [
        ("actor=ari", 2),
        ("actor=tiago&kind=log_received", 1),
        ("kind=log_received", 3),
        ("kind=server_started", 1),
    ] {
        let zip = evidence(&client, query);
        assert_eq!(lines(&unpack(&zip)).len(), count, "{query}");
        assert_eq!(verify(&zip, &["--key", &key_of(&client)]).0, 0, "{query}");
    }
}

#[test]
fn in_protected_mode_it_says_for_whom_it_was_made() {
    let server = ServerBuilder::protected().start();
    let as_role = |name, role| server.client().with_token(&token(name, &[role]));
    published(&as_role("robot", Role::Logger).publish("<urn:a> <urn:p> <urn:b> ."));
    assert_eq!(as_role("robot", Role::Logger).get(&format!("/evidence?{ALL}")).status, 403);
    assert_eq!(server.client().get(&format!("/evidence?{ALL}")).status, 401);
    let files = unpack(&evidence(&as_role("ada", Role::Auditor), "actor=robot"));
    let description: Value = serde_json::from_slice(&files["bundle.json"]).expect("JSON");
    assert_eq!(description["requested_by"], "ada");
    assert!(String::from_utf8_lossy(&files["README.txt"]).contains(" for ada\n"));
}

#[test]
fn what_is_no_request_is_refused_with_a_reason() {
    let server = ServerBuilder::learning().set("SEGB_EVIDENCE_ENTRIES_MAX", "3").start();
    let client = server.client();
    let logs = publish_all(&client);
    let (known, unknown) = (text(&logs[0], "log_id"), "00000000-0000-4000-8000-000000000001");
    for (query, status, expect) in [
        ("", 422, "since=1970-01-01T00:00:00Z asks for all"),
        ("since=&log_id=", 422, "At least one of since, until, log_id"),
        ("since=yesterday", 422, "valid datetime by RFC 3339"),
        ("until=2026-02-30T00:00:00Z", 422, "valid datetime by RFC 3339"),
        ("kind=log", 422, "Input should be one of"),
        ("log_id=1234", 422, "valid UUID"),
        (&format!("log_id={known},{unknown}"), 404, &format!("Log not found: {unknown}.")),
        ("since=2999-01-01T00:00:00Z", 404, "No entry of the journal fits."),
        ("actor=nobody", 404, "No entry of the journal fits."),
        (ALL, 422, "More than 3 entries fit. Narrow the window, or use segb-server export-evidence"),
    ] {
        let reply = client.get(&format!("/evidence?{query}"));
        assert!(reply.status == status && reply.text().contains(expect), "{query}: {}", reply.text());
    }
    evidence(&client, &format!("since={}", text(&logs[2], "received_at")));
}

#[test]
fn who_leaves_half_way_leaves_nothing_behind() {
    let server = ServerBuilder::learning().set("SEGB_EXPORTS_MAX", "1").start();
    let client = server.client();
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for number in 0..40 {
        let noise: String = (0..400_000)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                char::from(b'a' + (state % 26) as u8)
            })
            .collect();
        published(&client.publish(&format!("<urn:{number}> <urn:says> \"{noise}\" .")));
    }
    let mut stream = TcpStream::connect(server.address()).expect("the server listens");
    let request = format!("GET /evidence?{ALL} HTTP/1.1\r\nHost: {}\r\n\r\n", server.address());
    stream.write_all(request.as_bytes()).expect("a connection");
    let mut begin = [0; 4_096];
    stream.read_exact(&mut begin).expect("the beginning");
    assert!(begin.starts_with(b"HTTP/1.1 200"), "{:?}", String::from_utf8_lossy(&begin));
    // The one place is taken as long as somebody waits.
    let busy = client.get(&format!("/evidence?{ALL}"));
    assert!(busy.status == 503 && !busy.header("Retry-After").is_empty(), "{}", busy.status);
    drop(stream);
    let start = Instant::now();
    let zip = loop {
        let reply = client.get(&format!("/evidence?{ALL}"));
        if reply.status == 200 {
            break reply.body;
        }
        assert!(start.elapsed() < Duration::from_secs(60), "{}", reply.text());
        std::thread::sleep(Duration::from_millis(20));
    };
    assert_eq!(verify(&zip, &["--key", &key_of(&client)]).0, 0);
    assert!(!server.stderr().contains("ZipWriter"), "{}", server.stderr());
}
