//! Constants of running queries: what is not a setting.

use std::time::Duration;

use crate::limits::QueryLimits;

/// The stack of a thread that works on queries: address space, of which a usual query touches 100 kB.
///
/// Measured with little optimisation, over some hundred families of hostile texts: dropping the parsed text recurses over
/// its operators and takes up to 48 bytes of stack for each byte of the text; the parser takes up to 5 kB for each level
/// of brackets; planner and evaluator take up to 2 kB for each level of the algebra, which `depth` limits. This is twice as
/// much and more; a stack that overflows ends the whole process.
pub(crate) fn stack_bytes(limits: &QueryLimits) -> usize {
    const BASE: usize = 64 << 20;
    const PER_TEXT_BYTE: usize = 192;
    const PER_LEVEL: usize = 64 << 10;
    let text = limits.text_bytes_max.saturating_mul(PER_TEXT_BYTE);
    let levels = limits.nesting_max.saturating_mul(PER_LEVEL);
    BASE.saturating_add(text).saturating_add(levels)
}

/// How long after the deadline a thread may take to notice that it is cancelled, before its caller is answered without
/// it.
pub(super) const GRACE: Duration = Duration::from_millis(500);

/// How often running queries are looked at: whether time is up, whether somebody still waits.
pub(super) const WATCH_INTERVAL: Duration = Duration::from_millis(50);

/// Threads that were given up because they do not notice their cancellation, and may yet come back. Each may burn one
/// core; when there are as many, no new ones are started in their place.
pub(super) const THREADS_GIVEN_UP_MAX: usize = 4;

/// Of these, so many for queries that nobody waits for any more.
pub(super) const ABANDONED_GIVEN_UP_MAX: usize = 2;

/// The niceness of threads that work on queries: the writer and the network go first when there are few cores.
pub(super) const NICENESS: i32 = 10;

/// How long a check of a query may take. Nothing is evaluated, so that only a text takes long whose brackets the parser
/// reads again and again; and there is one process for checks.
pub(super) const CHECK_DURATION_MAX: Duration = Duration::from_secs(5);
