//! Answers of any length, produced on one thread and consumed on another, at the pace of the consumer.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    thread,
    time::{Duration, Instant},
};

use futures_core::Stream;
use tokio::sync::mpsc::{self, error::TrySendError};

/// The size at which produced bytes are handed over.
pub const CHUNK_BYTES: usize = 64 << 10;
/// Chunks that may wait for the consumer before the producer is held up: one megabyte a stream.
const CHUNKS_WAITING_MAX: usize = 16;
/// How long the producer sleeps before it looks again whether a slow consumer has taken a chunk: at least, at most.
const SLEEP_MIN: Duration = Duration::from_micros(200);
const SLEEP_MAX: Duration = Duration::from_millis(20);

/// Why a stream ended before its end. What was received so far is incomplete.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// It took longer than allowed.
    #[error("the answer took longer than {0:?}")]
    Deadline(Duration),
    /// The answer holds something that its format has no way to write; the text is for the caller.
    #[error("{0}")]
    NotRepresentable(String),
    /// The producer failed; the text is for the operator.
    #[error("{0}")]
    Failed(String),
}

/// A stream of byte chunks: an asynchronous [`Stream`] and a blocking iterator. After an error it is at its end.
#[derive(Debug)]
pub struct ByteStream {
    receiver: mpsc::Receiver<Vec<u8>>,
    channel: Arc<Channel>,
}

impl Stream for ByteStream {
    type Item = Result<Vec<u8>, StreamError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.receiver.poll_recv(context).map(|chunk| self.channel.item(chunk))
    }
}

impl Iterator for ByteStream {
    type Item = Result<Vec<u8>, StreamError>;

    fn next(&mut self) -> Option<Self::Item> {
        let chunk = self.receiver.blocking_recv();
        self.channel.item(chunk)
    }
}

impl ByteStream {
    /// Collects the whole answer, blocking.
    ///
    /// # Errors
    /// As the stream.
    pub fn collect_bytes(self) -> Result<Vec<u8>, StreamError> {
        let mut bytes = Vec::new();
        for chunk in self {
            bytes.extend_from_slice(&chunk?);
        }
        Ok(bytes)
    }

    /// A stream and the writer that feeds it, until `deadline`; `duration` is what the error then tells.
    pub fn new(deadline: Instant, duration: Duration) -> (ChunkWriter, Self) {
        let (sender, receiver) = mpsc::channel(CHUNKS_WAITING_MAX);
        let channel = Arc::new(Channel { sender: Mutex::new(Some(sender)), error: Mutex::new(None) });
        let writer = ChunkWriter {
            channel: Arc::clone(&channel),
            chunk: Vec::with_capacity(CHUNK_BYTES),
            deadline,
            duration,
        };
        (writer, Self { receiver, channel })
    }
}

/// What writer, stream and a [`StreamEnd`] share.
#[derive(Debug)]
struct Channel {
    /// Gone when the stream is at its end.
    sender: Mutex<Option<mpsc::Sender<Vec<u8>>>>,
    /// Why it ended early. Beside the channel, so that it needs no room in it when the consumer is slow.
    error: Mutex<Option<StreamError>>,
}

impl Channel {
    fn item(&self, chunk: Option<Vec<u8>>) -> Option<Result<Vec<u8>, StreamError>> {
        match chunk {
            Some(chunk) => Some(Ok(chunk)),
            None => self.error.lock().unwrap_or_else(PoisonError::into_inner).take().map(Err),
        }
    }

    /// Ends the stream; whoever does it first decides how.
    fn end(&self, error: Option<StreamError>) {
        let sender = self.sender.lock().unwrap_or_else(PoisonError::into_inner).take();
        if sender.is_some() {
            // Before the sender is dropped, which wakes the consumer.
            *self.error.lock().unwrap_or_else(PoisonError::into_inner) = error;
        }
    }

    /// Hands a chunk over, or gives it back if there is no room for it.
    fn offer(&self, chunk: Vec<u8>) -> io::Result<Option<Vec<u8>>> {
        let sender = self.sender.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(sender) = &*sender else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        match sender.try_send(chunk) {
            Ok(()) => Ok(None),
            Err(TrySendError::Full(chunk)) => Ok(Some(chunk)),
            Err(TrySendError::Closed(_)) => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }
}

/// Ends a stream from outside when its producer does not.
#[derive(Debug, Clone)]
pub struct StreamEnd(Arc<Channel>);

impl StreamEnd {
    /// Ends the stream with an error, unless it has ended.
    pub fn end(&self, error: StreamError) {
        self.0.end(Some(error));
    }

    /// Whether nobody reads the stream any more.
    pub fn is_abandoned(&self) -> bool {
        let sender = self.0.sender.lock().unwrap_or_else(PoisonError::into_inner);
        sender.as_ref().is_none_or(mpsc::Sender::is_closed)
    }
}

/// Collects what is written into chunks and hands them over. Blocks while the consumer is slow, but not beyond the
/// deadline; fails when the consumer is gone. Dropped without an end, it ends the stream with an error.
pub struct ChunkWriter {
    channel: Arc<Channel>,
    chunk: Vec<u8>,
    deadline: Instant,
    duration: Duration,
}

impl ChunkWriter {
    /// Hands over what is left and ends the stream.
    pub fn finish(mut self) -> io::Result<()> {
        self.hand_over()?;
        self.channel.end(None);
        Ok(())
    }

    /// Ends the stream with an error.
    pub fn fail(self, error: StreamError) {
        self.channel.end(Some(error));
    }

    /// A handle to end the stream from another thread.
    pub fn stream_end(&self) -> StreamEnd {
        StreamEnd(Arc::clone(&self.channel))
    }

    fn hand_over(&mut self) -> io::Result<()> {
        if self.chunk.is_empty() {
            return Ok(());
        }
        let mut chunk = std::mem::replace(&mut self.chunk, Vec::with_capacity(CHUNK_BYTES));
        let mut sleep = SLEEP_MIN;
        while let Some(refused) = self.channel.offer(chunk)? {
            if Instant::now() >= self.deadline {
                self.channel.end(Some(StreamError::Deadline(self.duration)));
                return Err(io::ErrorKind::TimedOut.into());
            }
            thread::sleep(sleep);
            sleep = SLEEP_MAX.min(sleep * 2);
            chunk = refused;
        }
        Ok(())
    }
}

impl Drop for ChunkWriter {
    fn drop(&mut self) {
        self.channel.end(Some(StreamError::Failed("the answer was cut off".to_owned())));
    }
}

impl io::Write for ChunkWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A literal of a megabyte is several chunks, so that those that wait are no larger than was promised.
        let taken = bytes.len().min(CHUNK_BYTES.saturating_sub(self.chunk.len()));
        self.chunk.extend_from_slice(bytes.get(..taken).unwrap_or(bytes));
        if self.chunk.len() >= CHUNK_BYTES {
            self.hand_over()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn stream(duration: Duration) -> (ChunkWriter, ByteStream) {
        ByteStream::new(Instant::now() + duration, duration)
    }

    #[test]
    fn what_is_written_arrives_in_order_and_completely() {
        let (mut writer, stream) = stream(Duration::from_secs(60));
        let sent: Vec<u8> = (0..3_000_000_u32).map(|number| number as u8).collect();
        let to_send = sent.clone();
        let producer = thread::spawn(move || {
            for part in to_send.chunks(1_000) {
                writer.write_all(part).unwrap();
            }
            writer.finish().unwrap();
        });
        assert_eq!(stream.collect_bytes().unwrap(), sent);
        producer.join().unwrap();
    }

    #[test]
    fn what_is_written_at_once_arrives_in_chunks() {
        let (mut writer, stream) = stream(Duration::from_secs(60));
        let literal = vec![7; CHUNK_BYTES * 3 + 1];
        let producer = thread::spawn(move || {
            writer.write_all(&literal).unwrap();
            writer.finish().unwrap();
        });
        let lengths: Vec<usize> = stream.map(|chunk| chunk.unwrap().len()).collect();
        assert_eq!(lengths, [CHUNK_BYTES, CHUNK_BYTES, CHUNK_BYTES, 1]);
        producer.join().unwrap();
    }

    #[test]
    fn a_consumer_that_does_not_read_holds_the_producer_up_until_the_deadline_only() {
        let duration = Duration::from_millis(100);
        let (mut writer, mut stream) = stream(duration);
        let chunk = vec![0; CHUNK_BYTES];
        let failure = std::iter::repeat_with(|| writer.write_all(&chunk)).find_map(Result::err).unwrap();
        assert_eq!(failure.kind(), io::ErrorKind::TimedOut);
        drop(writer);
        for _ in 0..CHUNKS_WAITING_MAX {
            stream.next().unwrap().unwrap();
        }
        assert_eq!(stream.next(), Some(Err(StreamError::Deadline(duration))));
        assert_eq!(stream.next(), None);
    }

    #[test]
    fn a_writer_that_is_dropped_leaves_an_error_and_a_consumer_that_is_gone_stops_the_writer() {
        let (mut writer, stream) = stream(Duration::from_secs(60));
        writer.write_all(b"half").unwrap();
        drop(writer);
        assert!(matches!(stream.collect_bytes(), Err(StreamError::Failed(_))));

        let (mut writer, stream) = self::stream(Duration::from_secs(60));
        drop(stream);
        assert_eq!(writer.write_all(&vec![0; CHUNK_BYTES]).unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }
}
