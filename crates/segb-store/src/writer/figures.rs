//! What the store counts about itself.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use segb_graph::query::QueryFigures;

/// Upper bounds of the buckets for commit times, in seconds.
const BUCKETS_S: [f64; 11] = [0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.1, 0.5, 1.0, 5.0];

/// A look at the store's counters.
#[derive(Debug, Clone, Default)]
pub struct StoreFigures {
    /// Entries in the journal.
    pub entries: u64,
    /// Those of them that are logs.
    pub logs: u64,
    /// Entries that the largest checkpoint covers which a witness has signed; 0 without one.
    pub cosigned: u64,
    /// Distinct triples in the graph.
    pub triples: u64,
    /// Requests that wait for the writer.
    pub queue_logs: u64,
    /// Bytes of payload that wait for the writer.
    pub queue_bytes: u64,
    /// Journal transactions since the store was opened.
    pub commits: u64,
    /// Seconds spent in them, fsync included.
    pub commit_seconds_total: f64,
    /// Seconds spent in the latest one.
    pub commit_seconds_last: f64,
    /// Entries that the graph index does not contain yet.
    pub index_behind: u64,
    /// Records in the access journal.
    pub access_records: u64,
    /// Records of accesses that wait for the disk.
    pub access_waiting: u64,
    /// Records of accesses that could not be kept, since the store was opened.
    pub access_missed: u64,
    /// What is done about queries, and what became of their processes.
    pub queries: QueryFigures,
    /// Bytes of the journal on disk, with its write-ahead log.
    pub journal_bytes: u64,
    /// Bytes of the graph index on disk.
    pub graph_bytes: u64,
    /// Bytes that are left on the disk of the data directory; none if the system does not tell.
    pub disk_free_bytes: Option<u64>,
    /// Commit times: (upper bound in seconds, commits that took at most so long).
    pub commit_buckets: Vec<(f64, u64)>,
}

/// Commit times since the store was opened.
#[derive(Debug, Default)]
pub(super) struct CommitTimes(Mutex<Times>);

#[derive(Debug, Default, Clone, Copy)]
struct Times {
    commits: u64,
    total_s: f64,
    last_s: f64,
    buckets: [u64; BUCKETS_S.len()],
}

impl CommitTimes {
    pub(super) fn add(&self, time: Duration) {
        let mut times = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let time_s = time.as_secs_f64();
        times.commits += 1;
        times.total_s += time_s;
        times.last_s = time_s;
        for (bucket, bound_s) in times.buckets.iter_mut().zip(BUCKETS_S) {
            *bucket += u64::from(time_s <= bound_s);
        }
    }

    pub(super) fn fill(&self, figures: &mut StoreFigures) {
        let times = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        figures.commits = times.commits;
        figures.commit_seconds_total = times.total_s;
        figures.commit_seconds_last = times.last_s;
        figures.commit_buckets = BUCKETS_S.into_iter().zip(times.buckets).collect();
    }
}
