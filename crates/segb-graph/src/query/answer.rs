//! From the first byte of an answer to its last.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::{QueryAnswer, QueryCheck, QueryError, QueryKind, failure::Failure};
use crate::{
    pending::Reply,
    stream::{ByteStream, CHUNK_BYTES, ChunkWriter, StreamEnd, StreamError},
};

/// Where one request is answered: by the thread that works on it, or by the watchdog if that does not come back.
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

    fn send_answer(&self, answer: QueryAnswer, end: StreamEnd) -> io::Result<()> {
        let mut state = self.state();
        match std::mem::replace(&mut *state, OutletState::Done) {
            OutletState::Query(reply) => {
                reply.send(Ok(answer)).map_err(|_| io::ErrorKind::BrokenPipe)?;
                *state = OutletState::Streaming(end);
                Ok(())
            }
            _ => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, OutletState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Limits on one answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct AnswerLimits {
    pub(super) rows_max: u64,
    pub(super) bytes_max: u64,
    pub(super) deadline: Instant,
    pub(super) duration_max: Duration,
}

/// Takes the bytes of an answer. Holds the first chunk back, so that a query that fails early fails with an error and
/// not with half an answer.
pub(super) struct AnswerWriter {
    outlet: Outlet,
    kind: QueryKind,
    media_type: &'static str,
    limits: AnswerLimits,
    rows: u64,
    bytes: u64,
    /// The first chunk, then nothing.
    held: Vec<u8>,
    stream: Option<ChunkWriter>,
    /// Why it takes no more, if it is not that the consumer is gone.
    refusal: Option<QueryError>,
}

impl AnswerWriter {
    pub(super) fn new(
        outlet: Outlet,
        kind: QueryKind,
        media_type: &'static str,
        limits: AnswerLimits,
    ) -> Self {
        let held = Vec::new();
        Self { outlet, kind, media_type, limits, rows: 0, bytes: 0, held, stream: None, refusal: None }
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
        if self.stream.is_none() {
            self.start_stream()?;
        }
        self.stream.take().map_or(Ok(()), ChunkWriter::finish)
    }

    /// Ends the answer with an error.
    pub(super) fn fail(self, failure: Failure) {
        let deadline = QueryError::Deadline(self.limits.duration_max);
        self.outlet.fail(match failure {
            Failure::Query(error) => error,
            // If the caller is gone instead, nobody reads it.
            Failure::Cancelled => deadline,
            Failure::Sink => self.refusal.clone().unwrap_or(deadline),
        });
    }

    fn start_stream(&mut self) -> io::Result<()> {
        let (mut writer, body) = ByteStream::new(self.limits.deadline, self.limits.duration_max);
        writer.write_all(&std::mem::take(&mut self.held))?;
        let answer = QueryAnswer { kind: self.kind, media_type: self.media_type, body };
        self.outlet.send_answer(answer, writer.stream_end())?;
        self.stream = Some(writer);
        Ok(())
    }
}

impl Write for AnswerWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes += bytes.len() as u64;
        if self.bytes > self.limits.bytes_max {
            self.refusal = Some(QueryError::AnswerTooLarge(self.limits.bytes_max));
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        if let Some(stream) = &mut self.stream {
            return stream.write(bytes);
        }
        self.held.extend_from_slice(bytes);
        if self.held.len() >= CHUNK_BYTES {
            self.start_stream()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
