//! Reading the access journal, and proving what is in it.

use rusqlite::{Connection, OptionalExtension, Row, ToSql, params_from_iter};
use segb_journal::{
    Hash, Timestamp,
    access::AccessRecord,
    tree::{InclusionProof, ProveInclusionError, prove_inclusion, root},
};

use crate::{
    evidence::{CheckpointNote, ProofError},
    journal::{JournalError, StoredTree, read_checkpoint},
    read::ReadError,
    store::Store,
};

/// Which records to list, newest first. The default is the newest hundred.
#[derive(Debug, Clone)]
pub struct AccessFilter {
    /// Answered at this moment or later.
    pub since: Option<Timestamp>,
    /// Answered before this moment.
    pub until: Option<Timestamp>,
    /// By this actor.
    pub actor: Option<String>,
    /// Of this action.
    pub action: Option<String>,
    /// With this status.
    pub result: Option<u16>,
    /// With a smaller sequence number than this: the next page.
    pub before_sequence: Option<u64>,
    /// At most this many.
    pub limit: u32,
}

impl Default for AccessFilter {
    fn default() -> Self {
        Self {
            since: None,
            until: None,
            actor: None,
            action: None,
            result: None,
            before_sequence: None,
            limit: 100,
        }
    }
}

/// A record and its leaf in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAccess {
    /// The record.
    pub record: AccessRecord,
    /// Its leaf, as computed when it was stored.
    pub leaf_hash: Hash,
}

/// Some records, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessPage {
    /// The records.
    pub records: Vec<StoredAccess>,
    /// What to ask for as [`AccessFilter::before_sequence`] to get the next page; none on the last.
    pub next_before_sequence: Option<u64>,
}

/// A record and the proof that it is in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessProof {
    /// The record.
    pub stored: StoredAccess,
    /// What is hashed: its canonical form, RFC 8785.
    pub canonical: String,
    /// That its leaf is in the tree.
    pub inclusion: InclusionProof,
    /// The root of that tree.
    pub root: Hash,
    /// The checkpoint about exactly that tree, if it is the latest one.
    pub checkpoint: Option<CheckpointNote>,
}

/// All of these block on the disk.
impl Store {
    /// The records that fit a filter, newest first.
    ///
    /// # Errors
    /// [`ReadError::Storage`].
    pub fn accesses(&self, filter: &AccessFilter) -> Result<AccessPage, ReadError> {
        let mut records = self.access_journal().readers.with(|connection| list(connection, filter))?;
        let more = records.len() > filter.limit as usize;
        records.truncate(filter.limit as usize);
        let next_before_sequence = records.last().filter(|_| more).map(|last| last.record.sequence);
        Ok(AccessPage { records, next_before_sequence })
    }

    /// The latest checkpoint of the access journal; none without a key to sign it.
    ///
    /// # Errors
    /// [`ReadError::Storage`].
    pub fn access_checkpoint(&self) -> Result<Option<CheckpointNote>, ReadError> {
        Ok(self.access_journal().readers.with(checkpoint)?)
    }

    /// Proves that a record is in the access journal of `size` records, or in the present one.
    ///
    /// # Errors
    /// [`ProofError`].
    pub fn prove_access(&self, sequence: u64, size: Option<u64>) -> Result<AccessProof, ProofError> {
        self.access_journal().readers.in_transaction(|connection| prove(connection, sequence, size))
    }
}

const COLUMNS: &str = "sequence, at, actor, action, object, result, origin, request_id, leaf_hash";

/// One more than asked for, which tells whether there is a next page.
fn list(connection: &Connection, filter: &AccessFilter) -> Result<Vec<StoredAccess>, JournalError> {
    let mut sql = format!("SELECT {COLUMNS} FROM accesses WHERE true");
    let mut values: Vec<Box<dyn ToSql>> = Vec::new();
    let mut restrict = |condition: &str, value: Option<Box<dyn ToSql>>| {
        if let Some(value) = value {
            sql.push_str(condition);
            values.push(value);
        }
    };
    restrict(" AND sequence < ?", filter.before_sequence.map(|sequence| Box::new(clamp(sequence)) as _));
    restrict(" AND at >= ?", filter.since.map(|since| Box::new(since.as_unix_us()) as _));
    restrict(" AND at < ?", filter.until.map(|until| Box::new(until.as_unix_us()) as _));
    restrict(" AND actor = ?", filter.actor.clone().map(|actor| Box::new(actor) as _));
    restrict(" AND action = ?", filter.action.clone().map(|action| Box::new(action) as _));
    restrict(" AND result = ?", filter.result.map(|result| Box::new(result) as _));
    sql.push_str(" ORDER BY sequence DESC LIMIT ?");
    values.push(Box::new(i64::from(filter.limit) + 1));
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(values.iter()), read_row)?;
    rows.map(|row| row?.checked()).collect()
}

fn checkpoint(connection: &Connection) -> Result<Option<CheckpointNote>, JournalError> {
    Ok(read_checkpoint(connection)?.map(|(size, note)| CheckpointNote { size, note }))
}

fn prove(connection: &Connection, sequence: u64, size: Option<u64>) -> Result<AccessProof, ProofError> {
    let stored = find(connection, sequence)?.ok_or(ProofError::UnknownAccess)?;
    let present = len(connection)?;
    let size = size.unwrap_or(present);
    if size > present {
        return Err(ProofError::BadSize(format!(
            "The access journal has {present} records, not {size} yet."
        )));
    }
    let tree = StoredTree(connection);
    let inclusion = prove_inclusion(sequence, size, &tree).map_err(|error| match error {
        ProveInclusionError::NotInTree { .. } => ProofError::BadSize(format!(
            "The record has sequence {sequence}, so it is not among the first {size}."
        )),
        other => ProofError::Storage(other.to_string()),
    })?;
    let storage = |error: &dyn std::fmt::Display| ProofError::Storage(error.to_string());
    let canonical =
        String::from_utf8(stored.record.to_canonical_bytes()?).map_err(|error| storage(&error))?;
    let root = root(size, &tree).map_err(|error| storage(&error))?;
    let checkpoint = checkpoint(connection)?.filter(|checkpoint| checkpoint.size == size);
    Ok(AccessProof { stored, canonical, inclusion, root, checkpoint })
}

fn find(connection: &Connection, sequence: u64) -> Result<Option<StoredAccess>, JournalError> {
    let sql = format!("SELECT {COLUMNS} FROM accesses WHERE sequence = ?");
    let row = connection.prepare_cached(&sql)?.query_row([clamp(sequence)], read_row).optional()?;
    row.map(AccessRow::checked).transpose()
}

/// How many records there are.
fn len(connection: &Connection) -> Result<u64, JournalError> {
    let sql = "SELECT coalesce(max(sequence) + 1, 0) FROM accesses";
    let len: i64 = connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    Ok(len.cast_unsigned())
}

/// A row before its time is checked.
struct AccessRow {
    at_us: i64,
    stored: StoredAccess,
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<AccessRow> {
    Ok(AccessRow {
        at_us: row.get(1)?,
        stored: StoredAccess {
            record: AccessRecord {
                sequence: row.get::<_, i64>(0)?.cast_unsigned(),
                at: Timestamp::default(),
                actor: row.get(2)?,
                action: row.get(3)?,
                object: row.get(4)?,
                result: row.get(5)?,
                origin: row.get(6)?,
                request_id: row.get(7)?,
            },
            leaf_hash: Hash::from_bytes(row.get(8)?),
        },
    })
}

impl AccessRow {
    fn checked(self) -> Result<StoredAccess, JournalError> {
        let at = Timestamp::from_unix_us(self.at_us);
        let at = at.map_err(|error| JournalError::Damaged(error.to_string()))?;
        let StoredAccess { record, leaf_hash } = self.stored;
        Ok(StoredAccess { record: AccessRecord { at, ..record }, leaf_hash })
    }
}

/// Sequence numbers stay far below 2⁶³; a larger one asked for means all.
fn clamp(sequence: u64) -> i64 {
    i64::try_from(sequence).unwrap_or(i64::MAX)
}
