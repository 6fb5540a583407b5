//! `segb-verify journal` on journals that are as they should be, and on what is none.

use segb_journal::{EntryKind, tree::EMPTY_ROOT};
use serde_json::json;

use crate::fixture::{ENTRIES, Fixture, key, run};

#[test]
fn the_fixture_has_what_the_tests_are_about() {
    let kinds: Vec<String> = {
        let fixture = Fixture::new();
        let connection = fixture.connect();
        let mut statement = connection.prepare("SELECT kind FROM entries ORDER BY sequence").unwrap();
        let kinds = statement.query_map([], |row| row.get(0)).unwrap();
        kinds.map(Result::unwrap).collect()
    };
    let expected = [
        EntryKind::ConfigurationChanged,
        EntryKind::ServerStarted,
        EntryKind::LogReceived,
        EntryKind::LogReceived,
        EntryKind::LogReceived,
        EntryKind::GraphCleared,
        EntryKind::SharedContextResolved,
        EntryKind::TokenRevoked,
        EntryKind::LogErased,
        EntryKind::HoldPlaced,
        EntryKind::ErasureRefused,
        EntryKind::HoldReleased,
        EntryKind::HoldPlaced,
        EntryKind::LogReceived,
    ];
    assert_eq!(kinds, expected.map(EntryKind::as_str));
}

#[test]
fn a_journal_verifies_as_a_directory_a_backup_and_a_file() {
    let fixture = Fixture::new();
    let key = key().to_string();
    let backup = fixture.path.parent().unwrap();
    let note = fixture.file("note.txt", &fixture.checkpoint());
    for path in [&fixture.data_dir(), backup, &fixture.path] {
        let path = path.to_str().unwrap();
        for more in
            [&[][..], &["--key", &key], &["--checkpoint", &note], &["--key", &key, "--checkpoint", &note]]
        {
            let ran = run(&[&["journal", path], more].concat());
            assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
            assert!(ran.stdout.ends_with("VERIFIED: everything fits.\n"), "{}", ran.stdout);
            assert!(ran.stdout.contains("1 log erased, commitment intact"), "{}", ran.stdout);
            assert_eq!(ran.stdout.contains("the key is the one in the file"), !more.contains(&"--key"));
        }
    }
    let ran =
        run(&["journal", fixture.path.to_str().unwrap(), "--key", &key, "--checkpoint", &note, "--json"]);
    let report = ran.json();
    let root = report["journal"]["root"].as_str().unwrap();
    assert_eq!(root.len(), 64);
    let expected = json!({
        "verdict": "verified",
        "path": fixture.path,
        "journal": {
            "version": 5,
            "entries": ENTRIES,
            "payloads": ENTRIES - 1,
            "erased_logs": 1,
            "root": root,
            "checkpoint": { "size": ENTRIES, "origin": "glassbox.example/journal", "verifier": key },
            "kept_checkpoints": 1,
            "cosigned_checkpoints": 0,
            "problem_count": 0,
            "first_problem": null,
            "problems": [],
            "unchecked": [],
        },
        "access": {
            "records": 0,
            "root": EMPTY_ROOT,
            "checkpoint": { "size": 0, "origin": "glassbox.example/journal/access", "verifier": key },
            "kept_checkpoints": 0,
            "problem_count": 0,
            "first_problem": null,
            "problems": [],
            "unchecked": [],
        },
    });
    assert_eq!((ran.code, report), (0, expected));
    assert_eq!(ran.stderr, "");
}

#[test]
fn a_journal_without_a_key_is_checked_and_called_unsigned() {
    let fixture = Fixture::signed_with(None);
    let path = fixture.path.to_str().unwrap();
    let ran = run(&["journal", path]);
    assert_eq!(ran.code, 3, "{}", ran.stdout);
    assert!(ran.stdout.contains("nothing is signed") && ran.stdout.contains("INCOMPLETE"), "{}", ran.stdout);
    let ran = run(&["journal", path, "--key", &key().to_string()]);
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    assert!(ran.stdout.contains("no checkpoint signed with the key"), "{}", ran.stdout);
    fixture.change("UPDATE entries SET actor = 'eve' WHERE sequence = 2");
    assert_eq!(run(&["journal", path]).code, 1);
}

#[test]
fn what_is_no_journal_is_not_read() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("text"), "hello, I am not a database, whatever my name is").unwrap();
    std::fs::write(path("empty"), "").unwrap();
    let other = rusqlite::Connection::open(path("other")).unwrap();
    other.execute_batch("CREATE TABLE entries (sequence)").unwrap();
    let fixture = Fixture::new();
    fixture.change("PRAGMA user_version = 99");
    let future = fixture.path.to_str().unwrap().to_owned();
    for (path, expected) in [
        (path("text"), "is not a SEGB journal"),
        (path("empty"), "is not a SEGB journal"),
        (path("other"), "is not a SEGB journal"),
        (path("missing"), "No such file"),
        (path(""), "journal.sqlite3: No such file"),
        (future, "tables of version 99"),
    ] {
        let ran = run(&["journal", &path, "--json"]);
        assert_eq!(ran.code, 2, "{path}: {}", ran.stdout);
        assert!(ran.stderr.contains(expected), "{path}: {}", ran.stderr);
        assert!(ran.json()["error"].as_str().unwrap().contains(expected));
    }
    let good = Fixture::new();
    let good = good.path.to_str().unwrap();
    let garbage = path("text");
    for arguments in [
        &["journal", good, "--key", "garbage"][..],
        &["journal", good, "--checkpoint", &garbage],
        &["journal", good, "--checkpoint", "/missing"],
        &["journal"],
        &["frobnicate"],
    ] {
        assert_eq!(run(arguments).code, 2, "{arguments:?}");
    }
}

#[test]
fn the_file_and_its_directory_stay_as_they_are() {
    let fixture = Fixture::new();
    let directory = fixture.path.parent().unwrap();
    let files = || {
        let mut files: Vec<_> = std::fs::read_dir(directory)
            .unwrap()
            .map(|file| file.unwrap().path())
            .map(|path| (path.clone(), std::fs::read(path).unwrap()))
            .collect();
        files.sort();
        files
    };
    let before = files();
    assert_eq!(run(&["journal", directory.to_str().unwrap()]).code, 0);
    assert!(before == files());
}
