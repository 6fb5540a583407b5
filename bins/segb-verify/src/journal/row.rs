//! A row of the table `entries` as the entry that it says.

use rusqlite::Row;
use segb_journal::{Commitment, Entry, EntryKind, Timestamp};
use uuid::Uuid;

use super::columns;

/// The entry of a row with all columns.
pub(super) fn read_entry(row: &Row<'_>) -> Result<Entry, String> {
    let size = columns::integer(row, "payload_size")?;
    let received_at = columns::integer(row, "received_at")?;
    Ok(Entry {
        sequence: columns::integer(row, "sequence")?.cast_unsigned(),
        kind: columns::text(row, "kind")?.parse::<EntryKind>().map_err(|error| error.to_string())?,
        log_id: Uuid::from_bytes(columns::array(row, "log_id")?),
        received_at: Timestamp::from_unix_us(received_at)
            .map_err(|_| format!("{received_at} µs is no time at which anything was received"))?,
        actor: columns::text(row, "actor")?,
        claimed_user: columns::optional_text(row, "claimed_user")?,
        origin: columns::optional_text(row, "origin")?,
        media_type: columns::optional_text(row, "media_type")?,
        payload_size: size.try_into().map_err(|_| format!("a payload of {size} bytes cannot be"))?,
        payload_commitment: Commitment::from_hash(columns::hash(row, "payload_commitment")?),
    })
}
