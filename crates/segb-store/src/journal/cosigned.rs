//! The checkpoints that witnesses have signed.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use segb_journal::Timestamp;

use super::JournalError;
use crate::evidence::CosignedCheckpoint;

/// Of those older than the newest hundred, the last one of each day (UTC) stays: enough to tell on which day a journal
/// was changed behind everybody's back, and a few hundred rows a year.
const THIN_OUT: &str = "DELETE FROM cosigned_checkpoints \
     WHERE size NOT IN (SELECT size FROM cosigned_checkpoints ORDER BY size DESC LIMIT 100) \
     AND size NOT IN (SELECT max(size) FROM cosigned_checkpoints GROUP BY cosigned_at / 86400000000)";

/// Keeps a checkpoint, in place of one of the same size.
pub(super) fn keep(
    transaction: &Transaction<'_>,
    checkpoint: &CosignedCheckpoint,
) -> Result<(), JournalError> {
    let CosignedCheckpoint { size, cosigned_at, note } = checkpoint;
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO cosigned_checkpoints (size, cosigned_at, note) VALUES (?, ?, ?)",
        )?
        .execute(params![size.cast_signed(), cosigned_at.as_unix_us(), note])?;
    transaction.prepare_cached(THIN_OUT)?.execute([])?;
    Ok(())
}

/// The one about the journal of this size.
pub(super) fn of_size(
    connection: &Connection,
    size: u64,
) -> Result<Option<CosignedCheckpoint>, JournalError> {
    let sql = "SELECT size, cosigned_at, note FROM cosigned_checkpoints WHERE size = ?";
    let mut statement = connection.prepare_cached(sql)?;
    statement.query_row([size.cast_signed()], read).optional()?.transpose()
}

/// The one about the largest journal.
pub(super) fn latest(connection: &Connection) -> Result<Option<CosignedCheckpoint>, JournalError> {
    let sql = "SELECT size, cosigned_at, note FROM cosigned_checkpoints ORDER BY size DESC LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    statement.query_row([], read).optional()?.transpose()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Result<CosignedCheckpoint, JournalError>> {
    let (size, note): (i64, String) = (row.get(0)?, row.get(2)?);
    let cosigned_at = Timestamp::from_unix_us(row.get(1)?);
    Ok(cosigned_at
        .map(|cosigned_at| CosignedCheckpoint { size: size.cast_unsigned(), cosigned_at, note })
        .map_err(|error| JournalError::Damaged(error.to_string())))
}
