//! Answers that are finished before they are sent. A reader who takes his time keeps one in memory meanwhile, and thousands
//! may do so at once.

use std::{
    cell::RefCell,
    io,
    pin::Pin,
    rc::Rc,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    body::SizedStream,
    rt::{self, task::JoinHandle, time::sleep},
    web::Bytes,
};
use futures_core::Stream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::ApiError;

/// Answers up to this size are sent as they are, in bytes: each connection has as much in its buffers.
const SMALL_BYTES_MAX: usize = 64 << 10;
/// Bytes of all larger answers that are on their way at one time: a dozen of the largest reports, hundreds of usual ones.
const WAITING_BYTES_MAX: usize = 256 << 20;
/// How long a reader may take for one answer. 16 MiB are then read at the pace of a slow line.
const SENDING_DURATION_MAX: Duration = Duration::from_secs(60);

/// Room for the answers that are on their way, in KiB.
pub(crate) struct Sendings(Arc<Semaphore>);

impl Default for Sendings {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(WAITING_BYTES_MAX >> 10)))
    }
}

impl Sendings {
    /// Answers with a body that is complete. Without room for it: 503. It is gone, and the connection ends, if it is not
    /// read in time.
    pub(crate) fn whole(
        &self,
        response: &mut HttpResponseBuilder,
        body: impl Into<Bytes>,
    ) -> Result<HttpResponse, ApiError> {
        let body = body.into();
        if body.len() <= SMALL_BYTES_MAX {
            return Ok(response.body(body));
        }
        let length = body.len() as u64;
        let sending = self.start(body, SENDING_DURATION_MAX).ok_or_else(ApiError::too_many_answers)?;
        Ok(response.body(SizedStream::new(length, sending)))
    }

    fn start(&self, body: Bytes, duration_max: Duration) -> Option<Sending> {
        // A log may be larger than all of the room, by a setting: then it goes alone.
        let kib = (body.len() >> 10).min(WAITING_BYTES_MAX >> 10);
        let permit = Arc::clone(&self.0).try_acquire_many_owned(u32::try_from(kib).ok()?).ok()?;
        let rest = Rc::new(RefCell::new(Some(Rest { bytes: body, _permit: permit })));
        let late = Rc::downgrade(&rest);
        // Not the connection frees it: it does not ask for more as long as its reader takes nothing.
        let timer = rt::spawn(async move {
            sleep(duration_max).await;
            if let Some(rest) = late.upgrade() {
                rest.borrow_mut().take();
            }
        });
        Some(Sending { rest, timer, is_at_end: false })
    }
}

/// What is not sent yet.
struct Rest {
    bytes: Bytes,
    _permit: OwnedSemaphorePermit,
}

/// An answer on its way, in pieces.
struct Sending {
    rest: Rc<RefCell<Option<Rest>>>,
    timer: JoinHandle<()>,
    is_at_end: bool,
}

impl Stream for Sending {
    type Item = Result<Bytes, io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.is_at_end {
            return Poll::Ready(None);
        }
        let piece = self.rest.borrow_mut().as_mut().map(|rest| {
            let length = rest.bytes.len().min(SMALL_BYTES_MAX);
            (rest.bytes.split_to(length), rest.bytes.is_empty())
        });
        let Some((piece, is_last)) = piece else {
            self.is_at_end = true;
            return Poll::Ready(Some(Err(io::ErrorKind::TimedOut.into())));
        };
        self.is_at_end = is_last;
        Poll::Ready(Some(Ok(piece)))
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        self.timer.abort();
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;

    async fn next(sending: &mut Sending) -> Option<Result<Bytes, io::Error>> {
        poll_fn(|context| Pin::new(&mut *sending).poll_next(context)).await
    }

    #[actix_web::test]
    async fn an_answer_arrives_in_pieces_and_completely() {
        let sendings = Sendings::default();
        let body: Vec<u8> = (0..200_000_u32).map(|number| number as u8).collect();
        let mut sending = sendings.start(body.clone().into(), SENDING_DURATION_MAX).unwrap();
        let mut received = Vec::new();
        while let Some(piece) = next(&mut sending).await {
            let piece = piece.unwrap();
            assert!(piece.len() <= SMALL_BYTES_MAX);
            received.extend_from_slice(&piece);
        }
        assert_eq!(received, body);
        drop(sending);
        assert_eq!(sendings.0.available_permits(), WAITING_BYTES_MAX >> 10);
    }

    #[actix_web::test]
    async fn there_is_room_for_so_many_answers_and_who_does_not_read_loses_his() {
        let sendings = Sendings::default();
        let body = Bytes::from_static(&[0; 32 << 20]);
        let start = || sendings.start(body.clone(), Duration::from_millis(50));
        let mut unread: Vec<Sending> = std::iter::from_fn(start).collect();
        assert_eq!(unread.len(), WAITING_BYTES_MAX / body.len());
        next(&mut unread[0]).await.unwrap().unwrap();
        sleep(Duration::from_millis(200)).await;
        assert_eq!(sendings.0.available_permits(), WAITING_BYTES_MAX >> 10, "all of the room is free again");
        for sending in &mut unread {
            assert_eq!(next(sending).await.unwrap().unwrap_err().kind(), io::ErrorKind::TimedOut);
            assert!(next(sending).await.is_none());
        }
    }
}
