//! Which file it is, and which tables it has.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::{Findings, Problem};

/// `PRAGMA application_id` of a journal: "SEGB" in ASCII.
const APPLICATION_ID: i64 = 0x5345_4742;
/// `PRAGMA application_id` of a journal of accesses: "SEGA" in ASCII.
const ACCESS_APPLICATION_ID: i64 = 0x5345_4741;
/// The first version of a journal's tables.
pub const FORMAT_VERSION_MIN: i64 = 1;
/// The version of a journal's tables that this program knows.
pub const FORMAT_VERSION: i64 = 5;
/// The version of the tables of a journal of accesses.
const ACCESS_FORMAT_VERSION: i64 = 1;

/// The tables that hold evidence, with the version that they came with.
const EVIDENCE: [(&str, i64); 8] = [
    ("entries", 1),
    ("payloads", 1),
    ("tree_hashes", 3),
    ("checkpoints", 3),
    ("revoked_tokens", 4),
    ("erasures", 5),
    ("holds", 5),
    ("cosigned_checkpoints", 5),
];

/// Which tables a version has, besides entries and payloads.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tables {
    /// Tree hashes and the checkpoint.
    pub(super) tree: bool,
    /// Revoked tokens.
    pub(super) revocations: bool,
    /// Erasures, holds and cosigned checkpoints.
    pub(super) erasure: bool,
}

impl Tables {
    const fn of_version(version: i64) -> Self {
        Self { tree: version >= 3, revocations: version >= 4, erasure: version >= 5 }
    }
}

/// Whether a file is what it is taken for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// It is.
    Known,
    /// Another program's, or another of this one's.
    Foreign,
    /// It is, of a version that is not known here.
    UnknownVersion(i64),
}

pub(super) fn journal_kind(connection: &Connection) -> rusqlite::Result<Kind> {
    kind(connection, APPLICATION_ID, FORMAT_VERSION)
}

pub(super) fn access_journal_kind(connection: &Connection) -> rusqlite::Result<Kind> {
    kind(connection, ACCESS_APPLICATION_ID, ACCESS_FORMAT_VERSION)
}

fn kind(connection: &Connection, id: i64, latest: i64) -> rusqlite::Result<Kind> {
    if pragma(connection, "application_id")? != id {
        return Ok(Kind::Foreign);
    }
    let version = version(connection)?;
    let known = (FORMAT_VERSION_MIN..=latest).contains(&version);
    Ok(if known { Kind::Known } else { Kind::UnknownVersion(version) })
}

pub(super) fn version(connection: &Connection) -> rusqlite::Result<i64> {
    pragma(connection, "user_version")
}

fn pragma(connection: &Connection, name: &str) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, name, |row| row.get(0))
}

/// The tables have to be those of the version: one that says it is older must not hide what is in younger tables. The
/// ones that can be read.
pub(super) fn check_tables(
    connection: &Connection,
    version: i64,
    findings: &mut Findings,
) -> rusqlite::Result<Tables> {
    let mut tables = Tables::of_version(version);
    let mut statement = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?;
    let names = statement.query_map([], |row| row.get(0))?.collect::<Result<BTreeSet<String>, _>>()?;
    for (name, since) in EVIDENCE {
        let Tables { tree, revocations, erasure } = &mut tables;
        let expected = match since {
            3 => tree,
            4 => revocations,
            5 => erasure,
            _ => &mut true,
        };
        match (*expected, names.contains(name)) {
            (true, false) => {
                findings.add(Problem::general(format!("there is no table `{name}`")));
                *expected = false;
            }
            (false, true) if since > version => findings.add(Problem::general(format!(
                "there is a table `{name}`, which this version does not have"
            ))),
            _ => {}
        }
    }
    Ok(tables)
}
