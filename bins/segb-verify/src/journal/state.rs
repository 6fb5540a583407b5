//! Tables that hold what the entries add up to. They save the server from reading all entries; the truth is in these.

use rusqlite::{Connection, OptionalExtension as _, Row, params, types::ValueRef};
use segb_journal::{
    Entry, EntryKind,
    statement::{Erasure, Hold, HoldRelease, Revocation},
};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{
    columns,
    payload::{Inflater, PayloadRow},
    row::read_entry,
    schema::Tables,
};
use crate::{Findings, Problem};

/// Compares what entries say with these tables.
pub(super) struct StateCheck<'c> {
    connection: &'c Connection,
    tables: Tables,
}

impl<'c> StateCheck<'c> {
    pub(super) const fn new(connection: &'c Connection, tables: Tables) -> Self {
        Self { connection, tables }
    }

    /// Whether the payload of such an entry says something about a table.
    pub(super) const fn reads(kind: EntryKind) -> bool {
        use EntryKind::{HoldPlaced, HoldReleased, LogErased, TokenRevoked};
        matches!(kind, TokenRevoked | LogErased | HoldPlaced | HoldReleased)
    }

    /// Whether the tables say what this entry says.
    pub(super) fn check(
        &self,
        entry: &Entry,
        payload: &[u8],
        findings: &mut Findings,
    ) -> rusqlite::Result<()> {
        let problem = match entry.kind {
            EntryKind::TokenRevoked => match parse::<Revocation>(payload) {
                Ok(said) => self.revocation(entry.sequence, &said)?,
                Err(problem) => Some(problem),
            },
            EntryKind::HoldPlaced => match parse::<Hold>(payload) {
                Ok(said) => self.hold(entry.sequence, "placed_by", &said.hold_id)?,
                Err(problem) => Some(problem),
            },
            EntryKind::HoldReleased => match parse::<HoldRelease>(payload) {
                Ok(said) => self.hold(entry.sequence, "released_by", &said.hold_id)?,
                Err(problem) => Some(problem),
            },
            EntryKind::LogErased => match parse::<Erasure>(payload) {
                Ok(said) => self.erasure(entry.sequence, &said, findings)?,
                Err(problem) => Some(problem),
            },
            _ => None,
        };
        if let Some(problem) = problem {
            findings.add(Problem::of_entry(entry.sequence, problem).with_log_id(Some(entry.log_id)));
        }
        Ok(())
    }

    fn revocation(&self, sequence: u64, said: &Revocation) -> rusqlite::Result<Option<String>> {
        let sql = "SELECT sequence FROM revoked_tokens WHERE jti = ?";
        let revoked_by = match self.tables.revocations {
            true => self.number(sql, &said.jti)?,
            false => None,
        };
        let problem = "the table `revoked_tokens` does not say that this entry revoked a token";
        Ok((revoked_by != Some(sequence.cast_signed())).then(|| problem.to_owned()))
    }

    fn hold(&self, sequence: u64, column: &str, hold_id: &str) -> rusqlite::Result<Option<String>> {
        let sql = format!("SELECT {column} FROM holds WHERE hold_id = ?");
        let found = if self.tables.erasure { self.number(&sql, hold_id)? } else { None };
        let problem = || format!("the table `holds` does not say that the hold was {column} this entry");
        Ok((found != Some(sequence.cast_signed())).then(problem))
    }

    /// A log that is erased has to be there, as a log, without its payload.
    fn erasure(
        &self,
        sequence: u64,
        said: &Erasure,
        findings: &mut Findings,
    ) -> rusqlite::Result<Option<String>> {
        let Erasure { sequence: erased, log_id, .. } = said;
        let sql = "SELECT kind, log_id, EXISTS (SELECT 1 FROM payloads WHERE sequence = ?1) AS kept \
                   FROM entries WHERE sequence = ?1 AND ?1 < ?2";
        let values = params![erased.cast_signed(), sequence.cast_signed()];
        let log = self.connection.prepare_cached(sql)?.query_row(values, erased_log).optional()?;
        let Some(ErasedLog { is_log: true, log_id: found, kept }) =
            log.filter(|log| log.log_id == Some(*log_id))
        else {
            return Ok(Some(format!("it erases entry {erased}, which is not the log {log_id}")));
        };
        if kept {
            let problem = format!("entry {sequence} erased it, and its payload is still there");
            findings.add(Problem::of_entry(*erased, problem).with_log_id(found));
        }
        let problem = format!("the table `erasures` does not say that this entry erased entry {erased}");
        Ok((self.erased_by(*erased)? != Some(sequence.cast_signed())).then_some(problem))
    }

    /// Whether a later entry says that the payload of this log is gone.
    pub(super) fn erasure_of(&self, log: &Entry) -> rusqlite::Result<ErasureOf> {
        let later = self.erased_by(log.sequence)?.filter(|by| *by > log.sequence.cast_signed());
        let Some(erased_by) = later else { return Ok(ErasureOf::Unsaid) };
        Ok(match StoredEntry::read(self.connection, erased_by)? {
            StoredEntry::Intact(entry, payload) => {
                let said: Option<Erasure> = said(&entry, &payload, EntryKind::LogErased);
                match said.is_some_and(|said| said.sequence == log.sequence && said.log_id == log.log_id) {
                    true => ErasureOf::Said,
                    false => ErasureOf::Unsaid,
                }
            }
            StoredEntry::Damaged => ErasureOf::Unreadable,
            StoredEntry::Absent if erased_by < self.last()? => ErasureOf::Unreadable,
            StoredEntry::Absent => ErasureOf::Unsaid,
        })
    }

    fn last(&self) -> rusqlite::Result<i64> {
        let sql = "SELECT coalesce(max(sequence), -1) FROM entries";
        self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))
    }

    fn erased_by(&self, sequence: u64) -> rusqlite::Result<Option<i64>> {
        if !self.tables.erasure {
            return Ok(None);
        }
        let sql = "SELECT erased_by FROM erasures WHERE sequence = ?";
        let mut statement = self.connection.prepare_cached(sql)?;
        let row = statement.query_row([sequence.cast_signed()], |row| Ok(columns::integer(row, "erased_by")));
        Ok(row.optional()?.and_then(Result::ok))
    }

    /// The number in the row of a text; none if it is NULL or there is no such row.
    fn number(&self, sql: &str, text: &str) -> rusqlite::Result<Option<i64>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let number = statement.query_row([text], |row| Ok(row.get_ref(0)?.as_i64().ok()));
        Ok(number.optional()?.flatten())
    }
}

/// What is there of a log that is said to be erased.
struct ErasedLog {
    is_log: bool,
    log_id: Option<Uuid>,
    kept: bool,
}

fn erased_log(row: &Row<'_>) -> rusqlite::Result<ErasedLog> {
    Ok(ErasedLog {
        is_log: columns::text(row, "kind").is_ok_and(|kind| kind == EntryKind::LogReceived.as_str()),
        log_id: columns::array(row, "log_id").ok().map(Uuid::from_bytes),
        kept: row.get("kept")?,
    })
}

fn parse<T: DeserializeOwned>(payload: &[u8]) -> Result<T, String> {
    serde_json::from_slice(payload).map_err(|error| format!("what it says cannot be read: {error}"))
}

/// What the entries say about a log without its payload.
pub(super) enum ErasureOf {
    /// An entry says that it was erased.
    Said,
    /// No entry says so.
    Unsaid,
    /// The entry that may say so is damaged or missing itself, which is found when it is its turn.
    Unreadable,
}

/// An entry that is looked up out of turn.
enum StoredEntry {
    /// It is what its leaf hash is of, with the payload that it commits to; an erased log with an empty one.
    Intact(Box<Entry>, Vec<u8>),
    /// It is there, but not so.
    Damaged,
    /// It is not there.
    Absent,
}

impl StoredEntry {
    fn read(connection: &Connection, sequence: i64) -> rusqlite::Result<Self> {
        let sql = "SELECT * FROM entries LEFT JOIN payloads USING (sequence) WHERE sequence = ?";
        let mut statement = connection.prepare_cached(sql)?;
        let found = statement.query_row([sequence], |row| {
            let (entry, leaf_hash) = (read_entry(row), columns::hash(row, "leaf_hash"));
            let (Ok(entry), Ok(leaf_hash)) = (entry, leaf_hash) else { return Ok(Self::Damaged) };
            let payload = match row.get_ref("encoding")? {
                // Whether that is right is found when it is its turn.
                ValueRef::Null if entry.kind == EntryKind::LogReceived => Ok(Vec::new()),
                _ => Inflater::new().check(&entry, PayloadRow::read(row), true),
            };
            Ok(match (entry.leaf_hash(), payload) {
                (Ok(leaf), Ok(payload)) if leaf == leaf_hash => Self::Intact(Box::new(entry), payload),
                _ => Self::Damaged,
            })
        });
        Ok(found.optional()?.unwrap_or(Self::Absent))
    }
}

fn said<T: DeserializeOwned>(entry: &Entry, payload: &[u8], kind: EntryKind) -> Option<T> {
    (entry.kind == kind).then(|| serde_json::from_slice(payload).ok()).flatten()
}

/// Whether no entry stands behind a row: the one that it names says nothing of this kind that `fits`. One that is damaged
/// is found when it is its turn.
fn is_unbacked<T: DeserializeOwned>(
    connection: &Connection,
    sequence: i64,
    kind: EntryKind,
    fits: impl FnOnce(T) -> bool,
) -> rusqlite::Result<bool> {
    Ok(match StoredEntry::read(connection, sequence)? {
        StoredEntry::Intact(entry, payload) => !said(&entry, &payload, kind).is_some_and(fits),
        StoredEntry::Damaged => false,
        StoredEntry::Absent => true,
    })
}

/// Rows that no entry stands behind. `confirmed` rows of `erasures` were found to be right on the way.
pub(super) fn check_tables(
    connection: &Connection,
    tables: Tables,
    confirmed: u64,
    findings: &mut Findings,
) -> rusqlite::Result<()> {
    if tables.revocations {
        check_revocations(connection, findings)?;
    }
    if tables.erasure {
        check_holds(connection, findings)?;
        let rows: i64 = connection.query_row("SELECT count(*) FROM erasures", [], |row| row.get(0))?;
        if rows.cast_unsigned() != confirmed {
            check_erasures(connection, findings)?;
        }
    }
    Ok(())
}

fn check_revocations(connection: &Connection, findings: &mut Findings) -> rusqlite::Result<()> {
    let mut rows = connection.prepare("SELECT jti, sequence FROM revoked_tokens")?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        let (jti, sequence) = (columns::text(row, "jti"), columns::integer(row, "sequence"));
        let (Ok(jti), Ok(sequence)) = (jti, sequence) else {
            findings.add(Problem::general("a row of the table `revoked_tokens` cannot be read"));
            continue;
        };
        let fits = |said: Revocation| said.jti == jti;
        if is_unbacked(connection, sequence, EntryKind::TokenRevoked, fits)? {
            let problem = format!(
                "the table `revoked_tokens` says that entry {sequence} revoked the token {jti:?}, which it did not"
            );
            findings.add(Problem::general(problem));
        }
    }
    Ok(())
}

fn check_holds(connection: &Connection, findings: &mut Findings) -> rusqlite::Result<()> {
    let mut rows = connection.prepare("SELECT hold_id, placed_by, released_by FROM holds")?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        let placed_by = columns::integer(row, "placed_by");
        let released_by = columns::optional_integer(row, "released_by");
        let (Ok(id), Ok(placed_by), Ok(released_by)) =
            (columns::text(row, "hold_id"), placed_by, released_by)
        else {
            findings.add(Problem::general("a row of the table `holds` cannot be read"));
            continue;
        };
        let fits = |said: Hold| said.hold_id == id;
        if is_unbacked(connection, placed_by, EntryKind::HoldPlaced, fits)? {
            let problem = format!(
                "the table `holds` says that entry {placed_by} placed the hold {id:?}, which it did not"
            );
            findings.add(Problem::general(problem));
        }
        let Some(released_by) = released_by else { continue };
        let fits = |said: HoldRelease| said.hold_id == id && released_by > placed_by;
        if is_unbacked(connection, released_by, EntryKind::HoldReleased, fits)? {
            let problem = format!(
                "the table `holds` says that entry {released_by} released the hold {id:?}, which it did not"
            );
            findings.add(Problem::general(problem));
        }
    }
    Ok(())
}

fn check_erasures(connection: &Connection, findings: &mut Findings) -> rusqlite::Result<()> {
    let mut rows = connection.prepare("SELECT sequence, erased_by FROM erasures ORDER BY sequence")?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        let (Ok(sequence), Ok(erased_by)) =
            (columns::integer(row, "sequence"), columns::integer(row, "erased_by"))
        else {
            findings.add(Problem::general("a row of the table `erasures` cannot be read"));
            continue;
        };
        let fits = |said: Erasure| said.sequence.cast_signed() == sequence;
        if is_unbacked(connection, erased_by, EntryKind::LogErased, fits)? {
            let problem = format!(
                "the table `erasures` says that entry {erased_by} erased entry {sequence}, which it did not"
            );
            findings.add(Problem::general(problem));
        }
    }
    Ok(())
}
