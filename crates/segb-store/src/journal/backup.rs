//! A copy of the journal and of the access journal, taken while a server writes to them.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use super::{FILE_NAME, JOURNAL, JournalError};
use crate::{
    access::{self, ACCESSES},
    data_dir::{create_private, create_private_file},
    database::Format,
};

/// What a backup holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackupSummary {
    /// Entries in the copied journal.
    pub entries: u64,
    /// Records in the copied access journal; none if there is no such file.
    pub access_records: Option<u64>,
    /// Bytes of both files.
    pub bytes: u64,
}

/// Why there is no backup.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// There is no journal in the data directory. The operator's mistake.
    #[error("there is no journal in {0}")]
    NoJournal(PathBuf),
    /// The target already holds a journal; a backup never overwrites anything.
    #[error("{0} already exists; choose an empty directory")]
    TargetExists(PathBuf),
    /// The journal cannot be read, or the copy not written.
    #[error("the backup failed: {0}")]
    Journal(#[from] JournalError),
    /// The file system refuses.
    #[error("the backup failed: {path}: {cause}")]
    Io {
        /// Where.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
}

/// Copies the journal of `data_dir` as of now into `target_dir`, which then is a data directory that a server can be
/// started on: it makes the graph index anew. The access journal is copied before it, as of then. A server may be
/// writing meanwhile and is not held up.
///
/// # Errors
/// [`BackupError`]; a copy that failed half way is not left behind under a journal's name.
pub fn backup(data_dir: &Path, target_dir: &Path) -> Result<BackupSummary, BackupError> {
    if !data_dir.join(FILE_NAME).exists() {
        return Err(BackupError::NoJournal(data_dir.to_owned()));
    }
    create_private(target_dir).map_err(io_error(target_dir))?;
    for target in [FILE_NAME, access::FILE_NAME].map(|name| target_dir.join(name)) {
        if target.exists() {
            return Err(BackupError::TargetExists(target));
        }
    }
    let accesses = if data_dir.join(access::FILE_NAME).exists() {
        let count = "SELECT count(*) FROM accesses";
        // Before the journal, so that what has the name of a journal is a complete backup.
        Some(copy_file(
            &ACCESSES,
            count,
            &data_dir.join(access::FILE_NAME),
            &target_dir.join(access::FILE_NAME),
        )?)
    } else {
        None
    };
    let count = "SELECT count(*) FROM entries";
    let journal = copy_file(&JOURNAL, count, &data_dir.join(FILE_NAME), &target_dir.join(FILE_NAME))?;
    File::open(target_dir).and_then(|directory| directory.sync_all()).map_err(io_error(target_dir))?;
    Ok(BackupSummary {
        entries: journal.rows,
        access_records: accesses.map(|accesses| accesses.rows),
        bytes: journal.bytes + accesses.map_or(0, |accesses| accesses.bytes),
    })
}

#[derive(Debug, Clone, Copy)]
struct Copied {
    rows: u64,
    bytes: u64,
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> BackupError + use<> {
    let path = path.to_owned();
    move |cause| BackupError::Io { path, cause }
}

fn copy_file(format: &Format, count: &str, source: &Path, target: &Path) -> Result<Copied, BackupError> {
    let partial = target.with_extension("sqlite3.partial");
    if partial.exists() {
        fs::remove_file(&partial).map_err(io_error(&partial))?;
    }
    // SQLite fills an empty file, and would make a new one readable by everybody.
    create_private_file(&partial).map_err(io_error(&partial))?;
    let rows = copy(format, count, source, &partial)?;
    let file = File::open(&partial).map_err(io_error(&partial))?;
    file.sync_all().map_err(io_error(&partial))?;
    // If we crash before the rename, there is a partial file and no backup.
    fs::rename(&partial, target).map_err(io_error(target))?;
    let bytes = file.metadata().map_err(io_error(target))?.len();
    Ok(Copied { rows, bytes })
}

/// One statement, and so one consistent state of the file.
fn copy(format: &Format, count: &str, source: &Path, target: &Path) -> Result<u64, JournalError> {
    let connection = format.open_for_reading(source)?;
    let target_text =
        target.to_str().ok_or_else(|| JournalError::Unusable("the path is not UTF-8".to_owned()))?;
    connection.execute("VACUUM INTO ?", [target_text])?;
    let rows: i64 = format.open_for_reading(target)?.query_row(count, [], |row| row.get(0))?;
    Ok(rows.cast_unsigned())
}
