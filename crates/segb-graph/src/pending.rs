//! Answers that another thread gives.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    thread,
    time::{Duration, Instant},
};

use tokio::sync::oneshot;

/// How often [`Pending::wait_for`] looks.
const POLL: Duration = Duration::from_millis(2);

/// An answer that is still on its way: a future, or [`wait`](Self::wait) for it on a thread that may block.
#[derive(Debug)]
pub struct Pending<T, E> {
    receiver: oneshot::Receiver<Result<T, E>>,
    if_lost: fn() -> E,
}

/// The other end of a [`Pending`].
pub type Reply<T, E> = oneshot::Sender<Result<T, E>>;

impl<T, E> Pending<T, E> {
    /// A pair of reply and pending answer; `if_lost` is the error if the reply is dropped unanswered.
    pub fn new(if_lost: fn() -> E) -> (Reply<T, E>, Self) {
        let (sender, receiver) = oneshot::channel();
        (sender, Self { receiver, if_lost })
    }

    /// Blocks until the answer is there. Not to be called on a thread that runs asynchronous tasks.
    ///
    /// # Errors
    /// As the operation that was asked for.
    pub fn wait(self) -> Result<T, E> {
        self.receiver.blocking_recv().unwrap_or_else(|_| Err((self.if_lost)()))
    }
}

impl<T, E> Pending<T, E> {
    /// Like [`wait`](Self::wait), but none if the answer is not there in time.
    pub fn wait_for(mut self, duration: Duration) -> Option<Result<T, E>> {
        let deadline = Instant::now() + duration;
        loop {
            match self.receiver.try_recv() {
                Ok(answer) => return Some(answer),
                Err(oneshot::error::TryRecvError::Closed) => return Some(Err((self.if_lost)())),
                Err(oneshot::error::TryRecvError::Empty) if Instant::now() >= deadline => return None,
                Err(oneshot::error::TryRecvError::Empty) => thread::sleep(POLL),
            }
        }
    }
}

impl<T, E> Future for Pending<T, E> {
    type Output = Result<T, E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let if_lost = self.if_lost;
        Pin::new(&mut self.receiver).poll(context).map(|received| received.unwrap_or_else(|_| Err(if_lost())))
    }
}
