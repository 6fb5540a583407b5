//! The time of an entry: UTC, whole microseconds, one spelling.

use std::{fmt, str::FromStr};

use jiff::fmt::temporal::Pieces;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A moment in UTC with microsecond precision, between the years 0000 and 9999.
///
/// It prints as RFC 3339 with six decimals and `Z`, for example `2026-01-31T10:00:00.000000Z`, so that the order of
/// the texts is the order of the moments. It reads any RFC 3339 date-time and cuts what is finer than a microsecond.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Timestamp(jiff::Timestamp);

/// A text or number that is not a moment between the years 0000 and 9999.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected an RFC 3339 date-time between the years 0000 and 9999, for example 2026-01-31T10:00:00Z")]
pub struct InvalidTimestamp;

/// 0000-01-01T00:00:00Z and 9999-12-30T21:59:59.999999Z, in microseconds since 1970-01-01T00:00:00Z; the end is
/// the last moment that the calendar library represents in every time zone.
const RANGE_US: std::ops::RangeInclusive<i64> = -62_167_219_200_000_000..=253_402_207_199_999_999;

impl Timestamp {
    /// From microseconds since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// [`InvalidTimestamp`] if the moment is outside the years 0000 to 9999.
    pub fn from_unix_us(unix_us: i64) -> Result<Self, InvalidTimestamp> {
        if !RANGE_US.contains(&unix_us) {
            return Err(InvalidTimestamp);
        }
        jiff::Timestamp::from_microsecond(unix_us).map(Self).map_err(|_| InvalidTimestamp)
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub fn as_unix_us(self) -> i64 {
        self.0.as_microsecond()
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
    pub fn as_unix_s(self) -> i64 {
        self.as_unix_us().div_euclid(1_000_000)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:.6}", self.0)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, InvalidTimestamp> {
        let moment: jiff::Timestamp = text.parse().map_err(|_| InvalidTimestamp)?;
        if is_offset_too_large(text) {
            return Err(InvalidTimestamp);
        }
        Self::from_unix_us(moment.as_nanosecond().div_euclid(1_000).try_into().map_err(|_| InvalidTimestamp)?)
    }
}

/// RFC 3339, section 5.6, ends at 23:59; the calendar library goes on to 25:59.
fn is_offset_too_large(text: &str) -> bool {
    let offset = Pieces::parse(text).ok().and_then(|pieces| pieces.to_numeric_offset());
    offset.is_some_and(|offset| offset.seconds().abs() >= 24 * 60 * 60)
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_moment_prints_alike() {
        let expected = "2026-01-31T10:00:00.123456Z";
        for text in [
            expected,
            "2026-01-31T11:00:00.123456+01:00",
            "2026-01-30T10:01:00.123456-23:59",
            "2026-01-31T10:00:00.1234569Z",
        ] {
            assert_eq!(text.parse::<Timestamp>().unwrap().to_string(), expected, "{text}");
        }
        assert_eq!(
            "2026-01-31T10:00:00Z".parse::<Timestamp>().unwrap().to_string(),
            "2026-01-31T10:00:00.000000Z"
        );
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "2026-01-31",
            "2026-02-30T10:00:00Z",
            "-000001-01-01T00:00:00Z",
            "yesterday",
            "2026-01-31T10:00:00+24:00",
            "2026-01-31T10:00:00-25:59",
        ] {
            assert_eq!(text.parse::<Timestamp>(), Err(InvalidTimestamp), "{text}");
        }
        for unix_us in [i64::MIN, RANGE_US.start() - 1, RANGE_US.end() + 1, i64::MAX] {
            assert_eq!(Timestamp::from_unix_us(unix_us), Err(InvalidTimestamp), "{unix_us}");
        }
        for unix_us in [*RANGE_US.start(), -1, 0, *RANGE_US.end()] {
            let moment = Timestamp::from_unix_us(unix_us).unwrap();
            assert_eq!(moment.to_string().parse::<Timestamp>().unwrap().as_unix_us(), unix_us);
        }
    }
}
