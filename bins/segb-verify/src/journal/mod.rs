//! A journal on disk, as docs/journal-format.md describes it: every entry, every payload, the tree, the signature, and the
//! tables that follow from the entries. It is read in one pass, in the order of the entries, in constant memory.

mod access;
mod checkpoints;
mod columns;
mod cursor;
mod entries;
mod file;
mod open;
mod payload;
mod row;
mod schema;
mod state;
mod tree;

pub use access::{AccessReport, verify_access};
pub use checkpoints::{Expected, KeptCheckpoint, SignedHead};
pub use file::{FileReport, VerifyFileError, verify_file};
pub use open::{ACCESS_FILE_NAME, JOURNAL_FILE_NAME, OpenError, locate, open, open_access};
pub use schema::{FORMAT_VERSION, FORMAT_VERSION_MIN};

use rusqlite::Connection;
use segb_journal::{Hash, access::ORIGIN_SUFFIX};
use serde::Serialize;

use crate::{Findings, Problem};
use checkpoints::CheckpointCheck;
use entries::Walk;
use tree::TreeCheck;

/// What was found in a journal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct JournalReport {
    /// The version of its tables.
    pub version: i64,
    /// How many entries there are, by the sequence number of the last.
    pub entries: u64,
    /// How many payloads are what their entries commit to.
    pub payloads: u64,
    /// How many logs were erased, so that of their payloads only the commitment is left.
    pub erased_logs: u64,
    /// The root of the tree over the entries, as computed anew; none if entries are missing.
    pub root: Option<Hash>,
    /// The checkpoint in the file, if its signature is right.
    pub checkpoint: Option<SignedHead>,
    /// How many checkpoints that were kept elsewhere fit.
    pub kept_checkpoints: u64,
    /// How many checkpoints that witnesses cosigned fit.
    pub cosigned_checkpoints: u64,
    /// What does not fit, and what could not be checked.
    #[serde(flatten)]
    pub findings: Findings,
}

/// The file failed while it was read: that says nothing about the journal.
#[derive(Debug, thiserror::Error)]
#[error("the journal cannot be read: {0}")]
pub struct ReadError(#[source] rusqlite::Error);

/// How many entries a journal seems to have, to know how long it takes.
pub fn length(connection: &Connection) -> u64 {
    let sql = "SELECT max(sequence) FROM entries";
    let last: Option<i64> = connection.query_row(sql, [], |row| row.get(0)).unwrap_or_default();
    last.and_then(|last| u64::try_from(last).ok()).map_or(0, |last| last + 1)
}

/// Checks a journal as the present transaction of the connection sees it. `progress` is told how many entries are done.
///
/// # Errors
/// [`ReadError`] if the disk fails. A damaged file is a finding.
pub fn verify(
    connection: &Connection,
    expected: &Expected,
    progress: &mut dyn FnMut(u64),
) -> Result<JournalReport, ReadError> {
    let mut report = JournalReport::default();
    let findings = &mut report.findings;
    report.version = or_damage(schema::version(connection), "the header", findings)?.unwrap_or_default();
    let tables = schema::check_tables(connection, report.version, findings);
    let tables = or_damage(tables, "the list of tables", findings)?.unwrap_or_default();

    let mut checks = match tables.tree {
        true => {
            let read = CheckpointCheck::read(connection, expected, "", findings);
            or_damage(read, "the table `checkpoints`", findings)?.unwrap_or_default()
        }
        false => CheckpointCheck::without_tree(expected, findings),
    };
    let of_accesses = checks.origin().map(|origin| format!("{origin}{ORIGIN_SUFFIX}"));
    checks.read_kept(expected, |of| Some(of.as_str()) != of_accesses.as_deref(), findings);
    if tables.erasure {
        let read = checks.read_cosigned(connection, findings);
        or_damage(read, "the table `cosigned_checkpoints`", findings)?;
    }

    let tree = TreeCheck::new(checks.sizes());
    let mut walk = Walk::new(connection, tables, tree, findings);
    let walked = walk.run(progress);
    let (next, totals, tree) = walk.finish();
    let findings = &mut report.findings;
    if let Err(error) = walked {
        let problem = Problem::of_entry(next, format!("it cannot be read: {error}"));
        damage(error).map(|_| findings.add(problem))?;
    }
    report.entries = next;
    (report.payloads, report.erased_logs) = (totals.payloads, totals.erased_logs);
    report.root = tree.head().map(|head| head.root);
    or_damage(
        state::check_tables(connection, tables, totals.confirmed_erasures, findings),
        "the tables of what the entries add up to",
        findings,
    )?;
    let checked = checks.check(&tree, next, findings);
    report.checkpoint = checked.stored;
    report.kept_checkpoints = checked.kept;
    report.cosigned_checkpoints = checked.cosigned;
    Ok(report)
}

/// What a part of the file says; none, and a finding, if it is damaged.
fn or_damage<T>(
    read: rusqlite::Result<T>,
    part: &str,
    findings: &mut Findings,
) -> Result<Option<T>, ReadError> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(error) => {
            let error = damage(error)?;
            findings.add(Problem::general(format!("{part} cannot be read: {error}")));
            Ok(None)
        }
    }
}

/// An error that the bytes of the file have caused; others are the machine's.
fn damage(error: rusqlite::Error) -> Result<rusqlite::Error, ReadError> {
    use rusqlite::ErrorCode::{
        CannotOpen, DatabaseBusy, DatabaseLocked, OperationInterrupted, OutOfMemory, PermissionDenied,
        SystemIoFailure,
    };
    match error.sqlite_error_code() {
        Some(
            CannotOpen | DatabaseBusy | DatabaseLocked | OperationInterrupted | OutOfMemory
            | PermissionDenied | SystemIoFailure,
        ) => Err(ReadError(error)),
        _ => Ok(error),
    }
}
