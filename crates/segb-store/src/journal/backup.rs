//! A copy of the journal, taken while a server writes to it.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use super::{FILE_NAME, JournalError, schema::open_for_reading};
use crate::data_dir::{create_private, create_private_file};

/// What a backup holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackupSummary {
    /// Entries in the copied journal.
    pub entries: u64,
    /// Bytes of the file.
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
/// started on: it makes the graph index anew. A server may be writing meanwhile and is not held up.
///
/// # Errors
/// [`BackupError`]; a copy that failed half way is not left behind under the journal's name.
pub fn backup(data_dir: &Path, target_dir: &Path) -> Result<BackupSummary, BackupError> {
    let source = data_dir.join(FILE_NAME);
    if !source.exists() {
        return Err(BackupError::NoJournal(data_dir.to_owned()));
    }
    let io_error = |path: &Path| {
        let path = path.to_owned();
        move |cause| BackupError::Io { path, cause }
    };
    create_private(target_dir).map_err(io_error(target_dir))?;
    let (target, partial) = (target_dir.join(FILE_NAME), target_dir.join(format!("{FILE_NAME}.partial")));
    if target.exists() {
        return Err(BackupError::TargetExists(target));
    }
    if partial.exists() {
        fs::remove_file(&partial).map_err(io_error(&partial))?;
    }
    // SQLite fills an empty file, and would make a new one readable by everybody.
    create_private_file(&partial).map_err(io_error(&partial))?;
    let entries = copy(&source, &partial)?;
    let file = File::open(&partial).map_err(io_error(&partial))?;
    file.sync_all().map_err(io_error(&partial))?;
    // If we crash before the rename, there is a partial file and no backup.
    fs::rename(&partial, &target).map_err(io_error(&target))?;
    File::open(target_dir).and_then(|directory| directory.sync_all()).map_err(io_error(target_dir))?;
    let bytes = file.metadata().map_err(io_error(&target))?.len();
    Ok(BackupSummary { entries, bytes })
}

/// One statement, and so one consistent state of the journal.
fn copy(source: &Path, target: &Path) -> Result<u64, JournalError> {
    let connection = open_for_reading(source)?;
    let target_text =
        target.to_str().ok_or_else(|| JournalError::Unusable("the path is not UTF-8".to_owned()))?;
    connection.execute("VACUUM INTO ?", [target_text])?;
    let entries: i64 =
        open_for_reading(target)?.query_row("SELECT count(*) FROM entries", [], |row| row.get(0))?;
    Ok(entries.cast_unsigned())
}
