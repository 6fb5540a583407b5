//! Moments from what robots have.

use std::time::{SystemTime, UNIX_EPOCH};

use segb_journal::Timestamp;

use crate::TimeError;

/// Reads an RFC 3339 date-time with its offset.
///
/// ```
/// use segb_client::{TimeError, parse_time};
/// assert_eq!(parse_time("2026-01-31T11:00:00+01:00")?.to_string(), "2026-01-31T10:00:00.000000Z");
/// assert!(matches!(parse_time("2026-01-31T11:00:00"), Err(TimeError::Naive { .. })));
/// # Ok::<(), TimeError>(())
/// ```
///
/// # Errors
/// [`TimeError`]: without an offset, or not a time.
pub fn parse_time(text: &str) -> Result<Timestamp, TimeError> {
    let text = text.trim();
    text.parse().map_err(|_| {
        // With an offset it would have been fine: then that is what is missing.
        let with_offset = [format!("{text}Z"), format!("{text}T00:00:00Z")];
        let text = text.to_owned();
        match with_offset.iter().any(|text| text.parse::<Timestamp>().is_ok()) {
            true => TimeError::Naive { text },
            false => TimeError::Malformed { text },
        }
    })
}

/// The moment of a system clock, with microseconds.
///
/// # Errors
/// [`TimeError::Malformed`] for a clock outside the years 0000 to 9999.
pub fn from_system_time(time: SystemTime) -> Result<Timestamp, TimeError> {
    let unix_us = match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_micros()),
        Err(before) => i64::try_from(before.duration().as_micros()).map(|us| -us),
    };
    let moment = unix_us.ok().and_then(|unix_us| Timestamp::from_unix_us(unix_us).ok());
    moment.ok_or_else(|| TimeError::Malformed { text: format!("{time:?}") })
}
