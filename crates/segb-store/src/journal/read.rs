//! Reading the journal beside the writer.

use std::{
    collections::{BTreeMap, HashSet},
    path::Path,
};

use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};
use segb_journal::{
    Commitment, Entry, EntryKind, Hash, Salt, Timestamp,
    statement::{self, ErasureCause},
    tree::HashReader,
};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{
    ContextTables, JOURNAL, JournalError, StoredTree, cosigned, erasure, payload,
    tree::{self, read_checkpoint},
};
use crate::{
    contexts::RecordedDecision, database::Readers, evidence::CosignedCheckpoint, record::Receipt,
    revocations::Revocation,
};

/// Which entries to list, newest first. The default is the newest hundred.
#[derive(Debug, Clone)]
pub struct EntryFilter {
    /// Received at this moment or later.
    pub since: Option<Timestamp>,
    /// Received before this moment.
    pub until: Option<Timestamp>,
    /// By this actor.
    pub actor: Option<String>,
    /// Of this kind.
    pub kind: Option<EntryKind>,
    /// With a smaller sequence number than this: the next page.
    pub before_sequence: Option<u64>,
    /// At most this many.
    pub limit: u32,
}

impl Default for EntryFilter {
    fn default() -> Self {
        Self { since: None, until: None, actor: None, kind: None, before_sequence: None, limit: 100 }
    }
}

/// Some entries, newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryPage {
    /// The entries.
    pub entries: Vec<StoredEntry>,
    /// What to ask for as [`EntryFilter::before_sequence`] to get the next page; none on the last.
    pub next_before_sequence: Option<u64>,
}

/// An entry and what is known about it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredEntry {
    /// The entry itself.
    pub entry: Entry,
    /// Its leaf in the Merkle tree, as computed when it was stored.
    pub leaf_hash: Hash,
    /// How many distinct triples it asserts.
    pub triple_count: u64,
    /// What a person decided, if it is about that.
    pub decision: Option<RecordedDecision>,
    /// What says that its payload is gone, if it is.
    pub erasure: Option<Tombstone>,
}

/// What is left of the payload of an erased log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tombstone {
    /// The sequence number of the entry that says so.
    pub sequence: u64,
    /// Its id.
    pub log_id: Uuid,
    /// When the payload was destroyed.
    pub erased_at: Timestamp,
    /// By whom.
    pub erased_by: String,
    /// Why, as whoever asked for it said.
    pub reason: String,
    /// By what law or rule.
    pub legal_ground: String,
    /// What made the server do it.
    pub cause: ErasureCause,
}

/// The bytes of a log, exactly as they were received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Their media type.
    pub media_type: Option<String>,
    /// With the bytes it opens the commitment of the entry.
    pub salt: Salt,
}

/// An entry as the index needs it.
pub(crate) struct ReplayItem {
    pub(crate) sequence: u64,
    pub(crate) kind: EntryKind,
    pub(crate) log_id: Uuid,
    /// None of an erased log.
    pub(crate) payload: Option<Vec<u8>>,
    /// How many distinct triples it asserted when it was received.
    pub(crate) triple_count: u64,
}

/// The reading end of the journal; any number of threads may use it at once.
#[derive(Debug)]
pub(crate) struct JournalReader {
    readers: Readers,
}

const HOUR_US: i64 = 3_600_000_000;

pub(super) const ENTRY_COLUMNS: &str = "sequence, kind, log_id, received_at, actor, claimed_user, origin, media_type, payload_size, \
                             payload_commitment, leaf_hash, triple_count";

impl JournalReader {
    pub(crate) fn new(path: &Path) -> Self {
        Self { readers: Readers::new(&JOURNAL, path) }
    }

    /// The file.
    pub(crate) fn path(&self) -> &Path {
        self.readers.path()
    }

    /// The entries that fit a filter.
    pub(crate) fn entries(&self, filter: &EntryFilter) -> Result<EntryPage, JournalError> {
        let mut sql = format!("SELECT {ENTRY_COLUMNS} FROM entries WHERE true");
        let mut values: Vec<Box<dyn ToSql>> = Vec::new();
        let mut restrict = |condition: &str, value: Option<Box<dyn ToSql>>| {
            if let Some(value) = value {
                sql.push_str(condition);
                values.push(value);
            }
        };
        restrict(" AND sequence < ?", filter.before_sequence.map(|sequence| Box::new(clamp(sequence)) as _));
        restrict(" AND received_at >= ?", filter.since.map(|since| Box::new(since.as_unix_us()) as _));
        restrict(" AND received_at < ?", filter.until.map(|until| Box::new(until.as_unix_us()) as _));
        restrict(" AND actor = ?", filter.actor.clone().map(|actor| Box::new(actor) as _));
        restrict(" AND kind = ?", filter.kind.map(|kind| Box::new(kind.as_str()) as _));
        sql.push_str(" ORDER BY sequence DESC LIMIT ?");
        // One more than asked for tells whether there is a next page.
        values.push(Box::new(i64::from(filter.limit) + 1));
        let mut entries = self.with(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map(rusqlite::params_from_iter(values.iter()), read_entry)?;
            rows.map(|row| row?.checked()).collect::<Result<Vec<_>, _>>()
        })?;
        let more = entries.len() > filter.limit as usize;
        entries.truncate(filter.limit as usize);
        for stored in &mut entries {
            self.add_what_it_says(stored)?;
        }
        let next_before_sequence = entries.last().filter(|_| more).map(|last| last.entry.sequence);
        Ok(EntryPage { entries, next_before_sequence })
    }

    /// Up to `limit` entries from `sequence` on, oldest first.
    pub(crate) fn entries_from(&self, sequence: u64, limit: u32) -> Result<Vec<StoredEntry>, JournalError> {
        let sql =
            format!("SELECT {ENTRY_COLUMNS} FROM entries WHERE sequence >= ? ORDER BY sequence LIMIT ?");
        let mut entries = self.with(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map(params![clamp(sequence), limit], read_entry)?;
            rows.map(|row| row?.checked()).collect::<Result<Vec<_>, _>>()
        })?;
        for stored in &mut entries {
            self.add_what_it_says(stored)?;
        }
        Ok(entries)
    }

    /// The entry with this id.
    pub(crate) fn entry(&self, log_id: Uuid) -> Result<Option<StoredEntry>, JournalError> {
        let sql = format!("SELECT {ENTRY_COLUMNS} FROM entries WHERE log_id = ?");
        self.with(|connection| {
            let row = connection
                .prepare_cached(&sql)?
                .query_row([log_id.as_bytes().as_slice()], read_entry)
                .optional()?;
            row.map(EntryRow::checked).transpose()
        })
        .and_then(|mut stored| {
            stored.as_mut().map_or(Ok(()), |stored| self.add_what_it_says(stored))?;
            Ok(stored)
        })
    }

    /// Logs in each hour that had any. The index of times knows nothing of kinds, so that all entries are counted there
    /// and the few others taken off.
    pub(crate) fn logs_per_hour(
        &self,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<(Timestamp, u64)>, JournalError> {
        let mut hours: BTreeMap<i64, i64> = BTreeMap::new();
        for (condition, sign) in [("", 1), (" AND kind <> 'log_received'", -1)] {
            let sql = format!(
                "SELECT received_at - received_at % {HOUR_US} AS hour, COUNT(*) FROM entries \
                 WHERE received_at >= ? AND received_at < ?{condition} GROUP BY hour"
            );
            self.with(|connection| {
                let mut statement = connection.prepare_cached(&sql)?;
                let mut rows = statement.query([since.as_unix_us(), until.as_unix_us()])?;
                while let Some(row) = rows.next()? {
                    *hours.entry(row.get(0)?).or_default() += sign * row.get::<_, i64>(1)?;
                }
                Ok(())
            })?;
        }
        let hours = hours.into_iter().filter(|(_, logs)| *logs > 0).map(|(hour, logs)| {
            let hour = Timestamp::from_unix_us(hour)
                .map_err(|error| JournalError::Damaged(format!("a time of receipt: {error}")))?;
            Ok((hour, logs as u64))
        });
        hours.collect()
    }

    /// Decisions of persons and erasures are few, and what they are is what everybody wants to know about them.
    fn add_what_it_says(&self, stored: &mut StoredEntry) -> Result<(), JournalError> {
        if stored.entry.kind == EntryKind::LogReceived {
            stored.erasure = self.tombstone(stored.entry.sequence)?;
            return Ok(());
        }
        if !matches!(stored.entry.kind, EntryKind::ReviewCaseAccepted | EntryKind::ReviewCaseRejected) {
            return Ok(());
        }
        if let Some(payload) = self.payload(stored.entry.log_id)? {
            let decision = serde_json::from_slice(&payload.bytes)
                .map_err(|error| JournalError::Damaged(format!("a decision cannot be read: {error}")))?;
            stored.decision = Some(decision);
        }
        Ok(())
    }

    /// What says that the payload of the log with this sequence number is gone.
    fn tombstone(&self, sequence: u64) -> Result<Option<Tombstone>, JournalError> {
        let sql = format!(
            "SELECT {ENTRY_COLUMNS} FROM entries \
             WHERE sequence = (SELECT erased_by FROM erasures WHERE sequence = ?)"
        );
        let row = self.with(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let row = statement.query_row([clamp(sequence)], read_entry).optional()?;
            row.map(EntryRow::checked).transpose()
        })?;
        let Some(StoredEntry { entry, .. }) = row else { return Ok(None) };
        let said: statement::Erasure = self.statement(&entry)?;
        Ok(Some(Tombstone {
            sequence: entry.sequence,
            log_id: entry.log_id,
            erased_at: entry.received_at,
            erased_by: entry.actor,
            reason: said.reason,
            legal_ground: said.legal_ground,
            cause: said.cause,
        }))
    }

    /// What an entry of the server itself says.
    pub(crate) fn statement<T: DeserializeOwned>(&self, entry: &Entry) -> Result<T, JournalError> {
        let damaged = |why: &str| {
            JournalError::Damaged(format!("entry {}, {}, cannot be read: {why}", entry.sequence, entry.kind))
        };
        let payload = self.payload(entry.log_id)?.ok_or_else(|| damaged("its payload is missing"))?;
        serde_json::from_slice(&payload.bytes).map_err(|error| damaged(&error.to_string()))
    }

    /// The ids of erased logs that said a triple, in the order in which they were received.
    pub(crate) fn erased_that_said(&self, triple: Hash) -> Result<Vec<Uuid>, JournalError> {
        self.with(|connection| erasure::erased_that_said(connection, triple))
    }

    /// Up to `limit` logs received before a moment whose payloads are still there, with sequence numbers from `from` on.
    pub(crate) fn expired(
        &self,
        before: Timestamp,
        from: u64,
        limit: u32,
    ) -> Result<Vec<(u64, Uuid)>, JournalError> {
        self.with(|connection| erasure::expired(connection, before, from, limit))
    }

    /// The entries that placed the holds and those that released them, in the order of placing.
    pub(crate) fn holds(&self) -> Result<Vec<(StoredEntry, Option<StoredEntry>)>, JournalError> {
        let missing = || JournalError::Damaged("the entry of a hold is missing".to_owned());
        let ids = self.with(erasure::holds)?;
        ids.into_iter()
            .map(|(placed, released)| {
                let placed = self.entry(placed)?.ok_or_else(missing)?;
                let released = released.map(|id| self.entry(id)?.ok_or_else(missing)).transpose()?;
                Ok((placed, released))
            })
            .collect()
    }

    /// The last entry of a kind; all but logs have an index.
    pub(crate) fn last_of(&self, kind: EntryKind) -> Result<Option<Entry>, JournalError> {
        let filter = EntryFilter { kind: Some(kind), limit: 1, ..EntryFilter::default() };
        Ok(self.entries(&filter)?.entries.pop().map(|stored| stored.entry))
    }

    /// The payload of the entry with this id.
    pub(crate) fn payload(&self, log_id: Uuid) -> Result<Option<Payload>, JournalError> {
        let sql = "SELECT media_type, salt, encoding, bytes, payload_size FROM entries \
                   JOIN payloads USING (sequence) WHERE log_id = ?";
        self.with(|connection| {
            let row = connection.prepare_cached(sql)?.query_row([log_id.as_bytes().as_slice()], |row| {
                let (media_type, salt) = (row.get(0)?, Salt::from_bytes(row.get(1)?));
                Ok((media_type, salt, row.get::<_, String>(2)?, row.get(3)?, row.get::<_, i64>(4)?))
            });
            let Some((media_type, salt, encoding, bytes, size)) = row.optional()? else {
                return Ok(None);
            };
            let bytes = payload::decode(&encoding, bytes, size.cast_unsigned())?;
            Ok(Some(Payload { bytes, media_type, salt }))
        })
    }

    /// Up to `limit` entries from `sequence` on, oldest first, for the index: as many as fit into `bytes_max` bytes,
    /// but one at least.
    pub(crate) fn replay(
        &self,
        sequence: u64,
        limit: u32,
        bytes_max: u64,
    ) -> Result<Vec<ReplayItem>, JournalError> {
        let sql = "SELECT sequence, kind, log_id, encoding, bytes, payload_size, triple_count \
                   FROM entries LEFT JOIN payloads USING (sequence) WHERE sequence >= ? ORDER BY sequence LIMIT ?";
        self.with(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query(params![clamp(sequence), limit])?;
            let (mut items, mut bytes) = (Vec::new(), 0_u64);
            while let Some(row) = rows.next()? {
                let size = row.get::<_, i64>(5)?.cast_unsigned();
                bytes = bytes.saturating_add(size);
                if bytes > bytes_max && !items.is_empty() {
                    break;
                }
                let encoding: Option<String> = row.get(3)?;
                items.push(ReplayItem {
                    sequence: row.get::<_, i64>(0)?.cast_unsigned(),
                    kind: parse_kind(&row.get::<_, String>(1)?)?,
                    log_id: Uuid::from_bytes(row.get(2)?),
                    payload: encoding
                        .map(|encoding| payload::decode(&encoding, row.get(4)?, size))
                        .transpose()?,
                    triple_count: row.get::<_, i64>(6)?.cast_unsigned(),
                });
            }
            Ok(items)
        })
    }

    /// The sequence number of the last entry that emptied the graph.
    pub(crate) fn last_clear(&self) -> Result<Option<u64>, JournalError> {
        self.with(|connection| {
            let sequence: Option<i64> = connection.query_row(
                "SELECT max(sequence) FROM entries WHERE kind = ? AND kind <> 'log_received'",
                [EntryKind::GraphCleared.as_str()],
                |row| row.get(0),
            )?;
            Ok(sequence.map(i64::cast_unsigned))
        })
    }

    /// Reads about shared contexts in one transaction, so that all that is read belongs to one state.
    pub(crate) fn contexts<T, E: From<JournalError>>(
        &self,
        read: impl FnOnce(&ContextTables<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.readers.in_transaction(|connection| read(&ContextTables::new(connection)))
    }

    /// Reads about the tree in one transaction, so that all that is read belongs to one size of it.
    pub(crate) fn evidence<T, E: From<JournalError>>(
        &self,
        read: impl FnOnce(&EvidenceTables<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.readers.in_transaction(|connection| read(&EvidenceTables(connection)))
    }

    /// The ids of all revoked tokens.
    pub(crate) fn revoked_tokens(&self) -> Result<HashSet<String>, JournalError> {
        self.with(|connection| {
            let mut statement = connection.prepare("SELECT jti FROM revoked_tokens")?;
            let ids = statement.query_map([], |row| row.get(0))?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
    }

    /// All revocations, the last first.
    pub(crate) fn revocations(&self) -> Result<Vec<Revocation>, JournalError> {
        let sql = format!(
            "SELECT {ENTRY_COLUMNS} FROM entries WHERE sequence IN (SELECT sequence FROM revoked_tokens) \
             ORDER BY sequence DESC"
        );
        let entries = self.with(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([], read_entry)?;
            rows.map(|row| row?.checked()).collect::<Result<Vec<_>, _>>()
        })?;
        entries.into_iter().map(|stored| self.revocation(stored.entry)).collect()
    }

    fn revocation(&self, entry: Entry) -> Result<Revocation, JournalError> {
        let said: statement::Revocation = self.statement(&entry)?;
        Ok(Revocation {
            jti: said.jti,
            reason: said.reason,
            revoked_at: entry.received_at,
            revoked_by: entry.actor,
            log_id: entry.log_id,
        })
    }

    fn with<T>(&self, read: impl FnOnce(&Connection) -> Result<T, JournalError>) -> Result<T, JournalError> {
        self.readers.with(read)
    }
}

/// The tree and its checkpoint, as they are at one moment.
pub(crate) struct EvidenceTables<'c>(&'c Connection);

impl<'c> EvidenceTables<'c> {
    /// How many entries there are.
    pub(crate) fn size(&self) -> Result<u64, JournalError> {
        tree::tree_size(self.0)
    }

    /// The hashes of the tree.
    pub(crate) fn tree(&self) -> impl HashReader<Error = JournalError> + use<'c> {
        StoredTree(self.0)
    }

    /// The root of the tree of the first `size` entries.
    pub(crate) fn root(&self, size: u64) -> Result<Hash, JournalError> {
        segb_journal::tree::root(size, &self.tree()).map_err(|error| JournalError::Damaged(error.to_string()))
    }

    /// The latest checkpoint, size and note; with the signatures of witnesses, if any signed just this one.
    pub(crate) fn checkpoint(&self) -> Result<Option<(u64, String)>, JournalError> {
        let Some((size, note)) = read_checkpoint(self.0)? else { return Ok(None) };
        let cosigned = cosigned::of_size(self.0, size)?;
        // A checkpoint that was signed by another key before says the same, but not to those who know this one.
        let same = cosigned.filter(|cosigned| cosigned.note.starts_with(&note));
        Ok(Some((size, same.map_or(note, |cosigned| cosigned.note))))
    }

    /// The checkpoint of a size that is not the present one, if witnesses have signed it.
    pub(crate) fn cosigned_of_size(&self, size: u64) -> Result<Option<CosignedCheckpoint>, JournalError> {
        cosigned::of_size(self.0, size)
    }

    /// The latest checkpoint that witnesses have signed.
    pub(crate) fn cosigned(&self) -> Result<Option<CosignedCheckpoint>, JournalError> {
        cosigned::latest(self.0)
    }
}

/// The receipt of the entry with this sequence number.
pub(super) fn read_receipt(
    connection: &Connection,
    sequence: i64,
    content_sha256: Hash,
) -> Result<Receipt, JournalError> {
    let sql = format!("SELECT {ENTRY_COLUMNS} FROM entries WHERE sequence = ?");
    let StoredEntry { entry, leaf_hash, triple_count, .. } =
        connection.prepare_cached(&sql)?.query_row([sequence], read_entry)?.checked()?;
    Ok(Receipt {
        log_id: entry.log_id,
        sequence: entry.sequence,
        received_at: entry.received_at,
        triple_count,
        content_sha256,
        leaf_hash,
        repeated: true,
    })
}

/// A row of `entries` before its parts are checked.
pub(super) struct EntryRow {
    kind: String,
    received_at_us: i64,
    stored: StoredEntry,
}

pub(super) fn read_entry(row: &Row<'_>) -> rusqlite::Result<EntryRow> {
    Ok(EntryRow {
        kind: row.get(1)?,
        received_at_us: row.get(3)?,
        stored: StoredEntry {
            entry: Entry {
                sequence: row.get::<_, i64>(0)?.cast_unsigned(),
                kind: EntryKind::LogReceived,
                log_id: Uuid::from_bytes(row.get(2)?),
                received_at: Timestamp::default(),
                actor: row.get(4)?,
                claimed_user: row.get(5)?,
                origin: row.get(6)?,
                media_type: row.get(7)?,
                payload_size: row.get::<_, i64>(8)?.cast_unsigned(),
                payload_commitment: Commitment::from_hash(Hash::from_bytes(row.get(9)?)),
            },
            leaf_hash: Hash::from_bytes(row.get(10)?),
            triple_count: row.get::<_, i64>(11)?.cast_unsigned(),
            decision: None,
            erasure: None,
        },
    })
}

impl EntryRow {
    pub(super) fn checked(self) -> Result<StoredEntry, JournalError> {
        let mut stored = self.stored;
        stored.entry.kind = parse_kind(&self.kind)?;
        stored.entry.received_at = Timestamp::from_unix_us(self.received_at_us)
            .map_err(|error| JournalError::Damaged(error.to_string()))?;
        Ok(stored)
    }
}

fn parse_kind(kind: &str) -> Result<EntryKind, JournalError> {
    kind.parse().map_err(|error: segb_journal::UnknownEntryKind| JournalError::Damaged(error.to_string()))
}

/// Sequence numbers stay far below 2⁶³; a larger one asked for means all.
fn clamp(sequence: u64) -> i64 {
    i64::try_from(sequence).unwrap_or(i64::MAX)
}
