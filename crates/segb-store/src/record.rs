//! Requests to change the store, and their answers.

use segb_journal::{Hash, Salt, Timestamp};
use uuid::Uuid;

/// Who sends what is to be recorded, when, and the randomness it is recorded with.
#[derive(Debug, Clone)]
pub struct Provenance {
    /// The user name of a verified token, or what the caller said where no token is asked for.
    pub actor: String,
    /// What the body said about its sender, unverified.
    pub claimed_user: Option<String>,
    /// The address it came from.
    pub origin: Option<String>,
    /// The time of arrival.
    pub received_at: Timestamp,
    /// The id of the new entry: a random (version 4) UUID.
    pub log_id: Uuid,
    /// The salt of the payload's commitment: 32 bytes from a cryptographic random number generator.
    pub salt: Salt,
}

/// The store's answer to a recorded log: it is on disk. When it is in the graph, [`record`](crate::Store::record) says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The id by which the log is read again.
    pub log_id: Uuid,
    /// Its place in the journal, from 0.
    pub sequence: u64,
    /// When it was received.
    pub received_at: Timestamp,
    /// How many distinct triples it asserts.
    pub triple_count: u64,
    /// SHA-256 of the received document.
    pub content_sha256: Hash,
    /// The entry's leaf in the Merkle tree over the journal.
    pub leaf_hash: Hash,
    /// Whether this is the receipt of an earlier request with the same idempotency key.
    pub repeated: bool,
}

/// What emptying the graph did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClearOutcome {
    /// The graph held no triple; nothing was recorded.
    AlreadyEmpty,
    /// The graph is empty now.
    Cleared {
        /// The entry that says so.
        sequence: u64,
        /// How many triples were in the graph.
        removed_triples: u64,
    },
}

/// Why a log was not recorded. Nothing of it is stored.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// Too many logs wait for the disk. The caller may send it again a little later.
    #[error("too many logs are waiting to be written")]
    QueueFull,
    /// The disk has no room for it. Writing resumes by itself when there is room.
    #[error("the disk is full")]
    DiskFull,
    /// The idempotency key was used before, by the same actor, for another document. The caller's mistake.
    #[error("the idempotency key was used before for another log")]
    IdempotencyKeyReused,
    /// The store is closing or closed.
    #[error("the store is closed")]
    Closed,
    /// The journal or the index cannot be written; the text is for the operator, not for the caller.
    #[error("{0}")]
    Storage(String),
}
