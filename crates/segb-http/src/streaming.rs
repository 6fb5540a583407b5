//! Long answers: sent as they are made, and cut off without their end if they fail, so that nobody takes a part for
//! the whole.

use std::{
    future::poll_fn,
    io,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use actix_web::{HttpResponse, web::Bytes};
use futures_core::Stream;
use segb_store::{ByteStream, StreamError};

use crate::{
    ApiError,
    request::{RequestContext, note},
};

/// Answers with a stream. An error before the first byte becomes an answer of its own.
pub(crate) async fn answer(
    mut stream: ByteStream,
    media_type: &'static str,
    what: &'static str,
    context: &Rc<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let first = poll_fn(|waker| Pin::new(&mut stream).poll_next(waker)).await.transpose()?;
    let mut response = HttpResponse::Ok();
    response.content_type(media_type);
    Ok(match first {
        None => {
            note!(info, context, "{what}: an empty answer");
            response.finish()
        }
        Some(first) => response.streaming(Answer {
            first: Some(first),
            stream,
            context: Rc::clone(context),
            what,
            bytes: 0,
            state: State::Running,
        }),
    })
}

/// A stream on its way, which writes to the server log how it ended.
struct Answer {
    first: Option<Vec<u8>>,
    stream: ByteStream,
    context: Rc<RequestContext>,
    what: &'static str,
    bytes: u64,
    state: State,
}

enum State {
    Running,
    Ended,
}

impl Stream for Answer {
    type Item = Result<Bytes, io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, waker: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if matches!(self.state, State::Ended) {
            return Poll::Ready(None);
        }
        let chunk = match self.first.take() {
            Some(first) => Some(Ok(first)),
            None => match Pin::new(&mut self.stream).poll_next(waker) {
                Poll::Ready(chunk) => chunk,
                Poll::Pending => return Poll::Pending,
            },
        };
        Poll::Ready(chunk.map(|chunk| self.pass_on(chunk)).or_else(|| {
            self.state = State::Ended;
            note!(info, self.context, "{} of {} bytes sent", self.what, self.bytes);
            None
        }))
    }
}

impl Answer {
    fn pass_on(&mut self, chunk: Result<Vec<u8>, StreamError>) -> Result<Bytes, io::Error> {
        match chunk {
            Ok(chunk) => {
                self.bytes += chunk.len() as u64;
                Ok(Bytes::from(chunk))
            }
            Err(error) => {
                self.state = State::Ended;
                note!(error, self.context, "{} broke off after {} bytes: {error}", self.what, self.bytes);
                Err(io::Error::other(error))
            }
        }
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        if matches!(self.state, State::Running) {
            note!(info, self.context, "{} left by its caller after {} bytes", self.what, self.bytes);
        }
    }
}
