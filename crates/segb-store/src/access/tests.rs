use std::{sync::Arc, time::Duration};

use rusqlite::Connection;
use segb_journal::{
    checkpoint::UnverifiedCheckpoint,
    note::Signer,
    tree::{RootBuilder, leaf_hash},
};
use tempfile::TempDir;

use super::*;
use crate::{journal_format::access::ORIGIN_SUFFIX, options::StoreOptions};

fn at(second: i64) -> Timestamp {
    Timestamp::from_unix_us(1_770_000_000_000_000 + second * 1_000_000).unwrap()
}

fn access(second: i64) -> Access {
    Access {
        at: at(second),
        actor: Some("ana".to_owned()),
        action: "list_logs",
        object: Some(format!("/logs?limit={second}")),
        result: Some(200),
        origin: None,
        request_id: Some(format!("request-{second}")),
    }
}

fn options(directory: &TempDir) -> StoreOptions {
    let signer = Signer::from_seed("glassbox.example/journal".parse().unwrap(), &[7; 32]);
    StoreOptions { signer: Some(Arc::new(signer)), ..StoreOptions::new(directory.path()) }
}

/// All records, oldest first, as (action, object).
fn records(store: &Store) -> Vec<(String, String)> {
    let filter = AccessFilter { limit: 100_000, ..AccessFilter::default() };
    let page = store.accesses(&filter).unwrap();
    assert_eq!(page.next_before_sequence, None);
    let mut records = page.records;
    records.reverse();
    let mut tree = RootBuilder::new();
    for (sequence, stored) in records.iter().enumerate() {
        assert_eq!(stored.record.sequence, sequence as u64);
        assert_eq!(stored.leaf_hash, leaf_hash(&stored.record.to_canonical_bytes().unwrap()));
        tree.append(stored.leaf_hash).unwrap();
    }
    if let Some(note) = store.access_checkpoint().unwrap() {
        let checkpoint = UnverifiedCheckpoint::parse(note.note.as_bytes()).unwrap();
        let origin = format!("glassbox.example/journal{ORIGIN_SUFFIX}").parse().unwrap();
        let verifier = store.verifier_key().unwrap().parse().unwrap();
        let signed = checkpoint.verify(&origin, &[verifier]).unwrap();
        assert_eq!(signed.checkpoint().head(), tree.head());
    }
    records.into_iter().map(|stored| (stored.record.action, stored.record.object.unwrap())).collect()
}

fn read(second: i64) -> (String, String) {
    ("list_logs".to_owned(), format!("/logs?limit={second}"))
}

fn gap(object: &str) -> (String, String) {
    ("gap".to_owned(), object.to_owned())
}

/// Another connection that keeps everybody from writing, as a disk would that is very slow.
fn block(directory: &TempDir) -> Connection {
    let connection = Connection::open(directory.path().join(FILE_NAME)).unwrap();
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    connection
}

#[test]
fn records_are_there_after_a_restart_and_nothing_else() {
    let directory = TempDir::new().unwrap();
    let store = Store::open(options(&directory)).unwrap();
    store.settle_accesses(at(0));
    assert_eq!(records(&store), []);
    for second in 0..3 {
        store.record_access(access(second));
    }
    store.settle_accesses(at(3));
    assert_eq!(records(&store), [read(0), read(1), read(2)]);
    // What still waits when the store is closed is written, too.
    store.record_access(access(3));
    drop(store);
    let store = Store::open(options(&directory)).unwrap();
    store.settle_accesses(at(4));
    assert_eq!(records(&store), [read(0), read(1), read(2), read(3)]);
}

#[test]
fn what_finds_the_queue_full_becomes_a_gap_in_its_place() {
    let directory = TempDir::new().unwrap();
    let store = Store::open(StoreOptions { access_queue_records_max: 2, ..options(&directory) }).unwrap();
    let blocked = block(&directory);
    for second in 0..5 {
        store.record_access(access(second));
    }
    let figures = store.figures();
    assert_eq!((figures.access_records, figures.access_missed), (0, 3));
    drop(blocked);
    store.settle_accesses(at(5));
    store.record_access(access(6));
    store.settle_accesses(at(7));
    let expected = gap(&format!("3 missing since {}: more than could be written", at(2)));
    assert_eq!(records(&store), [read(0), read(1), expected, read(6)]);
    let figures = store.figures();
    assert_eq!((figures.access_records, figures.access_waiting, figures.access_missed), (4, 0, 3));
}

#[test]
fn a_server_that_did_not_end_properly_leaves_a_gap() {
    let directory = TempDir::new().unwrap();
    let store = Store::open(options(&directory)).unwrap();
    store.record_access(access(0));
    store.settle_accesses(at(1));
    drop(store);
    let mark = || {
        let connection = Connection::open(directory.path().join(FILE_NAME)).unwrap();
        connection.execute("UPDATE state SET in_use = 1", []).unwrap();
    };
    mark();
    let store = Store::open(options(&directory)).unwrap();
    // Nobody says what time it is: it is noticed with the next record, and with the next server if there is none.
    drop(store);
    let store = Store::open(options(&directory)).unwrap();
    store.record_access(access(2));
    store.settle_accesses(at(3));
    let first = gap(&format!("unknown number missing since {}: the server did not end properly", at(0)));
    assert_eq!(records(&store), [read(0), first.clone(), read(2)]);
    drop(store);
    mark();
    let store = Store::open(options(&directory)).unwrap();
    store.settle_accesses(at(4));
    let second = gap(&format!("unknown number missing since {}: the server did not end properly", at(2)));
    assert_eq!(records(&store), [read(0), first, read(2), second]);
}

#[test]
fn a_file_that_is_no_access_journal_is_refused() {
    let directory = TempDir::new().unwrap();
    drop(Store::open(options(&directory)).unwrap());
    std::fs::copy(directory.path().join("journal.sqlite3"), directory.path().join(FILE_NAME)).unwrap();
    let error = Store::open(options(&directory)).unwrap_err();
    assert!(matches!(&error, OpenError::Access(_)), "{error}");
    assert_eq!(error.to_string(), "access.sqlite3: the journal is damaged: the file is not a SEGB journal");
}

#[test]
fn to_record_never_waits_for_the_disk() {
    let directory = TempDir::new().unwrap();
    let store = Store::open(options(&directory)).unwrap();
    let blocked = block(&directory);
    let start = std::time::Instant::now();
    for second in 0..1_000 {
        store.record_access(access(second));
    }
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    drop(blocked);
    drop(store);
    let store = Store::open(options(&directory)).unwrap();
    assert_eq!(records(&store).len(), 1_000);
}
