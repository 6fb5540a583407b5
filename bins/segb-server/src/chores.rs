//! What the server does by itself, beside answering: it records that it started, and erases what is too old.

use std::{
    collections::BTreeMap,
    fmt::Display,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use jiff::{Span, tz::TimeZone};
use segb_store::{
    EraseError, Provenance, ReadError, RecordError, Salt, Store, Timestamp,
    journal_format::statement::ServerStart,
};

use crate::system;

/// How often it is looked whether logs have become too old.
const RETENTION_INTERVAL: Duration = Duration::from_secs(3_600);
/// How soon that is tried again when it did not work.
const RETRY: Duration = Duration::from_secs(10);
/// Who does what nobody asked for, in the journal. The kinds of those entries are never those of a caller's.
const ACTOR: &str = "segb-server";

/// How long logs are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// For so many months of the calendar, in UTC.
    pub months: u32,
    /// By what law or rule they are erased then.
    pub legal_ground: String,
}

/// What is to be recorded about the start.
#[derive(Debug, Clone)]
pub struct Start {
    /// What and in which mode.
    pub statement: ServerStart,
    /// With what settings.
    pub settings: BTreeMap<String, String>,
}

/// The thread that does it; ends when this is dropped.
#[derive(Debug)]
pub struct Chores {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Chores {
    /// Records the start before it returns, if that works, and starts the thread.
    pub fn start(store: Store, start: Start, retention: Option<Retention>) -> std::io::Result<Self> {
        let (stop, stopped) = channel();
        let mut worker = Worker { store, start: Some(start), retention, retain_at: Instant::now() };
        worker.record_start();
        let thread =
            thread::Builder::new().name("segb-chores".to_owned()).spawn(move || worker.run(&stopped))?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Chores {
    fn drop(&mut self) {
        // A closed channel ends the thread.
        self.stop.take();
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            log::error!("the thread for chores had panicked");
        }
    }
}

struct Worker {
    store: Store,
    /// What is not recorded yet.
    start: Option<Start>,
    retention: Option<Retention>,
    retain_at: Instant,
}

impl Worker {
    fn run(&mut self, stopped: &Receiver<()>) {
        loop {
            self.record_start();
            self.erase_expired();
            let wait = match (&self.start, &self.retention) {
                (Some(_), _) => RETRY,
                (None, Some(_)) => self.retain_at.saturating_duration_since(Instant::now()),
                (None, None) => Duration::MAX,
            };
            match stopped.recv_timeout(wait) {
                Err(RecvTimeoutError::Timeout) => {}
                Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// A full disk must not keep a server from starting; it is recorded when there is room.
    fn record_start(&mut self) {
        let Some(start) = &self.start else { return };
        match self.store.record_start(&start.statement, start.settings.clone(), provenance) {
            Ok(()) => self.start = None,
            Err(RecordError::Closed) => {}
            Err(error) => log::error!("the start is not in the journal yet: {error}"),
        }
    }

    fn erase_expired(&mut self) {
        let Some(retention) = &self.retention else { return };
        if Instant::now() < self.retain_at {
            return;
        }
        let reason = format!("kept for {} months", retention.months);
        let erased = months_before(system::now(), retention.months)
            .map(|before| self.store.erase_expired(before, &reason, &retention.legal_ground, provenance));
        self.retain_at = Instant::now() + RETENTION_INTERVAL;
        match erased {
            Ok(Ok(0)) => {}
            Ok(Ok(count)) => {
                log::info!("erased {count} logs that were older than {} months", retention.months)
            }
            Ok(Err(EraseError::Read(ReadError::NotReady { .. }))) => self.retain_at = Instant::now() + RETRY,
            Ok(Err(EraseError::Record(RecordError::Closed) | EraseError::Read(ReadError::Closed))) => {}
            Ok(Err(error)) => failed(&error),
            Err(error) => failed(&error),
        }
    }
}

fn failed(error: &impl Display) {
    log::error!("logs that are too old are not erased yet: {error}");
}

/// The provenance of an entry that nobody asked for.
fn provenance() -> Provenance {
    let entropy = system::entropy();
    Provenance {
        actor: ACTOR.to_owned(),
        claimed_user: None,
        origin: None,
        received_at: system::now(),
        log_id: system::random_uuid(),
        salt: Salt::from_bytes(entropy.bytes()),
    }
}

/// The moment so many months of the calendar earlier, in UTC.
fn months_before(moment: Timestamp, months: u32) -> Result<Timestamp, jiff::Error> {
    let zoned = jiff::Timestamp::from_microsecond(moment.as_unix_us())?.to_zoned_datetime(TimeZone::UTC);
    let earlier = zoned.checked_sub(Span::new().try_months(months)?)?;
    let earlier = earlier.timestamp().as_microsecond().max(0);
    Ok(Timestamp::from_unix_us(earlier).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_those_of_the_calendar() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        for (moment, months, expected) in [
            ("2026-08-31T10:00:00Z", 6, "2026-02-28T10:00:00Z"),
            ("2026-01-31T10:00:00Z", 12, "2025-01-31T10:00:00Z"),
            ("2024-02-29T00:00:00Z", 12, "2023-02-28T00:00:00Z"),
            ("2026-01-31T10:00:00Z", 6_000, "1970-01-01T00:00:00Z"),
        ] {
            assert_eq!(months_before(at(moment), months).unwrap(), at(expected), "{moment} {months}");
        }
    }
}
