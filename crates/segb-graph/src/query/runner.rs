//! Who works on queries: processes that can be killed, or threads.

use std::{io, sync::Arc, time::Instant};

use serde::{Deserialize, Serialize};

#[cfg(target_os = "linux")]
use super::processes::ProcessRunner;
use super::{
    QueryAnswer, QueryCheck, QueryError, QueryRequest,
    answer::Outlet,
    jobs::{Job, Lane, Task},
    limits::CHECK_DURATION_MAX,
    processes::{ProcessFigures, QueryProgram},
    threads::ThreadRunner,
};
use crate::{index::GraphIndex, limits::QueryLimits, pending::Pending};

/// The graph that queries are asked about, as whoever keeps it knows it. Called on threads of the runner.
pub trait QueriedGraph: Send + Sync + 'static {
    /// The index that queries read.
    fn index(&self) -> &GraphIndex;

    /// Whether queries may read it now.
    ///
    /// # Errors
    /// Why not: [`QueryError::NotReady`], [`QueryError::Closed`] or [`QueryError::Storage`].
    fn check_ready(&self) -> Result<(), QueryError>;

    /// The prefixes under which answers may shorten IRIs, as name and namespace.
    fn prefixes(&self) -> Arc<Vec<(String, String)>>;
}

/// How queries are run.
#[derive(Debug, Clone)]
pub struct QuerySettings {
    /// Limits on each query.
    pub limits: QueryLimits,
    /// The IRI by which queries may name the union of all logs, which is also the default graph.
    pub graph_iri: String,
    /// The program whose processes work on queries; none: threads of this process do.
    ///
    /// Threads cannot be killed. With them a query that takes too long is answered for at its deadline, but may go on
    /// taking time and memory after that, and one that takes too much memory or stack ends the whole process. They are
    /// for trusted callers, and for systems other than Linux, where there are no query processes.
    pub program: Option<QueryProgram>,
}

/// Runs queries.
pub struct QueryRunner {
    limits: QueryLimits,
    workers: Workers,
}

enum Workers {
    Threads(ThreadRunner),
    #[cfg(target_os = "linux")]
    Processes(ProcessRunner),
}

/// What query processes have done since the start; all zero with threads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryFigures {
    /// Queries and checks that are worked on.
    pub running: u64,
    /// Queries and checks that wait.
    pub waiting: u64,
    /// Processes that are there.
    pub processes: u64,
    /// What became of the others.
    pub ended: ProcessFigures,
}

impl QueryRunner {
    /// Starts the workers.
    ///
    /// # Errors
    /// The system gives no thread. That no process can be started is told to callers, and tried again.
    pub fn new(settings: QuerySettings, graph: Arc<dyn QueriedGraph>) -> io::Result<Self> {
        let limits = settings.limits;
        #[cfg(target_os = "linux")]
        if settings.program.is_some() {
            let workers = Workers::Processes(ProcessRunner::new(settings, graph)?);
            return Ok(Self { limits, workers });
        }
        #[cfg(not(target_os = "linux"))]
        if settings.program.is_some() {
            log::warn!("this system has no query processes: queries run in threads, and cannot be killed");
        }
        Ok(Self { limits, workers: Workers::Threads(ThreadRunner::new(settings, graph)?) })
    }

    /// Starts a query, or lets it wait for its turn.
    ///
    /// # Errors
    /// [`QueryError`], at once or later.
    pub fn query(&self, request: QueryRequest) -> Result<Pending<QueryAnswer, QueryError>, QueryError> {
        let (bytes, bytes_max) = (request.text.len(), self.limits.text_bytes_max);
        if bytes > bytes_max {
            return Err(QueryError::TooLong { bytes, bytes_max });
        }
        let (reply, pending) = Pending::new(|| QueryError::Closed);
        self.submit(Task::Query(request), Outlet::query(reply))?;
        Ok(pending)
    }

    /// Starts a check of a query: whether it would be run. Nothing is evaluated.
    ///
    /// # Errors
    /// [`QueryError`], at once or later; a wrong text is not an error here.
    pub fn check(&self, text: String) -> Result<Pending<QueryCheck, QueryError>, QueryError> {
        let (reply, pending) = Pending::new(|| QueryError::Closed);
        self.submit(Task::Check(text), Outlet::check(reply))?;
        Ok(pending)
    }

    /// What query processes have done.
    pub fn figures(&self) -> QueryFigures {
        match &self.workers {
            Workers::Threads(_) => QueryFigures::default(),
            #[cfg(target_os = "linux")]
            Workers::Processes(runner) => runner.figures(),
        }
    }

    /// Refuses what comes, gives up what waits, ends what runs. Does not wait for it.
    pub fn close(&self) {
        match &self.workers {
            Workers::Threads(runner) => runner.close(),
            #[cfg(target_os = "linux")]
            Workers::Processes(runner) => runner.close(),
        }
    }

    fn submit(&self, task: Task, outlet: Outlet) -> Result<(), QueryError> {
        let duration_max = match task.lane() {
            Lane::Queries => self.limits.duration_max,
            Lane::Checks => self.limits.duration_max.min(CHECK_DURATION_MAX),
        };
        let job = Job { task, outlet, deadline: Instant::now() + duration_max };
        match &self.workers {
            Workers::Threads(runner) => runner.submit(job),
            #[cfg(target_os = "linux")]
            Workers::Processes(runner) => runner.submit(job),
        }
    }
}

impl Drop for QueryRunner {
    fn drop(&mut self) {
        self.close();
    }
}
