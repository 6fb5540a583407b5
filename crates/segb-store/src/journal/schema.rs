//! The tables of the journal file, documented for readers with stock tools in docs/journal-format.md.

use crate::database::Format;

/// A SEGB journal: "SEGB" in ASCII.
pub(crate) static JOURNAL: Format = Format {
    application_id: 0x5345_4742,
    steps: &[&[LOGS], &[SHARED_CONTEXTS], &[TREE], &[REVOKED_TOKENS], &[ERASURE]],
};

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

/// A Merkle tree and its checkpoint, here and in the access journal.
pub(crate) const TREE: &str = "
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
