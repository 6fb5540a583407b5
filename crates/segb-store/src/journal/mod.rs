//! The journal on disk: one SQLite file, the record of everything. An entry counts from the moment its transaction is
//! on disk; everything else in the data directory can be made from it.

mod append;
mod backup;
mod contexts;
mod cosigned;
mod erasure;
mod payload;
mod read;
mod schema;
mod state;
mod tree;
mod view;

pub(crate) use append::{Appended, JournalWriter, NewEntry};
pub use backup::{BackupError, BackupSummary, backup};
pub(crate) use contexts::ContextTables;
pub(crate) use payload::EncodedPayload;
pub use read::{EntryFilter, EntryPage, Payload, StoredEntry, Tombstone};
pub(crate) use read::{JournalReader, ReplayItem};
pub(crate) use schema::{JOURNAL, TREE};
pub(crate) use state::{ErasedLog, StateChange};
pub(crate) use tree::{GrowingTree, Signing, StoredTree, read_checkpoint};
pub(crate) use view::JournalView;

/// The name of the file in the data directory.
pub(crate) const FILE_NAME: &str = "journal.sqlite3";

/// Why the journal cannot be read or written.
#[derive(Debug, Clone, thiserror::Error)]
pub enum JournalError {
    /// No room on the disk.
    #[error("no room for the journal: {0}")]
    Full(String),
    /// The file is a journal of a version that this program does not know.
    #[error("the journal is of version {0}, which this version of SEGB cannot read")]
    UnknownVersion(i64),
    /// The file is not a journal, or what is in it does not fit together.
    #[error("the journal is damaged: {0}")]
    Damaged(String),
    /// Anything else SQLite says.
    #[error("the journal cannot be used: {0}")]
    Unusable(String),
}

impl From<rusqlite::Error> for JournalError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::{
            ErrorCode::{DatabaseCorrupt, DiskFull, NotADatabase, SystemIoFailure},
            ffi,
        };
        let extended_code = error.sqlite_error().map(|error| error.extended_code);
        match error.sqlite_error_code() {
            Some(DiskFull) => Self::Full(error.to_string()),
            // The index of the write-ahead log could not grow.
            Some(SystemIoFailure) if extended_code == Some(ffi::SQLITE_IOERR_SHMSIZE) => {
                Self::Full(error.to_string())
            }
            Some(DatabaseCorrupt | NotADatabase) => Self::Damaged(error.to_string()),
            _ => Self::Unusable(error.to_string()),
        }
    }
}
