//! What will be known later: to be awaited, or to be waited for.

use std::{
    fmt,
    pin::Pin,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
    time::{Duration, Instant},
};

/// A value that another thread is working for. It can be awaited in any runtime, or waited for; who drops it does not
/// want to know.
pub struct Pending<T>(Arc<Slot<T>>);

/// Where the value is put.
pub(crate) struct Slot<T> {
    state: Mutex<State<T>>,
    filled: Condvar,
}

struct State<T> {
    value: Option<T>,
    waker: Option<Waker>,
}

impl<T> Slot<T> {
    /// Both ends.
    pub fn new() -> (Arc<Self>, Pending<T>) {
        let state = Mutex::new(State { value: None, waker: None });
        let slot = Arc::new(Self { state, filled: Condvar::new() });
        (Arc::clone(&slot), Pending(slot))
    }

    pub fn fill(&self, value: T) {
        let mut state = self.lock();
        state.value = Some(value);
        if let Some(waker) = state.waker.take() {
            waker.wake();
        }
        self.filled.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Pending<T> {
    /// Blocks this thread until the value is there, which may be as long as the server is away. Not for a thread that
    /// runs asynchronous tasks.
    pub fn wait(self) -> T {
        let mut state = self.0.lock();
        loop {
            if let Some(value) = state.value.take() {
                return value;
            }
            state = self.0.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// As [`wait`](Self::wait), up to a duration.
    ///
    /// # Errors
    /// Itself, to go on waiting.
    pub fn wait_for(self, patience: Duration) -> Result<T, Self> {
        let deadline = Instant::now() + patience;
        let mut state = self.0.lock();
        let value = loop {
            if let Some(value) = state.value.take() {
                break Some(value);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break None;
            }
            state = self.0.filled.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        };
        drop(state);
        value.ok_or(self)
    }
}

impl<T> Future for Pending<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let mut state = self.0.lock();
        match state.value.take() {
            Some(value) => Poll::Ready(value),
            None => {
                state.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl<T> fmt::Debug for Pending<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Pending").field("is_known", &self.0.lock().value.is_some()).finish()
    }
}
