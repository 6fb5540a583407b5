//! Constants of running queries: what is not a setting.

use std::time::Duration;

/// Stack for what does not grow with the nesting of the text: the planner and the evaluator recurse over the algebra,
/// whose depth `complexity` limits, and dropping a parsed text recurses over as many levels as it has operators in a
/// row before that limit is checked. Address space only, until it is used.
const STACK_BYTES_BASE: usize = 1 << 30;
/// Stack for one level of brackets while the parser descends into them.
const STACK_BYTES_PER_LEVEL: usize = 256 << 10;

/// The stack of a thread that works on queries.
pub(super) fn stack_bytes(nesting_max: usize) -> usize {
    STACK_BYTES_BASE.saturating_add(nesting_max.saturating_mul(STACK_BYTES_PER_LEVEL))
}

/// How long after the deadline a thread may take to notice that it is cancelled, before its caller is answered without
/// it.
pub(super) const GRACE: Duration = Duration::from_millis(500);

/// How often running queries are looked at: whether time is up, whether somebody still waits.
pub(super) const WATCH_INTERVAL: Duration = Duration::from_millis(50);

/// Threads that were given up because they do not notice their cancellation, and may yet come back. Each may burn one
/// core; when there are as many, no new ones are started in their place.
pub(super) const THREADS_GIVEN_UP_MAX: usize = 4;

/// The niceness of threads that work on queries: the writer and the network go first when there are few cores.
pub(super) const NICENESS: i32 = 10;
