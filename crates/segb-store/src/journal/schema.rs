//! The tables of the journal file, documented for readers with stock tools in docs/journal-format.md.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::JournalError;
use crate::data_dir::create_private_file;

/// `PRAGMA application_id` of a SEGB journal: "SEGB" in ASCII.
const APPLICATION_ID: i64 = 0x5345_4742;
/// `PRAGMA user_version`: the version of the tables, which is how many of [`STEPS`] have been taken.
const FORMAT_VERSION: i64 = STEPS.len() as i64;

/// What each version added to the one before it. A step is never changed once it was released.
const STEPS: [&str; 5] = [LOGS, SHARED_CONTEXTS, TREE, REVOKED_TOKENS, ERASURE];

const LOGS: &str = "
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

const TREE: &str = "
CREATE TABLE tree_hashes (
    position INTEGER PRIMARY KEY,
    hash     BLOB NOT NULL
) STRICT;
CREATE TABLE checkpoints (
    size     INTEGER PRIMARY KEY,
    note     TEXT NOT NULL,
    verifier TEXT NOT NULL
) STRICT;
";

const REVOKED_TOKENS: &str = "
CREATE TABLE revoked_tokens (
    jti      TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL REFERENCES entries
) STRICT, WITHOUT ROWID;
";

const ERASURE: &str = "
CREATE TABLE erasures (
    sequence  INTEGER PRIMARY KEY REFERENCES entries,
    erased_by INTEGER NOT NULL REFERENCES entries
) STRICT;
CREATE TABLE erased_assertions (
    triple_hash BLOB    NOT NULL,
    sequence    INTEGER NOT NULL REFERENCES entries,
    PRIMARY KEY (triple_hash, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_sequence ON idempotency_keys (sequence);
CREATE TABLE holds (
    hold_id     TEXT PRIMARY KEY,
    placed_by   INTEGER NOT NULL REFERENCES entries,
    released_by INTEGER REFERENCES entries
) STRICT, WITHOUT ROWID;
CREATE TABLE cosigned_checkpoints (
    size        INTEGER PRIMARY KEY,
    cosigned_at INTEGER NOT NULL,
    note        TEXT NOT NULL
) STRICT;
";

const SHARED_CONTEXTS: &str = "
CREATE TABLE contexts (
    number            INTEGER PRIMARY KEY,
    uri               TEXT    NOT NULL UNIQUE,
    event_kind        TEXT    NOT NULL,
    status            TEXT    NOT NULL,
    observed_at       INTEGER NOT NULL,
    subject_uri       TEXT,
    modality          TEXT,
    canonical_text    TEXT    NOT NULL,
    observation_count INTEGER NOT NULL,
    created_at        INTEGER NOT NULL,
    updated_at        INTEGER NOT NULL,
    merged_into       INTEGER REFERENCES contexts
) STRICT;
CREATE INDEX contexts_by_kind_and_time ON contexts (event_kind, observed_at) WHERE status <> 'merged';
CREATE INDEX contexts_by_change ON contexts (updated_at DESC, number) WHERE status <> 'merged';
CREATE INDEX contexts_ambiguous ON contexts (number) WHERE status = 'ambiguous';
CREATE TABLE context_observations (
    id              INTEGER PRIMARY KEY,
    context         INTEGER NOT NULL REFERENCES contexts,
    observed_at     INTEGER NOT NULL,
    subject_uri     TEXT,
    modality        TEXT,
    text            TEXT,
    observation_uri TEXT,
    robot_uri       TEXT
) STRICT;
CREATE INDEX context_observations_by_context ON context_observations (context, observed_at DESC);
CREATE TABLE context_rejections (
    lower  INTEGER NOT NULL REFERENCES contexts,
    higher INTEGER NOT NULL REFERENCES contexts,
    PRIMARY KEY (lower, higher)
) STRICT, WITHOUT ROWID;
CREATE TABLE review_cases (
    case_id      TEXT PRIMARY KEY,
    source_uri   TEXT    NOT NULL,
    candidates   TEXT    NOT NULL,
    status       TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    decided_at   INTEGER,
    selected_uri TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX review_cases_pending ON review_cases (source_uri) WHERE status = 'pending';
";

/// Opens the journal for the one writer, creating it if there is none.
///
/// A transaction is on disk when its commit returns: the write-ahead log is fsynced with every commit.
pub(crate) fn open_for_writing(path: &Path) -> Result<Connection, JournalError> {
    // If we crash after this, the file is empty, which is as good as none. SQLite gives `-wal` and `-shm` its mode.
    create_private_file(path).map_err(|error| JournalError::Unusable(error.to_string()))?;
    let mut connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // What is deleted is overwritten, so that nothing of an erased log stays in unused pages.
    connection.pragma_update(None, "secure_delete", "ON")?;
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let version = pragma(&transaction, "user_version")?;
    if version == 0 && is_empty(&transaction)? {
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    } else {
        check_version(&transaction, version)?;
    }
    // If we crash before the commit, the file is as it was and the next start does this again.
    for step in &STEPS[version as usize..] {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", FORMAT_VERSION)?;
    transaction.commit()?;
    Ok(connection)
}

/// Opens the journal for reading beside the writer, also from another process.
pub(super) fn open_for_reading(path: &Path) -> Result<Connection, JournalError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    check_version(&connection, pragma(&connection, "user_version")?)?;
    Ok(connection)
}

/// As [`open_for_reading`], if the journal has the tables of this version.
pub(super) fn open_current(path: &Path) -> Result<Connection, JournalError> {
    let connection = open_for_reading(path)?;
    match pragma(&connection, "user_version")? {
        FORMAT_VERSION => Ok(connection),
        earlier => Err(JournalError::Unusable(format!(
            "its tables are of version {earlier}; a server of this version has to be started on it once"
        ))),
    }
}

/// Whether this is a journal of this version or an earlier one, which only has fewer tables.
fn check_version(connection: &Connection, version: i64) -> Result<(), JournalError> {
    match version {
        1..=FORMAT_VERSION if pragma(connection, "application_id")? == APPLICATION_ID => Ok(()),
        0..=FORMAT_VERSION => Err(JournalError::Damaged("the file is not a SEGB journal".to_owned())),
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
