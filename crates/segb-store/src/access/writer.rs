//! The writing end of the file.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use segb_journal::{Hash, Timestamp, access::AccessRecord};

use super::ACCESSES;
use crate::journal::{GrowingTree, JournalError, Signing};

/// How long SQLite waits for a backup that reads the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// All leaves in their order.
const LEAVES: &str = "SELECT leaf_hash FROM accesses ORDER BY sequence";

#[derive(Debug)]
pub(super) struct AccessWriter {
    connection: Connection,
    next_sequence: u64,
    tree: GrowingTree,
}

/// A file that was opened.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) writer: AccessWriter,
    /// Whether it was not closed before.
    pub(super) was_in_use: bool,
    /// The time of its last record.
    pub(super) last_at: Option<Timestamp>,
}

impl AccessWriter {
    /// Opens the file and marks it as in use.
    pub(super) fn open(path: &Path, signing: Option<Signing>) -> Result<Opened, JournalError> {
        let mut connection = ACCESSES.open_for_writing(path)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        let last: Option<(i64, i64)> = connection
            .query_row("SELECT sequence, at FROM accesses ORDER BY sequence DESC LIMIT 1", [], |row| {
                row.try_into()
            })
            .optional()?;
        let next_sequence = last.map_or(0, |(sequence, _)| sequence.cast_unsigned() + 1);
        let last_at = last.map(|(_, at)| Timestamp::from_unix_us(at)).transpose();
        let last_at = last_at.map_err(|error| JournalError::Damaged(error.to_string()))?;
        let tree = GrowingTree::open(&mut connection, next_sequence, LEAVES, signing)?;
        let was_in_use = connection.query_row("SELECT max(in_use) FROM state", [], |row| row.get(0))?;
        connection.execute("UPDATE state SET in_use = 1", [])?;
        Ok(Opened { writer: Self { connection, next_sequence, tree }, was_in_use, last_at })
    }

    /// How many records there are; also the sequence number of the next.
    pub(super) const fn len(&self) -> u64 {
        self.next_sequence
    }

    /// Appends all records in one transaction and gives them their places. When this returns they are on disk; if it
    /// fails, or if we crash before the commit, none of them is.
    pub(super) fn append(&mut self, records: &mut [AccessRecord]) -> Result<(), JournalError> {
        if records.is_empty() {
            return Ok(());
        }
        let mut tree = self.tree.clone();
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for (sequence, record) in (self.next_sequence..).zip(records.iter_mut()) {
            record.sequence = sequence;
            let leaf_hash = record.leaf_hash().map_err(|error| JournalError::Unusable(error.to_string()))?;
            insert(&transaction, record, leaf_hash)?;
            tree.append(&transaction, leaf_hash)?;
        }
        tree.sign(&transaction)?;
        transaction.commit()?;
        self.tree = tree;
        self.next_sequence += records.len() as u64;
        Ok(())
    }

    /// Takes the mark away, if nothing is missing, and moves the write-ahead log into the file.
    pub(super) fn close(self, is_complete: bool) -> Result<(), JournalError> {
        if is_complete {
            self.connection.execute("UPDATE state SET in_use = 0", [])?;
        }
        Ok(self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
    }
}

fn insert(transaction: &Transaction<'_>, record: &AccessRecord, leaf_hash: Hash) -> Result<(), JournalError> {
    let sql = "INSERT INTO accesses (sequence, at, actor, action, object, result, origin, request_id, leaf_hash) \
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    transaction.prepare_cached(sql)?.execute(params![
        record.sequence.cast_signed(),
        record.at.as_unix_us(),
        record.actor,
        record.action,
        record.object,
        record.result,
        record.origin,
        record.request_id,
        leaf_hash.as_bytes().as_slice(),
    ])?;
    Ok(())
}
