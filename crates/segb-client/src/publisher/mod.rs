//! Sending logs, in their order, whenever the server is there.

mod sender;
mod trouble;

use std::{
    io,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use segb_journal::note::Verifier;
pub use trouble::{DeliveryError, PublishError, StartError, StillWaiting, Trouble};

use crate::{
    Connection, ConnectionOptions, OptionsError, Pending, Randomness, Receipt, SyncPolicy,
    connection::insert_body,
    pending::Slot,
    queue::{OpenError, PushError, Queue, QueueOptions, Request},
    term::is_blank,
};

/// What becomes of a log.
type Outcome = Result<Receipt, DeliveryError>;

/// How a publisher works.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PublisherOptions {
    /// The server.
    pub connection: ConnectionOptions,
    /// Who sends the logs; where there are tokens, that of the token counts.
    pub user: Option<String>,
    /// Where logs wait.
    pub queue: QueueOptions,
    /// The key of the journal, as `GET /journal/key` shows it: then each receipt has to come with a proof.
    pub journal_key: Option<Verifier>,
    /// How to try again.
    pub retry: RetryPolicy,
}

impl PublisherOptions {
    /// Logs wait in memory; set [`QueueOptions::directory`] to have them survive the process.
    pub fn new(connection: ConnectionOptions) -> Self {
        let (user, journal_key) = (None, None);
        Self { connection, user, queue: QueueOptions::default(), journal_key, retry: RetryPolicy::default() }
    }
}

/// How long to wait before trying again: twice as long each time, and somewhere between half of that and all of it, so
/// that a fleet does not come back in one moment. What the server asks for in `Retry-After` counts, if it is longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// After the first failure.
    pub first: Duration,
    /// At most.
    pub longest: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { first: Duration::from_millis(200), longest: Duration::from_secs(10) }
    }
}

/// How a publisher is doing.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Status {
    /// How many logs wait.
    pub waiting_logs: usize,
    /// How many bytes they take up.
    pub waiting_bytes: u64,
    /// How many logs the server has stored.
    pub delivered: u64,
    /// How many it refused; those that have a directory to go to are in its `refused`.
    pub refused: u64,
    /// How many were stored with receipts that are not to be believed.
    pub distrusted: u64,
    /// How many cannot be read from the queue any more.
    pub damaged: u64,
    /// Why nothing is sent just now.
    pub trouble: Option<Trouble>,
    /// Why the queue is not as safe as it should be.
    pub disk_trouble: Option<String>,
}

/// Sends logs in the order in which they are published, and keeps them while the server is away. Publishing costs the
/// caller what writing to a file costs, whatever the server does.
///
/// Two threads do the work. They end with [`close`](Self::close), or when the publisher is dropped; what waits in a
/// directory then is sent by the next publisher that has it.
#[derive(Debug)]
pub struct Publisher {
    shared: Arc<Shared>,
}

struct Shared {
    connection: Connection,
    user: Option<String>,
    journal_key: Option<Verifier>,
    retry: RetryPolicy,
    randomness: Mutex<Randomness>,
    state: Mutex<State>,
    /// Something is to be done: a log, another token, the end.
    work: Condvar,
    /// A log is done with.
    progress: Condvar,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Shared").field("connection", &self.connection).finish_non_exhaustive()
    }
}

struct State {
    queue: Queue<Slot<Outcome>>,
    is_closed: bool,
    /// Counts the tokens that were set, to notice a new one.
    token_changes: u64,
    delivered: u64,
    refused: u64,
    distrusted: u64,
    damaged: u64,
    trouble: Option<Trouble>,
    disk_trouble: Option<String>,
}

impl Publisher {
    /// Starts the threads, and begins with what an earlier publisher left in the directory of the queue. The server need
    /// not be there. `randomness` is for the keys by which the server knows a log that is sent again, and for the pauses.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn start(options: PublisherOptions, randomness: Randomness) -> Result<Self, StartError> {
        let connection = Connection::new(options.connection)?;
        let sync = options.queue.sync;
        let (queue, damaged) = Queue::open(options.queue)?;
        let state = State {
            queue,
            is_closed: false,
            token_changes: 0,
            delivered: 0,
            refused: 0,
            distrusted: 0,
            damaged,
            trouble: None,
            disk_trouble: None,
        };
        let shared = Arc::new(Shared {
            connection,
            user: options.user,
            journal_key: options.journal_key,
            retry: options.retry,
            randomness: Mutex::new(randomness),
            state: Mutex::new(state),
            work: Condvar::new(),
            progress: Condvar::new(),
        });
        let publisher = Self { shared: Arc::clone(&shared) };
        let start = |name: &str, work: Box<dyn FnOnce() + Send>| {
            thread::Builder::new().name(name.to_owned()).spawn(work).map_err(StartError::Thread)
        };
        let sender = Arc::clone(&shared);
        start("segb-sender", Box::new(move || sender.send_all()))?;
        if let SyncPolicy::Within(interval) = sync {
            start("segb-syncer", Box::new(move || shared.sync_all(interval)))?;
        }
        Ok(publisher)
    }

    /// Accepts a log. It returns as soon as the log is in the queue, and never waits for the server. What it gives can be
    /// awaited by who wants the receipt, and dropped by others.
    ///
    /// # Errors
    /// [`PublishError`]: the log is *not* accepted.
    pub fn publish(&self, turtle: &str) -> Result<Pending<Outcome>, PublishError> {
        if is_blank(turtle) {
            return Err(PublishError::Blank);
        }
        let request =
            Request { key: self.shared.key(), body: insert_body(turtle, self.shared.user.as_deref()) };
        let (slot, pending) = Slot::new();
        let mut state = self.shared.lock();
        if state.is_closed {
            return Err(PublishError::Closed);
        }
        let bytes_max = state.queue.options().log_bytes_max;
        if turtle.len() > bytes_max {
            return Err(PublishError::TooLarge { bytes: turtle.len(), bytes_max });
        }
        match state.queue.push(request, Some(slot)) {
            Ok(()) => {
                self.shared.work.notify_all();
                Ok(pending)
            }
            Err(PushError::Full { logs, bytes }) => {
                Err(PublishError::Full { logs, bytes, trouble: state.trouble.clone() })
            }
            Err(PushError::Disk(cause)) => Err(PublishError::Disk(cause)),
        }
    }

    /// How it is doing.
    pub fn status(&self) -> Status {
        self.shared.lock().status()
    }

    /// Uses another token from now on, and tries at once.
    ///
    /// # Errors
    /// [`OptionsError::Token`].
    pub fn set_token(&self, token: Option<&str>) -> Result<(), OptionsError> {
        self.shared.connection.set_token(token)?;
        self.shared.lock().token_changes += 1;
        self.shared.work.notify_all();
        Ok(())
    }

    /// Blocks until nothing waits, or for the duration.
    ///
    /// # Errors
    /// [`StillWaiting`], with the reason.
    pub fn flush(&self, patience: Duration) -> Result<(), StillWaiting> {
        let deadline = Instant::now() + patience;
        let mut state = self.shared.lock();
        while state.queue.logs() > 0 {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || state.is_closed {
                return Err(StillWaiting { logs: state.queue.logs(), trouble: state.trouble.clone() });
            }
            state = self.shared.progress.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        Ok(())
    }

    /// Sends what it can in this time, forces what is left to the disk, and ends.
    ///
    /// # Errors
    /// [`StillWaiting`]: so many logs are left. In a directory, the next publisher sends them; in memory, they are lost.
    pub fn close(self, patience: Duration) -> Result<(), StillWaiting> {
        let flushed = self.flush(patience);
        self.shared.close();
        flushed
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        self.shared.close();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        let mut randomness = self.randomness.lock().unwrap_or_else(PoisonError::into_inner);
        randomness(&mut bytes);
        bytes
    }

    fn key(&self) -> String {
        self.random::<16>().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Nothing is accepted or sent from here on, and another publisher may have the directory.
    fn close(&self) {
        let (unsynced, slots) = {
            let mut state = self.lock();
            state.is_closed = true;
            let unsynced = match state.queue.options().sync {
                SyncPolicy::Never => Vec::new(),
                _ => state.queue.take_unsynced(),
            };
            let slots = state.queue.take_slots();
            state.queue.release();
            (unsynced, slots)
        };
        self.work.notify_all();
        self.progress.notify_all();
        for file in unsynced {
            // There is nobody left to tell; the logs are with the operating system.
            let _ = file.sync_data();
        }
        for slot in slots {
            slot.fill(Err(DeliveryError::Closed));
        }
    }

    /// Forces the files of the queue to the disk, again and again.
    fn sync_all(&self, interval: Duration) {
        loop {
            let files = {
                let mut state = self.lock();
                if state.is_closed {
                    return;
                }
                let files = state.queue.take_unsynced();
                if files.is_empty() {
                    // The interval begins when there is something, so that a robot that is idle sleeps.
                    drop(self.work.wait(state).unwrap_or_else(PoisonError::into_inner));
                    self.pause(interval);
                    continue;
                }
                files
            };
            let synced = files.iter().try_for_each(|file| file.sync_data());
            let trouble = synced.err().map(|error: io::Error| error.to_string());
            self.lock().disk_trouble = trouble;
        }
    }

    /// Sleeps, unless it is the end.
    fn pause(&self, duration: Duration) {
        let deadline = Instant::now() + duration;
        let mut state = self.lock();
        while !state.is_closed {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            state = self.work.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl State {
    fn status(&self) -> Status {
        Status {
            waiting_logs: self.queue.logs(),
            waiting_bytes: self.queue.bytes(),
            delivered: self.delivered,
            refused: self.refused,
            distrusted: self.distrusted,
            damaged: self.damaged,
            trouble: self.trouble.clone(),
            disk_trouble: self.disk_trouble.clone(),
        }
    }
}

impl From<OpenError> for StartError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::InUse(directory) => Self::InUse { directory },
            OpenError::Io(directory, cause) => Self::Directory { directory, cause },
        }
    }
}
