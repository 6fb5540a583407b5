//! What an entry changes besides being there: rows written in its transaction.

use rusqlite::{Transaction, params};
use segb_context::Change;

use super::{JournalError, contexts};

/// The rows that an entry changes.
#[derive(Debug, Clone)]
pub(crate) enum StateChange {
    /// About shared contexts.
    Contexts(Change),
    /// The token with this id is not believed any more.
    TokenRevoked(String),
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
        }
    }
}
