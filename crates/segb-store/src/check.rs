//! Whether the graph index is what the journal says: every entry is replayed into an index of its own, and the two are
//! compared.

use std::{fs, path::Path};

use segb_graph::index::{GraphIndex, IndexChange, IndexError, IndexWriter, Snapshot, Unopened, compare};
use segb_journal::EntryKind;

use crate::{
    data_dir::DataDirLock,
    journal::{FILE_NAME, JournalError, JournalReader, ReplayItem},
    open::OpenError,
    writer::{OwnedChange, meaning},
};

/// The directory of the replayed index, in the data directory.
const DIRECTORY: &str = "graph-check";
/// Entries and bytes of logs that are replayed in one transaction.
const STEP_ENTRIES: u32 = 512;
const STEP_BYTES: u64 = 4 << 20;
/// Differences that are told one by one; more are only counted.
const TOLD_MAX: usize = 20;

/// What came of comparing the graph index with the journal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct IndexCheck {
    /// Entries in the journal.
    pub entries: u64,
    /// Those of them that the index contains; the next start applies the rest.
    pub applied: u64,
    /// Distinct triples that the graph should have.
    pub triples: u64,
    /// Why there was no index to be compared: the next start makes it from the journal.
    pub not_compared: Option<String>,
    /// How many differences there are.
    pub differences: u64,
    /// The first of them.
    pub told: Vec<String>,
}

/// Why the graph index cannot be checked. All of it is for the operator.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckError {
    /// A server has the data directory, or it cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// There is no journal in it.
    #[error("there is no journal in {0}")]
    NoJournal(std::path::PathBuf),
    /// The journal cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// One of the two indexes cannot be read or written.
    #[error("{0}")]
    Index(String),
}

impl From<IndexError> for CheckError {
    fn from(error: IndexError) -> Self {
        Self::Index(error.to_string())
    }
}

/// Compares the graph index in a data directory, which no server may have open, with a replay of the journal, and
/// changes neither. It needs as much room on the disk as the index has. `progress` is told how many entries of how many
/// are replayed.
///
/// # Errors
/// [`CheckError`]; a difference is none.
pub fn check_index(data_dir: &Path, mut progress: impl FnMut(u64, u64)) -> Result<IndexCheck, CheckError> {
    let journal = data_dir.join(FILE_NAME);
    if !journal.exists() {
        return Err(CheckError::NoJournal(data_dir.to_owned()));
    }
    let _lock = DataDirLock::acquire(data_dir)?;
    let reader = JournalReader::new(&journal);
    let entries = reader.evidence(|tables| tables.size())?;
    let mut check = IndexCheck { entries, ..IndexCheck::default() };
    let index = match GraphIndex::look_at(data_dir)? {
        Ok(index) => index,
        Err(Unopened::Missing) => return Ok(check.without("there is none")),
        Err(Unopened::Unfit(reason)) => return Ok(check.without(reason)),
    };
    check.applied = index.applied()?;
    if check.applied > entries {
        return Ok(check.without("it contains more entries than the journal"));
    }
    let directory = data_dir.join(DIRECTORY);
    let compared = replay(&reader, &directory, &mut check, &mut progress)
        .and_then(|replayed| check.compare(&index.snapshot()?, &replayed.snapshot()?));
    // If this fails, the next check begins by emptying it.
    if let Err(error) = fs::remove_dir_all(&directory) {
        log::warn!("{}: {error}", directory.display());
    }
    compared.map(|()| check)
}

/// Applies as many entries as the index contains to a new one.
fn replay(
    reader: &JournalReader,
    directory: &Path,
    check: &mut IndexCheck,
    progress: &mut impl FnMut(u64, u64),
) -> Result<GraphIndex, CheckError> {
    let index = GraphIndex::open(directory, true)?;
    let mut writer = IndexWriter::default();
    let mut next = 0;
    while next < check.applied {
        progress(next, check.applied);
        let limit = u32::try_from(check.applied - next).unwrap_or(u32::MAX).min(STEP_ENTRIES);
        let items = reader.replay(next, limit, STEP_BYTES)?;
        let Some(last) = items.last() else {
            return Err(JournalError::Damaged(format!("there is no entry {next}")).into());
        };
        next = last.sequence + 1;
        let changes: Vec<Meaning> = items.into_iter().filter_map(|item| check.meaning(item)).collect();
        let changes: Vec<IndexChange<'_>> = changes.iter().map(Meaning::as_change).collect();
        writer.apply(&index, &changes, next)?;
    }
    progress(next, check.applied);
    Ok(index)
}

/// What an entry means for the graph.
enum Meaning {
    Change(OwnedChange),
    Clear,
}

impl Meaning {
    fn as_change(&self) -> IndexChange<'_> {
        match self {
            Self::Change(change) => change.as_change(),
            Self::Clear => IndexChange::Clear,
        }
    }
}

impl IndexCheck {
    /// Whether the index is what the journal says.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.differences == 0 && self.not_compared.is_none()
    }

    fn without(mut self, reason: &str) -> Self {
        self.not_compared = Some(reason.to_owned());
        self
    }

    fn differs(&mut self, what: String) {
        self.differences += 1;
        if self.told.len() < TOLD_MAX {
            self.told.push(what);
        }
    }

    fn meaning(&mut self, item: ReplayItem) -> Option<Meaning> {
        let ReplayItem { sequence, log_id, kind, triple_count, .. } = item;
        if kind == EntryKind::GraphCleared {
            return Some(Meaning::Clear);
        }
        let erased = item.payload.is_none();
        let change = meaning(item);
        let counted = match &change {
            Some(OwnedChange::Assert { log, .. }) => log.triple_count() as u64,
            _ => 0,
        };
        if !erased && counted != triple_count {
            self.differs(format!(
                "the journal counts {triple_count} triples for entry {sequence}, log {log_id}, which says {counted}"
            ));
        }
        change.map(Meaning::Change)
    }

    fn compare(&mut self, index: &Snapshot, replayed: &Snapshot) -> Result<(), CheckError> {
        self.triples = replayed.triple_count()?;
        compare(replayed, index, "the graph index", &mut |what| self.differs(what))?;
        compare(index, replayed, "the journal", &mut |what| self.differs(what))?;
        Ok(())
    }
}
