//! Stopping, killing, copying.

use std::{fs, os::unix::fs::PermissionsExt};

use segb_tests::{Client, Server, ServerBuilder};
use serde_json::Value;

use super::records;

/// Actions and objects, oldest first, without the readings of the audit itself.
fn story(client: &Client) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let records = records(client, "?limit=1000");
    let others = records.iter().rev().filter(|record| record["action"] != "list_accesses");
    others.map(|record| (text(&record["action"]), text(&record["object"]))).collect()
}

fn read(server: &Server, number: u32) -> (String, String) {
    let path = format!("/logs?limit={number}");
    assert_eq!(server.client().get(&path).status, 200);
    ("list_logs".to_owned(), path)
}

#[test]
fn a_server_that_is_stopped_loses_nothing() {
    let mut server = ServerBuilder::learning().start();
    let mut expected = Vec::new();
    for number in 1..=30 {
        expected.push(read(&server, number));
        if number % 10 == 0 {
            assert!(server.terminate().success());
            server = server.restart();
        }
    }
    assert_eq!(story(&server.client()), expected);
    let mode =
        |name: &str| fs::metadata(server.data_dir().join(name)).expect(name).permissions().mode() & 0o777;
    for name in ["access.sqlite3", "access.sqlite3-wal", "access.sqlite3-shm"] {
        assert_eq!(mode(name), 0o600, "{name}");
    }
}

#[test]
fn a_server_that_was_killed_leaves_a_gap() {
    let mut server = ServerBuilder::learning().start();
    let first = read(&server, 1);
    let last = records(&server.client(), "?limit=1")[0].clone();
    // The reading of the audit is the last record that may be on disk, or not.
    server.kill();
    let server = server.restart();
    let second = read(&server, 2);
    let mut story = story(&server.client());
    let (action, object) = story.remove(1);
    assert_eq!(story, [first, second]);
    assert_eq!(action, "gap");
    let since = object.strip_prefix("unknown number missing since ").expect(&object);
    let since = since.strip_suffix(": the server did not end properly").expect(&object);
    assert!(since >= last["at"].as_str().expect("a moment"), "{object}, {last}");
    let gap = &records(&server.client(), "?action=gap")[0];
    for name in ["actor", "result", "origin", "request_id"] {
        assert!(gap[name].is_null(), "{gap}");
    }
    assert!(server.stderr().contains("the access journal has a gap"), "{}", server.stderr());
}

#[test]
fn a_backup_has_the_accesses_and_one_without_them_is_good_too() {
    let mut server = ServerBuilder::learning().start();
    let first = read(&server, 1);
    assert_eq!(records(&server.client(), "").len(), 1);
    let copy = server.directory().join("copy");
    let copy_text = copy.to_str().expect("a path").to_owned();
    let (status, out, err) = server.run_command(&["backup", &copy_text]);
    assert!(status.success() && out.contains("records of accesses"), "{out}{err}");
    let restored = ServerBuilder::learning().data_dir(&copy).start();
    let story_there = story(&restored.client());
    assert_eq!(story_there[0], first);
    // What came after the backup is missing, and the copy says so.
    assert_eq!((story_there.len(), story_there[1].0.as_str()), (2, "gap"), "{story_there:?}");
    drop(restored);

    assert!(server.terminate().success());
    let stopped = server.directory().join("stopped");
    let (status, _, err) = server.run_command(&["backup", stopped.to_str().expect("a path")]);
    assert!(status.success(), "{err}");
    let restored = ServerBuilder::learning().data_dir(&stopped).start();
    assert_eq!(story(&restored.client()), [first]);
    drop(restored);
    for name in ["access.sqlite3", "access.sqlite3-wal", "access.sqlite3-shm"] {
        // Those beside the file are there only after a kill.
        let _ = fs::remove_file(stopped.join(name));
    }
    let restored = ServerBuilder::learning().data_dir(&stopped).start();
    assert_eq!(story(&restored.client()), []);
}

#[test]
fn a_damaged_file_is_refused_with_its_name() {
    let mut server = ServerBuilder::learning().start();
    read(&server, 1);
    assert!(server.terminate().success());
    let data_dir = server.data_dir();
    fs::write(data_dir.join("access.sqlite3"), vec![7; 8_192]).expect("a file");
    let log = ServerBuilder::learning().data_dir(&data_dir).try_start().expect_err("damaged");
    assert!(log.contains("access.sqlite3: the journal is damaged"), "{log}");
}
