//! How much room the files take, and how much is left.

use std::{fs, path::Path};

use crate::journal::FILE_NAME;

/// What a data directory takes of its disk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct DiskUse {
    /// Bytes of the journal with its write-ahead log.
    pub(crate) journal_bytes: u64,
    /// Bytes of the graph index.
    pub(crate) graph_bytes: u64,
    /// Bytes that are left on the disk for who is not root; none if the system does not tell.
    pub(crate) free_bytes: Option<u64>,
}

impl DiskUse {
    /// Asks the file system; reads no file.
    pub(crate) fn of(data_dir: &Path) -> Self {
        let bytes = |name: &str| fs::metadata(data_dir.join(name)).map_or(0, |metadata| metadata.len());
        let disk = rustix::fs::statvfs(data_dir).ok();
        Self {
            journal_bytes: bytes(FILE_NAME) + bytes(&format!("{FILE_NAME}-wal")),
            graph_bytes: bytes("graph/data.mdb"),
            free_bytes: disk.map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_count_and_their_absence_is_no_error() {
        let directory = tempfile::tempdir().unwrap();
        let before = DiskUse::of(directory.path());
        assert_eq!((before.journal_bytes, before.graph_bytes), (0, 0));
        assert!(before.free_bytes.is_some_and(|free| free > 0));
        fs::write(directory.path().join("journal.sqlite3"), [0; 10]).unwrap();
        fs::write(directory.path().join("journal.sqlite3-wal"), [0; 5]).unwrap();
        assert_eq!(DiskUse::of(directory.path()).journal_bytes, 15);
        assert_eq!(DiskUse::of(&directory.path().join("missing")).free_bytes, None);
    }
}
