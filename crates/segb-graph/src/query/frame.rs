//! What a server and its query processes say to each other: frames of four bytes of length (little-endian), one byte
//! that tells what it is, and that many bytes less one of payload: JSON, or the bytes of an answer as they are.
//!
//! Neither side trusts a length: a frame that is longer than its reader expects is an error before it is read. Public only for its fuzz target.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{QueryCheck, QueryError, QueryRequest, answer::AnswerHead};
use crate::limits::QueryLimits;

/// The longest frame that a process is sent, in bytes. The longest part is the text of a query, which a setting limits.
pub const TO_PROCESS_BYTES_MAX: usize = 256 << 20;

/// The longest frame that a process may send, in bytes: a chunk of an answer and some room.
pub const FROM_PROCESS_BYTES_MAX: usize = 1 << 20;

const LENGTH_BYTES: usize = 4;

/// What a process is told.
#[derive(Debug, Clone, PartialEq)]
pub enum ToProcess {
    /// How it works, once.
    Start(Box<Start>),
    /// The prefixes that answers may use from now on.
    Prefixes(Vec<(String, String)>),
    /// A query to be answered.
    Query(Box<QueryRequest>),
    /// A text to be checked.
    Check(String),
}

/// How a process works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    /// Limits on each query.
    pub limits: QueryLimits,
    /// The IRI of the union of all logs.
    pub graph_iri: String,
    /// The process that starts it, in whose absence it ends.
    pub parent: u32,
}

/// What a process says. A job is over with [`Done`](Self::Done).
#[derive(Debug, PartialEq, Eq)]
pub enum FromProcess<'b> {
    /// It has opened the index and takes work.
    Ready {
        /// Whether the system refuses it the system calls that it does not need.
        is_confined: bool,
    },
    /// An answer begins.
    Began(AnswerHead),
    /// The next bytes of the answer.
    Bytes(&'b [u8]),
    /// The answer is complete.
    Finished,
    /// There is no answer, or no more of it.
    Failed(QueryError),
    /// What the check found.
    Checked(QueryCheck),
    /// Nothing of the job is left.
    Done {
        /// Whether the process ends, since it holds memory that it does not need.
        retires: bool,
    },
}

/// Why bytes are no frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// It is longer than expected.
    #[error("a frame of {bytes} bytes, where {bytes_max} are allowed")]
    TooLong {
        /// Its length.
        bytes: usize,
        /// The longest allowed.
        bytes_max: usize,
    },
    /// Nothing is known that begins so, or its payload cannot be read.
    #[error("a frame that cannot be read")]
    Unreadable,
}

mod tag {
    pub(super) const START: u8 = b'S';
    pub(super) const PREFIXES: u8 = b'P';
    pub(super) const QUERY: u8 = b'Q';
    pub(super) const CHECK: u8 = b'C';
    pub(super) const READY: u8 = b'r';
    pub(super) const READY_UNCONFINED: u8 = b'u';
    pub(super) const BEGAN: u8 = b'b';
    pub(super) const BYTES: u8 = b'a';
    pub(super) const FINISHED: u8 = b'f';
    pub(super) const FAILED: u8 = b'e';
    pub(super) const CHECKED: u8 = b'c';
    pub(super) const DONE: u8 = b'd';
    pub(super) const RETIRES: u8 = b'x';
}

impl ToProcess {
    /// Appends the frame.
    pub fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::Start(start) => json_frame(out, tag::START, start),
            Self::Prefixes(prefixes) => json_frame(out, tag::PREFIXES, prefixes),
            Self::Query(request) => json_frame(out, tag::QUERY, request),
            Self::Check(text) => frame(out, tag::CHECK, text.as_bytes()),
        }
    }

    /// Reads a frame without its length.
    ///
    /// # Errors
    /// [`FrameError::Unreadable`].
    pub fn decode(bytes: &[u8]) -> Result<Self, FrameError> {
        let (tag, payload) = bytes.split_first().ok_or(FrameError::Unreadable)?;
        match *tag {
            tag::START => json(payload).map(Self::Start),
            tag::PREFIXES => json(payload).map(Self::Prefixes),
            tag::QUERY => json(payload).map(Self::Query),
            tag::CHECK => str::from_utf8(payload)
                .map(|text| Self::Check(text.to_owned()))
                .or(Err(FrameError::Unreadable)),
            _ => Err(FrameError::Unreadable),
        }
    }
}

impl<'b> FromProcess<'b> {
    /// Appends the frame.
    pub fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::Ready { is_confined: true } => frame(out, tag::READY, &[]),
            Self::Ready { is_confined: false } => frame(out, tag::READY_UNCONFINED, &[]),
            Self::Began(head) => json_frame(out, tag::BEGAN, head),
            Self::Bytes(bytes) => frame(out, tag::BYTES, bytes),
            Self::Finished => frame(out, tag::FINISHED, &[]),
            Self::Failed(error) => json_frame(out, tag::FAILED, error),
            Self::Checked(check) => json_frame(out, tag::CHECKED, check),
            Self::Done { retires: false } => frame(out, tag::DONE, &[]),
            Self::Done { retires: true } => frame(out, tag::RETIRES, &[]),
        }
    }

    /// Reads a frame without its length.
    ///
    /// # Errors
    /// [`FrameError::Unreadable`].
    pub fn decode(bytes: &'b [u8]) -> Result<Self, FrameError> {
        let (tag, payload) = bytes.split_first().ok_or(FrameError::Unreadable)?;
        match (*tag, payload) {
            (tag::READY, []) => Ok(Self::Ready { is_confined: true }),
            (tag::READY_UNCONFINED, []) => Ok(Self::Ready { is_confined: false }),
            (tag::BEGAN, _) => json(payload).map(Self::Began),
            (tag::BYTES, _) => Ok(Self::Bytes(payload)),
            (tag::FINISHED, []) => Ok(Self::Finished),
            (tag::FAILED, _) => json(payload).map(Self::Failed),
            (tag::CHECKED, _) => json(payload).map(Self::Checked),
            (tag::DONE, []) => Ok(Self::Done { retires: false }),
            (tag::RETIRES, []) => Ok(Self::Done { retires: true }),
            _ => Err(FrameError::Unreadable),
        }
    }
}

fn frame(out: &mut Vec<u8>, tag: u8, payload: &[u8]) {
    let start = begin_frame(out, tag);
    out.extend_from_slice(payload);
    end_frame(out, start);
}

fn json_frame(out: &mut Vec<u8>, tag: u8, payload: &impl Serialize) {
    let start = begin_frame(out, tag);
    // Writing to memory does not fail, and all these types can be written; what is cut short is not read as anything.
    let _ = serde_json::to_writer(&mut *out, payload);
    end_frame(out, start);
}

fn begin_frame(out: &mut Vec<u8>, tag: u8) -> usize {
    let start = out.len();
    out.extend_from_slice(&[0; LENGTH_BYTES]);
    out.push(tag);
    start
}

fn end_frame(out: &mut [u8], start: usize) {
    let length = out.len() - start - LENGTH_BYTES;
    // What does not fit is longer than any reader takes.
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    out[start..start + LENGTH_BYTES].copy_from_slice(&length.to_le_bytes());
}

fn json<T: DeserializeOwned>(payload: &[u8]) -> Result<T, FrameError> {
    serde_json::from_slice(payload).map_err(|_| FrameError::Unreadable)
}

/// Bytes that were received and are not read yet.
#[derive(Debug)]
pub struct FrameBuffer {
    bytes: Vec<u8>,
    /// Of these, so many are read.
    read: usize,
    frame_bytes_max: usize,
}

impl FrameBuffer {
    /// For frames of at most so many bytes.
    pub fn new(frame_bytes_max: usize) -> Self {
        Self { bytes: Vec::new(), read: 0, frame_bytes_max }
    }

    /// Takes bytes as they come.
    pub fn receive(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.read);
        self.read = 0;
        self.bytes.extend_from_slice(bytes);
    }

    /// The next frame, without its length; none while it is not complete.
    ///
    /// # Errors
    /// [`FrameError`]; nothing behind it can be read then.
    pub fn next_frame(&mut self) -> Result<Option<&[u8]>, FrameError> {
        let rest = self.bytes.get(self.read..).unwrap_or_default();
        let Some((length, rest)) = rest.split_first_chunk::<LENGTH_BYTES>() else { return Ok(None) };
        let bytes = u32::from_le_bytes(*length) as usize;
        if bytes > self.frame_bytes_max {
            return Err(FrameError::TooLong { bytes, bytes_max: self.frame_bytes_max });
        }
        let Some(frame) = rest.get(..bytes) else { return Ok(None) };
        self.read += LENGTH_BYTES + bytes;
        Ok(Some(frame))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;
    use crate::query::{QueryKind, SolutionsFormat, format::AnswerFormat};

    fn received(bytes: &[u8], step: usize) -> Vec<Vec<u8>> {
        let mut buffer = FrameBuffer::new(TO_PROCESS_BYTES_MAX);
        let mut frames = Vec::new();
        for part in bytes.chunks(step.max(1)) {
            buffer.receive(part);
            while let Some(frame) = buffer.next_frame().unwrap() {
                frames.push(frame.to_vec());
            }
        }
        frames
    }

    #[test]
    fn what_is_said_arrives_however_it_is_cut() {
        let request =
            QueryRequest { text: "ASK {} # \u{0} \u{10FFFF} \"\\".to_owned(), ..QueryRequest::default() };
        let start = Start { limits: QueryLimits::default(), graph_iri: "urn:g".to_owned(), parent: 7 };
        let said = [
            ToProcess::Start(Box::new(start)),
            ToProcess::Prefixes(vec![("ex".to_owned(), "urn:ex:".to_owned())]),
            ToProcess::Query(Box::new(request)),
            ToProcess::Check("SELECT".to_owned()),
        ];
        let mut bytes = Vec::new();
        said.iter().for_each(|frame| frame.encode(&mut bytes));
        for step in [1, 3, 64, bytes.len()] {
            let heard: Vec<_> =
                received(&bytes, step).iter().map(|frame| ToProcess::decode(frame).unwrap()).collect();
            assert_eq!(heard, said);
        }
    }

    #[test]
    fn what_is_answered_arrives() {
        let head =
            AnswerHead { kind: QueryKind::Select, format: AnswerFormat::Solutions(SolutionsFormat::Csv) };
        let check = QueryCheck { valid: true, kind: QueryKind::Ask, message: "Good.".to_owned() };
        let answered = [
            FromProcess::Ready { is_confined: true },
            FromProcess::Ready { is_confined: false },
            FromProcess::Began(head),
            FromProcess::Bytes(&[0, 255, 10]),
            FromProcess::Bytes(&[]),
            FromProcess::Finished,
            FromProcess::Failed(QueryError::Deadline(Duration::from_millis(1_500))),
            FromProcess::Failed(QueryError::TooComplex("of a reason".into())),
            FromProcess::Checked(check),
            FromProcess::Done { retires: false },
            FromProcess::Done { retires: true },
        ];
        let mut bytes = Vec::new();
        answered.iter().for_each(|frame| frame.encode(&mut bytes));
        let frames = received(&bytes, 5);
        let heard: Vec<_> = frames.iter().map(|frame| FromProcess::decode(frame).unwrap()).collect();
        assert_eq!(heard, answered);
    }

    #[test]
    fn a_frame_that_says_it_is_too_long_is_refused_before_it_is_there() {
        let mut buffer = FrameBuffer::new(100);
        buffer.receive(&101_u32.to_le_bytes());
        assert_eq!(buffer.next_frame(), Err(FrameError::TooLong { bytes: 101, bytes_max: 100 }));
        let mut buffer = FrameBuffer::new(100);
        buffer.receive(&100_u32.to_le_bytes());
        assert_eq!(buffer.next_frame(), Ok(None));
    }

    proptest! {
        #[test]
        fn any_bytes_are_frames_or_an_error(bytes: Vec<u8>) {
            let mut buffer = FrameBuffer::new(1_000);
            buffer.receive(&bytes);
            while let Ok(Some(frame)) = buffer.next_frame() {
                let _ = (ToProcess::decode(frame).is_ok(), FromProcess::decode(frame).is_ok());
            }
        }
    }
}
