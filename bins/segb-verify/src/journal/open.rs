//! Opening the file: for reading only, and nothing but it.

use std::{
    fmt::Write as _,
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::schema::{self, Kind};

/// The name of the file in a data directory or a backup.
pub const JOURNAL_FILE_NAME: &str = "journal.sqlite3";
/// The name of the file of those who looked, beside it.
pub const ACCESS_FILE_NAME: &str = "access.sqlite3";

/// How long to wait for a server that locks the file, for example while it recovers.
const BUSY_WAIT: Duration = Duration::from_secs(10);

/// Why a file is not read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// There is nothing of that name, or it may not be looked at.
    #[error("{path}: {cause}")]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// It is no SQLite file, or one of another program.
    #[error("{0} is not a SEGB journal")]
    NotAJournal(PathBuf),
    /// The tables are of a version that came after this program.
    #[error("{path} has tables of version {version}, which this version of segb-verify does not know")]
    UnknownVersion {
        /// The file.
        path: PathBuf,
        /// The version.
        version: i64,
    },
    /// The latest entries are in a file beside it that cannot be used where it is.
    #[error(
        "{0}: its latest entries are in the file -wal beside it, which can only be read where this directory can be \
         written to; copy both files to such a place"
    )]
    WriteAheadLog(PathBuf),
    /// SQLite refuses.
    #[error("{path}: {cause}")]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: rusqlite::Error,
    },
}

/// The journal file that a path names: itself, or the one in that directory.
///
/// # Errors
/// [`OpenError::Io`] if there is none.
pub fn locate(path: &Path) -> Result<PathBuf, OpenError> {
    let io_error = |path: &Path| {
        let path = path.to_owned();
        |cause| OpenError::Io { path, cause }
    };
    let file = match path.metadata().map_err(io_error(path))? {
        metadata if metadata.is_dir() => path.join(JOURNAL_FILE_NAME),
        _ => path.to_owned(),
    };
    file.metadata().map_err(io_error(&file))?;
    Ok(file)
}

/// Opens a journal as it is at this moment: what is written from now on is not seen.
///
/// # Errors
/// [`OpenError`].
pub fn open(file: &Path) -> Result<Connection, OpenError> {
    open_at_a_moment(file, schema::journal_kind)
}

/// Opens a journal of accesses, likewise.
///
/// # Errors
/// [`OpenError`].
pub fn open_access(file: &Path) -> Result<Connection, OpenError> {
    open_at_a_moment(file, schema::access_journal_kind)
}

fn open_at_a_moment(
    file: &Path,
    kind: fn(&Connection) -> rusqlite::Result<Kind>,
) -> Result<Connection, OpenError> {
    let sqlite_error = |cause: rusqlite::Error| match cause.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => OpenError::NotAJournal(file.to_owned()),
        _ => OpenError::Sqlite { path: file.to_owned(), cause },
    };
    let connection = match connect(file, OpenFlags::empty()) {
        Err(error) if needs_a_writable_directory(&error) => {
            if wal_has_something(file) {
                return Err(OpenError::WriteAheadLog(file.to_owned()));
            }
            connect(&immutable(file), OpenFlags::SQLITE_OPEN_URI)
        }
        opened => opened,
    };
    let connection = connection.map_err(sqlite_error)?;
    match kind(&connection).map_err(sqlite_error)? {
        Kind::Known => Ok(connection),
        Kind::Foreign => Err(OpenError::NotAJournal(file.to_owned())),
        Kind::UnknownVersion(version) => Err(OpenError::UnknownVersion { path: file.to_owned(), version }),
    }
}

/// A read transaction that has begun. It ends with the connection.
fn connect(file: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let flags = flags | OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(BUSY_WAIT)?;
    connection.execute_batch("BEGIN")?;
    // The transaction takes hold with the first read.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(connection)
}

/// What SQLite says of a file in WAL mode if it can neither find nor make the files beside it.
fn needs_a_writable_directory(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly))
}

fn wal_has_something(file: &Path) -> bool {
    let mut wal = file.as_os_str().to_owned();
    wal.push("-wal");
    Path::new(&wal).metadata().is_ok_and(|wal| wal.len() > 0)
}

/// The file as one that nobody can change, so that SQLite needs no others (SQLite, "URI Filenames").
fn immutable(file: &Path) -> PathBuf {
    let mut uri = "file:".to_owned();
    for byte in file.as_os_str().as_encoded_bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(*byte));
            }
            // Writing into a string does not fail.
            _ => _ = write!(uri, "%{byte:02X}"),
        }
    }
    uri.push_str("?immutable=1");
    uri.into()
}
