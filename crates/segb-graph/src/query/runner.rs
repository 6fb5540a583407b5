//! The threads that work on queries.
//!
//! A request goes in as plain data, and bytes come out in chunks; nothing else crosses the boundary, so that processes
//! can take the place of the threads one day.
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
    QueryAnswer, QueryCheck, QueryError, QueryRequest,
    answer::{AnswerLimits, Outlet},
    evaluate::{Evaluation, OpenSnapshot},
    limits::{ABANDONED_GIVEN_UP_MAX, GRACE, NICENESS, THREADS_GIVEN_UP_MAX, WATCH_INTERVAL, stack_bytes},
    syntax::check_query,
};
use crate::{index::Snapshot, limits::QueryLimits, pending::Pending};

/// Runs queries on a few threads of their own.
pub struct QueryRunner {
    shared: Arc<Shared>,
}

struct Shared {
    evaluation: Evaluation,
    pool: Mutex<Pool>,
    /// Something is in a queue, or the pool closes.
    work: Condvar,
    /// Something runs or waits, or the pool closes.
    watch: Condvar,
}

/// Checks take milliseconds and people wait for them: they have a thread of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lane {
    Queries,
    Checks,
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

struct Job {
    task: Task,
    outlet: Outlet,
    waits_since: Instant,
}

enum Task {
    Query(QueryRequest),
    Check(String),
}

struct Running {
    lane: Lane,
    deadline: Instant,
    /// When it was noticed that nobody waits for it.
    abandoned_at: Option<Instant>,
    cancellation: CancellationToken,
    outlet: Outlet,
}

impl QueryRunner {
    /// Starts the threads. `open_snapshot` is called on them, once for each query.
    pub fn new(
        limits: QueryLimits,
        graph_iri: String,
        open_snapshot: impl Fn() -> Result<(Snapshot, Vec<(String, String)>), QueryError> + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let open_snapshot: Box<OpenSnapshot> = Box::new(open_snapshot);
        let shared = Arc::new(Shared {
            evaluation: Evaluation { limits, graph_iri, open_snapshot },
            pool: Mutex::default(),
            work: Condvar::new(),
            watch: Condvar::new(),
        });
        // Dropped on failure, it stops the threads that have been started.
        let runner = Self { shared };
        for _ in 0..limits.threads.max(1) {
            start_thread(&runner.shared, &mut runner.shared.pool(), Lane::Queries)?;
        }
        start_thread(&runner.shared, &mut runner.shared.pool(), Lane::Checks)?;
        let shared = Arc::clone(&runner.shared);
        thread::Builder::new().name("query-watchdog".to_owned()).spawn(move || Watchdog { shared }.run())?;
        Ok(runner)
    }

    /// Starts a query, or lets it wait for a thread.
    pub fn query(&self, request: QueryRequest) -> Result<Pending<QueryAnswer, QueryError>, QueryError> {
        self.check_length(&request.text)?;
        let (reply, pending) = Pending::new(|| QueryError::Closed);
        self.submit(Task::Query(request), Outlet::query(reply))?;
        Ok(pending)
    }

    /// Starts a check of a query.
    pub fn check(&self, text: String) -> Result<Pending<QueryCheck, QueryError>, QueryError> {
        let (reply, pending) = Pending::new(|| QueryError::Closed);
        self.submit(Task::Check(text), Outlet::check(reply))?;
        Ok(pending)
    }

    /// Refuses what comes, gives up what waits, cancels what runs. Does not wait for it.
    pub fn close(&self) {
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

    fn check_length(&self, text: &str) -> Result<(), QueryError> {
        let bytes_max = self.shared.evaluation.limits.text_bytes_max;
        if text.len() > bytes_max {
            return Err(QueryError::TooLong { bytes: text.len(), bytes_max });
        }
        Ok(())
    }

    fn submit(&self, task: Task, outlet: Outlet) -> Result<(), QueryError> {
        let waiting_max = self.shared.evaluation.limits.waiting_max;
        let mut pool = self.shared.pool();
        if pool.closed {
            return Err(QueryError::Closed);
        }
        let (queue, threads) = match task {
            Task::Query(_) => {
                let threads = pool.query_threads;
                (&mut pool.queries, threads)
            }
            Task::Check(_) => {
                let threads = pool.check_threads;
                (&mut pool.checks, threads)
            }
        };
        // A free thread takes one of the queue at once, so there are at most `waiting_max` that really wait.
        if threads == 0 || queue.len() >= waiting_max.max(1) {
            return Err(QueryError::Busy);
        }
        queue.push_back(Job { task, outlet, waits_since: Instant::now() });
        drop(pool);
        self.shared.work.notify_all();
        self.shared.watch.notify_one();
        Ok(())
    }
}

impl Drop for QueryRunner {
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
                let limits = answer_limits(&self.shared.evaluation.limits);
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
            Task::Query(request) => self.shared.evaluation.run(request, outlet, limits, cancellation),
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
        let wanted = match self.lane {
            Lane::Queries => self.shared.evaluation.limits.threads.max(1),
            Lane::Checks => 1,
        };
        let missing = *pool.threads(self.lane) < wanted;
        if missing {
            *pool.threads(self.lane) += 1;
        }
        missing
    }
}

fn answer_limits(limits: &QueryLimits) -> AnswerLimits {
    AnswerLimits {
        rows_max: limits.rows_max,
        bytes_max: limits.answer_bytes_max,
        deadline: Instant::now() + limits.duration_max,
        duration_max: limits.duration_max,
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
        for lane in [Lane::Queries, Lane::Checks] {
            let nobody_works = *pool.threads(lane) == 0;
            // Who has waited as long as two queries may run, one after the other, will not wait much longer.
            pool.queue(lane).retain(|job| {
                let waits = !nobody_works && now.duration_since(job.waits_since) < 2 * duration_max;
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
