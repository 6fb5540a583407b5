//! The tables of the journal file, documented for readers with stock tools in docs/journal-format.md.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::JournalError;

/// `PRAGMA application_id` of a SEGB journal: "SEGB" in ASCII.
const APPLICATION_ID: i64 = 0x5345_4742;
/// `PRAGMA user_version`: the version of the tables.
const FORMAT_VERSION: i64 = 1;

const TABLES: &str = "
CREATE TABLE entries (
    sequence           INTEGER PRIMARY KEY,
    kind               TEXT    NOT NULL,
    log_id             BLOB    NOT NULL UNIQUE,
    received_at        INTEGER NOT NULL,
    actor              TEXT    NOT NULL,
    claimed_user       TEXT,
    origin             TEXT,
    media_type         TEXT,
    payload_size       INTEGER NOT NULL,
    payload_commitment BLOB    NOT NULL,
    leaf_hash          BLOB    NOT NULL,
    triple_count       INTEGER NOT NULL
) STRICT;
CREATE INDEX entries_by_time ON entries (received_at);
CREATE INDEX entries_by_actor ON entries (actor, sequence);
CREATE INDEX entries_other_than_logs ON entries (kind, sequence) WHERE kind <> 'log_received';
CREATE TABLE payloads (
    sequence INTEGER PRIMARY KEY REFERENCES entries,
    salt     BLOB NOT NULL,
    encoding TEXT NOT NULL,
    bytes    BLOB NOT NULL
) STRICT;
CREATE TABLE idempotency_keys (
    actor    TEXT    NOT NULL,
    key      TEXT    NOT NULL,
    sequence INTEGER NOT NULL REFERENCES entries,
    content_sha256 BLOB NOT NULL,
    PRIMARY KEY (actor, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE prefixes (
    prefix TEXT PRIMARY KEY,
    iri    TEXT NOT NULL
) STRICT, WITHOUT ROWID;
";

/// Opens the journal for the one writer, creating it if there is none.
///
/// A transaction is on disk when its commit returns: the write-ahead log is fsynced with every commit.
pub(crate) fn open_for_writing(path: &Path) -> Result<Connection, JournalError> {
    let mut connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    match pragma(&transaction, "user_version")? {
        0 if is_empty(&transaction)? => {
            // If we crash before the commit, the file is still empty and the next start does this again.
            transaction.execute_batch(TABLES)?;
            transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
            transaction.pragma_update(None, "user_version", FORMAT_VERSION)?;
        }
        FORMAT_VERSION if pragma(&transaction, "application_id")? == APPLICATION_ID => {}
        0 | FORMAT_VERSION => return Err(JournalError::Damaged("the file is not a SEGB journal".to_owned())),
        version => return Err(JournalError::UnknownVersion(version)),
    }
    transaction.commit()?;
    Ok(connection)
}

/// Opens the journal for reading beside the writer, also from another process.
pub(super) fn open_for_reading(path: &Path) -> Result<Connection, JournalError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    match pragma(&connection, "user_version")? {
        FORMAT_VERSION if pragma(&connection, "application_id")? == APPLICATION_ID => Ok(connection),
        0 | FORMAT_VERSION => Err(JournalError::Damaged("the file is not a SEGB journal".to_owned())),
        version => Err(JournalError::UnknownVersion(version)),
    }
}

fn pragma(connection: &Connection, name: &str) -> Result<i64, JournalError> {
    Ok(connection.pragma_query_value(None, name, |row| row.get(0))?)
}

fn is_empty(connection: &Connection) -> Result<bool, JournalError> {
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(tables == 0)
}
