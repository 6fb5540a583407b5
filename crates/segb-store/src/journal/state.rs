//! What an entry changes besides being there: rows written in its transaction.

use rusqlite::{Transaction, params};
use segb_context::Change;
use segb_journal::Hash;
use uuid::Uuid;

use super::{JournalError, contexts, erasure};

/// The rows that an entry changes.
#[derive(Debug, Clone)]
pub(crate) enum StateChange {
    /// About shared contexts.
    Contexts(Change),
    /// The token with this id is not believed any more.
    TokenRevoked(String),
    /// The payload of a log is destroyed.
    LogErased(ErasedLog),
    /// The hold with this id is placed.
    HoldPlaced(String),
    /// The hold with this id is over.
    HoldReleased(String),
}

/// What is known of an erased log, and what of it may stay known.
#[derive(Debug, Clone)]
pub(crate) struct ErasedLog {
    pub(crate) sequence: u64,
    pub(crate) log_id: Uuid,
    /// Triples that other logs say, too: that this log said them may stay known as long as they do.
    pub(crate) said_by_others: Vec<Hash>,
    /// Triples that no other log says.
    pub(crate) said_by_none: Vec<Hash>,
}

impl StateChange {
    /// Writes the rows for the entry with this sequence number.
    pub(super) fn apply(&self, transaction: &Transaction<'_>, sequence: u64) -> Result<(), JournalError> {
        match self {
            Self::Contexts(change) => contexts::apply(transaction, change),
            Self::TokenRevoked(jti) => {
                transaction
                    .prepare_cached("INSERT INTO revoked_tokens (jti, sequence) VALUES (?, ?)")?
                    .execute(params![jti, sequence.cast_signed()])?;
                Ok(())
            }
            Self::LogErased(log) => erasure::apply(transaction, log, sequence),
            Self::HoldPlaced(hold_id) => {
                transaction
                    .prepare_cached("INSERT INTO holds (hold_id, placed_by) VALUES (?, ?)")?
                    .execute(params![hold_id, sequence.cast_signed()])?;
                Ok(())
            }
            Self::HoldReleased(hold_id) => {
                transaction
                    .prepare_cached("UPDATE holds SET released_by = ? WHERE hold_id = ?")?
                    .execute(params![sequence.cast_signed(), hold_id])?;
                Ok(())
            }
        }
    }
}
