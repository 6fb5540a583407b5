//! One entry of the server log, to and from text.

use std::{
    fmt::{self, Write as _},
    io,
    str::FromStr,
};

use log::kv::{Key, VisitSource};
use segb_store::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// How grave an event is, by the names of Python's logging.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Level {
    Critical,
    Debug,
    Error,
    Info,
    Warning,
}

impl Level {
    /// All levels by name, in alphabetical order.
    pub const ALL: [Self; 5] = [Self::Critical, Self::Debug, Self::Error, Self::Info, Self::Warning];

    /// Whether something of this level is as bad as `other`, or worse.
    #[must_use]
    pub const fn is_at_least(self, other: Self) -> bool {
        self.severity() >= other.severity()
    }

    const fn severity(self) -> u8 {
        match self {
            Self::Debug => 0,
            Self::Info => 1,
            Self::Warning => 2,
            Self::Error => 3,
            Self::Critical => 4,
        }
    }

    /// The name in a line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Critical => "CRITICAL",
            Self::Debug => "DEBUG",
            Self::Error => "ERROR",
            Self::Info => "INFO",
            Self::Warning => "WARNING",
        }
    }
}

impl From<log::Level> for Level {
    fn from(level: log::Level) -> Self {
        match level {
            log::Level::Error => Self::Error,
            log::Level::Warn => Self::Warning,
            log::Level::Info => Self::Info,
            log::Level::Debug | log::Level::Trace => Self::Debug,
        }
    }
}

/// A name that is no level.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Invalid level '{0}'. Use one of: CRITICAL, DEBUG, ERROR, INFO, WARNING.")]
pub struct UnknownLevel(String);

impl FromStr for Level {
    type Err = UnknownLevel;

    fn from_str(name: &str) -> Result<Self, UnknownLevel> {
        let found = Self::ALL.into_iter().find(|level| level.as_str().eq_ignore_ascii_case(name));
        // The answer shows the name in capitals, as the Python service does.
        found.ok_or_else(|| UnknownLevel(name.to_uppercase()))
    }
}

/// Writes one record as one line. Everything in it may come from a client, so nothing in it can end the line, start
/// a new entry or shift a field.
///
/// # Errors
/// As `out`.
pub fn write_record(out: &mut dyn io::Write, now: Timestamp, record: &log::Record<'_>) -> io::Result<()> {
    let mut fields = Fields::default();
    // The visitor below does not fail.
    let _ = record.key_values().visit(&mut fields);
    let now = now.to_string();
    let (date, time) = (now.get(..10).unwrap_or_default(), now.get(11..19).unwrap_or_default());
    let level = Level::from(record.level()).as_str();
    let mut line = String::with_capacity(256);
    // Writing to a `String` does not fail.
    let _ = write!(line, "{date} {time} | {level} | {} | rid=", Escaped(record.target(), Part::Field));
    let fields = [("", &fields.rid), (" actor=", &fields.actor), (" ip=", &fields.ip)];
    for (name, value) in fields {
        let value = value.as_deref().filter(|value| !value.is_empty()).unwrap_or("-");
        let _ = write!(line, "{name}{}", Escaped(value, Part::Field));
    }
    let _ = write!(line, " | {}", Escaped(&record.args().to_string(), Part::Message));
    line.push('\n');
    out.write_all(line.as_bytes())
}

#[derive(Default)]
struct Fields {
    rid: Option<String>,
    actor: Option<String>,
    ip: Option<String>,
}

impl<'kvs> VisitSource<'kvs> for Fields {
    fn visit_pair(&mut self, key: Key<'kvs>, value: log::kv::Value<'kvs>) -> Result<(), log::kv::Error> {
        let field = match key.as_str() {
            "rid" => &mut self.rid,
            "actor" => &mut self.actor,
            "ip" => &mut self.ip,
            _ => return Ok(()),
        };
        *field = Some(value.to_string());
        Ok(())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Between the bars.
    Field,
    /// After the last bar, where bars do no harm.
    Message,
}

struct Escaped<'a>(&'a str, Part);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '|' if self.1 == Part::Field => write!(formatter, "\\u{{7c}}")?,
                '=' if self.1 == Part::Field => write!(formatter, "\\u{{3d}}")?,
                '\n' | '\r' | '\t' => write!(formatter, "{}", character.escape_default())?,
                _ if is_treacherous(character) => write!(formatter, "{}", character.escape_unicode())?,
                _ => formatter.write_char(character)?,
            }
        }
        Ok(())
    }
}

/// Characters that end a line somewhere, move a terminal's cursor or turn the direction of writing.
fn is_treacherous(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
        )
}

/// An entry of the server log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LogEntry {
    /// When, in UTC: `2026-01-31 10:00:00`.
    pub timestamp: String,
    /// DEBUG, INFO, WARNING, ERROR or CRITICAL.
    pub level: String,
    /// Which part of the server.
    pub logger: String,
    /// The id of the request; `-` if it belongs to none.
    pub request_id: String,
    /// Who sent the request; `-` if nobody known.
    pub actor: String,
    /// Where it came from; `-` if nowhere known.
    pub origin_ip: String,
    /// What happened.
    pub message: String,
    /// The entry as it stands in the file.
    pub raw: String,
}

impl LogEntry {
    /// Reads an entry: a line that starts one, and the lines after it that start none.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        let mut parts = raw.splitn(5, " | ");
        let (timestamp, level, logger, context) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let message = parts.next()?;
        if !is_timestamp(timestamp) || !Level::ALL.iter().any(|known| known.as_str() == level) {
            return None;
        }
        let (request_id, rest) = context.strip_prefix("rid=")?.split_once(" actor=")?;
        let (actor, origin_ip) = rest.rsplit_once(" ip=")?;
        Some(Self {
            timestamp: timestamp.to_owned(),
            level: level.to_owned(),
            logger: logger.to_owned(),
            request_id: request_id.to_owned(),
            actor: actor.to_owned(),
            origin_ip: origin_ip.to_owned(),
            message: message.to_owned(),
            raw: raw.to_owned(),
        })
    }
}

fn is_timestamp(text: &str) -> bool {
    const PATTERN: &[u8] = b"0000-00-00 00:00:00";
    text.len() == PATTERN.len()
        && text.bytes().zip(PATTERN).all(|(byte, expected)| match expected {
            b'0' => byte.is_ascii_digit(),
            _ => byte == *expected,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(actor: &str, message: &str) -> String {
        let mut out = Vec::new();
        let now = "2026-01-31T10:00:00.9Z".parse().unwrap();
        let values = [("rid", "r1"), ("actor", actor), ("ip", "::1"), ("other", "x")];
        let mut record = log::Record::builder();
        record.level(log::Level::Warn).target("segb.server").key_values(&values);
        write_record(&mut out, now, &record.args(format_args!("{message}")).build()).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_line_is_the_documented_one() {
        let expected = "2026-01-31 10:00:00 | WARNING | segb.server | rid=r1 actor=ari ip=::1 | HTTP POST /ttl -> 201 (0.8 ms)\n";
        assert_eq!(line("ari", "HTTP POST /ttl -> 201 (0.8 ms)"), expected);
        let mut out = Vec::new();
        let record = log::Record::builder().args(format_args!("up")).target("x").build();
        write_record(&mut out, "2026-01-31T10:00:00Z".parse().unwrap(), &record).unwrap();
        assert_eq!(out, b"2026-01-31 10:00:00 | INFO | x | rid=- actor=- ip=- | up\n");
    }

    #[test]
    fn nothing_breaks_out_of_its_place() {
        for actor in ["a\nb", "a | b", "a ip=1.2.3.4 | forged", "\u{2028}\u{1b}[31m\u{202e}", "", "x actor=y"]
        {
            let line =
                line(actor, "one\r\n2026-01-31 10:00:00 | INFO | x | rid=- actor=- ip=- | two | three");
            assert_eq!(line.lines().count(), 1, "{line:?}");
            let entry = LogEntry::parse(line.trim_end()).unwrap();
            assert_eq!((entry.request_id.as_str(), entry.origin_ip.as_str()), ("r1", "::1"), "{line:?}");
            assert!(entry.message.starts_with("one\\r\\n2026"), "{line:?}");
            assert!(entry.message.ends_with("two | three"), "{line:?}");
            assert!(!line.trim_end().contains(is_treacherous), "{line:?}");
        }
    }

    #[test]
    fn other_lines_are_no_entries() {
        for text in [
            "",
            "Traceback",
            "2026-01-31 10:00:00 | LOUD | x | rid=- actor=- ip=- | m",
            "2026-01-31 10:00 | INFO | x | rid=- actor=- ip=- | m",
            "2026-01-31 10:00:00 | INFO | x | m",
        ] {
            assert_eq!(LogEntry::parse(text), None, "{text}");
        }
    }

    #[test]
    fn levels_ignore_case() {
        assert_eq!("warning".parse(), Ok(Level::Warning));
        let error = "loud".parse::<Level>().unwrap_err().to_string();
        assert_eq!(error, "Invalid level 'LOUD'. Use one of: CRITICAL, DEBUG, ERROR, INFO, WARNING.");
    }
}
