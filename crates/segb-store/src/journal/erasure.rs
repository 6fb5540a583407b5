//! The tables of erasures and holds.

use rusqlite::{Connection, Transaction, params};
use segb_journal::{Hash, Timestamp};
use uuid::Uuid;

use super::{JournalError, state::ErasedLog};

/// Destroys the payload of a log and what gives it away.
pub(super) fn apply(
    transaction: &Transaction<'_>,
    log: &ErasedLog,
    erased_by: u64,
) -> Result<(), JournalError> {
    let sequence = log.sequence.cast_signed();
    transaction.prepare_cached("DELETE FROM payloads WHERE sequence = ?")?.execute([sequence])?;
    // The key stays used: a robot that sends the log once more must not bring it back.
    transaction
        .prepare_cached("UPDATE idempotency_keys SET content_sha256 = zeroblob(32) WHERE sequence = ?")?
        .execute([sequence])?;
    transaction
        .prepare_cached("INSERT INTO erasures (sequence, erased_by) VALUES (?, ?)")?
        .execute(params![sequence, erased_by.cast_signed()])?;
    let mut remember = transaction
        .prepare_cached("INSERT OR IGNORE INTO erased_assertions (triple_hash, sequence) VALUES (?, ?)")?;
    for hash in &log.said_by_others {
        remember.execute(params![hash.as_bytes().as_slice(), sequence])?;
    }
    let mut forget = transaction.prepare_cached("DELETE FROM erased_assertions WHERE triple_hash = ?")?;
    for hash in &log.said_by_none {
        forget.execute([hash.as_bytes().as_slice()])?;
    }
    Ok(())
}

/// The ids of erased logs that said a triple, in the order in which they were received.
pub(super) fn erased_that_said(connection: &Connection, triple: Hash) -> Result<Vec<Uuid>, JournalError> {
    let sql = "SELECT log_id FROM erased_assertions JOIN entries USING (sequence) WHERE triple_hash = ? \
               ORDER BY sequence";
    let mut statement = connection.prepare_cached(sql)?;
    let ids = statement.query_map([triple.as_bytes().as_slice()], |row| row.get(0))?;
    ids.map(|id| Ok(Uuid::from_bytes(id?))).collect()
}

/// Up to `limit` logs received before a moment whose payloads are still there, with sequence numbers from `from` on.
pub(super) fn expired(
    connection: &Connection,
    before: Timestamp,
    from: u64,
    limit: u32,
) -> Result<Vec<(u64, Uuid)>, JournalError> {
    let sql = "SELECT sequence, log_id FROM entries WHERE sequence >= ? AND received_at < ? \
               AND kind = 'log_received' AND sequence NOT IN (SELECT sequence FROM erasures) \
               ORDER BY sequence LIMIT ?";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![from.cast_signed(), before.as_unix_us(), limit], |row| {
        Ok((row.get::<_, i64>(0)?.cast_unsigned(), Uuid::from_bytes(row.get(1)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The entries that placed the holds and those that released them, in the order of placing.
pub(super) fn holds(connection: &Connection) -> Result<Vec<(Uuid, Option<Uuid>)>, JournalError> {
    let sql = "SELECT placed.log_id, released.log_id FROM holds \
               JOIN entries AS placed ON placed.sequence = placed_by \
               LEFT JOIN entries AS released ON released.sequence = released_by ORDER BY placed_by";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| {
        let released: Option<[u8; 16]> = row.get(1)?;
        Ok((Uuid::from_bytes(row.get(0)?), released.map(Uuid::from_bytes)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
