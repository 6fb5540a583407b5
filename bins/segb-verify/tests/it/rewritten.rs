//! A journal that fits in itself and was written anew all the same: what was kept elsewhere tells.

use segb_journal::note::Signer;

use crate::fixture::{Fixture, Recorder, key, run, signer};

/// A journal of two logs, the second of which says this, and a checkpoint of every size.
fn journal(directory: &std::path::Path, signer: Signer, second: &str) -> Vec<String> {
    let mut recorder = Recorder::open(directory, Some(signer));
    let mut notes = Vec::new();
    for turtle in ["<urn:a> <urn:b> <urn:c> .", second] {
        recorder.log(turtle);
        notes.push(recorder.store.checkpoint().unwrap().unwrap().note);
    }
    recorder.store.close();
    notes
}

#[test]
fn a_rewritten_journal_does_not_fit_what_was_kept() {
    let fixture = Fixture::new();
    let place = |name: &str| fixture.directory.path().join(name);
    let other = || Signer::from_seed("glassbox.example/journal".parse().unwrap(), &[8; 32]);
    let notes = journal(&place("true"), signer(), "<urn:a> <urn:b> \"true\" .");
    journal(&place("false"), signer(), "<urn:a> <urn:b> \"false\" .");
    journal(&place("foreign"), other(), "<urn:a> <urn:b> \"true\" .");
    let (first, second) = (fixture.file("1.txt", &notes[0]), fixture.file("2.txt", &notes[1]));
    let later = fixture.file("14.txt", &fixture.checkpoint());
    let key = key().to_string();
    for (name, more, code, text) in [
        (
            "true",
            &["--checkpoint", &first, "--checkpoint", &second][..],
            0,
            "2 checkpoints that were kept elsewhere fit",
        ),
        ("false", &["--key", &key], 0, "VERIFIED"),
        ("false", &["--key", &key, "--checkpoint", &first], 0, "VERIFIED"),
        (
            "false",
            &["--checkpoint", &second],
            1,
            "is about another tree of 2 entries: they were changed since",
        ),
        ("foreign", &[], 0, "the key is the one in the file"),
        ("foreign", &["--key", &key], 1, "it was signed with another key"),
        ("foreign", &["--checkpoint", &second], 1, "not signed by any of the trusted keys"),
        // The one of 14 entries was made by the same key about another journal.
        ("true", &["--checkpoint", &later], 1, "is about 14 entries, and there are only 2"),
    ] {
        let path = place(name);
        let ran = run(&[&["journal", path.to_str().unwrap()], more].concat());
        assert_eq!(ran.code, code, "{name} {more:?}: {}", ran.stdout);
        assert!(ran.stdout.contains(text), "{name} {more:?}: {}", ran.stdout);
    }
}

#[test]
fn cosigned_checkpoints_have_to_be_about_the_same_tree() {
    let fixture = Fixture::new();
    let notes = journal(&fixture.directory.path().join("other"), signer(), "<urn:a> <urn:b> \"other\" .");
    let path = fixture.path.to_str().unwrap().to_owned();
    let put = |size: i64, note: &str| {
        let values = (size, 1_770_000_000_000_000_i64, note);
        fixture
            .connect()
            .execute("INSERT OR REPLACE INTO cosigned_checkpoints VALUES (?, ?, ?)", values)
            .unwrap();
    };
    put(14, &fixture.checkpoint());
    let ran = run(&["journal", &path, "--json"]);
    assert_eq!((ran.code, &ran.json()["journal"]["cosigned_checkpoints"]), (0, &serde_json::json!(1)));
    for (size, note, expected) in [
        (2, notes[1].as_str(), "another tree of 2 entries"),
        (3, &fixture.checkpoint(), "says that it is about 14"),
        (4, "garbage", "cannot be read"),
    ] {
        put(size, note);
        let ran = run(&["journal", &path]);
        assert_eq!(ran.code, 1, "{}", ran.stdout);
        assert!(ran.stdout.contains(expected), "{}", ran.stdout);
        fixture.change(&format!("DELETE FROM cosigned_checkpoints WHERE size = {size}"));
    }
}
