//! Every byte of the evidence, changed one at a time: verification fails, and names the right entry.

use std::io::Read as _;

use flate2::read::ZlibDecoder;
use rusqlite::{Connection, params_from_iter, types::Value};
use segb_journal::tree::stored_count;
use segb_verify::{
    Verdict,
    journal::{Expected, JournalReport, verify},
};

use crate::fixture::{
    ENTRIES, ERASED_LOG, ERASURE, Fixture, HELD_LOG, HOLD, OPEN_HOLD, RELEASE, REVOCATION, key,
};

/// The evidence: tables with their columns, the primary key first. `entries.triple_count` is not among it: it follows
/// from the payload, no record holds it, and the server only counts with it.
const EVIDENCE: [(&str, &[&str]); 7] = [
    (
        "entries",
        &[
            "sequence",
            "kind",
            "log_id",
            "received_at",
            "actor",
            "claimed_user",
            "origin",
            "media_type",
            "payload_size",
            "payload_commitment",
            "leaf_hash",
        ],
    ),
    ("payloads", &["sequence", "salt", "encoding", "bytes"]),
    ("tree_hashes", &["position", "hash"]),
    ("checkpoints", &["size", "note", "verifier"]),
    ("revoked_tokens", &["jti", "sequence"]),
    ("erasures", &["sequence", "erased_by"]),
    ("holds", &["hold_id", "placed_by", "released_by"]),
];

/// The lowest bit, which every byte needs, and the highest, which also makes text something else than UTF-8 and numbers
/// negative.
const MASKS: [u8; 2] = [0x01, 0x80];

fn report(connection: &Connection) -> JournalReport {
    verify(connection, &Expected::default(), &mut |_| ()).unwrap()
}

/// What a report says after a change that is taken back then; none if the tables do not take the change.
fn after(connection: &Connection, sql: &str, values: Vec<Value>) -> Option<JournalReport> {
    connection.execute_batch("BEGIN").unwrap();
    let changed = connection.execute(sql, params_from_iter(values));
    let report = changed.ok().map(|rows| {
        assert_eq!(rows, 1, "{sql}");
        report(connection)
    });
    connection.execute_batch("ROLLBACK").unwrap();
    report
}

/// The values that one byte can be changed to, by mask.
fn changed(value: &Value) -> Vec<(usize, u8, Vec<u8>)> {
    let bytes = match value {
        Value::Integer(number) => number.to_be_bytes().to_vec(),
        Value::Text(text) => text.as_bytes().to_vec(),
        Value::Blob(bytes) => bytes.clone(),
        Value::Null | Value::Real(_) => Vec::new(),
    };
    let places = (0..bytes.len()).flat_map(|place| MASKS.map(|mask| (place, mask)));
    let change = |(place, mask): (usize, u8)| {
        let mut changed = bytes.clone();
        changed[place] ^= mask;
        (place, mask, changed)
    };
    places.map(change).collect()
}

/// The entries that may be named for a change in a row: the one that it belongs to.
fn expected(table: &str, row: &[Value]) -> Vec<Option<u64>> {
    let number = |value: &Value| match value {
        Value::Integer(number) => Some(number.cast_unsigned()),
        _ => None,
    };
    match table {
        "entries" | "payloads" => vec![number(&row[0])],
        "tree_hashes" => {
            let position = number(&row[0]).unwrap();
            vec![(0..ENTRIES).find(|entry| position < stored_count(entry + 1).unwrap())]
        }
        "checkpoints" => vec![None],
        "erasures" => vec![Some(ERASED_LOG), Some(ERASURE)],
        "revoked_tokens" => vec![Some(REVOCATION)],
        "holds" => vec![number(&row[1]), number(&row[2])],
        other => panic!("{other}"),
    }
}

/// A value as it is bound, and how a statement takes it as the type of the column.
fn bound(before: &Value, bytes: Vec<u8>) -> (Value, &'static str) {
    match before {
        Value::Integer(_) => (Value::Integer(i64::from_be_bytes(bytes.try_into().unwrap())), "?"),
        Value::Text(_) => (Value::Blob(bytes), "CAST(? AS TEXT)"),
        _ => (Value::Blob(bytes), "?"),
    }
}

fn rows(connection: &Connection, table: &str, columns: &[&str]) -> Vec<Vec<Value>> {
    let sql = format!("SELECT {} FROM {table}", columns.join(", "));
    let mut statement = connection.prepare(&sql).unwrap();
    let rows = statement.query_map([], |row| (0..columns.len()).map(|column| row.get(column)).collect());
    rows.unwrap().map(Result::unwrap).collect()
}

/// A payload can be compressed in more than one way, and bits behind the last symbol mean nothing (RFC 1951): what was
/// recorded is the payload, and that is the same.
fn is_the_same_payload(row: &[Value], changed: &[u8]) -> bool {
    let (Some(Value::Text(encoding)), Some(Value::Blob(bytes))) = (row.get(2), row.get(3)) else {
        return false;
    };
    let inflate = |bytes: &[u8]| {
        let mut payload = Vec::new();
        ZlibDecoder::new(bytes).read_to_end(&mut payload).ok().map(|_| payload)
    };
    encoding == "deflate" && inflate(changed).is_some_and(|payload| Some(payload) == inflate(bytes))
}

#[test]
fn each_byte_of_the_evidence_counts() {
    let fixture = Fixture::new();
    let connection = fixture.connect();
    assert_eq!(report(&connection).findings.verdict(), Verdict::Verified);
    let (mut tried, mut refused, mut spellings) = (0, 0, 0);
    for (table, columns) in EVIDENCE {
        let found = rows(&connection, table, columns);
        assert!(!found.is_empty(), "{table}");
        for row in &found {
            for (column, before) in columns.iter().zip(row) {
                for (place, mask, bytes) in changed(before) {
                    let same = (table, *column) == ("payloads", "bytes") && is_the_same_payload(row, &bytes);
                    let (value, parameter) = bound(before, bytes);
                    let sql = format!("UPDATE {table} SET {column} = {parameter} WHERE {} = ?", columns[0]);
                    let what = format!("{table}.{column} of {:?}, byte {place} ^ {mask:#04x}", row[0]);
                    // A key that another row has already.
                    let Some(report) = after(&connection, &sql, vec![value, row[0].clone()]) else {
                        refused += 1;
                        continue;
                    };
                    tried += 1;
                    if same {
                        spellings += 1;
                        continue;
                    }
                    assert_eq!(report.findings.verdict(), Verdict::DoesNotFit, "{what}");
                    let named = report.findings.first_problem.unwrap();
                    assert!(expected(table, row).contains(&named.entry), "{what}: {named}");
                }
            }
        }
    }
    let counts =
        format!("{tried} changes, {refused} refused, {spellings} that spell the same payload otherwise");
    assert!(tried > 5_000 && refused < 100 && spellings < 30, "{counts}");
    println!("{counts}");
}

#[test]
fn each_row_of_the_evidence_counts() {
    let fixture = Fixture::new();
    let connection = fixture.connect();
    for (table, columns) in EVIDENCE {
        for row in rows(&connection, table, columns) {
            let sql = format!("DELETE FROM {table} WHERE {} = ?", columns[0]);
            let report = after(&connection, &sql, vec![row[0].clone()]).unwrap();
            let what = format!("{table} without {:?}: {:?}", row[0], report.findings);
            if table == "checkpoints" {
                assert_eq!(report.findings.verdict(), Verdict::Incomplete, "{what}");
                continue;
            }
            assert_eq!(report.findings.verdict(), Verdict::DoesNotFit, "{what}");
            let named = report.findings.first_problem.unwrap();
            // A hold without its row is missed by the entry that placed it.
            assert!(expected(table, &row).contains(&named.entry), "{what}");
        }
    }
    // With a key, a missing checkpoint is no longer something that could not be checked.
    connection.execute_batch("DELETE FROM checkpoints").unwrap();
    let expected = Expected { key: Some(key()), checkpoints: Vec::new() };
    let report = verify(&connection, &expected, &mut |_| ()).unwrap();
    assert_eq!(report.findings.verdict(), Verdict::DoesNotFit);
}

/// Applies statements, asks for a problem of this entry with this text, and takes them back.
fn check(connection: &Connection, sql: &str, entry: Option<u64>, text: &str) {
    connection.execute_batch("BEGIN").unwrap();
    connection.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    let findings = report(connection).findings;
    connection.execute_batch("ROLLBACK").unwrap();
    assert_eq!(findings.verdict(), Verdict::DoesNotFit, "{sql}");
    let first = findings.first_problem.unwrap();
    assert_eq!(first.entry, entry, "{sql}: {first}");
    assert!(first.to_string().contains(text), "{sql}: {first}");
}

#[test]
fn what_is_added_swapped_or_taken_is_named() {
    let fixture = Fixture::new();
    let connection = fixture.connect();
    let copy = |to: u64| {
        format!(
            "INSERT INTO entries SELECT {to}, kind, randomblob(16), received_at, actor, claimed_user, origin, media_type, \
             payload_size, payload_commitment, leaf_hash, triple_count FROM entries WHERE sequence = 2;"
        )
    };
    let swap = |table: &str, key: &str, one: u64, other: u64| {
        format!(
            "UPDATE {table} SET {key} = -1 WHERE {key} = {one}; UPDATE {table} SET {key} = {one} WHERE {key} = {other}; \
             UPDATE {table} SET {key} = {other} WHERE {key} = -1;"
        )
    };
    let payload = |sequence: u64| {
        format!(
            "INSERT INTO payloads SELECT {sequence}, salt, encoding, bytes FROM payloads WHERE sequence = 2;"
        )
    };
    let (end, last) = (stored_count(ENTRIES).unwrap(), ENTRIES - 1);
    for (sql, entry, text) in [
        (copy(ENTRIES), Some(ENTRIES), "the record is not the one that its leaf hash is of"),
        (copy(ENTRIES + 2), Some(ENTRIES), "missing, and so are all up to entry 15"),
        (format!("{}{}", copy(ENTRIES), payload(ENTRIES)), Some(ENTRIES), "the record is not"),
        (payload(ENTRIES), Some(ENTRIES), "there is a payload and no entry"),
        (payload(ERASED_LOG), Some(ERASED_LOG), "the payload"),
        (swap("entries", "sequence", 2, HELD_LOG), Some(2), "the record is not"),
        (swap("payloads", "sequence", 2, HELD_LOG), Some(2), "the payload"),
        (swap("tree_hashes", "position", 0, 1), Some(0), "the hash of the tree at 0 is not"),
        (
            "DELETE FROM payloads WHERE sequence = 2".to_owned(),
            Some(2),
            "missing, and no entry says that it was erased",
        ),
        ("DELETE FROM payloads WHERE sequence = 1".to_owned(), Some(1), "only logs are erased"),
        ("DELETE FROM entries WHERE sequence BETWEEN 4 AND 6".to_owned(), Some(4), "all up to entry 6"),
        (
            format!("DELETE FROM entries WHERE sequence = {last}"),
            Some(last),
            "there is a payload and no entry",
        ),
        (
            format!(
                "DELETE FROM payloads WHERE sequence = {last}; DELETE FROM entries WHERE sequence = {last}"
            ),
            Some(last),
            "the tree has a hash",
        ),
        (
            format!("INSERT INTO tree_hashes VALUES ({end}, zeroblob(32))"),
            Some(ENTRIES),
            "behind the last entry",
        ),
        ("INSERT INTO tree_hashes VALUES (-7, zeroblob(32))".to_owned(), None, "where none belongs"),
        (
            "INSERT INTO checkpoints SELECT 3, note, verifier FROM checkpoints".to_owned(),
            None,
            "2 checkpoints",
        ),
        ("INSERT INTO revoked_tokens VALUES ('token-2', 7)".to_owned(), None, "which it did not"),
        ("INSERT INTO erasures VALUES (2, 8)".to_owned(), None, "entry 8 erased entry 2, which it did not"),
        // Somebody hides a log and points at an erasure of another.
        (
            "DELETE FROM payloads WHERE sequence = 2; INSERT INTO erasures VALUES (2, 8)".to_owned(),
            Some(2),
            "no entry says that it was erased",
        ),
        // … or at an erased log, which has no payload either.
        (
            "DELETE FROM payloads WHERE sequence = 2; INSERT INTO erasures VALUES (2, 3)".to_owned(),
            Some(2),
            "no entry says that it was erased",
        ),
        ("INSERT INTO holds VALUES ('hold-3', 9, NULL)".to_owned(), None, "which it did not"),
        (
            "UPDATE holds SET released_by = 11 WHERE hold_id = 'hold-2'".to_owned(),
            None,
            "released the hold \"hold-2\"",
        ),
        ("UPDATE holds SET released_by = NULL".to_owned(), Some(RELEASE), "released_by"),
        ("DELETE FROM holds WHERE hold_id = 'hold-1'".to_owned(), Some(HOLD), "placed_by"),
        ("DELETE FROM holds WHERE hold_id = 'hold-2'".to_owned(), Some(OPEN_HOLD), "placed_by"),
        ("DELETE FROM revoked_tokens".to_owned(), Some(REVOCATION), "revoked_tokens"),
        ("DROP TABLE erasures".to_owned(), Some(ERASED_LOG), "no entry says that it was erased"),
        ("ALTER TABLE entries RENAME COLUMN actor TO actress".to_owned(), Some(0), "cannot be read"),
        ("PRAGMA user_version = 4".to_owned(), Some(ERASED_LOG), "missing"),
        ("DELETE FROM entries".to_owned(), Some(0), "there is a payload and no entry"),
    ] {
        check(&connection, &sql, entry, text);
    }
}

#[test]
fn a_kept_payload_of_an_erased_log_is_named() {
    let fixture = Fixture::new();
    // Somebody who kept a copy of the payload puts it back: everything fits but that it should be gone.
    let salt = vec![4; 32];
    let connection = fixture.connect();
    let values = (ERASED_LOG.cast_signed(), salt, "identity", b"<urn:a> <urn:b> \"a secret\" .".to_vec());
    connection.execute("INSERT INTO payloads VALUES (?, ?, ?, ?)", values).unwrap();
    let findings = report(&connection).findings;
    let first = findings.first_problem.unwrap();
    assert_eq!(first.entry, Some(ERASED_LOG), "{first}");
    assert!(first.problem.contains("entry 8 erased it, and its payload is still there"), "{first}");
}

#[test]
fn one_wrong_entry_is_few_problems() {
    let fixture = Fixture::new();
    let connection = fixture.connect();
    for (sql, count) in [
        ("UPDATE entries SET actor = 'eve' WHERE sequence = 4", 1),
        ("UPDATE entries SET leaf_hash = zeroblob(32) WHERE sequence = 4", 1),
        ("UPDATE tree_hashes SET hash = zeroblob(32) WHERE position = 0", 1),
        ("UPDATE payloads SET salt = zeroblob(32) WHERE sequence = 4", 1),
        ("UPDATE entries SET actor = 'eve'", ENTRIES),
    ] {
        let report = after_all(&connection, sql);
        assert_eq!(report.findings.problem_count, count, "{sql}: {:?}", report.findings);
        assert!(report.checkpoint.is_some(), "the signed tree is still the one that is stored");
    }
}

fn after_all(connection: &Connection, sql: &str) -> JournalReport {
    connection.execute_batch("BEGIN").unwrap();
    connection.execute_batch(sql).unwrap();
    let report = report(connection);
    connection.execute_batch("ROLLBACK").unwrap();
    report
}
