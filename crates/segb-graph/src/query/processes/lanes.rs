//! What waits for a process.

use std::{
    collections::VecDeque,
    sync::{
        Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use super::ProcessFigures;
use crate::query::{
    QueryError, QueryFigures,
    jobs::{Job, Lane},
    limits::WATCH_INTERVAL,
};

/// The queues, and what is counted about processes.
pub(super) struct Lanes {
    waiting_max: usize,
    state: Mutex<State>,
    /// Something is in a queue, or all is closed.
    work: Condvar,
    /// Something waits, or all is closed.
    watch: Condvar,
    /// A process is there, or cannot be.
    settled: Condvar,
    pub(super) counters: Counters,
    /// Whether it was said that processes can do more than they need.
    pub(super) told_unconfined: AtomicBool,
}

#[derive(Default)]
struct State {
    queries: Queue,
    checks: Queue,
    closed: bool,
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    /// Processes that take work or work.
    processes: usize,
    /// Jobs that are worked on.
    running: usize,
    /// Whether the last attempt to start a process failed.
    failing: bool,
}

/// Events since the start.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) started: AtomicU64,
    pub(super) start_last_us: AtomicU64,
    pub(super) not_started: AtomicU64,
    pub(super) deadline: AtomicU64,
    pub(super) memory: AtomicU64,
    pub(super) abandoned: AtomicU64,
    pub(super) lost: AtomicU64,
    pub(super) retired: AtomicU64,
}

pub(super) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

impl State {
    fn queue(&mut self, lane: Lane) -> &mut Queue {
        match lane {
            Lane::Queries => &mut self.queries,
            Lane::Checks => &mut self.checks,
        }
    }
}

/// What comes next at a place.
pub(super) enum Next {
    Job(Box<Job>),
    /// Nothing came for a while.
    Idle,
    Closed,
}

impl Lanes {
    pub(super) fn new(waiting_max: usize, counters: Counters) -> Self {
        let state = Mutex::default();
        let (work, watch, settled) = (Condvar::new(), Condvar::new(), Condvar::new());
        let told_unconfined = AtomicBool::new(false);
        Self { waiting_max, state, work, watch, settled, counters, told_unconfined }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn submit(&self, job: Job) -> Result<(), QueryError> {
        let mut state = self.state();
        if state.closed {
            return Err(QueryError::Closed);
        }
        let queue = state.queue(job.task.lane());
        if queue.failing && queue.processes == 0 {
            return Err(QueryError::NoProcess);
        }
        // A free process takes one of the queue at once, so there are at most `waiting_max` that really wait.
        if queue.jobs.len() >= self.waiting_max.max(1) {
            return Err(QueryError::Busy);
        }
        queue.jobs.push_back(job);
        drop(state);
        self.work.notify_all();
        self.watch.notify_one();
        Ok(())
    }

    /// Waits for a job, for a while. Whoever takes one calls [`done`](Self::done) after it.
    pub(super) fn next(&self, lane: Lane, patience: Duration) -> Next {
        let until = Instant::now() + patience;
        let mut state = self.state();
        loop {
            if state.closed {
                return Next::Closed;
            }
            let queue = state.queue(lane);
            if let Some(job) = queue.jobs.pop_front() {
                queue.running += 1;
                return Next::Job(Box::new(job));
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Next::Idle;
            }
            state = self.work.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    pub(super) fn done(&self, lane: Lane) {
        self.state().queue(lane).running -= 1;
    }

    pub(super) fn is_closed(&self) -> bool {
        self.state().closed
    }

    /// A process takes work now.
    pub(super) fn process_is_there(&self, lane: Lane) {
        let mut state = self.state();
        let queue = state.queue(lane);
        queue.processes += 1;
        queue.failing = false;
        drop(state);
        self.settled.notify_all();
    }

    /// A process is gone.
    pub(super) fn process_is_gone(&self, lane: Lane) {
        self.state().queue(lane).processes -= 1;
    }

    /// A process cannot be started. If there is no other one, nobody waits in vain.
    pub(super) fn process_cannot_be(&self, lane: Lane) {
        let mut state = self.state();
        let queue = state.queue(lane);
        queue.failing = true;
        let given_up = if queue.processes == 0 { std::mem::take(&mut queue.jobs) } else { VecDeque::new() };
        drop(state);
        self.settled.notify_all();
        for job in given_up {
            job.outlet.fail(QueryError::NoProcess);
        }
    }

    /// Waits until so many processes are there, or one cannot be, or it has taken long enough.
    pub(super) fn wait_for_processes(&self, wanted: usize, patience: Duration) {
        let is_pending = |state: &mut State| {
            let settled = state.queries.failing || state.checks.failing || state.closed;
            !settled && state.queries.processes + state.checks.processes < wanted
        };
        let waited = self.settled.wait_timeout_while(self.state(), patience, is_pending);
        drop(waited);
    }

    /// Waits before a process is tried to be started again; false if all is closed.
    pub(super) fn pause(&self, duration: Duration) -> bool {
        let waited = self.work.wait_timeout_while(self.state(), duration, |state| !state.closed);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        !state.closed
    }

    /// Sees to it that nobody waits for longer than the time there is.
    pub(super) fn watch(&self) {
        let mut state = self.state();
        while !state.closed {
            if state.queries.jobs.is_empty() && state.checks.jobs.is_empty() {
                state = self.watch.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let now = Instant::now();
            for lane in Lane::ALL {
                state.queue(lane).jobs.retain(|job| {
                    let waits = now < job.deadline;
                    if !waits {
                        job.outlet.fail(QueryError::Busy);
                    }
                    waits && !job.outlet.is_abandoned()
                });
            }
            drop(state);
            thread::sleep(WATCH_INTERVAL);
            state = self.state();
        }
    }

    pub(super) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        let waiting: Vec<Job> =
            Lane::ALL.into_iter().flat_map(|lane| std::mem::take(&mut state.queue(lane).jobs)).collect();
        drop(state);
        self.work.notify_all();
        self.watch.notify_all();
        self.settled.notify_all();
        for job in waiting {
            job.outlet.fail(QueryError::Closed);
        }
    }

    pub(super) fn figures(&self) -> QueryFigures {
        let state = self.state();
        let of = |count: fn(&Queue) -> usize| (count(&state.queries) + count(&state.checks)) as u64;
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let Counters { started, start_last_us, not_started, deadline, memory, abandoned, lost, retired } =
            &self.counters;
        QueryFigures {
            running: of(|queue| queue.running),
            waiting: of(|queue| queue.jobs.len()),
            processes: of(|queue| queue.processes),
            ended: ProcessFigures {
                started: read(started),
                start_last_us: read(start_last_us),
                not_started: read(not_started),
                deadline: read(deadline),
                memory: read(memory),
                abandoned: read(abandoned),
                lost: read(lost),
                retired: read(retired),
            },
        }
    }
}
