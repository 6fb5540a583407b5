//! What the writer thread shares with everybody else.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use super::{figures::CommitTimes, queue::Queue};
use crate::index::GraphIndex;

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
    /// The graph can be read; logs are refused, for this reason, until it is gone.
    Failed(String),
    /// The store is closed.
    Closed,
}

/// State that the writer writes and others read.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) index: GraphIndex,
    pub(crate) queue: Queue,
    pub(super) commit_times: CommitTimes,
    entries: AtomicU64,
    applied: AtomicU64,
    prefixes: Mutex<Arc<Vec<(String, String)>>>,
    condition: Mutex<Condition>,
}

/// The writer's view of itself.
#[derive(Debug, Clone)]
pub(super) enum Condition {
    CatchingUp,
    Ready,
    Failed(String),
    Closed,
}

impl Shared {
    pub(super) fn new(index: GraphIndex, queue: Queue, entries: u64, applied: u64) -> Self {
        Self {
            index,
            queue,
            commit_times: CommitTimes::default(),
            entries: AtomicU64::new(entries),
            applied: AtomicU64::new(applied),
            prefixes: Mutex::default(),
            condition: Mutex::new(Condition::CatchingUp),
        }
    }

    pub(crate) fn status(&self) -> StoreStatus {
        match self.condition.lock().unwrap_or_else(PoisonError::into_inner).clone() {
            Condition::CatchingUp => {
                let (applied, total) = self.progress();
                StoreStatus::CatchingUp { applied, total }
            }
            Condition::Ready => StoreStatus::Ready,
            Condition::Failed(reason) => StoreStatus::Failed(reason),
            Condition::Closed => StoreStatus::Closed,
        }
    }

    /// Entries in the index and in the journal.
    pub(crate) fn progress(&self) -> (u64, u64) {
        (self.applied.load(Ordering::Acquire), self.entries.load(Ordering::Acquire))
    }

    /// The remembered prefixes, sorted.
    pub(crate) fn prefixes(&self) -> Arc<Vec<(String, String)>> {
        Arc::clone(&self.prefixes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn set_condition(&self, condition: Condition) {
        *self.condition.lock().unwrap_or_else(PoisonError::into_inner) = condition;
    }

    pub(super) fn set_prefixes(&self, prefixes: &Arc<Vec<(String, String)>>) {
        *self.prefixes.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(prefixes);
    }

    pub(super) fn set_entries(&self, entries: u64) {
        self.entries.store(entries, Ordering::Release);
    }

    pub(super) fn set_applied(&self, applied: u64) {
        self.applied.store(applied, Ordering::Release);
    }

    pub(crate) fn fill_figures(&self, figures: &mut super::StoreFigures) {
        let (applied, entries) = self.progress();
        (figures.entries, figures.index_behind) = (entries, entries.saturating_sub(applied));
        (figures.queue_logs, figures.queue_bytes) = self.queue.depth();
        self.commit_times.fill(figures);
    }
}
