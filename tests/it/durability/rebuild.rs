//! What a server can do while it makes a large graph anew.

use std::{
    fs,
    time::{Duration, Instant},
};

use segb_tests::{Server, ServerBuilder, interaction_log};
use tempfile::TempDir;

use super::{
    audit::{Auditor, export},
    documents::document,
    posting::Memory,
};

/// A journal that takes some seconds to replay.
const LARGE_LOGS: u64 = 60;

#[test]
fn logs_are_taken_while_a_long_rebuild_runs_and_reads_are_told_to_wait() {
    let directory = TempDir::new().unwrap();
    let data_dir = directory.path().join("data");
    let builder = ServerBuilder::learning().data_dir(&data_dir);
    let memory = Memory::default();
    let mut server = builder.clone().start();
    for number in 0..LARGE_LOGS {
        memory.must_post(&server.client(), document(number, 5_000, 20));
    }
    let before = export(&server.client());
    assert!(server.terminate().success());
    fs::remove_dir_all(data_dir.join("graph")).unwrap();

    let start = Instant::now();
    let server = builder.start();
    let (client, listening_after) = (server.client(), start.elapsed());
    let ready = client.get("/healthz/ready");
    assert_eq!(ready.status, 503, "the rebuild was too short for this test");
    assert_eq!(ready.json()["ready"], false, "{}", ready.text());
    assert_eq!(client.get("/healthz/live").status, 200);
    for path in ["/events", "/query?query=ASK%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D"] {
        let reply = client.get(path);
        assert_eq!(reply.status, 503, "{path}: {}", reply.text());
        assert!(reply.header("retry-after").parse::<u64>().unwrap() >= 1);
        assert!(reply.detail().contains("being built"), "{}", reply.detail());
    }
    assert_eq!(client.get("/logs").status, 200);
    let mut slowest = Duration::ZERO;
    for number in 0..5 {
        let start = Instant::now();
        memory.must_post(&client, interaction_log(number));
        slowest = slowest.max(start.elapsed());
    }
    assert_eq!(client.get("/healthz/ready").status, 503, "the logs were sent during the rebuild");
    server.wait_until_ready();
    eprintln!(
        "rebuild of {} triples: listening after {listening_after:?}, ready after {:?}, slowest POST meanwhile {slowest:?}",
        LARGE_LOGS * 5_000,
        start.elapsed()
    );
    assert!(slowest < Duration::from_secs(3), "{slowest:?}");
    Auditor::default().check(&client, &memory);
    let after = export(&client);
    let old: std::collections::HashSet<&str> = after.lines().collect();
    assert!(before.lines().all(|line| old.contains(line)), "the rebuild changed something");
}

#[test]
fn deleting_all_while_a_rebuild_runs_ends_it() {
    let directory = TempDir::new().unwrap();
    let data_dir = directory.path().join("data");
    let builder = ServerBuilder::learning().data_dir(&data_dir);
    let memory = Memory::default();
    let mut server = builder.clone().start();
    for number in 0..LARGE_LOGS / 2 {
        memory.must_post(&server.client(), document(number, 5_000, 20));
    }
    server.kill();
    fs::remove_dir_all(data_dir.join("graph")).unwrap();
    let server = builder.start();
    assert_eq!(server.client().get("/healthz/ready").status, 503);
    for number in 0..4 {
        memory.must_post(&server.client(), interaction_log(number));
        memory.clear(&server.client());
        memory.must_post(&server.client(), interaction_log(100 + number));
    }
    server.wait_until_ready();
    Auditor::default().check(&server.client(), &memory);
    assert!(!server.stderr().contains("ERROR"), "{}", server.stderr());
}

#[test]
fn a_graph_is_compared_with_the_journal() {
    let mut server = ServerBuilder::learning().start();
    let client = server.client();
    let memory = Memory::default();
    memory.must_post(&client, "<urn:gone> <urn:p> \"before\" .".to_owned());
    memory.clear(&client);
    for number in 0..40 {
        memory.must_post(&client, interaction_log(number));
    }
    memory.must_post(&client, "<urn:a> <urn:p> \"one\"@EN, \"1\"^^<urn:t>, [ <urn:q> ( 1 2 ) ] .".to_owned());
    let check = |server: &Server| server.run_command(&["rebuild", "--check"]);
    let (status, _, err) = check(&server);
    assert!(status.code() == Some(1) && err.contains("is in use by another SEGB server"), "{err}");
    assert!(server.terminate().success());

    let (status, out, err) = check(&server);
    assert!(status.success(), "{out}{err}");
    assert!(out.starts_with("The graph is what the journal says: 45 entries, "), "{out}");
    assert!(!server.data_dir().join("graph-check").exists(), "nothing is left of it");

    // Somebody changes what a log said behind the back of the server: the index is right then, and the journal is not.
    let journal = rusqlite::Connection::open(server.data_dir().join("journal.sqlite3")).unwrap();
    let sequence = 44;
    let replace = "UPDATE payloads SET encoding = 'identity', bytes = ? WHERE sequence = ?";
    let forged = "<urn:a> <urn:p> \"two\"@EN, \"1\"^^<urn:t>, [ <urn:q> ( 1 2 ) ] .";
    assert_eq!(journal.execute(replace, rusqlite::params![forged.as_bytes(), sequence]).unwrap(), 1);
    let (status, out, err) = check(&server);
    assert!(status.code() == Some(1) && err.contains("the graph is not what the journal says"), "{out}{err}");
    for told in [
        "the term \"two\"@EN is not in the graph index",
        "the triple <urn:a> <urn:p> \"two\"@EN is not in the graph index",
        "the triple <urn:a> <urn:p> \"one\"@EN is not in the journal",
    ] {
        assert!(out.contains(told), "{told}: {out}");
    }
    // A journal that counts wrongly, and an index that the next start makes anew.
    let recount = "UPDATE entries SET triple_count = triple_count + 1 WHERE sequence = ?";
    assert_eq!(journal.execute(recount, [sequence - 1]).unwrap(), 1);
    let (_, out, _) = check(&server);
    assert!(out.contains("triples for entry 43, log "), "{out}");
    std::fs::write(server.data_dir().join("graph/in-use"), "another boot").unwrap();
    let (status, _, err) = check(&server);
    assert!(status.code() == Some(1) && err.contains("not compared: the machine went down"), "{err}");
}
