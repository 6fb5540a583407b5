//! The journal of those who looked, which lies beside the journal and has a tree of its own.

use rusqlite::{Connection, Row};
use segb_journal::{
    Hash, Timestamp,
    access::{AccessRecord, ORIGIN_SUFFIX},
};
use serde::Serialize;

use super::{
    Expected, ReadError, SignedHead,
    checkpoints::CheckpointCheck,
    columns,
    cursor::Cursor,
    damage, or_damage,
    tree::{self, TreeCheck},
};
use crate::{Findings, Problem};

const SQL: &str = "SELECT sequence, at, actor, action, object, result, origin, request_id, leaf_hash FROM accesses \
                   ORDER BY sequence";

/// What was found in a journal of accesses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct AccessReport {
    /// How many records there are, by the sequence number of the last.
    pub records: u64,
    /// The root of the tree over the records, as computed anew; none if records are missing.
    pub root: Option<Hash>,
    /// The checkpoint in the file, if its signature is right.
    pub checkpoint: Option<SignedHead>,
    /// How many checkpoints that were kept elsewhere fit.
    pub kept_checkpoints: u64,
    /// What does not fit, and what could not be checked; an "entry" is a record here.
    #[serde(flatten)]
    pub findings: Findings,
}

/// A row of the table `accesses`.
struct AccessRow {
    leaf_hash: Result<Hash, String>,
    record: Result<AccessRecord, String>,
}

impl AccessRow {
    fn read(row: &Row<'_>) -> Self {
        Self { leaf_hash: columns::hash(row, "leaf_hash"), record: read_record(row) }
    }

    /// The leaf hash as it should be, and what is wrong.
    fn check(&self) -> (Option<Hash>, Option<String>) {
        let leaf = |record: &AccessRecord| record.leaf_hash().map_err(|error| error.to_string());
        match (self.record.as_ref().map_err(Clone::clone).and_then(leaf), &self.leaf_hash) {
            (Err(problem), _) => (None, Some(problem)),
            (Ok(computed), Err(problem)) => (Some(computed), Some(problem.clone())),
            (Ok(computed), Ok(recorded)) => {
                let problem = "the record is not the one that its leaf hash is of";
                (Some(computed), (computed != *recorded).then(|| problem.to_owned()))
            }
        }
    }
}

fn read_record(row: &Row<'_>) -> Result<AccessRecord, String> {
    let (at, result) = (columns::integer(row, "at")?, columns::optional_integer(row, "result")?);
    Ok(AccessRecord {
        sequence: columns::integer(row, "sequence")?.cast_unsigned(),
        at: Timestamp::from_unix_us(at)
            .map_err(|_| format!("{at} µs is no time at which anything was answered"))?,
        actor: columns::optional_text(row, "actor")?,
        action: columns::text(row, "action")?,
        object: columns::optional_text(row, "object")?,
        result: result.map(u16::try_from).transpose().map_err(|_| "the result is no status".to_owned())?,
        origin: columns::optional_text(row, "origin")?,
        request_id: columns::optional_text(row, "request_id")?,
    })
}

/// Checks a journal of accesses as the present transaction of the connection sees it. Of the checkpoints that were kept,
/// those about it count: their origin is that of the journal with a suffix.
///
/// # Errors
/// [`ReadError`] if the disk fails. A damaged file is a finding.
pub fn verify_access(connection: &Connection, expected: &Expected) -> Result<AccessReport, ReadError> {
    let mut report = AccessReport::default();
    let findings = &mut report.findings;
    let read = CheckpointCheck::read(connection, expected, ORIGIN_SUFFIX, findings);
    let mut checks = or_damage(read, "the table `checkpoints`", findings)?.unwrap_or_default();
    let origin = checks.origin().cloned();
    checks.read_kept(expected, |of| Some(of) == origin.as_ref(), findings);
    let mut tree = TreeCheck::new(checks.sizes());
    let mut next = 0;
    if let Err(error) = walk(connection, &mut tree, &mut next, findings) {
        let problem = Problem::of_entry(next, format!("it cannot be read: {error}"));
        damage(error).map(|_| findings.add(problem))?;
    }
    let checked = checks.check(&tree, next, findings);
    report.records = next;
    report.root = tree.head().map(|head| head.root);
    (report.checkpoint, report.kept_checkpoints) = (checked.stored, checked.kept);
    Ok(report)
}

fn walk(
    connection: &Connection,
    tree: &mut TreeCheck,
    next: &mut u64,
    findings: &mut Findings,
) -> rusqlite::Result<()> {
    let (mut hashes, mut records) = (connection.prepare(tree::SQL)?, connection.prepare(SQL)?);
    let mut stored = Cursor::new(&mut hashes, tree::read_hash)?;
    let mut records = Cursor::new(&mut records, AccessRow::read)?;
    while let Some((sequence, row)) = records.take()? {
        let Some(found) = u64::try_from(sequence).ok().filter(|found| found >= next) else {
            let problem = format!("there is a record with the number {sequence}, where none belongs");
            findings.add(Problem::general(problem));
            continue;
        };
        if found > *next {
            findings.add(Problem::of_entry(*next, format!("it is missing, the next is {found}")));
            tree.skip_to(found, Some(&mut stored), findings)?;
        }
        *next = found + 1;
        let (leaf, problem) = row.check();
        if let Some(problem) = problem {
            findings.add(Problem::of_entry(found, problem));
        }
        tree.append(leaf, row.leaf_hash.ok(), Some(&mut stored), findings)?;
    }
    tree.check_rest(&mut stored, findings)
}
