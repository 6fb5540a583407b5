//! Between those who answer requests and the thread that writes: a queue that makes nobody wait.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use segb_journal::{Timestamp, access::AccessRecord};

use super::{Access, AccessFigures, missing::Missing};

/// How long records are collected before they are written: one fsync for all of them, and a rare one.
const COLLECT: Duration = Duration::from_millis(100);
/// How soon it is tried again what could not be written.
const RETRY: Duration = Duration::from_secs(1);
/// Records in one transaction; so many do not wait for more.
const BATCH_RECORDS_MAX: usize = 2_048;

#[derive(Debug)]
pub(super) struct AccessQueue {
    state: Mutex<State>,
    /// For the thread that writes.
    work: Condvar,
    /// For those who wait for it.
    settled: Condvar,
    records_max: usize,
}

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<Waiting>,
    /// How many are taken and not on disk yet.
    in_hand: usize,
    /// How many could not be kept.
    missed: u64,
    /// How many are on disk.
    records: u64,
    /// How often it was asked that all be written, and how often that was done or tried.
    settle_asked: u64,
    settle_done: u64,
    /// The moment of the last asking.
    now: Option<Timestamp>,
    closed: bool,
}

#[derive(Debug)]
enum Waiting {
    Access(AccessRecord),
    Gap(Missing),
}

impl Waiting {
    fn into_record(self) -> AccessRecord {
        match self {
            Self::Access(record) => record,
            Self::Gap(missing) => missing.to_record(),
        }
    }
}

/// What the thread that writes is to do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn {
    settle_asked: u64,
    /// The present moment, if somebody said it.
    pub(super) now: Option<Timestamp>,
    /// Nothing more will come.
    pub(super) closed: bool,
}

impl AccessQueue {
    pub(super) fn new(records_max: usize) -> Self {
        Self { state: Mutex::default(), work: Condvar::new(), settled: Condvar::new(), records_max }
    }

    /// Adds a record, or counts it where it would have been.
    pub(super) fn add(&self, access: Access) {
        let mut state = self.lock();
        if state.closed || state.waiting.len() + state.in_hand >= self.records_max {
            state.missed += 1;
            if let Some(Waiting::Gap(missing)) = state.waiting.back_mut() {
                missing.add(access.at);
            } else {
                state.waiting.push_back(Waiting::Gap(Missing::new(access.at)));
            }
            return;
        }
        state.waiting.push_back(Waiting::Access(access.into_record()));
        // In between the thread is collecting, and wakes by itself.
        if matches!(state.waiting.len(), 1 | BATCH_RECORDS_MAX) {
            self.work.notify_one();
        }
    }

    /// Waits for something to do. If there is nothing in hand, the next records are taken into it.
    pub(super) fn take(&self, in_hand: &mut Vec<AccessRecord>) -> Turn {
        let mut state = self.lock();
        let is_urgent = |state: &State| state.closed || state.settle_asked > state.settle_done;
        if in_hand.is_empty() {
            let idle = |state: &mut State| state.waiting.is_empty() && !is_urgent(state);
            state = self.work.wait_while(state, idle).unwrap_or_else(PoisonError::into_inner);
            let collecting = |state: &mut State| state.waiting.len() < BATCH_RECORDS_MAX && !is_urgent(state);
            let collected = self.work.wait_timeout_while(state, COLLECT, collecting);
            (state, _) = collected.unwrap_or_else(PoisonError::into_inner);
            let count = state.waiting.len().min(BATCH_RECORDS_MAX);
            in_hand.extend(state.waiting.drain(..count).map(Waiting::into_record));
            state.in_hand = in_hand.len();
        } else {
            let retry = self.work.wait_timeout_while(state, RETRY, |state| !is_urgent(state));
            (state, _) = retry.unwrap_or_else(PoisonError::into_inner);
        }
        Turn { settle_asked: state.settle_asked, now: state.now.take(), closed: state.closed }
    }

    /// Takes note that what was in hand is on disk, which has `records` now; whether that was all.
    pub(super) fn written(&self, turn: Turn, records: u64) -> bool {
        let mut state = self.lock();
        state.in_hand = 0;
        state.records = records;
        let is_all = state.waiting.is_empty();
        if is_all {
            self.settle_up_to(&mut state, turn);
        }
        is_all
    }

    /// Takes note that it is not.
    pub(super) fn failed(&self, turn: Turn) {
        let mut state = self.lock();
        self.settle_up_to(&mut state, turn);
    }

    fn settle_up_to(&self, state: &mut State, turn: Turn) {
        state.settle_done = turn.settle_asked;
        self.settled.notify_all();
    }

    /// Has all written that is there now, and waits until that is done or has failed.
    pub(super) fn settle(&self, now: Timestamp, duration_max: Duration) {
        let mut state = self.lock();
        if state.closed {
            return;
        }
        state.settle_asked += 1;
        state.now = Some(now);
        let asked = state.settle_asked;
        self.work.notify_one();
        let unsettled = |state: &mut State| state.settle_done < asked && !state.closed;
        drop(self.settled.wait_timeout_while(state, duration_max, unsettled));
    }

    pub(super) fn set_records(&self, records: u64) {
        self.lock().records = records;
    }

    pub(super) fn figures(&self) -> AccessFigures {
        let state = self.lock();
        let waiting = (state.waiting.len() + state.in_hand) as u64;
        AccessFigures { records: state.records, waiting, missed: state.missed }
    }

    /// Takes no more; what waits is still written.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.work.notify_all();
        self.settled.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
