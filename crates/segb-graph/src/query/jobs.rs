//! What is to be worked on.

use std::time::Instant;

use super::{QueryRequest, answer::Outlet};

/// Something that was asked for and where its answer goes.
pub(super) struct Job {
    pub(super) task: Task,
    pub(super) outlet: Outlet,
    /// When it has to be answered, with whatever there is. It counts from the moment the job was handed in, so that who
    /// waits in the queue is not kept for longer than who is first in it.
    pub(super) deadline: Instant,
}

/// What is asked for.
pub(super) enum Task {
    Query(QueryRequest),
    Check(String),
}

impl Task {
    pub(super) fn lane(&self) -> Lane {
        match self {
            Self::Query(_) => Lane::Queries,
            Self::Check(_) => Lane::Checks,
        }
    }
}

/// Checks take milliseconds and people wait for them: they have a place of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    Queries,
    Checks,
}

impl Lane {
    pub(super) const ALL: [Self; 2] = [Self::Queries, Self::Checks];

    /// How many of a lane's jobs are worked on at once, if so many queries are.
    pub(super) fn at_once(self, queries_at_once: usize) -> usize {
        match self {
            Self::Queries => queries_at_once.max(1),
            Self::Checks => 1,
        }
    }
}
