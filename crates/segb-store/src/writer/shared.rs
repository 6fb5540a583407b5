//! What the writing threads share with each other and with everybody else.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use tokio::sync::watch;

use segb_graph::index::GraphIndex;

use super::{figures::CommitTimes, queue::Queue};
use crate::record::RecordError;

/// The condition of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreStatus {
    /// Everything works.
    Ready,
    /// Logs are taken; the graph cannot be read yet, because it is being made from the journal.
    CatchingUp {
        /// Entries that the index contains.
        applied: u64,
        /// Entries in the journal.
        total: u64,
    },
    /// Logs are refused, for this reason, until it is gone. The graph can be read, unless the store was still catching
    /// up when it failed.
    Failed(String),
    /// The store is closed.
    Closed,
}

/// State that one thread writes and others read.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) index: GraphIndex,
    pub(crate) queue: Queue,
    pub(super) commit_times: CommitTimes,
    /// Entries in the journal; who follows it waits here.
    entries: watch::Sender<u64>,
    logs: AtomicU64,
    cosigned: AtomicU64,
    applied: AtomicU64,
    /// Entries below this that are not applied have to be read from the journal: nobody hands them to the indexer.
    to_catch_up: AtomicU64,
    /// Triples handed to the indexer and not applied yet.
    backlog_triples: AtomicU64,
    prefixes: Mutex<Arc<Vec<(String, String)>>>,
    condition: Mutex<Condition>,
    /// Whether the index contained all of the journal at some moment since it was opened.
    complete_once: AtomicBool,
}

/// What the indexer knows of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Condition {
    CatchingUp,
    Ready,
    Failed { reason: String, full: bool },
    Closed,
}

impl Shared {
    pub(crate) fn new(index: GraphIndex, queue: Queue, entries: u64, applied: u64) -> Self {
        Self {
            index,
            queue,
            commit_times: CommitTimes::default(),
            entries: watch::Sender::new(entries),
            logs: AtomicU64::new(0),
            cosigned: AtomicU64::new(0),
            applied: AtomicU64::new(applied),
            to_catch_up: AtomicU64::new(entries),
            backlog_triples: AtomicU64::new(0),
            prefixes: Mutex::default(),
            condition: Mutex::new(Condition::CatchingUp),
            complete_once: AtomicBool::new(false),
        }
    }

    pub(crate) fn status(&self) -> StoreStatus {
        match self.condition.lock().unwrap_or_else(PoisonError::into_inner).clone() {
            Condition::CatchingUp => {
                let (applied, total) = self.progress();
                StoreStatus::CatchingUp { applied, total }
            }
            Condition::Ready => StoreStatus::Ready,
            Condition::Failed { reason, .. } => StoreStatus::Failed(reason),
            Condition::Closed => StoreStatus::Closed,
        }
    }

    /// Entries in the index and in the journal.
    pub(crate) fn progress(&self) -> (u64, u64) {
        (self.applied.load(Ordering::Acquire), self.entries())
    }

    /// The remembered prefixes, sorted.
    pub(crate) fn prefixes(&self) -> Arc<Vec<(String, String)>> {
        Arc::clone(&self.prefixes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether the graph must not be read, although nothing may be making it complete at the moment: what it lacks is
    /// not what came in just now, but what was acknowledged before the store was opened.
    pub(crate) fn is_partial(&self) -> bool {
        !self.complete_once.load(Ordering::Acquire)
    }

    /// Whether the condition is another one now.
    pub(super) fn set_condition(&self, condition: Condition) -> bool {
        if condition == Condition::Ready {
            self.complete_once.store(true, Ordering::Release);
        }
        let mut current = self.condition.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = *current != condition;
        *current = condition;
        changed
    }

    /// Why logs are not taken: while the index cannot follow, what would be acknowledged would not be seen.
    pub(super) fn refusal(&self) -> Option<RecordError> {
        match &*self.condition.lock().unwrap_or_else(PoisonError::into_inner) {
            Condition::Failed { full: true, .. } => Some(RecordError::DiskFull),
            Condition::Failed { reason, full: false } => Some(RecordError::Storage(reason.clone())),
            Condition::CatchingUp | Condition::Ready | Condition::Closed => None,
        }
    }

    pub(super) fn has_failed(&self) -> bool {
        self.refusal().is_some()
    }

    /// Entries in the journal.
    pub(super) fn entries(&self) -> u64 {
        *self.entries.borrow()
    }

    /// Sees each change of [`entries`](Self::entries).
    pub(crate) fn growth(&self) -> watch::Receiver<u64> {
        self.entries.subscribe()
    }

    /// Up to which sequence number the indexer has to read from the journal.
    pub(super) fn to_catch_up(&self) -> u64 {
        self.to_catch_up.load(Ordering::Acquire)
    }

    /// Leaves the entries below `end_sequence` to the indexer, to be read from the journal.
    pub(super) fn leave_to_catch_up(&self, end_sequence: u64) {
        self.to_catch_up.fetch_max(end_sequence, Ordering::AcqRel);
    }

    pub(super) fn backlog_triples(&self) -> u64 {
        self.backlog_triples.load(Ordering::Acquire)
    }

    pub(super) fn add_backlog(&self, triples: u64) {
        self.backlog_triples.fetch_add(triples, Ordering::AcqRel);
    }

    pub(super) fn remove_backlog(&self, triples: u64) {
        self.backlog_triples.fetch_sub(triples, Ordering::AcqRel);
    }

    pub(super) fn set_prefixes(&self, prefixes: &Arc<Vec<(String, String)>>) {
        *self.prefixes.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(prefixes);
    }

    pub(super) fn set_entries(&self, entries: u64) {
        self.entries.send_replace(entries);
    }

    pub(super) fn set_logs(&self, logs: u64) {
        self.logs.store(logs, Ordering::Release);
    }

    pub(crate) fn set_cosigned(&self, size: u64) {
        self.cosigned.fetch_max(size, Ordering::AcqRel);
    }

    pub(super) fn set_applied(&self, applied: u64) {
        self.applied.store(applied, Ordering::Release);
    }

    pub(crate) fn fill_figures(&self, figures: &mut super::StoreFigures) {
        let (applied, entries) = self.progress();
        (figures.entries, figures.index_behind) = (entries, entries.saturating_sub(applied));
        figures.logs = self.logs.load(Ordering::Acquire);
        figures.cosigned = self.cosigned.load(Ordering::Acquire);
        (figures.queue_logs, figures.queue_bytes) = self.queue.depth();
        self.commit_times.fill(figures);
    }
}
