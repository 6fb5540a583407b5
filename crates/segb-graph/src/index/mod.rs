//! The graph index: the triples of all logs in LMDB, made from the journal and thrown away at any doubt.
//!
//! It is written without fsync. After a killed process it is intact, because the page cache survives; after a crash of
//! the machine it may be anything. So a file beside it, `in_use`, says durably whether it was closed properly, and
//! in which boot of the machine it was opened; without a good answer it is deleted unread.

mod compare;
mod erase;
mod identity;
mod ids;
mod in_use;
mod read;
mod search;
mod tables;
mod words;
mod write;

pub use compare::compare;
pub use ids::IdTriple;
pub use ids::TermId;
pub use read::{Snapshot, Triples};
pub use tables::{GraphIndex, Unopened};
pub use words::words;
pub use write::{IndexChange, IndexWriter};

/// Why the index cannot be read or written.
#[derive(Debug, Clone, thiserror::Error)]
pub enum IndexError {
    /// No room on the disk, or the map is full.
    #[error("no room for the graph index: {0}")]
    Full(String),
    /// The bytes in it make no sense; it has to be rebuilt.
    #[error("the graph index is damaged: {0}; `segb-server rebuild` makes it anew from the journal")]
    Damaged(&'static str),
    /// Anything else LMDB or the file system says.
    #[error("the graph index cannot be used: {0}")]
    Unusable(String),
}

/// EIO: what LMDB also says when the disk took a part of a write, which is how most disks become full.
const SHORT_WRITE: i32 = 5;

impl From<heed::Error> for IndexError {
    fn from(error: heed::Error) -> Self {
        match &error {
            heed::Error::Mdb(heed::MdbError::MapFull) => Self::Full(error.to_string()),
            heed::Error::Io(cause) => Self::from_io(cause),
            _ => Self::Unusable(error.to_string()),
        }
    }
}

impl IndexError {
    fn from_io(cause: &std::io::Error) -> Self {
        use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
        match cause.kind() {
            _ if cause.raw_os_error() == Some(SHORT_WRITE) => {
                Self::Full(format!("{cause}, or a write was cut short"))
            }
            StorageFull | QuotaExceeded | FileTooLarge => Self::Full(cause.to_string()),
            _ => Self::Unusable(cause.to_string()),
        }
    }
}
