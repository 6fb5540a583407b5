//! `access.sqlite3`, the journal of those who looked, beside the journal.

use rusqlite::{Connection, params};
use segb_journal::{
    Timestamp,
    access::{AccessRecord, ORIGIN_SUFFIX},
    checkpoint::{Checkpoint, SignedCheckpoint},
    tree::RootBuilder,
};

use crate::fixture::{Fixture, key, run, signer};

const TABLES: &str = "
PRAGMA application_id = 0x53454741;
PRAGMA user_version = 1;
CREATE TABLE accesses (
    sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT, action TEXT NOT NULL, object TEXT, result INTEGER,
    origin TEXT, request_id TEXT, leaf_hash BLOB NOT NULL
) STRICT;
CREATE TABLE tree_hashes (position INTEGER PRIMARY KEY, hash BLOB NOT NULL) STRICT;
CREATE TABLE checkpoints (size INTEGER PRIMARY KEY, note TEXT NOT NULL, verifier TEXT NOT NULL) STRICT;
";

fn record(sequence: u64) -> AccessRecord {
    let gap = sequence == 3;
    AccessRecord {
        sequence,
        at: Timestamp::from_unix_us(1_770_000_000_000_000 + sequence.cast_signed()).unwrap(),
        actor: (!gap).then(|| "ana".to_owned()),
        action: if gap { AccessRecord::GAP.to_owned() } else { "query".to_owned() },
        object: Some(if gap { "12".to_owned() } else { "ASK { \"é\" ?p ?o }".to_owned() }),
        result: (!gap).then_some(200),
        origin: (!gap).then(|| "127.0.0.1".to_owned()),
        request_id: (!gap).then(|| "r".to_owned()),
    }
}

/// Five records beside a journal; the checkpoint about them.
fn write(fixture: &Fixture) -> String {
    let path = fixture.path.with_file_name("access.sqlite3");
    // The store's own, in which nobody has looked at anything yet.
    std::fs::remove_file(&path).unwrap();
    let connection = Connection::open(path).unwrap();
    connection.execute_batch(TABLES).unwrap();
    let mut tree = RootBuilder::new();
    for record in (0..5).map(record) {
        let AccessRecord { sequence, at, actor, action, object, result, origin, request_id } = &record;
        let leaf = record.leaf_hash().unwrap();
        let values = params![
            sequence.cast_signed(),
            at.as_unix_us(),
            actor,
            action,
            object,
            result,
            origin,
            request_id,
            leaf.as_bytes().as_slice()
        ];
        connection.execute("INSERT INTO accesses VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values).unwrap();
        for stored in tree.append_storing(leaf).unwrap() {
            let values = params![stored.position.cast_signed(), stored.hash.as_bytes().as_slice()];
            connection.execute("INSERT INTO tree_hashes VALUES (?, ?)", values).unwrap();
        }
    }
    let origin = format!("{}{ORIGIN_SUFFIX}", key().name()).parse().unwrap();
    let note = SignedCheckpoint::sign(Checkpoint::new(origin, tree.head()), &signer()).unwrap().to_string();
    let values = params![5, note, key().to_string()];
    connection.execute("INSERT INTO checkpoints VALUES (?, ?, ?)", values).unwrap();
    note
}

#[test]
fn the_accesses_verify_beside_the_journal() {
    let fixture = Fixture::new();
    let note = write(&fixture);
    let path = fixture.path.to_str().unwrap();
    let (journal, access) =
        (fixture.file("journal.txt", &fixture.checkpoint()), fixture.file("access.txt", &note));
    let ran = run(&["journal", path, "--json", "--checkpoint", &journal, "--checkpoint", &access]);
    let report = ran.json();
    assert_eq!((ran.code, &report["verdict"]), (0, &"verified".into()), "{report}");
    assert_eq!(report["access"]["records"], 5);
    assert_eq!(report["access"]["checkpoint"]["origin"], "glassbox.example/journal/access");
    assert_eq!(
        (&report["access"]["kept_checkpoints"], &report["journal"]["kept_checkpoints"]),
        (&1.into(), &1.into())
    );
    assert!(run(&["journal", path]).stdout.contains("Journal of accesses\n  records      5\n"));

    std::fs::remove_file(fixture.path.with_file_name("access.sqlite3")).unwrap();
    assert_eq!(run(&["journal", path]).code, 0);
    let ran = run(&["journal", path, "--checkpoint", &access]);
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    assert!(ran.stdout.contains("is about the journal of accesses, and there is none"), "{}", ran.stdout);
}

#[test]
fn a_changed_access_is_named() {
    let fixture = Fixture::new();
    write(&fixture);
    let path = fixture.path.with_file_name("access.sqlite3");
    let original = std::fs::read(&path).unwrap();
    for (sql, entry) in [
        ("UPDATE accesses SET actor = 'eve' WHERE sequence = 2", Some(2)),
        ("UPDATE accesses SET object = NULL WHERE sequence = 0", Some(0)),
        ("UPDATE accesses SET result = 401 WHERE sequence = 1", Some(1)),
        ("UPDATE accesses SET result = 70000 WHERE sequence = 1", Some(1)),
        ("UPDATE accesses SET at = at + 1 WHERE sequence = 4", Some(4)),
        ("DELETE FROM accesses WHERE sequence = 3", Some(3)),
        ("DELETE FROM accesses WHERE sequence = 4", Some(4)),
        ("UPDATE tree_hashes SET hash = zeroblob(32) WHERE position = 2", Some(1)),
        ("UPDATE accesses SET sequence = -1 WHERE sequence = 0", Some(0)),
        ("UPDATE checkpoints SET size = 4", None),
        ("UPDATE checkpoints SET note = replace(note, '5', '4')", None),
        ("DROP TABLE accesses", Some(0)),
        ("PRAGMA application_id = 1", None),
    ] {
        std::fs::write(&path, &original).unwrap();
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let ran = run(&["journal", fixture.path.to_str().unwrap(), "--json"]);
        let report = ran.json();
        assert_eq!(ran.code, 1, "{sql}: {report}");
        assert_eq!(report["access"]["first_problem"]["entry"].as_u64(), entry, "{sql}: {report}");
        assert_eq!(report["journal"]["problem_count"], 0, "{sql}: the journal itself is as it was");
    }
}
