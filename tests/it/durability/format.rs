//! The journal file, read without the code that wrote it.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, Row};
use segb_journal::{Commitment, Entry, Hash, Salt, Timestamp};
use segb_tests::{START_ENTRIES, ServerBuilder, interaction_log};
use serde_json::{Value, json};

use super::{documents::document, posting::Memory};
use crate::docs::journal_format::check_with_script;

fn bytes<const N: usize>(row: &Row<'_>, name: &str) -> [u8; N] {
    row.get::<_, Vec<u8>>(name).unwrap().try_into().unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The entry as the documented JSON object, made of nothing but the columns.
fn entry(row: &Row<'_>) -> Entry {
    let id = hex(&bytes::<16>(row, "log_id"));
    let id = format!("{}-{}-{}-{}-{}", &id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]);
    let text = |name: &str| row.get::<_, Option<String>>(name).unwrap();
    let number = |name: &str| row.get::<_, i64>(name).unwrap();
    let entry: Value = json!({
        "sequence": number("sequence"),
        "kind": text("kind"),
        "log_id": id,
        "received_at": Timestamp::from_unix_us(number("received_at")).unwrap(),
        "actor": text("actor"),
        "claimed_user": text("claimed_user"),
        "origin": text("origin"),
        "media_type": text("media_type"),
        "payload_size": number("payload_size"),
        "payload_commitment": hex(&bytes::<32>(row, "payload_commitment")),
    });
    serde_json::from_value(entry).unwrap()
}

/// Checks all entries; their log ids and commitments' salts, by sequence.
fn read(journal: &Path) -> Vec<(Entry, Salt)> {
    let connection = Connection::open_with_flags(journal, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let check: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
    let application: i64 = connection.query_row("PRAGMA application_id", [], |row| row.get(0)).unwrap();
    assert_eq!(application.to_be_bytes()[4..], *b"SEGB");
    let mut statement =
        connection.prepare("SELECT * FROM entries JOIN payloads USING (sequence) ORDER BY sequence").unwrap();
    let rows = statement.query_map([], |row| {
        let entry = entry(row);
        let leaf_hash = Hash::from_bytes(bytes(row, "leaf_hash"));
        assert_eq!(entry.leaf_hash().unwrap(), leaf_hash, "entry {}", entry.sequence);
        Ok((entry, Salt::from_bytes(bytes(row, "salt"))))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

#[test]
fn the_journal_proves_itself_to_stock_tools() {
    let mut server = ServerBuilder::learning().start();
    let memory = Memory::default();
    let client = server.client();
    memory.must_post(&client, "<urn:a> <urn:b> \"é \u{1F916}\" .".to_owned());
    for number in 0..10 {
        memory.must_post(&client, interaction_log(number));
    }
    memory.must_post(&client, document(1, 300, 500));
    memory.clear(&client);
    let named = client
        .post_json("/ttl", &json!({"ttl_content": "<urn:a> <urn:b> <urn:d> .", "user": "ari \u{7}\"é"}));
    assert_eq!(named.status, 201, "{}", named.text());
    assert!(server.terminate().success());

    let journal = server.data_dir().join("journal.sqlite3");
    let entries = read(&journal);
    let sequences: Vec<u64> = entries.iter().map(|(entry, _)| entry.sequence).collect();
    assert_eq!(sequences, (0..16).collect::<Vec<u64>>());
    for log in memory.acknowledged.lock().unwrap().iter() {
        let (entry, salt) = &entries[log.sequence as usize];
        assert_eq!(entry.log_id.to_string(), log.log_id);
        assert!(entry.payload_commitment.verify(salt, log.document.as_bytes()));
        assert!(!entry.payload_commitment.verify(salt, b"something else"));
    }
    let (cleared, salt) = &entries[START_ENTRIES + 12];
    assert_eq!(cleared.kind.as_str(), "graph_cleared");
    assert_eq!(cleared.payload_commitment, Commitment::new(salt, b""));
    let (named, _) = &entries[START_ENTRIES + 13];
    assert_eq!(named.claimed_user.as_deref(), Some("ari \u{7}\"é"));
    let salts: std::collections::HashSet<_> = entries.iter().map(|(_, salt)| *salt.as_bytes()).collect();
    assert_eq!(salts.len(), entries.len(), "a salt is used once");

    let encodings =
        "SELECT group_concat(encoding) FROM (SELECT DISTINCT encoding FROM payloads ORDER BY encoding)";
    let connection = Connection::open(&journal).unwrap();
    let encodings: String = connection.query_row(encodings, [], |row| row.get(0)).unwrap();
    assert_eq!(encodings, "deflate,identity");
    // And to nothing but the standard library of Python.
    if let Some(printed) = check_with_script(&journal) {
        assert_eq!(printed.lines().last(), Some("16 entries, each as it was recorded"));
    }
}
