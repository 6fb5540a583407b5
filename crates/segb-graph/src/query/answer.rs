//! From the first byte of an answer to its last.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

use super::{QueryAnswer, QueryCheck, QueryError, QueryKind, failure::Failure, format::AnswerFormat};
use crate::{
    limits::QueryLimits,
    pending::Reply,
    stream::{ByteStream, CHUNK_BYTES, ChunkWriter, StreamEnd, StreamError},
};

/// Where one request is answered: by who works on it, or by who watches over that.
///
/// It is answered once; what comes later, and after the first chunk of an answer an error, goes to the stream.
#[derive(Debug, Clone)]
pub(super) struct Outlet(Arc<Mutex<OutletState>>);

#[derive(Debug)]
enum OutletState {
    Query(Reply<QueryAnswer, QueryError>),
    Check(Reply<QueryCheck, QueryError>),
    Streaming(StreamEnd),
    Done,
}

impl Outlet {
    pub(super) fn query(reply: Reply<QueryAnswer, QueryError>) -> Self {
        Self(Arc::new(Mutex::new(OutletState::Query(reply))))
    }

    pub(super) fn check(reply: Reply<QueryCheck, QueryError>) -> Self {
        Self(Arc::new(Mutex::new(OutletState::Check(reply))))
    }

    /// Whether nobody waits for the answer any more.
    pub(super) fn is_abandoned(&self) -> bool {
        match &*self.state() {
            OutletState::Query(reply) => reply.is_closed(),
            OutletState::Check(reply) => reply.is_closed(),
            OutletState::Streaming(end) => end.is_abandoned(),
            OutletState::Done => true,
        }
    }

    pub(super) fn fail(&self, error: QueryError) {
        match std::mem::replace(&mut *self.state(), OutletState::Done) {
            // A caller who is gone does not want to know.
            OutletState::Query(reply) => drop(reply.send(Err(error))),
            OutletState::Check(reply) => drop(reply.send(Err(error))),
            OutletState::Streaming(end) => end.end(match error {
                QueryError::Deadline(duration) => StreamError::Deadline(duration),
                error @ QueryError::NotRepresentable { .. } => {
                    StreamError::NotRepresentable(error.to_string())
                }
                other => StreamError::Failed(other.to_string()),
            }),
            OutletState::Done => {}
        }
    }

    pub(super) fn send_check(&self, check: QueryCheck) {
        if let OutletState::Check(reply) = std::mem::replace(&mut *self.state(), OutletState::Done) {
            drop(reply.send(Ok(check)));
        }
    }

    /// Tells what the answer is; its bytes go into the writer. Fails when nobody waits for it.
    pub(super) fn begin(
        &self,
        head: AnswerHead,
        deadline: Instant,
        duration_max: Duration,
    ) -> io::Result<ChunkWriter> {
        let (writer, body) = ByteStream::new(deadline, duration_max);
        let answer = QueryAnswer { kind: head.kind, media_type: head.format.media_type(), body };
        let mut state = self.state();
        match std::mem::replace(&mut *state, OutletState::Done) {
            OutletState::Query(reply) => {
                reply.send(Ok(answer)).map_err(|_| io::ErrorKind::BrokenPipe)?;
                *state = OutletState::Streaming(writer.stream_end());
                Ok(writer)
            }
            _ => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, OutletState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is known of an answer before its first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerHead {
    /// The form of the query.
    pub kind: QueryKind,
    /// How it is written.
    pub format: AnswerFormat,
}

/// Where the answer of one query goes: to a caller in this process, or into a socket.
pub(super) trait AnswerSink {
    /// Tells what the answer is. Called once, before any bytes.
    fn begin(&mut self, head: AnswerHead) -> io::Result<()>;

    /// Takes bytes of the answer. Fails when nobody wants them.
    fn take(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Ends the answer.
    fn finish(&mut self) -> io::Result<()>;

    /// Ends the answer, begun or not, with an error.
    fn fail(&mut self, error: QueryError);
}

/// Limits on one answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct AnswerLimits {
    pub(super) rows_max: u64,
    pub(super) bytes_max: u64,
    pub(super) deadline: Instant,
    pub(super) duration_max: Duration,
}

impl AnswerLimits {
    pub(super) fn of(limits: &QueryLimits, deadline: Instant) -> Self {
        Self {
            rows_max: limits.rows_max,
            bytes_max: limits.answer_bytes_max,
            deadline,
            duration_max: limits.duration_max,
        }
    }
}

/// A caller in this process.
pub(super) struct CallerSink {
    pub(super) outlet: Outlet,
    pub(super) limits: AnswerLimits,
    stream: Option<ChunkWriter>,
}

impl CallerSink {
    pub(super) fn new(outlet: Outlet, limits: AnswerLimits) -> Self {
        Self { outlet, limits, stream: None }
    }
}

impl AnswerSink for CallerSink {
    fn begin(&mut self, head: AnswerHead) -> io::Result<()> {
        self.stream = Some(self.outlet.begin(head, self.limits.deadline, self.limits.duration_max)?);
        Ok(())
    }

    fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.as_mut().map_or(Ok(()), |stream| stream.write_all(bytes))
    }

    fn finish(&mut self) -> io::Result<()> {
        self.stream.take().map_or(Ok(()), ChunkWriter::finish)
    }

    fn fail(&mut self, error: QueryError) {
        self.outlet.fail(error);
    }
}

/// Takes the bytes of an answer. Holds the first chunk back, so that a query that fails early fails with an error and
/// not with half an answer.
pub(super) struct AnswerWriter<'s> {
    sink: &'s mut dyn AnswerSink,
    head: AnswerHead,
    limits: AnswerLimits,
    rows: u64,
    bytes: u64,
    /// The first chunk, then nothing.
    held: Vec<u8>,
    begun: bool,
    /// Why it takes no more, if it is not that the consumer is gone.
    refusal: Option<QueryError>,
}

impl<'s> AnswerWriter<'s> {
    pub(super) fn new(sink: &'s mut dyn AnswerSink, head: AnswerHead, limits: AnswerLimits) -> Self {
        let held = Vec::new();
        Self { sink, head, limits, rows: 0, bytes: 0, held, begun: false, refusal: None }
    }

    pub(super) fn format(&self) -> AnswerFormat {
        self.head.format
    }

    /// Counts a solution or triple that is about to be written.
    pub(super) fn count_row(&mut self) -> Result<(), Failure> {
        self.rows += 1;
        if self.rows > self.limits.rows_max {
            return Err(QueryError::TooManyRows(self.limits.rows_max).into());
        }
        Ok(())
    }

    /// Ends the answer.
    pub(super) fn finish(mut self) -> io::Result<()> {
        if !self.begun {
            self.begin()?;
        }
        self.sink.finish()
    }

    /// Ends the answer with an error.
    pub(super) fn fail(self, failure: Failure) {
        let deadline = QueryError::Deadline(self.limits.duration_max);
        self.sink.fail(match failure {
            Failure::Query(error) => error,
            // If the caller is gone instead, nobody reads it.
            Failure::Cancelled => deadline,
            Failure::Sink => self.refusal.unwrap_or(deadline),
        });
    }

    fn begin(&mut self) -> io::Result<()> {
        self.begun = true;
        self.sink.begin(self.head)?;
        self.sink.take(&std::mem::take(&mut self.held))
    }
}

impl Write for AnswerWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes += bytes.len() as u64;
        if self.bytes > self.limits.bytes_max {
            self.refusal = Some(QueryError::AnswerTooLarge(self.limits.bytes_max));
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        if self.begun {
            self.sink.take(bytes)?;
            return Ok(bytes.len());
        }
        self.held.extend_from_slice(bytes);
        if self.held.len() >= CHUNK_BYTES {
            self.begin()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
