//! The one pass over entries, payloads and tree.

use rusqlite::{Connection, Row};
use segb_journal::{Entry, EntryKind, Hash};
use uuid::Uuid;

use super::{
    columns,
    cursor::Cursor,
    payload::{Inflater, PayloadRow},
    row::read_entry,
    schema::Tables,
    state::{ErasureOf, StateCheck},
    tree::{self, StoredHashes, TreeCheck},
};
use crate::{Findings, Problem};

const SQL: &str = "SELECT sequence, kind, log_id, received_at, actor, claimed_user, origin, media_type, payload_size, \
                   payload_commitment, leaf_hash FROM entries ORDER BY sequence";

/// A row of the table `entries`.
struct EntryRow {
    log_id: Option<Uuid>,
    leaf_hash: Result<Hash, String>,
    entry: Result<Entry, String>,
}

impl EntryRow {
    fn read(row: &Row<'_>) -> Self {
        let log_id = columns::array(row, "log_id").ok().map(Uuid::from_bytes);
        Self { log_id, leaf_hash: columns::hash(row, "leaf_hash"), entry: read_entry(row) }
    }
}

/// What was counted on the way.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Totals {
    pub(super) payloads: u64,
    pub(super) erased_logs: u64,
    /// Rows of the table `erasures` that are right.
    pub(super) confirmed_erasures: u64,
}

/// The pass.
pub(super) struct Walk<'a> {
    connection: &'a Connection,
    tables: Tables,
    tree: TreeCheck,
    state: StateCheck<'a>,
    inflater: Inflater,
    totals: Totals,
    findings: &'a mut Findings,
    /// The sequence number that comes next.
    next: u64,
}

/// The tables that are read beside the entries.
struct Beside<'s> {
    payloads: Cursor<'s, PayloadRow>,
    /// None in versions without a tree.
    tree: Option<StoredHashes<'s>>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        connection: &'a Connection,
        tables: Tables,
        tree: TreeCheck,
        findings: &'a mut Findings,
    ) -> Self {
        let (state, inflater) = (StateCheck::new(connection, tables), Inflater::new());
        Self { connection, tables, tree, state, inflater, totals: Totals::default(), findings, next: 0 }
    }

    /// Up to the end, or to where the file cannot be read any more.
    pub(super) fn run(&mut self, progress: &mut dyn FnMut(u64)) -> rusqlite::Result<()> {
        let mut payloads = self.connection.prepare(PayloadRow::SQL)?;
        let mut hashes = self.tables.tree.then(|| self.connection.prepare(tree::SQL)).transpose()?;
        let mut entries = self.connection.prepare(SQL)?;
        let stored = hashes.as_mut().map(|hashes| Cursor::new(hashes, tree::read_hash)).transpose()?;
        let mut beside = Beside { payloads: Cursor::new(&mut payloads, PayloadRow::read)?, tree: stored };
        let mut entries = Cursor::new(&mut entries, EntryRow::read)?;
        while let Some((sequence, row)) = entries.take()? {
            self.row(sequence, row, &mut beside)?;
            progress(self.next);
        }
        self.rest(&mut beside)
    }

    /// How many entries there are, what was counted, and the tree.
    pub(super) fn finish(self) -> (u64, Totals, TreeCheck) {
        (self.next, self.totals, self.tree)
    }

    fn row(&mut self, sequence: i64, row: EntryRow, beside: &mut Beside<'_>) -> rusqlite::Result<()> {
        let Some(found) = u64::try_from(sequence).ok().filter(|found| *found >= self.next) else {
            let problem = format!("there is an entry with the number {sequence}, where none belongs");
            self.findings.add(Problem::general(problem));
            return Ok(());
        };
        if found > self.next {
            let problem = match found - 1 {
                last if last == self.next => "it is missing".to_owned(),
                last => format!("it is missing, and so are all up to entry {last}"),
            };
            self.findings.add(Problem::of_entry(self.next, problem));
            self.tree.skip_to(found, beside.tree.as_mut(), self.findings)?;
        }
        while let Some(stray) = beside.payloads.take_before(sequence)? {
            self.stray_payload(stray);
        }
        self.next = found;
        let payload = beside.payloads.take_at(sequence)?;
        let leaf = self.record(found, &row);
        self.tree.append(leaf, row.leaf_hash.ok(), beside.tree.as_mut(), self.findings)?;
        if let Ok(entry) = row.entry {
            self.payload(&entry, payload)?;
        }
        self.next = found + 1;
        Ok(())
    }

    /// The record against its leaf hash; the leaf hash as it should be.
    fn record(&mut self, sequence: u64, row: &EntryRow) -> Option<Hash> {
        let computed = match &row.entry {
            Ok(entry) => entry.leaf_hash().map_err(|error| error.to_string()),
            Err(problem) => Err(problem.clone()),
        };
        let problem = match (&computed, &row.leaf_hash) {
            (Err(problem), _) | (Ok(_), Err(problem)) => problem.clone(),
            (Ok(computed), Ok(recorded)) if computed == recorded => return Some(*computed),
            (Ok(_), Ok(_)) => "the record is not the one that its leaf hash is of".to_owned(),
        };
        self.findings.add(Problem::of_entry(sequence, problem).with_log_id(row.log_id));
        computed.ok()
    }

    fn payload(&mut self, entry: &Entry, payload: Option<PayloadRow>) -> rusqlite::Result<()> {
        let problem = match payload {
            None => self.missing_payload(entry)?,
            Some(row) => match self.inflater.check(entry, row, StateCheck::reads(entry.kind)) {
                Err(problem) => Some(problem),
                Ok(payload) => {
                    self.totals.payloads += 1;
                    return self.state.check(entry, &payload, self.findings);
                }
            },
        };
        if let Some(problem) = problem {
            let problem = Problem::of_entry(entry.sequence, problem).with_log_id(Some(entry.log_id));
            self.findings.add(problem);
        }
        Ok(())
    }

    /// What is wrong with it, unless an entry says that the log was erased.
    fn missing_payload(&mut self, entry: &Entry) -> rusqlite::Result<Option<String>> {
        if entry.kind != EntryKind::LogReceived {
            return Ok(Some("the payload is missing, and only logs are erased".to_owned()));
        }
        match self.state.erasure_of(entry)? {
            ErasureOf::Said => {}
            ErasureOf::Unreadable => return Ok(None),
            ErasureOf::Unsaid => {
                return Ok(Some("the payload is missing, and no entry says that it was erased".to_owned()));
            }
        }
        self.totals.erased_logs += 1;
        self.totals.confirmed_erasures += 1;
        Ok(None)
    }

    fn stray_payload(&mut self, sequence: i64) {
        let problem = "there is a payload and no entry";
        self.findings.add(match u64::try_from(sequence) {
            Ok(sequence) => Problem::of_entry(sequence, problem),
            Err(_) => Problem::general(format!("{problem} of the number {sequence}")),
        });
    }

    /// Rows behind those of the last entry.
    fn rest(&mut self, beside: &mut Beside<'_>) -> rusqlite::Result<()> {
        while let Some((stray, _)) = beside.payloads.take()? {
            self.stray_payload(stray);
        }
        match &mut beside.tree {
            Some(stored) => self.tree.check_rest(stored, self.findings),
            None => Ok(()),
        }
    }
}
