//! Adding entries: the one place where the record grows.

use std::{path::Path, sync::Arc, time::Duration};

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use segb_journal::{Commitment, Entry, EntryKind, Hash, Salt};

use super::{
    EncodedPayload, GrowingTree, JOURNAL, JournalError, Signing, StateChange, cosigned, read::read_receipt,
};
use crate::{
    evidence::CosignedCheckpoint,
    record::{Provenance, Receipt},
};

/// Prefixes remembered from logs: enough for every vocabulary, few enough to put in front of every export.
const PREFIXES_MAX: usize = 1_000;

/// How long SQLite waits for a backup that reads the journal.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// What is to be appended.
pub(crate) struct NewEntry<'a> {
    pub(crate) kind: EntryKind,
    pub(crate) provenance: &'a Provenance,
    pub(crate) media_type: Option<&'static str>,
    pub(crate) payload: &'a EncodedPayload,
    pub(crate) payload_size: u64,
    pub(crate) content_sha256: Hash,
    pub(crate) commitment: Commitment,
    pub(crate) triple_count: u64,
    pub(crate) prefixes: &'a [(String, String)],
    pub(crate) idempotency_key: Option<&'a str>,
    /// What the entry changes besides.
    pub(crate) change: Option<&'a StateChange>,
}

/// What became of a [`NewEntry`] once its transaction is on disk.
#[derive(Debug)]
pub(crate) enum Appended {
    /// It is the entry of this receipt.
    New(Receipt),
    /// An earlier entry has its idempotency key and content; here is that one's receipt.
    Repeated(Receipt),
    /// An earlier entry has its idempotency key but another content. Nothing was added.
    KeyReused,
}

/// The writing end of the journal.
#[derive(Debug)]
pub(crate) struct JournalWriter {
    connection: Connection,
    next_sequence: u64,
    logs: u64,
    asserted_since_clear: bool,
    tree: GrowingTree,
    prefixes: Arc<Vec<(String, String)>>,
}

impl JournalWriter {
    pub(crate) fn open(path: &Path, signing: Option<Signing>) -> Result<Self, JournalError> {
        let mut connection = JOURNAL.open_for_writing(path)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        let count: i64 =
            connection
                .query_row("SELECT coalesce(max(sequence) + 1, 0) FROM entries", [], |row| row.get(0))?;
        // The other kinds are few and have an index of their own; counting the logs would read all of the table.
        let others = "SELECT count(*) FROM entries WHERE kind <> 'log_received'";
        let others: i64 = connection.query_row(others, [], |row| row.get(0))?;
        let mut statement = connection.prepare("SELECT prefix, iri FROM prefixes ORDER BY prefix")?;
        let prefixes =
            statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        drop(statement);
        // The graph is never emptied twice in a row, so the last entry that was about it tells.
        let last_kind =
            "SELECT kind FROM entries WHERE triple_count > 0 OR kind = ? ORDER BY sequence DESC LIMIT 1";
        let cleared = EntryKind::GraphCleared.as_str();
        let last_kind: Option<String> =
            connection.query_row(last_kind, [cleared], |row| row.get(0)).optional()?;
        let asserted_since_clear = last_kind.is_some_and(|kind| kind != cleared);
        let prefixes = Arc::new(prefixes);
        let (next_sequence, logs) = (count.cast_unsigned(), (count - others).cast_unsigned());
        let leaves = "SELECT leaf_hash FROM entries ORDER BY sequence";
        let tree = GrowingTree::open(&mut connection, next_sequence, leaves, signing)?;
        Ok(Self { connection, next_sequence, logs, asserted_since_clear, tree, prefixes })
    }

    /// How many entries there are; also the sequence number of the next.
    pub(crate) fn len(&self) -> u64 {
        self.next_sequence
    }

    /// How many of the entries are logs.
    pub(crate) fn logs(&self) -> u64 {
        self.logs
    }

    /// Whether any entry asserted a triple after the graph was emptied last, or ever.
    pub(crate) fn asserted_since_clear(&self) -> bool {
        self.asserted_since_clear
    }

    /// The prefixes remembered so far, sorted.
    pub(crate) fn prefixes(&self) -> &Arc<Vec<(String, String)>> {
        &self.prefixes
    }

    /// Appends all entries in one transaction. When this returns they are on disk; if it fails, or if we crash before
    /// the commit, none of them is.
    pub(crate) fn append(&mut self, entries: &[NewEntry<'_>]) -> Result<Vec<Appended>, JournalError> {
        let (mut next_sequence, mut logs) = (self.next_sequence, self.logs);
        let mut asserted_since_clear = self.asserted_since_clear;
        let mut prefixes = Arc::clone(&self.prefixes);
        let mut tree = self.tree.clone();
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut appended = Vec::with_capacity(entries.len());
        for entry in entries {
            let outcome = match earlier_receipt(&transaction, entry)? {
                Some(earlier) => earlier,
                None => {
                    let receipt = insert(&transaction, entry, next_sequence)?;
                    tree.append(&transaction, receipt.leaf_hash)?;
                    remember_prefixes(&transaction, entry.prefixes, &mut prefixes)?;
                    next_sequence += 1;
                    asserted_since_clear = match entry.kind {
                        EntryKind::GraphCleared => false,
                        _ => asserted_since_clear || entry.triple_count > 0,
                    };
                    logs += u64::from(entry.kind == EntryKind::LogReceived);
                    Appended::New(receipt)
                }
            };
            appended.push(outcome);
        }
        if next_sequence > self.next_sequence {
            tree.sign(&transaction)?;
        }
        transaction.commit()?;
        self.tree = tree;
        (self.next_sequence, self.logs) = (next_sequence, logs);
        self.asserted_since_clear = asserted_since_clear;
        self.prefixes = prefixes;
        Ok(appended)
    }

    /// Keeps a checkpoint that witnesses have signed.
    pub(crate) fn keep_cosigned(&mut self, checkpoint: &CosignedCheckpoint) -> Result<(), JournalError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        cosigned::keep(&transaction, checkpoint)?;
        Ok(transaction.commit()?)
    }

    /// Moves the write-ahead log into the file, so that the file alone is the journal.
    pub(crate) fn checkpoint(&self) -> Result<(), JournalError> {
        Ok(self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
    }

    /// Moves the write-ahead log into the file and empties it, without waiting for readers of what was before; whether
    /// that worked. Only then nothing of an erased log is left in it.
    pub(crate) fn scrub(&self) -> Result<bool, JournalError> {
        self.connection.busy_timeout(Duration::ZERO)?;
        let busy =
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
        self.connection.busy_timeout(BUSY_TIMEOUT)?;
        Ok(busy? == 0)
    }
}

fn earlier_receipt(
    transaction: &Transaction<'_>,
    entry: &NewEntry<'_>,
) -> Result<Option<Appended>, JournalError> {
    let Some(key) = entry.idempotency_key else {
        return Ok(None);
    };
    let earlier: Option<(i64, [u8; Hash::LENGTH_BYTES])> = transaction
        .prepare_cached("SELECT sequence, content_sha256 FROM idempotency_keys WHERE actor = ? AND key = ?")?
        .query_row(params![entry.provenance.actor, key], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((sequence, content_sha256)) = earlier else {
        return Ok(None);
    };
    if content_sha256 != *entry.content_sha256.as_bytes() {
        return Ok(Some(Appended::KeyReused));
    }
    Ok(Some(Appended::Repeated(read_receipt(transaction, sequence, entry.content_sha256)?)))
}

fn insert(transaction: &Transaction<'_>, new: &NewEntry<'_>, sequence: u64) -> Result<Receipt, JournalError> {
    let provenance = new.provenance;
    let entry = Entry {
        sequence,
        kind: new.kind,
        log_id: provenance.log_id,
        received_at: provenance.received_at,
        actor: provenance.actor.clone(),
        claimed_user: provenance.claimed_user.clone(),
        origin: provenance.origin.clone(),
        media_type: new.media_type.map(str::to_owned),
        payload_size: new.payload_size,
        payload_commitment: new.commitment,
    };
    let leaf_hash = entry.leaf_hash().map_err(|error| JournalError::Unusable(error.to_string()))?;
    insert_entry(transaction, &entry, leaf_hash, new.triple_count)?;
    insert_payload(transaction, sequence, &provenance.salt, new.payload)?;
    if let Some(change) = new.change {
        change.apply(transaction, sequence)?;
    }
    if let Some(key) = new.idempotency_key {
        let sql = "INSERT INTO idempotency_keys (actor, key, sequence, content_sha256) VALUES (?, ?, ?, ?)";
        let values =
            params![entry.actor, key, sequence.cast_signed(), new.content_sha256.as_bytes().as_slice()];
        transaction.prepare_cached(sql)?.execute(values)?;
    }
    Ok(Receipt {
        log_id: entry.log_id,
        sequence,
        received_at: entry.received_at,
        triple_count: new.triple_count,
        content_sha256: new.content_sha256,
        leaf_hash,
        repeated: false,
    })
}

fn insert_entry(
    transaction: &Transaction<'_>,
    entry: &Entry,
    leaf_hash: Hash,
    triple_count: u64,
) -> rusqlite::Result<usize> {
    let sql = "INSERT INTO entries (sequence, kind, log_id, received_at, actor, claimed_user, origin, media_type, \
               payload_size, payload_commitment, leaf_hash, triple_count) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    transaction.prepare_cached(sql)?.execute(params![
        entry.sequence.cast_signed(),
        entry.kind.as_str(),
        entry.log_id.as_bytes().as_slice(),
        entry.received_at.as_unix_us(),
        entry.actor,
        entry.claimed_user,
        entry.origin,
        entry.media_type,
        entry.payload_size.cast_signed(),
        entry.payload_commitment.as_hash().as_bytes().as_slice(),
        leaf_hash.as_bytes().as_slice(),
        triple_count.cast_signed(),
    ])
}

fn insert_payload(
    transaction: &Transaction<'_>,
    sequence: u64,
    salt: &Salt,
    payload: &EncodedPayload,
) -> rusqlite::Result<usize> {
    transaction
        .prepare_cached("INSERT INTO payloads (sequence, salt, encoding, bytes) VALUES (?, ?, ?, ?)")?
        .execute(params![
            sequence.cast_signed(),
            salt.as_bytes().as_slice(),
            payload.encoding,
            payload.bytes.as_slice()
        ])
}

/// The first meaning of a prefix stays: an export must not read differently because of what came later.
fn remember_prefixes(
    transaction: &Transaction<'_>,
    declared: &[(String, String)],
    remembered: &mut Arc<Vec<(String, String)>>,
) -> Result<(), JournalError> {
    for (prefix, iri) in declared {
        let Err(place) = remembered.binary_search_by(|(known, _)| known.cmp(prefix)) else {
            continue;
        };
        if remembered.len() >= PREFIXES_MAX {
            return Ok(());
        }
        transaction
            .prepare_cached("INSERT INTO prefixes (prefix, iri) VALUES (?, ?)")?
            .execute(params![prefix, iri])?;
        Arc::make_mut(remembered).insert(place, (prefix.clone(), iri.clone()));
    }
    Ok(())
}
