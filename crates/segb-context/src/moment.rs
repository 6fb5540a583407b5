//! The moments that observations name, in every form that clients use.

use jiff::{civil, tz::Offset};
use segb_journal::Timestamp;

/// Numbers beyond this are milliseconds: as seconds they would lie in the year 2603 or later. The Python service reads
/// them so.
const SECONDS_MAX: f64 = 2e10;

/// What is not a moment between the years 0000 and 9999.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a date-time by RFC 3339, with or without an offset, a date, or seconds since 1970")]
pub struct InvalidMoment;

/// Reads a moment: RFC 3339 with any offset, or without one (UTC), also without seconds, or a date (midnight UTC), or
/// a decimal number as [`moment_of_number`].
///
/// # Errors
/// [`InvalidMoment`].
pub fn parse_moment(text: &str) -> Result<Timestamp, InvalidMoment> {
    let text = text.trim();
    // A row of digits could also be a date of ISO 8601 without its hyphens.
    if let Ok(number) = text.parse() {
        return moment_of_number(number);
    }
    if let Ok(moment) = text.parse() {
        return Ok(moment);
    }
    if let Ok(moment) = text.parse::<civil::DateTime>()
        && !has_zone(text)
    {
        return from_jiff(Offset::UTC.to_timestamp(moment).map_err(|_| InvalidMoment)?);
    }
    Err(InvalidMoment)
}

/// The moment that many seconds after 1970-01-01T00:00:00Z, to the microsecond; beyond ±2·10¹⁰, that many milliseconds.
///
/// # Errors
/// [`InvalidMoment`] if it is not finite, or outside the years 0000 to 9999.
pub fn moment_of_number(number: f64) -> Result<Timestamp, InvalidMoment> {
    let us_in_one = if number.abs() > SECONDS_MAX { 1_000 } else { 1_000_000 };
    // Also beyond any year, but far from the end of what an i64 holds.
    if !number.is_finite() || number.abs() > 1e18 / us_in_one as f64 {
        return Err(InvalidMoment);
    }
    // Whole and fraction each on their own, since their product would be rounded twice.
    let (whole, fraction) = (number.floor(), number - number.floor());
    let unix_us = whole as i64 * us_in_one + (fraction * us_in_one as f64).round() as i64;
    Timestamp::from_unix_us(unix_us).map_err(|_| InvalidMoment)
}

/// The calendar library passes over an offset or zone when it reads a civil time; here it would be read wrongly.
fn has_zone(text: &str) -> bool {
    text.ends_with(['Z', 'z', ']']) || text.get(10..).is_some_and(|time| time.contains(['+', '-']))
}

fn from_jiff(moment: jiff::Timestamp) -> Result<Timestamp, InvalidMoment> {
    let unix_us = moment.as_nanosecond().div_euclid(1_000);
    Timestamp::from_unix_us(unix_us.try_into().map_err(|_| InvalidMoment)?).map_err(|_| InvalidMoment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        for (text, expected) in [
            ("2026-01-31T10:00:00Z", "2026-01-31T10:00:00Z"),
            ("2026-01-31T12:30:00.1234567+02:30", "2026-01-31T10:00:00.123456Z"),
            ("2026-01-31T10:00:00.5-00:00", "2026-01-31T10:00:00.5Z"),
            ("2026-01-31 10:00:00", "2026-01-31T10:00:00Z"),
            ("2026-01-31T10:00:00.25", "2026-01-31T10:00:00.25Z"),
            ("2026-01-31T10:00", "2026-01-31T10:00:00Z"),
            ("2026-01-31T10:00+0100", "2026-01-31T09:00:00Z"),
            ("2026-01-31t10:00:00z", "2026-01-31T10:00:00Z"),
            ("2026-01-31", "2026-01-31T00:00:00Z"),
            ("1769853600", "2026-01-31T10:00:00Z"),
            ("1769853600.5", "2026-01-31T10:00:00.5Z"),
            ("1769853600500", "2026-01-31T10:00:00.5Z"),
            ("-1", "1969-12-31T23:59:59Z"),
            ("20260131", "1970-08-23T11:48:51Z"),
            ("99999999999999", "5138-11-16T09:46:39.999Z"),
        ] {
            assert_eq!(parse_moment(text), Ok(expected.parse().unwrap()), "{text}");
        }
        for (number, expected) in [
            (1_769_853_600.123_456, "2026-01-31T10:00:00.123456Z"),
            (1_762_572_378.853_206_4, "2025-11-08T03:26:18.853206Z"),
            (1_749_741_803_405.671_4, "2025-06-12T15:23:23.405671Z"),
            (625.099_272_5, "1970-01-01T00:10:25.099272Z"),
            (-0.000_000_5, "1970-01-01T00:00:00Z"),
        ] {
            assert_eq!(moment_of_number(number), Ok(expected.parse().unwrap()), "{number}");
        }
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "now",
            "10:00:00",
            "2026-02-30",
            "2026-01-31T25:00:00Z",
            "2026-01-31T10:00:00+24:00",
            "2026-01-31T10:00:00 Z x",
            "2026-01-31T10:00:00[Europe/Madrid]",
            "NaN",
            "inf",
            "1e300",
        ] {
            assert_eq!(parse_moment(text), Err(InvalidMoment), "{text}");
        }
        for number in [f64::NAN, f64::NEG_INFINITY, 1e17] {
            assert_eq!(moment_of_number(number), Err(InvalidMoment), "{number}");
        }
    }
}
