//! What becomes of a body that nobody reads to its end: the request was refused, or the body came too slowly.

use std::{
    cell::RefCell,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use actix_web::{
    HttpMessage,
    body::{BodySize, BoxBody, MessageBody},
    dev::{Payload, ServiceRequest},
    error::PayloadError,
    web::Bytes,
};
use futures_core::Stream;

/// A hold on a chunked body. As long as there is one, actix-http takes the body for wanted and ends the connection
/// after the answer. Without, it would wait for the last chunk to come, for ever, so that anybody could keep as many
/// connections open as there may be.
pub(super) struct Unread {
    _payload: Rc<RefCell<Payload>>,
}

impl Unread {
    /// Of a request that has just arrived; none if its body says how long it is, because then the connection ends.
    pub(super) fn hold(request: &mut ServiceRequest) -> Option<Self> {
        if matches!(request.chunked(), Ok(false)) {
            return None;
        }
        let payload = Rc::new(RefCell::new(request.take_payload()));
        let stream = Box::pin(Lent(Rc::clone(&payload)));
        request.set_payload(Payload::Stream { payload: stream });
        Some(Self { _payload: payload })
    }

    /// The body of the answer, with the hold until its end.
    pub(super) fn until_the_end_of<B: MessageBody + 'static>(self, body: B) -> Holding {
        Holding { body: body.boxed(), _unread: self }
    }
}

/// The body for whoever reads it.
struct Lent(Rc<RefCell<Payload>>);

impl Stream for Lent {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut *self.0.borrow_mut()).poll_next(context)
    }
}

/// The body of an answer, and a hold on that of the request.
pub(crate) struct Holding {
    body: BoxBody,
    _unread: Unread,
}

impl MessageBody for Holding {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(context)
    }
}
