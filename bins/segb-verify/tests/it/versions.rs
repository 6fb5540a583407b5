//! Journals of earlier versions of the tables.

use crate::fixture::{Fixture, Recorder, key, run, signer};

/// What a journal of two logs looked like then.
fn journal(version: u8) -> Fixture {
    let directory = tempfile::tempdir().unwrap();
    let mut recorder = Recorder::open(&directory.path().join("backup"), Some(signer()));
    recorder.log("<urn:a> <urn:b> <urn:c> .");
    recorder.log("<urn:a> <urn:b> <urn:d> .");
    recorder.store.close();
    let path = directory.path().join("backup/journal.sqlite3");
    let fixture = Fixture { directory, path };
    let steps = [
        (
            4,
            "DROP TABLE erasures; DROP TABLE erased_assertions; DROP TABLE holds; DROP TABLE cosigned_checkpoints;",
        ),
        (3, "DROP TABLE revoked_tokens;"),
        (2, "DROP TABLE tree_hashes; DROP TABLE checkpoints;"),
    ];
    for (_, sql) in steps.iter().filter(|(since, _)| *since >= version) {
        fixture.change(sql);
    }
    fixture.change(&format!("PRAGMA user_version = {version}"));
    fixture
}

#[test]
fn earlier_versions_verify_as_far_as_they_go() {
    for version in 1..=5 {
        let fixture = journal(version);
        let path = fixture.path.to_str().unwrap();
        let ran = run(&["journal", path, "--json"]);
        let report = ran.json();
        // Without a tree, nothing is signed.
        let expected = if version < 3 { (3, "incomplete") } else { (0, "verified") };
        assert_eq!((ran.code, report["verdict"].as_str().unwrap()), expected, "version {version}: {report}");
        assert_eq!(report["journal"]["version"], version);
        assert_eq!((&report["journal"]["entries"], &report["journal"]["payloads"]), (&2.into(), &2.into()));
        fixture.change("UPDATE entries SET origin = NULL WHERE sequence = 1");
        let ran = run(&["journal", path, "--json"]);
        assert_eq!((ran.code, &ran.json()["journal"]["first_problem"]["entry"]), (1, &1.into()));
    }
}

#[test]
fn a_journal_that_says_it_is_older_hides_nothing() {
    let fixture = Fixture::new();
    for version in 1..5 {
        fixture.change(&format!("PRAGMA user_version = {version}"));
        let ran = run(&["journal", fixture.path.to_str().unwrap(), "--key", &key().to_string()]);
        assert_eq!(ran.code, 1, "{}", ran.stdout);
        assert!(ran.stdout.contains("which this version does not have"), "{}", ran.stdout);
    }
}
