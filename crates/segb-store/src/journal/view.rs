//! The journal as it is at one moment, for as long as somebody reads it.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, ToSql, params};
use segb_journal::{Hash, Salt, bundle::Request, tree::HashReader};
use uuid::Uuid;

use super::{
    JOURNAL, JournalError, StoredEntry, payload,
    read::{ENTRY_COLUMNS, read_entry},
    tree::{StoredTree, tree_size},
};

/// A read transaction on a connection of its own. While it is open, SQLite keeps what it sees: the write-ahead log
/// grows, and what is erased meanwhile is not overwritten before it ends.
#[derive(Debug)]
pub(crate) struct JournalView {
    connection: Connection,
    size: u64,
}

/// A signed checkpoint as it is stored.
pub(crate) struct StoredCheckpoint {
    pub(crate) size: u64,
    pub(crate) note: String,
    pub(crate) verifier: String,
}

/// The payload of an entry and its salt.
pub(crate) struct SaltedPayload {
    pub(crate) salt: Salt,
    pub(crate) bytes: Vec<u8>,
}

impl JournalView {
    /// The journal as it is now. Needs no writer, and holds none up.
    pub(crate) fn open(path: &Path) -> Result<Self, JournalError> {
        let connection = JOURNAL.open_current(path)?;
        connection.execute_batch("BEGIN")?;
        // The transaction sees what there is when it first reads.
        let size = tree_size(&connection)?;
        Ok(Self { connection, size })
    }

    /// How many entries there are.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// The hashes of the tree.
    pub(crate) fn tree(&self) -> impl HashReader<Error = JournalError> {
        StoredTree(&self.connection)
    }

    /// The root of the tree.
    pub(crate) fn root(&self) -> Result<Hash, JournalError> {
        segb_journal::tree::root(self.size, &self.tree())
            .map_err(|error| JournalError::Damaged(error.to_string()))
    }

    /// The checkpoint of the last commit; none of a journal that was written without a key.
    pub(crate) fn checkpoint(&self) -> Result<Option<StoredCheckpoint>, JournalError> {
        let sql = "SELECT size, note, verifier FROM checkpoints ORDER BY size DESC LIMIT 1";
        let row: Option<(i64, String, String)> =
            self.connection.query_row(sql, [], |row| row.try_into()).optional()?;
        Ok(row.map(|(size, note, verifier)| StoredCheckpoint { size: size.cast_unsigned(), note, verifier }))
    }

    /// The note that witnesses signed about the present size, if they did.
    pub(crate) fn cosigned(&self) -> Result<Option<String>, JournalError> {
        let sql = "SELECT note FROM cosigned_checkpoints WHERE size = ?";
        Ok(self.connection.query_row(sql, [self.size.cast_signed()], |row| row.get(0)).optional()?)
    }

    /// Those of the ids that no entry has.
    pub(crate) fn unknown(&self, ids: &[Uuid]) -> Result<Vec<Uuid>, JournalError> {
        let mut statement = self.connection.prepare("SELECT 1 FROM entries WHERE log_id = ?")?;
        let mut unknown = Vec::new();
        for id in ids {
            if !statement.exists([id.as_bytes().as_slice()])? {
                unknown.push(*id);
            }
        }
        Ok(unknown)
    }

    /// The sequence numbers of the entries that fit, in their order, `limit` at most.
    pub(crate) fn select(&self, request: &Request, limit: u64) -> Result<Vec<u64>, JournalError> {
        let mut conditions = String::new();
        let mut values: Vec<Box<dyn ToSql>> = Vec::new();
        let mut restrict = |condition: &str, value: Option<Box<dyn ToSql>>| {
            if let Some(value) = value {
                conditions.push_str(condition);
                values.push(value);
            }
        };
        restrict(" AND received_at >= ?", request.since.map(|since| Box::new(since.as_unix_us()) as _));
        restrict(" AND received_at < ?", request.until.map(|until| Box::new(until.as_unix_us()) as _));
        restrict(" AND actor = ?", request.actor.clone().map(|actor| Box::new(actor) as _));
        restrict(" AND kind = ?", request.kind.map(|kind| Box::new(kind.as_str()) as _));
        let Some(ids) = &request.log_ids else {
            let sql =
                format!("SELECT sequence FROM entries WHERE true{conditions} ORDER BY sequence LIMIT ?");
            values.push(Box::new(i64::try_from(limit).unwrap_or(i64::MAX)));
            return self.sequences(&sql, &values);
        };
        // A list may be longer than a statement has room for.
        let sql = format!("SELECT sequence FROM entries WHERE true{conditions} AND log_id = ?");
        let mut found = Vec::new();
        for id in ids {
            values.push(Box::new(*id.as_bytes()));
            found.extend(self.sequences(&sql, &values)?);
            values.pop();
        }
        found.sort_unstable();
        found.dedup();
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(found)
    }

    fn sequences(&self, sql: &str, values: &[Box<dyn ToSql>]) -> Result<Vec<u64>, JournalError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let sequences =
            statement.query_map(rusqlite::params_from_iter(values), |row| row.get::<_, i64>(0))?;
        sequences.map(|sequence| Ok(sequence?.cast_unsigned())).collect()
    }

    /// The entry that says that the payload of this one was erased.
    pub(crate) fn erased_by(&self, sequence: u64) -> Result<Option<u64>, JournalError> {
        let sql = "SELECT erased_by FROM erasures WHERE sequence = ?";
        let mut statement = self.connection.prepare_cached(sql)?;
        let by: Option<i64> = statement.query_row([sequence.cast_signed()], |row| row.get(0)).optional()?;
        Ok(by.map(i64::cast_unsigned))
    }

    /// The entry with this sequence number, without what other entries say about it.
    pub(crate) fn entry(&self, sequence: u64) -> Result<StoredEntry, JournalError> {
        let sql = format!("SELECT {ENTRY_COLUMNS} FROM entries WHERE sequence = ?");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let row = statement.query_row([sequence.cast_signed()], read_entry).optional()?;
        row.ok_or_else(|| JournalError::Damaged(format!("entry {sequence} is missing")))?.checked()
    }

    /// The salt of a payload; none if it was erased.
    pub(crate) fn salt(&self, sequence: u64) -> Result<Option<Salt>, JournalError> {
        let sql = "SELECT salt FROM payloads WHERE sequence = ?";
        let mut statement = self.connection.prepare_cached(sql)?;
        let salt = statement.query_row([sequence.cast_signed()], |row| row.get(0)).optional()?;
        Ok(salt.map(Salt::from_bytes))
    }

    /// A payload of `size` bytes and its salt; none if it was erased.
    pub(crate) fn payload(&self, sequence: u64, size: u64) -> Result<Option<SaltedPayload>, JournalError> {
        let sql = "SELECT salt, encoding, bytes FROM payloads WHERE sequence = ?";
        let mut statement = self.connection.prepare_cached(sql)?;
        let row: Option<([u8; Salt::LENGTH_BYTES], String, Vec<u8>)> =
            statement.query_row(params![sequence.cast_signed()], |row| row.try_into()).optional()?;
        let Some((salt, encoding, bytes)) = row else { return Ok(None) };
        let bytes = payload::decode(&encoding, bytes, size)?;
        Ok(Some(SaltedPayload { salt: Salt::from_bytes(salt), bytes }))
    }

    /// The prefixes that logs declared, with their namespaces.
    pub(crate) fn prefixes(&self) -> Result<Vec<(String, String)>, JournalError> {
        let mut statement = self.connection.prepare("SELECT prefix, iri FROM prefixes ORDER BY prefix")?;
        let prefixes = statement.query_map([], |row| row.try_into())?;
        Ok(prefixes.collect::<Result<_, _>>()?)
    }
}
