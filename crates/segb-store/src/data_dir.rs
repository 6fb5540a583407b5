//! The data directory: for one process at a time, and for its owner only.

use std::{
    fs::{self, File, TryLockError},
    path::Path,
    thread,
    time::{Duration, Instant},
};

use crate::open::OpenError;

/// How long the directory may seem to be in use after a server was killed: a query process that it was just starting holds
/// its open files until it is its own program, and then ends.
const RELEASE_WAIT: Duration = Duration::from_secs(1);
const RELEASE_POLL: Duration = Duration::from_millis(10);

/// The data directory, which no other process has while this lives.
#[derive(Debug)]
pub struct DataDirLock {
    /// Unlocked when it is closed.
    _file: File,
}

impl DataDirLock {
    /// Makes the directory, if there is none, and takes it.
    ///
    /// # Errors
    /// [`OpenError::Locked`] if another process has it, [`OpenError::DataDir`] if it cannot be used.
    pub fn acquire(data_dir: &Path) -> Result<Self, OpenError> {
        let data_dir_error = |cause| OpenError::DataDir { path: data_dir.to_owned(), cause };
        create_private(data_dir).map_err(data_dir_error)?;
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(data_dir.join("lock"))
            .map_err(data_dir_error)?;
        let until = Instant::now() + RELEASE_WAIT;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::WouldBlock) if Instant::now() < until => thread::sleep(RELEASE_POLL),
                Err(TryLockError::WouldBlock) => return Err(OpenError::Locked(data_dir.to_owned())),
                Err(TryLockError::Error(cause)) => return Err(data_dir_error(cause)),
            }
        }
    }
}

/// What robots sent is nobody else's business: a new data directory is for its owner only.
pub(crate) fn create_private(data_dir: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(data_dir)
}

/// Makes an empty file for its owner only. One that is there stays as it is, and is not even opened: closing a file
/// that SQLite has open in this process would give up its locks (POSIX).
pub(crate) fn create_private_file(path: &Path) -> std::io::Result<()> {
    let mut options = File::options();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}
