//! Threads that work on queries, for whoever has no processes for them.
//!
//! A thread cannot be killed. It is asked to stop at the deadline, and most of the time it does within milliseconds.
//! If it does not, the [`Watchdog`] answers in its place and another thread is started.

use std::{
    collections::{HashMap, VecDeque},
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use spareval::CancellationToken;

use super::{
    QueriedGraph, QueryError, QuerySettings,
    answer::{AnswerLimits, CallerSink, Outlet},
    evaluate::Evaluation,
    jobs::{Job, Lane, Task},
    limits::{ABANDONED_GIVEN_UP_MAX, GRACE, NICENESS, THREADS_GIVEN_UP_MAX, WATCH_INTERVAL, stack_bytes},
    syntax::check_query,
};

/// Runs queries on a few threads of their own.
pub(super) struct ThreadRunner {
    shared: Arc<Shared>,
}

struct Shared {
    evaluation: Evaluation,
    graph: Arc<dyn QueriedGraph>,
    pool: Mutex<Pool>,
    /// Something is in a queue, or the pool closes.
    work: Condvar,
    /// Something runs or waits, or the pool closes.
    watch: Condvar,
}

#[derive(Default)]
struct Pool {
    queries: VecDeque<Job>,
    checks: VecDeque<Job>,
    running: HashMap<u64, Running>,
    next_job: u64,
    next_thread: u64,
    /// Threads that take work, by lane.
    query_threads: usize,
    check_threads: usize,
    /// Threads that were given up and have not come back.
    given_up: usize,
    closed: bool,
}

struct Running {
    lane: Lane,
    deadline: Instant,
    /// When it was noticed that nobody waits for it.
    abandoned_at: Option<Instant>,
    cancellation: CancellationToken,
    outlet: Outlet,
}

impl ThreadRunner {
    /// Starts the threads.
    pub(super) fn new(settings: QuerySettings, graph: Arc<dyn QueriedGraph>) -> io::Result<Self> {
        let QuerySettings { limits, graph_iri, .. } = settings;
        let shared = Arc::new(Shared {
            evaluation: Evaluation { limits, graph_iri },
            graph,
            pool: Mutex::default(),
            work: Condvar::new(),
            watch: Condvar::new(),
        });
        // Dropped on failure, it stops the threads that have been started.
        let runner = Self { shared };
        for lane in Lane::ALL {
            for _ in 0..lane.at_once(limits.at_once) {
                start_thread(&runner.shared, &mut runner.shared.pool(), lane)?;
            }
        }
        let shared = Arc::clone(&runner.shared);
        thread::Builder::new().name("query-watchdog".to_owned()).spawn(move || Watchdog { shared }.run())?;
        Ok(runner)
    }

    /// Refuses what comes, gives up what waits, cancels what runs. Does not wait for it.
    pub(super) fn close(&self) {
        let mut pool = self.shared.pool();
        pool.closed = true;
        let waiting: Vec<Job> = pool.queries.drain(..).collect();
        let waiting = waiting.into_iter().chain(std::mem::take(&mut pool.checks));
        for job in waiting {
            job.outlet.fail(QueryError::Closed);
        }
        for running in pool.running.values() {
            // In this order, or it would be told that its time is up.
            running.outlet.fail(QueryError::Closed);
            running.cancellation.cancel();
        }
        drop(pool);
        self.shared.work.notify_all();
        self.shared.watch.notify_all();
    }

    pub(super) fn submit(&self, job: Job) -> Result<(), QueryError> {
        let waiting_max = self.shared.evaluation.limits.waiting_max;
        let mut pool = self.shared.pool();
        if pool.closed {
            return Err(QueryError::Closed);
        }
        let lane = job.task.lane();
        let threads = *pool.threads(lane);
        let queue = pool.queue(lane);
        // A free thread takes one of the queue at once, so there are at most `waiting_max` that really wait.
        if threads == 0 || queue.len() >= waiting_max.max(1) {
            return Err(QueryError::Busy);
        }
        queue.push_back(job);
        drop(pool);
        self.shared.work.notify_all();
        self.shared.watch.notify_one();
        Ok(())
    }
}

impl Drop for ThreadRunner {
    fn drop(&mut self) {
        self.close();
    }
}

impl Shared {
    fn pool(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pool {
    fn queue(&mut self, lane: Lane) -> &mut VecDeque<Job> {
        match lane {
            Lane::Queries => &mut self.queries,
            Lane::Checks => &mut self.checks,
        }
    }

    fn threads(&mut self, lane: Lane) -> &mut usize {
        match lane {
            Lane::Queries => &mut self.query_threads,
            Lane::Checks => &mut self.check_threads,
        }
    }
}

fn start_thread(shared: &Arc<Shared>, pool: &mut Pool, lane: Lane) -> io::Result<()> {
    let number = pool.next_thread;
    let name = match lane {
        Lane::Queries => format!("query-{number}"),
        Lane::Checks => format!("query-check-{number}"),
    };
    let stack = stack_bytes(&shared.evaluation.limits);
    let worker = Worker { shared: Arc::clone(shared), lane };
    thread::Builder::new().name(name).stack_size(stack).spawn(move || worker.run())?;
    pool.next_thread += 1;
    *pool.threads(lane) += 1;
    Ok(())
}

struct Worker {
    shared: Arc<Shared>,
    lane: Lane,
}

impl Worker {
    fn run(&self) {
        lower_priority();
        while let Some((number, job, cancellation, limits)) = self.next_job() {
            let outlet = job.outlet.clone();
            // A panic is a mistake in this program or a library; it ends this query and nothing else.
            let done =
                catch_unwind(AssertUnwindSafe(|| self.work(&job.task, &outlet, limits, &cancellation)));
            if done.is_err() {
                outlet.fail(QueryError::Evaluation("the evaluation failed unexpectedly".to_owned()));
            }
            if !self.finish(number) {
                return;
            }
        }
    }

    /// Waits for work; none when the pool is closed.
    fn next_job(&self) -> Option<(u64, Job, CancellationToken, AnswerLimits)> {
        let mut pool = self.shared.pool();
        loop {
            if pool.closed {
                *pool.threads(self.lane) -= 1;
                return None;
            }
            if let Some(job) = pool.queue(self.lane).pop_front() {
                if job.outlet.is_abandoned() {
                    continue;
                }
                let limits = AnswerLimits::of(&self.shared.evaluation.limits, job.deadline);
                let number = pool.next_job;
                pool.next_job += 1;
                let cancellation = CancellationToken::new();
                let running = Running {
                    lane: self.lane,
                    deadline: limits.deadline,
                    abandoned_at: None,
                    cancellation: cancellation.clone(),
                    outlet: job.outlet.clone(),
                };
                pool.running.insert(number, running);
                return Some((number, job, cancellation, limits));
            }
            pool = self.shared.work.wait(pool).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn work(&self, task: &Task, outlet: &Outlet, limits: AnswerLimits, cancellation: &CancellationToken) {
        match task {
            Task::Query(request) => {
                let open = || {
                    self.shared.graph.check_ready()?;
                    let snapshot = self.shared.graph.index().snapshot();
                    let snapshot = snapshot.map_err(|error| QueryError::Storage(error.to_string()))?;
                    Ok((snapshot, self.shared.graph.prefixes()))
                };
                let mut sink = CallerSink::new(outlet.clone(), limits);
                self.shared.evaluation.run(request, open, &mut sink, limits, cancellation);
            }
            Task::Check(text) => outlet.send_check(check_query(text, &self.shared.evaluation.limits)),
        }
    }

    /// Whether the thread takes more work: not if it was given up and another one has its place.
    fn finish(&self, number: u64) -> bool {
        let mut pool = self.shared.pool();
        if pool.running.remove(&number).is_some() {
            return true;
        }
        pool.given_up -= 1;
        let wanted = self.lane.at_once(self.shared.evaluation.limits.at_once);
        let missing = *pool.threads(self.lane) < wanted;
        if missing {
            *pool.threads(self.lane) += 1;
        }
        missing
    }
}

#[cfg(target_os = "linux")]
fn lower_priority() {
    // On Linux a niceness belongs to a thread. That it stays as it is where this is forbidden does no harm.
    let _ = rustix::process::setpriority_process(None, NICENESS);
}

#[cfg(not(target_os = "linux"))]
fn lower_priority() {
    let _ = NICENESS;
}

/// Sees to it that every query ends.
struct Watchdog {
    shared: Arc<Shared>,
}

impl Watchdog {
    fn run(&self) {
        let mut pool = self.shared.pool();
        while !pool.closed {
            if pool.running.is_empty() && pool.queries.is_empty() && pool.checks.is_empty() {
                pool = self.shared.watch.wait(pool).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            self.look(&mut pool);
            drop(pool);
            thread::sleep(WATCH_INTERVAL);
            pool = self.shared.pool();
        }
    }

    fn look(&self, pool: &mut Pool) {
        let now = Instant::now();
        let duration_max = self.shared.evaluation.limits.duration_max;
        let (mut stuck, mut replaced) = (Vec::new(), pool.given_up);
        for (number, running) in &mut pool.running {
            if running.abandoned_at.is_none() && running.outlet.is_abandoned() {
                running.abandoned_at = Some(now);
            }
            if now >= running.deadline || running.abandoned_at.is_some() {
                running.cancellation.cancel();
            }
            let is_late = now >= running.deadline + GRACE;
            // Who stops a query and asks another one should not have to wait for the first. Some threads are kept for
            // queries that somebody waits for, or stopping many would leave none.
            let blocks = running.abandoned_at.is_some_and(|since| now >= since + GRACE)
                && replaced < ABANDONED_GIVEN_UP_MAX;
            if is_late || blocks {
                stuck.push(*number);
                replaced += 1;
            }
        }
        for number in stuck {
            self.give_up(pool, number, duration_max);
        }
        for lane in Lane::ALL {
            let nobody_works = *pool.threads(lane) == 0;
            pool.queue(lane).retain(|job| {
                let waits = !nobody_works && now < job.deadline;
                if !waits {
                    job.outlet.fail(QueryError::Busy);
                }
                waits && !job.outlet.is_abandoned()
            });
        }
    }

    /// Answers in the place of a thread that does not come back, and starts another one.
    fn give_up(&self, pool: &mut Pool, number: u64, duration_max: Duration) {
        let Some(running) = pool.running.remove(&number) else {
            return;
        };
        running.outlet.fail(QueryError::Deadline(duration_max));
        *pool.threads(running.lane) -= 1;
        pool.given_up += 1;
        let given_up = pool.given_up;
        log::warn!(
            "a query did not stop when it was told to; its thread is given up ({given_up} of {THREADS_GIVEN_UP_MAX})"
        );
        if given_up <= THREADS_GIVEN_UP_MAX
            && let Err(error) = start_thread(&self.shared, pool, running.lane)
        {
            log::error!("no thread can be started for queries: {error}");
        }
    }
}
