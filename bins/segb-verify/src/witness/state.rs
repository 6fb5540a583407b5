//! The directory in which a witness remembers: for each log a file with the checkpoint that was cosigned last, as the log
//! signed it.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use segb_journal::{
    Hash,
    checkpoint::{Origin, SignedCheckpoint, UnverifiedCheckpoint},
    note::Verifier,
};

/// What the file that keeps a second witness away is called.
const LOCK: &str = "lock";

/// The directory, locked.
#[derive(Debug)]
pub struct StateDir {
    path: PathBuf,
    /// Locked as long as it is open.
    _lock: File,
}

/// Why a witness cannot begin.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenStateError {
    /// The directory or a file in it cannot be read or written.
    #[error("{path}: {cause}")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// Two witnesses with one memory would not be one.
    #[error("another witness runs on {0}")]
    Locked(PathBuf),
    /// What the witness remembers of a log is damaged, or signed by a key that was not given.
    #[error(
        "{path}: what was cosigned last for {origin} cannot be believed: {cause}. A witness that forgets would cosign \
         anything; give the key that signed it with --log, too, or find out what happened to the file"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The log.
        origin: Origin,
        /// Why.
        cause: String,
    },
    /// The name of the key of a log is too long for an origin.
    #[error("the name {0:?} of a key cannot be the origin of a log")]
    Name(String),
}

impl StateDir {
    /// Opens the directory, making it if it is missing.
    ///
    /// # Errors
    /// [`OpenStateError`].
    pub fn open(path: &Path) -> Result<Self, OpenStateError> {
        let io_error = |cause| OpenStateError::Io { path: path.to_owned(), cause };
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(io_error)?;
        let lock = path.join(LOCK);
        let lock = File::options().write(true).create(true).truncate(false).open(lock).map_err(io_error)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(OpenStateError::Locked(path.to_owned())),
            Err(TryLockError::Error(cause)) => Err(io_error(cause)),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Origins may hold anything, so that files are named by their hashes.
    fn file(&self, origin: &Origin) -> PathBuf {
        self.path.join(format!("{}.checkpoint", Hash::of(&[origin.as_str().as_bytes()])))
    }

    /// What was cosigned last for a log; none if nothing was.
    pub(super) fn read(
        &self,
        origin: &Origin,
        keys: &[Verifier],
    ) -> Result<Option<SignedCheckpoint>, OpenStateError> {
        let path = self.file(origin);
        let note = match fs::read(&path) {
            Ok(note) => note,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(OpenStateError::Io { path, cause }),
        };
        let checkpoint = UnverifiedCheckpoint::parse(&note).map_err(|error| error.to_string());
        let verified =
            checkpoint.and_then(|found| found.verify(origin, keys).map_err(|error| error.to_string()));
        verified.map(Some).map_err(|cause| OpenStateError::Damaged { path, origin: origin.clone(), cause })
    }

    /// Remembers a checkpoint. When this returns it is on disk.
    pub(super) fn write(&self, origin: &Origin, checkpoint: &SignedCheckpoint) -> io::Result<()> {
        let (path, partial) = (self.file(origin), self.file(origin).with_extension("partial"));
        write_synced(&partial, checkpoint.to_string().as_bytes())?;
        // If we crash before the rename, the checkpoint before this one counts; after it, this one.
        fs::rename(&partial, &path)?;
        sync_directory(&self.path)
    }
}

/// Writes a file for its owner only, over one that a crash may have left.
pub(super) fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// So that a name in it survives a crash of the machine.
pub(super) fn sync_directory(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}
