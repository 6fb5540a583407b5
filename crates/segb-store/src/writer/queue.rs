//! The bounded queue in front of the writer.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use segb_graph::{pending::Reply, turtle::ParsedLog};
use segb_journal::{Commitment, EntryKind, Hash};

use crate::{
    evidence::CosignedCheckpoint,
    journal::{EncodedPayload, StateChange},
    record::{ClearOutcome, Provenance, Receipt, RecordError},
};

/// What an entry says.
#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) kind: EntryKind,
    pub(crate) media_type: &'static str,
    /// What it asserts.
    pub(crate) log: Option<ParsedLog>,
    /// SHA-256 of the payload.
    pub(crate) content_sha256: Hash,
    /// What it changes besides.
    pub(crate) change: Option<StateChange>,
    pub(crate) idempotency_key: Option<String>,
}

/// An entry on its way into the journal.
#[derive(Debug)]
pub(crate) struct RecordJob {
    pub(crate) content: Content,
    pub(crate) payload: EncodedPayload,
    pub(crate) payload_size: u64,
    pub(crate) commitment: Commitment,
    pub(crate) provenance: Provenance,
    pub(crate) reply: Reply<Receipt, RecordError>,
}

/// A request to the writer.
#[derive(Debug)]
pub(crate) enum Job {
    Record(Box<RecordJob>),
    Clear {
        provenance: Provenance,
        reply: Reply<ClearOutcome, RecordError>,
    },
    /// Witnesses signed a checkpoint.
    Cosigned {
        checkpoint: CosignedCheckpoint,
        reply: Reply<(), RecordError>,
    },
    /// The write-ahead log is to be emptied, since it holds what was erased.
    Scrub {
        reply: Reply<(), RecordError>,
    },
}

impl RecordJob {
    pub(super) fn triple_count(&self) -> usize {
        self.content.log.as_ref().map_or(0, ParsedLog::triple_count)
    }
}

impl Job {
    fn bytes(&self) -> u64 {
        match self {
            Self::Record(job) => job.payload_size,
            Self::Clear { .. } | Self::Cosigned { .. } | Self::Scrub { .. } => 0,
        }
    }
}

/// Logs in one transaction: enough to share an fsync among all that wait, few enough to answer soon.
const BATCH_LOGS_MAX: usize = 256;
/// Payload bytes in one transaction; a larger log is a batch of its own.
const BATCH_BYTES_MAX: u64 = 16 << 20;

/// A queue that refuses what does not fit.
#[derive(Debug)]
pub(crate) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    logs_max: usize,
    bytes_max: u64,
}

#[derive(Debug, Default)]
struct State {
    jobs: VecDeque<Job>,
    bytes: u64,
    closed: bool,
}

/// What [`Queue::take`] found.
#[derive(Debug)]
pub(crate) enum Taken {
    /// Jobs of one transaction: several logs, or one request of another kind.
    Batch(Vec<Job>),
    /// Nothing came in the given time.
    Nothing,
    /// Nothing is left and nothing will come.
    Closed,
}

impl Queue {
    pub(crate) fn new(logs_max: usize, bytes_max: u64) -> Self {
        Self { state: Mutex::default(), changed: Condvar::new(), logs_max, bytes_max }
    }

    /// Adds a job, or says why not. One log always fits into an empty queue, however large it is.
    pub(crate) fn add(&self, job: Job) -> Result<(), RecordError> {
        let mut state = self.lock();
        if state.closed {
            return Err(RecordError::Closed);
        }
        let bytes = state.bytes + job.bytes();
        if state.jobs.len() >= self.logs_max || (bytes > self.bytes_max && !state.jobs.is_empty()) {
            return Err(RecordError::QueueFull);
        }
        state.bytes = bytes;
        state.jobs.push_back(job);
        self.changed.notify_one();
        Ok(())
    }

    /// Waits up to `wait` for jobs and takes those of one transaction.
    pub(crate) fn take(&self, wait: Duration) -> Taken {
        let state = self.lock();
        let (mut state, _) = self
            .changed
            .wait_timeout_while(state, wait, |state| state.jobs.is_empty() && !state.closed)
            .unwrap_or_else(PoisonError::into_inner);
        let batch = take_batch(&mut state);
        match batch.is_empty() {
            false => Taken::Batch(batch),
            true if state.closed => Taken::Closed,
            true => Taken::Nothing,
        }
    }

    /// Refuses further jobs; those that wait are still taken.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    /// Jobs and payload bytes that wait.
    pub(crate) fn depth(&self) -> (u64, u64) {
        let state = self.lock();
        (state.jobs.len() as u64, state.bytes)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn take_batch(state: &mut State) -> Vec<Job> {
    let (mut count, mut bytes) = (0, 0);
    for job in &state.jobs {
        let alone = !matches!(job, Job::Record(_));
        let full = count >= BATCH_LOGS_MAX || bytes + job.bytes() > BATCH_BYTES_MAX;
        if count > 0 && (alone || full) {
            break;
        }
        count += 1;
        bytes += job.bytes();
        if alone {
            break;
        }
    }
    state.bytes -= bytes;
    state.jobs.drain(..count).collect()
}
