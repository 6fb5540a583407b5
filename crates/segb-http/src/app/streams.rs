//! Answers that go on until their reader leaves: how many there may be, and how they end when the server does.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Streams at one time; each keeps a connection and little memory.
const STREAMS_MAX: usize = 64;

/// The places for streams.
pub(crate) struct Streams {
    free: Arc<Semaphore>,
    closed: Arc<AtomicBool>,
}

/// A taken place; it is free again when this is dropped.
pub(crate) struct StreamSlot {
    _permit: OwnedSemaphorePermit,
    closed: Arc<AtomicBool>,
}

impl Default for Streams {
    fn default() -> Self {
        Self { free: Arc::new(Semaphore::new(STREAMS_MAX)), closed: Arc::default() }
    }
}

impl Streams {
    /// A place, if one is free.
    pub(crate) fn take(&self) -> Option<StreamSlot> {
        let permit = Arc::clone(&self.free).try_acquire_owned().ok()?;
        Some(StreamSlot { _permit: permit, closed: Arc::clone(&self.closed) })
    }

    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }
}

impl StreamSlot {
    /// Whether the stream has to end.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }
}
