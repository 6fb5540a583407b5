//! What the SQLite files of the store have in common: how they are made and recognised, and how they are read beside
//! their one writer.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::{data_dir::create_private_file, journal::JournalError};

/// A kind of file: by what it is recognised, and what is in it.
#[derive(Debug)]
pub(crate) struct Format {
    /// `PRAGMA application_id`.
    pub(crate) application_id: i64,
    /// What each version added to the one before it; `PRAGMA user_version` is how many of them have been taken. A step
    /// is never changed once it was released.
    pub(crate) steps: &'static [&'static [&'static str]],
}

impl Format {
    const fn version(&self) -> i64 {
        self.steps.len() as i64
    }

    /// Opens a file for its one writer, creating it if there is none.
    ///
    /// A transaction is on disk when its commit returns: the write-ahead log is fsynced with every commit.
    pub(crate) fn open_for_writing(&self, path: &Path) -> Result<Connection, JournalError> {
        // If we crash after this, the file is empty, which is as good as none. SQLite gives `-wal` and `-shm` its mode.
        create_private_file(path).map_err(|error| match error.kind() {
            ErrorKind::StorageFull => JournalError::Full(error.to_string()),
            _ => JournalError::Unusable(error.to_string()),
        })?;
        let mut connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        // What is deleted is overwritten, so that nothing of an erased log stays in unused pages.
        connection.pragma_update(None, "secure_delete", "ON")?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let version = pragma(&transaction, "user_version")?;
        if version == 0 && is_empty(&transaction)? {
            transaction.pragma_update(None, "application_id", self.application_id)?;
        } else {
            self.check_version(&transaction, version)?;
        }
        // If we crash before the commit, the file is as it was and the next start does this again.
        for tables in self.steps[version as usize..].iter().copied().flatten() {
            transaction.execute_batch(tables)?;
        }
        transaction.pragma_update(None, "user_version", self.version())?;
        transaction.commit()?;
        Ok(connection)
    }

    /// Opens a file for reading beside the writer, also from another process.
    pub(crate) fn open_for_reading(&self, path: &Path) -> Result<Connection, JournalError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        self.check_version(&connection, pragma(&connection, "user_version")?)?;
        Ok(connection)
    }

    /// As [`open_for_reading`](Self::open_for_reading), if the file has the tables of this version.
    pub(crate) fn open_current(&self, path: &Path) -> Result<Connection, JournalError> {
        let connection = self.open_for_reading(path)?;
        match pragma(&connection, "user_version")? {
            version if version == self.version() => Ok(connection),
            earlier => Err(JournalError::Unusable(format!(
                "its tables are of version {earlier}; a server of this version has to be started on it once"
            ))),
        }
    }

    /// Whether this is a file of this version or an earlier one, which only has fewer tables.
    fn check_version(&self, connection: &Connection, version: i64) -> Result<(), JournalError> {
        let is_ours = pragma(connection, "application_id")? == self.application_id;
        match version {
            version if !is_ours || version < 1 => {
                Err(JournalError::Damaged("the file is not a SEGB journal".to_owned()))
            }
            version if version > self.version() => Err(JournalError::UnknownVersion(version)),
            _ => Ok(()),
        }
    }
}

fn pragma(connection: &Connection, name: &str) -> Result<i64, JournalError> {
    Ok(connection.pragma_query_value(None, name, |row| row.get(0))?)
}

fn is_empty(connection: &Connection) -> Result<bool, JournalError> {
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(tables == 0)
}

/// Connections kept open for reading; more are opened when more are needed at once.
const CONNECTIONS_KEPT_MAX: usize = 8;

/// Reads a file beside its writer; any number of threads may do so at once.
#[derive(Debug)]
pub(crate) struct Readers {
    format: &'static Format,
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(crate) fn new(format: &'static Format, path: &Path) -> Self {
        Self { format, path: path.to_owned(), idle: Mutex::default() }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn with<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = idle.map_or_else(|| self.format.open_for_reading(&self.path), Ok)?;
        let result = read(&connection);
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if result.is_ok() && idle.len() < CONNECTIONS_KEPT_MAX {
            idle.push(connection);
        }
        result
    }

    /// Reads in one transaction, so that all that is read belongs to one state of the file.
    pub(crate) fn in_transaction<T, E: From<JournalError>>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut done = None;
        self.with(|connection| {
            let transaction = connection.unchecked_transaction()?;
            done = Some(read(&transaction));
            Ok(())
        })?;
        done.unwrap_or_else(|| Err(JournalError::Unusable("nothing was read".to_owned()).into()))
    }
}
