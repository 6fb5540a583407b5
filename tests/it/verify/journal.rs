//! `segb-verify journal` beside a server that runs, on its backup, and on what a killed one left.

use rusqlite::Connection;
use segb_tests::{Client, Reply, Server, ServerBuilder, interaction_log, segb_verify};
use serde_json::{Value, json};

fn created(reply: &Reply) -> Value {
    assert!(reply.status == 200 || reply.status == 201, "{}: {}", reply.status, reply.text());
    reply.json()
}

/// One entry of every kind that a caller can make.
fn fill(client: &Client) {
    for number in 0..20 {
        created(&client.publish(&interaction_log(number)));
    }
    let secret = created(&client.publish("<urn:ana> <urn:says> \"a secret\" ."))["log_id"].clone();
    let held = created(&client.publish("<urn:ana> <urn:says> \"kept\" ."))["log_id"].clone();
    let observation =
        json!({ "event_kind": "greeting", "observed_at": "2026-01-31T10:00:00Z", "text": "hello" });
    created(&client.post_json("/shared-context/resolve", &observation));
    created(&client.post_json("/auth/revocations", &json!({ "jti": "token-1", "reason": "lost" })));
    let erase = |log: &Value| {
        let path = format!("/logs/{}/erase", log.as_str().expect("an id"));
        client.post_json(&path, &json!({ "reason": "Ana asked", "legal_ground": "GDPR, article 17" }))
    };
    created(&erase(&secret));
    created(&client.post_json("/holds", &json!({ "reason": "a case", "log_ids": [held] })));
    assert_eq!(erase(&held).status, 409);
    created(&client.post_json("/ttl/delete_all", &json!({})));
    created(&client.publish("<urn:ana> <urn:says> \"hello again\" ."));
}

fn key(server: &Server) -> String {
    server.client().get("/journal/key").json()["verifier_key"].as_str().expect("a key").to_owned()
}

#[test]
fn a_journal_verifies_while_the_server_writes_to_it() {
    let mut server = ServerBuilder::learning().start();
    let client = server.client();
    fill(&client);
    let key = key(&server);
    let note = server.directory().join("note.txt");
    std::fs::write(&note, client.get("/journal/checkpoint").body).expect("a file");
    let data_dir = server.data_dir();
    let verify = |path: &std::path::Path| {
        let (path, note) = (path.to_str().expect("UTF-8"), note.to_str().expect("UTF-8"));
        segb_verify(&["journal", path, "--key", &key, "--checkpoint", note, "--json"])
    };
    std::thread::scope(|scope| {
        let writer = scope
            .spawn(|| (100..160).for_each(|number| _ = created(&client.publish(&interaction_log(number)))));
        let mut sizes = Vec::new();
        while !writer.is_finished() || sizes.is_empty() {
            let verified = verify(&data_dir);
            assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);
            sizes.push(verified.json()["journal"]["entries"].as_u64().expect("a number"));
        }
        assert!(sizes.is_sorted(), "{sizes:?}");
    });
    let report = verify(&data_dir).json();
    assert_eq!((&report["verdict"], &report["journal"]["erased_logs"]), (&"verified".into(), &1.into()));
    assert_eq!(report["journal"]["kept_checkpoints"], 1);
    assert_eq!(report["journal"]["checkpoint"]["verifier"], key.as_str());
    let entries = report["journal"]["entries"].as_u64().expect("a number");

    let backup = server.directory().join("backup");
    let (status, ..) = server.run_command(&["backup", backup.to_str().expect("UTF-8")]);
    assert!(status.success());
    assert_eq!(verify(&backup).json()["journal"]["entries"], entries);

    // What a killed server leaves has its latest entries in the file beside it.
    server.kill();
    let killed = verify(&data_dir);
    assert_eq!(
        (killed.code, &killed.json()["journal"]["entries"]),
        (0, &entries.into()),
        "{}",
        killed.stdout
    );
    let restarted = server.restart();
    assert!(verify(&restarted.data_dir()).json()["journal"]["entries"].as_u64() > Some(entries));
}

#[test]
fn what_somebody_with_the_disk_changed_is_named() {
    let mut server = ServerBuilder::learning().start();
    fill(&server.client());
    server.terminate();
    let journal = server.data_dir().join("journal.sqlite3");
    let sql = "UPDATE entries SET actor = 'eve' WHERE sequence = 7 RETURNING log_id";
    let changed = Connection::open(&journal)
        .and_then(|journal| journal.query_row(sql, [], |row| row.get::<_, Vec<u8>>(0)));
    assert_eq!(changed.expect("an entry").len(), 16);
    let verified = segb_verify(&["journal", journal.to_str().expect("UTF-8")]);
    assert_eq!(verified.code, 1, "{}", verified.stdout);
    assert!(verified.stdout.contains("FIRST PROBLEM  entry 7 (log "), "{}", verified.stdout);
    assert!(
        verified.stdout.contains("the record is not the one that its leaf hash is of"),
        "{}",
        verified.stdout
    );
}
