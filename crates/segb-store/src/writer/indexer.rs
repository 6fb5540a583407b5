//! The thread that keeps the graph index up to the journal: batch by batch as they are committed, or from the journal
//! itself after a crash, after a full disk, or from nothing.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::{Duration, Instant},
};

use segb_graph::{
    index::{IndexChange, IndexError, IndexWriter},
    limits::TurtleLimits,
    pending::Reply,
    turtle::ParsedLog,
};
use segb_journal::{EntryKind, statement};
use uuid::Uuid;

use super::{
    Shared,
    recorder::{Answers, answer},
    shared::Condition,
};
use crate::{
    contexts::asserted_by,
    journal::{JournalError, JournalReader, ReplayItem},
    record::{ClearOutcome, RecordError},
};

/// Batches that may wait for the indexer.
pub(crate) const COMMITTED_WAITING_MAX: usize = 64;

/// Entries applied in one transaction while catching up.
const STEP_ENTRIES: u32 = 512;

/// As the number of applied entries: it was not looked yet.
const NEVER: u64 = u64::MAX;

/// How often catching up tells how far it is.
const PROGRESS_ENTRIES: u64 = 8_192;

/// Bytes of logs in such a transaction: about a tenth of a second of work, after which somebody may be waiting. A larger
/// log is one of its own.
const STEP_BYTES: u64 = 1 << 20;

/// How often the indexer tries again after a failure, such as a full disk.
const RETRY: Duration = Duration::from_millis(500);

/// Terms whose words are added in one transaction: some milliseconds, for which a log may have to wait.
const WORDS_STEP_TERMS: usize = 2_000;

/// How long words wait for the logs to leave off, or the next of them while logs come.
const WORDS_PAUSE: Duration = Duration::from_secs(1);

/// How long the indexer sleeps when nobody wakes it.
const IDLE: Duration = Duration::from_secs(60);

/// Entries that are in the journal, on their way into the index.
pub(crate) struct Committed {
    pub(super) first_sequence: u64,
    pub(super) end_sequence: u64,
    pub(super) applicable: Applicable,
}

pub(super) enum Applicable {
    Changes {
        changes: Vec<OwnedChange>,
        triples: u64,
        answers: Answers,
    },
    Clear {
        sequence: u64,
        reply: Reply<ClearOutcome, RecordError>,
    },
    /// The indexer is to look whether it is behind.
    Nothing,
}

/// What an entry means for the graph.
pub(crate) enum OwnedChange {
    Assert { sequence: u64, log_id: Uuid, log: ParsedLog },
    Erase { log_id: Uuid },
}

impl OwnedChange {
    pub(crate) fn as_change(&self) -> IndexChange<'_> {
        match self {
            Self::Assert { sequence, log_id, log } => {
                IndexChange::Assert { sequence: *sequence, log_id: *log_id, log }
            }
            Self::Erase { log_id } => IndexChange::Erase { log_id: *log_id },
        }
    }
}

/// The indexer's own things.
pub(crate) struct Indexer {
    reader: Arc<JournalReader>,
    writer: IndexWriter,
    shared: Arc<Shared>,
    /// Entries in the index; the journal may be ahead.
    applied: u64,
    /// Whether there may be texts that are not found by their words yet.
    words: Words,
}

/// How far the words of texts are added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Words {
    Complete,
    /// Some are missing, and so many entries were applied when it was last looked.
    Missing {
        applied: u64,
    },
    /// It did not work; it is tried again when something is applied.
    Failed {
        applied: u64,
    },
}

#[derive(Debug, thiserror::Error)]
enum CatchUpError {
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Index(#[from] IndexError),
}

impl Indexer {
    pub(crate) fn new(reader: Arc<JournalReader>, shared: Arc<Shared>, applied: u64) -> Self {
        Self { reader, writer: IndexWriter::default(), shared, applied, words: Words::Missing { applied } }
    }

    /// Catches up for about as long as `budget`, before the thread starts.
    pub(crate) fn catch_up_for(&mut self, budget: Duration) {
        let start = Instant::now();
        while self.is_behind() && start.elapsed() < budget && self.catch_up_a_little() {}
        self.mark_ready();
    }

    /// Whether the entries from `first_sequence` on are the next ones to apply.
    pub(super) fn is_next(&self, first_sequence: u64) -> bool {
        self.applied == first_sequence
    }

    fn wait(&self) -> Duration {
        match (self.is_behind(), self.shared.has_failed()) {
            (true, true) => RETRY,
            (true, false) => Duration::ZERO,
            (false, _) => match self.words {
                Words::Complete | Words::Failed { .. } => IDLE,
                // Nothing has come since: then nobody is held up.
                Words::Missing { applied } if applied == self.applied => Duration::ZERO,
                Words::Missing { .. } => WORDS_PAUSE,
            },
        }
    }

    /// Whether the thread has to be woken for the words of what was applied by the recorder.
    pub(super) fn wants_words(&self) -> bool {
        self.words == Words::Missing { applied: NEVER }
    }

    fn add_words(&mut self) {
        let applied = self.applied;
        self.words = match self.writer.add_words(&self.shared.index, WORDS_STEP_TERMS) {
            Ok(true) => Words::Missing { applied },
            Ok(false) => Words::Complete,
            Err(error) => {
                log::warn!("new texts are not found by their words for now: {error}");
                Words::Failed { applied }
            }
        };
    }

    fn close(&self) {
        // An index that is behind stays valid: the next start goes on from where it is.
        if let Err(error) = self.shared.index.close() {
            log::warn!("the graph index was not closed properly: {error}");
        }
        self.shared.set_condition(Condition::Closed);
    }

    pub(super) fn handle(&mut self, committed: Committed) {
        let in_turn = committed.first_sequence == self.applied;
        match committed.applicable {
            Applicable::Changes { changes, triples, answers } => {
                if in_turn {
                    let changes: Vec<_> = changes.iter().map(OwnedChange::as_change).collect();
                    self.apply(&changes, committed.end_sequence);
                } else {
                    // They are read from the journal when what comes before them is applied.
                    self.shared.leave_to_catch_up(committed.end_sequence);
                }
                self.shared.remove_backlog(triples);
                answer(answers);
            }
            Applicable::Clear { sequence, reply } => {
                // Who does not wait for the answer any more does not need it.
                let _ = reply.send(self.clear(sequence));
            }
            Applicable::Nothing => {}
        }
    }

    fn clear(&mut self, sequence: u64) -> Result<ClearOutcome, RecordError> {
        let storage = |error: IndexError| RecordError::Storage(error.to_string());
        let removed_triples =
            self.shared.index.snapshot().and_then(|snapshot| snapshot.triple_count()).map_err(storage)?;
        // Whatever was not applied yet is gone with the rest: emptying the graph needs nothing before it.
        self.apply(&[IndexChange::Clear], sequence + 1);
        if self.applied > sequence {
            self.mark_ready();
        }
        // It is in the journal: if the index had no room for it just now, it takes effect when there is.
        Ok(ClearOutcome::Cleared { sequence, removed_triples })
    }

    /// Applies changes; on failure the index is behind and says so.
    fn apply(&mut self, changes: &[IndexChange<'_>], applied: u64) {
        if let Err(error) = self.advance(changes, applied) {
            self.shared.leave_to_catch_up(applied);
            self.mark_failed(&error.into());
        }
    }

    fn advance(&mut self, changes: &[IndexChange<'_>], applied: u64) -> Result<(), IndexError> {
        self.writer.apply(&self.shared.index, changes, applied)?;
        self.applied = applied;
        self.shared.set_applied(applied);
        if matches!(self.words, Words::Complete)
            || matches!(self.words, Words::Failed { applied: then } if then < applied)
        {
            self.words = Words::Missing { applied: NEVER };
        }
        Ok(())
    }

    pub(super) fn is_behind(&self) -> bool {
        self.applied < self.shared.to_catch_up()
    }

    fn work_by_itself(&mut self) {
        if self.is_behind() {
            self.catch_up_a_little();
        } else if matches!(self.words, Words::Missing { .. }) {
            self.add_words();
        }
    }

    /// Applies the next few entries from the journal; whether that worked.
    fn catch_up_a_little(&mut self) -> bool {
        match self.catch_up_step() {
            Ok(()) => {
                self.mark_recovered();
                self.mark_ready();
                true
            }
            Err(error) => {
                self.mark_failed(&error);
                false
            }
        }
    }

    fn mark_ready(&mut self) {
        if !self.is_behind() && self.shared.set_condition(Condition::Ready) {
            log::info!("the graph index contains all {} entries of the journal", self.applied);
        }
    }

    /// After a failure, a step that works shows that its cause is gone: logs are taken again before all is caught up.
    fn mark_recovered(&mut self) {
        if self.is_behind() && self.shared.has_failed() {
            self.shared.set_condition(if self.shared.is_partial() {
                Condition::CatchingUp
            } else {
                Condition::Ready
            });
        }
    }

    fn mark_failed(&mut self, error: &CatchUpError) {
        let full = matches!(error, CatchUpError::Index(IndexError::Full(_)));
        if self.shared.set_condition(Condition::Failed { reason: error.to_string(), full }) {
            log::error!("the graph index does not follow the journal: {error}");
        }
    }

    fn catch_up_step(&mut self) -> Result<(), CatchUpError> {
        // What was said before the graph was last emptied need not be put in and thrown out again.
        if let Some(clear) = self.reader.last_clear()?.filter(|clear| *clear >= self.applied) {
            return Ok(self.advance(&[IndexChange::Clear], clear + 1)?);
        }
        let items = self.reader.replay(self.applied, STEP_ENTRIES, STEP_BYTES)?;
        // The graph was emptied while we looked: the next step begins with that.
        if items.iter().any(|item| item.kind == EntryKind::GraphCleared) {
            return Ok(());
        }
        let Some(last) = items.last() else {
            return Err(JournalError::Damaged(format!("there is no entry {}", self.applied)).into());
        };
        let (before, applied) = (self.applied, last.sequence + 1);
        let changes: Vec<_> = items.into_iter().filter_map(meaning).collect();
        let changes: Vec<_> = changes.iter().map(OwnedChange::as_change).collect();
        self.advance(&changes, applied)?;
        if applied / PROGRESS_ENTRIES > before / PROGRESS_ENTRIES {
            log::info!("making the graph index: {applied} of {} entries", self.shared.entries());
        }
        Ok(())
    }
}

/// The thread of the indexer: works until the recorder is gone. The recorder shares the indexer, so that it can apply a
/// batch itself when nothing else is to be done.
pub(crate) fn run(indexer: &Mutex<Indexer>, committed: &Receiver<Committed>) {
    let lock = || indexer.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        let wait = lock().wait();
        match committed.recv_timeout(wait) {
            Ok(committed) => lock().handle(committed),
            Err(RecvTimeoutError::Timeout) => lock().work_by_itself(),
            Err(RecvTimeoutError::Disconnected) => return lock().close(),
        }
    }
}

/// What an entry means for the graph; nothing if it cannot be read any more, which one must not do to all others.
pub(crate) fn meaning(item: ReplayItem) -> Option<OwnedChange> {
    let ReplayItem { sequence, log_id, kind, payload, .. } = item;
    // Nobody says any more what was erased.
    let payload = payload?;
    let unreadable = |cause: &dyn std::fmt::Display| {
        log::error!(
            "log {log_id}, sequence {sequence}, was taken once, and is missing in the graph now: {cause}"
        );
    };
    let turtle = match kind {
        EntryKind::LogReceived => payload,
        EntryKind::SharedContextsReconciled
        | EntryKind::ReviewCaseAccepted
        | EntryKind::ReviewCaseRejected => {
            asserted_by(&payload).map_err(|cause| unreadable(&cause)).ok()??.into_bytes()
        }
        EntryKind::LogErased => {
            let said: statement::Erasure =
                serde_json::from_slice(&payload).map_err(|cause| unreadable(&cause)).ok()?;
            return Some(OwnedChange::Erase { log_id: said.log_id });
        }
        // They assert nothing.
        _ => return None,
    };
    // What was accepted once is accepted again, whatever the limits are now.
    let log = ParsedLog::parse(turtle, &TurtleLimits::NONE).map_err(|cause| unreadable(&cause)).ok()?;
    Some(OwnedChange::Assert { sequence, log_id, log })
}
