//! docs/journal-format.md: its tables are those of a journal, and its script reads one.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use rusqlite::Connection;
use segb_journal::access::AccessRecord;
use segb_store::{ParsedLog, Provenance, Salt, Store, StoreOptions};
use segb_tests::require_tool;

use super::commands::blocks;

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/journal-format.md");
    fs::read_to_string(path).expect("the page")
}

/// The one block of the page in this language.
fn block(language: &str) -> String {
    let page = page();
    let mut found = blocks(&page).into_iter().filter(|block| block.language == language);
    let block = found.next().unwrap_or_else(|| panic!("no block of {language}"));
    assert!(found.next().is_none(), "two blocks of {language}");
    block.text
}

/// What the script of the page says about a journal; none without Python.
pub fn check_with_script(journal: &Path) -> Option<String> {
    if !require_tool("python3", &["-c", "import sqlite3, zlib"]) {
        return None;
    }
    let output = Command::new("python3").args(["-c", &block("python")]).arg(journal).output();
    let output = output.expect("python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).expect("UTF-8"))
}

/// The journal of the page's example.
fn example(directory: &Path) -> PathBuf {
    let provenance = |actor: &str, number: u8| Provenance {
        actor: actor.to_owned(),
        claimed_user: None,
        origin: Some("127.0.0.1".to_owned()),
        received_at: "2026-01-31T10:00:00Z".parse().expect("a time"),
        log_id: format!("00000000-0000-4000-8000-00000000000{number}").parse().expect("an id"),
        salt: Salt::from_bytes([number; Salt::LENGTH_BYTES]),
    };
    let store = Store::open(StoreOptions::new(directory)).expect("a store");
    let log = ParsedLog::parse(b"<urn:robot> a <urn:Robot> .".to_vec(), store.turtle_limits());
    let receipt = store.record(log.expect("Turtle"), provenance("ari", 7), None);
    receipt.expect("room in the queue").wait().expect("room on the disk");
    let cleared = store.clear(provenance("ops", 8)).expect("room in the queue");
    cleared.wait().expect("room on the disk");
    store.close();
    directory.join("journal.sqlite3")
}

#[test]
fn the_example_is_what_the_script_prints() {
    let directory = tempfile::tempdir().expect("a directory");
    let journal = example(directory.path());
    if let Some(printed) = check_with_script(&journal) {
        assert_eq!(printed, block("text"));
    }
}

#[test]
fn the_script_notices_what_was_changed() {
    if !require_tool("python3", &["-c", "import sqlite3, zlib"]) {
        return;
    }
    for change in [
        "UPDATE entries SET actor = 'eve' WHERE sequence = 0",
        "UPDATE entries SET claimed_user = 'eve' WHERE sequence = 1",
        "UPDATE entries SET received_at = received_at + 1 WHERE sequence = 0",
        "UPDATE payloads SET bytes = CAST(replace(bytes, x'6F', x'4F') AS BLOB) WHERE sequence = 0",
        "UPDATE payloads SET salt = zeroblob(32) WHERE sequence = 1",
        "DELETE FROM payloads WHERE sequence = 0; DELETE FROM entries WHERE sequence = 0",
        "UPDATE tree_hashes SET hash = zeroblob(32) WHERE position = 2",
        "DELETE FROM tree_hashes WHERE position = 2",
        "INSERT INTO tree_hashes (position, hash) VALUES (3, zeroblob(32))",
        "DELETE FROM payloads WHERE sequence = 1; DELETE FROM entries WHERE sequence = 1",
    ] {
        let directory = tempfile::tempdir().expect("a directory");
        let journal = example(directory.path());
        Connection::open(&journal).and_then(|journal| journal.execute_batch(change)).expect(change);
        let output = Command::new("python3").args(["-c", &block("python")]).arg(&journal).output();
        assert!(!output.expect("python runs").status.success(), "{change}");
    }
}

/// Table, column and type, in their order.
type Columns = Vec<(String, String, String)>;

/// The tables of a part of the page: a heading, then a row for each column.
fn documented(part: &str) -> Columns {
    let sections = part.split("\n### `").skip(1).filter_map(|section| section.split_once('`'));
    let columns = sections.flat_map(|(table, rest)| {
        let section = rest.split("\n## ").next().unwrap_or_default();
        let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
        rows.map(|(name, rest)| (table.to_owned(), name.to_owned(), first_word(rest))).collect::<Vec<_>>()
    });
    columns.collect()
}

fn first_word(text: &str) -> String {
    text.split(' ').next().unwrap_or_default().to_owned()
}

fn found(file: &Path) -> Columns {
    let file = Connection::open(file).expect("a journal");
    let sql = "SELECT t.name, c.name, c.type FROM sqlite_schema t JOIN pragma_table_info(t.name) c \
               WHERE t.type = 'table' ORDER BY t.rowid, c.cid";
    let mut statement = file.prepare(sql).expect("a query");
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).expect("rows");
    rows.map(|row| row.expect("a row")).collect()
}

#[test]
fn every_column_is_documented() {
    let directory = tempfile::tempdir().expect("a directory");
    let journal = found(&example(directory.path()));
    let page = page();
    let (of_journal, of_accesses) = page.split_once("\n## The access journal\n").expect("both parts");
    assert_eq!(documented(of_journal), journal);
    // The tree is the same in both, and described once.
    let is_of_tree =
        |(table, ..): &(String, String, String)| ["tree_hashes", "checkpoints"].contains(&&**table);
    let (tree, others): (Columns, Columns) =
        found(&directory.path().join("access.sqlite3")).into_iter().partition(is_of_tree);
    assert_eq!(documented(of_accesses), others);
    assert_eq!(tree, journal.into_iter().filter(is_of_tree).collect::<Columns>());
}

#[test]
fn the_record_of_an_access_is_the_documented_one() {
    let text = block("json");
    let record = AccessRecord::from_canonical_bytes(text.trim_end().as_bytes()).expect("a record");
    let leaf_hash = record.leaf_hash().expect("a hash").to_string();
    assert!(page().contains(&format!("has the leaf hash `{leaf_hash}`")), "{leaf_hash}");
}
