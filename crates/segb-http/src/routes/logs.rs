//! What was received: the entries of the journal and their payloads; and what the server says about itself.

pub(crate) mod erase;
pub(crate) mod list;
pub(crate) mod payload;
pub(crate) mod proof;
pub(crate) mod server;
pub(crate) mod show;
pub(crate) mod stream;

use segb_store::{RecordedDecision, StoredEntry, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// An entry of the journal.
#[derive(Serialize, ToSchema)]
pub(crate) struct JournalEntry {
    /// Its place in the journal, from 0.
    sequence: u64,
    log_id: Uuid,
    /// `log_received`, `graph_cleared`, `shared_context_resolved`, …: docs/journal-format.md lists them.
    kind: &'static str,
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    /// Who sent it: the user of a verified token, or what the sender said where none is asked for.
    actor: String,
    /// Who the sender said to be, unverified.
    claimed_user: Option<String>,
    /// The address it came from.
    origin: Option<String>,
    media_type: Option<String>,
    /// In bytes.
    payload_size: u64,
    /// SHA-256 of salt and payload, in hexadecimal.
    payload_commitment: String,
    /// The leaf of the entry in the Merkle tree over the journal, in hexadecimal.
    leaf_hash: String,
    /// How many distinct triples it asserts.
    triple_count: u64,
    /// What a person decided about a shared context, and on what proposal; only of `review_case_…`.
    #[schema(value_type = Option<Object>)]
    decision: Option<RecordedDecision>,
    /// What says that the payload was destroyed; only of an erased log.
    #[schema(value_type = Option<Tombstone>)]
    erasure: Option<segb_store::Tombstone>,
}

/// What is left of the payload of an erased log; the answer is made by the store.
#[derive(Serialize, ToSchema)]
pub(crate) struct Tombstone {
    /// The place of the entry that says so.
    sequence: u64,
    /// The id of that entry.
    log_id: Uuid,
    erased_at: String,
    erased_by: String,
    reason: String,
    legal_ground: String,
    /// `request` or `retention`.
    cause: String,
}

impl From<StoredEntry> for JournalEntry {
    fn from(stored: StoredEntry) -> Self {
        let StoredEntry { entry, leaf_hash, triple_count, decision, erasure } = stored;
        Self {
            sequence: entry.sequence,
            log_id: entry.log_id,
            kind: entry.kind.as_str(),
            received_at: entry.received_at,
            actor: entry.actor,
            claimed_user: entry.claimed_user,
            origin: entry.origin,
            media_type: entry.media_type,
            payload_size: entry.payload_size,
            payload_commitment: entry.payload_commitment.as_hash().to_string(),
            leaf_hash: leaf_hash.to_string(),
            triple_count,
            decision,
            erasure,
        }
    }
}
