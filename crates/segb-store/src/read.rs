//! Reading the record: its entries and their payloads.

use segb_graph::index::IndexError;
use segb_journal::Timestamp;
use uuid::Uuid;

use crate::{
    journal::{EntryFilter, EntryPage, JournalError, Payload, StoredEntry},
    store::Store,
};

/// Why something cannot be read.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// As many exports or views as allowed are there. The caller may try again later.
    #[error("too many exports or reports are running")]
    Busy,
    /// The graph index is being made from the journal.
    #[error("the graph is being made from the journal: {applied} of {total} entries")]
    NotReady {
        /// Entries that the index contains.
        applied: u64,
        /// Entries in the journal.
        total: u64,
    },
    /// The store is closed.
    #[error("the store is closed")]
    Closed,
    /// The files cannot be read; the text is for the operator.
    #[error("{0}")]
    Storage(String),
}

impl From<JournalError> for ReadError {
    fn from(error: JournalError) -> Self {
        Self::Storage(error.to_string())
    }
}

impl From<IndexError> for ReadError {
    fn from(error: IndexError) -> Self {
        Self::Storage(error.to_string())
    }
}

impl Store {
    /// The entries that fit a filter, newest first. Blocks on the disk.
    ///
    /// # Errors
    /// [`ReadError::Storage`].
    pub fn entries(&self, filter: &EntryFilter) -> Result<EntryPage, ReadError> {
        Ok(self.inner.reader.entries(filter)?)
    }

    /// The entry with this id. Blocks on the disk.
    ///
    /// # Errors
    /// [`ReadError::Storage`].
    pub fn entry(&self, log_id: Uuid) -> Result<Option<StoredEntry>, ReadError> {
        Ok(self.inner.reader.entry(log_id)?)
    }

    /// How many logs were received in each hour that had any, from `since` on and before `until`, the oldest first.
    /// Blocks on the disk.
    ///
    /// # Errors
    /// [`ReadError::Storage`].
    pub fn logs_per_hour(
        &self,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<(Timestamp, u64)>, ReadError> {
        Ok(self.inner.reader.logs_per_hour(since, until)?)
    }

    /// The bytes of the log with this id, exactly as they were received. Blocks on the disk.
    ///
    /// # Errors
    /// [`ReadError::Storage`].
    pub fn payload(&self, log_id: Uuid) -> Result<Option<Payload>, ReadError> {
        Ok(self.inner.reader.payload(log_id)?)
    }
}
