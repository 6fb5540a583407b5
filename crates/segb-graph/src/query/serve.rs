//! The inside of a query process: opens the index of the current directory, gives up what it does not need, and answers
//! one job after the other until its socket, which is its standard input, is closed.

use std::{
    fs::File,
    io::{self, Read, Write},
    os::{fd::AsFd, unix::fs::FileExt},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::Arc,
    thread,
    time::Instant,
};

use spareval::CancellationToken;

use super::{
    QueryError, QueryRequest,
    answer::{AnswerHead, AnswerLimits, AnswerSink},
    confine,
    evaluate::Evaluation,
    frame::{FrameBuffer, FromProcess, Start, TO_PROCESS_BYTES_MAX, ToProcess},
    limits::stack_bytes,
    syntax::check_query,
};
use crate::{
    index::{GraphIndex, IndexError},
    stream::CHUNK_BYTES,
};

/// A process that has more memory of its own than this after a job makes room for a fresh one: what an allocator was
/// given it seldom gives back.
const RETIRES_ABOVE_BYTES: u64 = 64 << 20;

/// Why a query process cannot work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// Its standard input is not the socket of a server, or says something else.
    #[error("this is a part of the server, which starts it by itself: {0}")]
    NotAsked(io::Error),
    /// The index cannot be opened.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The system does not let it limit itself.
    #[error("the process cannot limit itself: {0}")]
    Confine(io::Error),
}

/// What a program does when it was started as a [`QueryProgram`](super::QueryProgram): answers queries for the process
/// that started it, until that closes the socket. To be called on the first thread of the program, before it has started
/// others or opened anything.
///
/// # Errors
/// [`ServeError`], also if it was started by somebody else.
pub fn serve() -> Result<(), ServeError> {
    let stdin = io::stdin().as_fd().try_clone_to_owned().map_err(ServeError::NotAsked)?;
    let mut socket = Socket { file: File::from(stdin), incoming: FrameBuffer::new(TO_PROCESS_BYTES_MAX) };
    let Some(ToProcess::Start(start)) = socket.next().map_err(ServeError::NotAsked)? else {
        return Err(ServeError::NotAsked(io::Error::other("no server speaks")));
    };
    confine::die_with(start.parent).map_err(ServeError::NotAsked)?;
    confine::stand_back();
    let index = GraphIndex::open_to_read(Path::new("."))?;
    // The first snapshot enters the process into the table of readers, which takes a file lock.
    drop(index.snapshot()?);
    let memory = OwnMemory::open().map_err(ServeError::Confine)?;
    let Start { limits, graph_iri, .. } = *start;
    let stack = stack_bytes(&limits);
    confine::limit_memory(limits.memory_bytes_max.saturating_add(stack as u64))
        .map_err(ServeError::Confine)?;
    let evaluation = Evaluation { limits, graph_iri };
    let worker = Worker { evaluation, index, memory, socket, prefixes: Arc::default() };
    let thread = thread::Builder::new().name("query".to_owned()).stack_size(stack);
    let thread = thread.spawn(move || worker.run()).map_err(ServeError::Confine)?;
    // It ends when the server is gone, which leaves nobody to tell more.
    let _ = thread.join();
    Ok(())
}

/// The way to the server.
struct Socket {
    file: File,
    incoming: FrameBuffer,
}

impl Socket {
    /// The next frame; none when the server has closed the socket.
    fn next(&mut self) -> io::Result<Option<ToProcess>> {
        let mut part = [0; 16 << 10];
        loop {
            if let Some(frame) = self.incoming.next_frame().map_err(io::Error::other)? {
                return ToProcess::decode(frame).map(Some).map_err(io::Error::other);
            }
            match self.file.read(&mut part) {
                Ok(0) => return Ok(None),
                Ok(count) => self.incoming.receive(part.get(..count).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

struct Worker {
    evaluation: Evaluation,
    index: GraphIndex,
    memory: OwnMemory,
    socket: Socket,
    prefixes: Arc<Vec<(String, String)>>,
}

impl Worker {
    fn run(mut self) {
        // Where that is not to be had, the server says so; the process has the other limits all the same.
        let is_confined = confine::forbid_the_rest().is_ok();
        let mut out = Vec::new();
        FromProcess::Ready { is_confined }.encode(&mut out);
        while self.socket.file.write_all(&out).is_ok() {
            out.clear();
            // A server that is gone, or that says what cannot be read, has no further use for this process.
            let Ok(Some(frame)) = self.socket.next() else { return };
            match frame {
                ToProcess::Start(_) => return,
                ToProcess::Prefixes(prefixes) => {
                    self.prefixes = Arc::new(prefixes);
                    continue;
                }
                ToProcess::Query(request) => self.answer(&request, &mut out),
                ToProcess::Check(text) => {
                    let check = check_query(&text, &self.evaluation.limits);
                    FromProcess::Checked(check).encode(&mut out);
                }
            }
            let retires = self.memory.bytes() > RETIRES_ABOVE_BYTES;
            FromProcess::Done { retires }.encode(&mut out);
            if retires {
                // If the server is gone, it does not matter.
                let _ = self.socket.file.write_all(&out);
                return;
            }
        }
    }

    /// Answers a query; what is not sent yet of the answer is left in `out`.
    fn answer(&self, request: &QueryRequest, out: &mut Vec<u8>) {
        let limits = &self.evaluation.limits;
        let limits = AnswerLimits::of(limits, Instant::now() + limits.duration_max);
        let open = || {
            let snapshot = self.index.snapshot().map_err(|error| QueryError::Storage(error.to_string()))?;
            Ok((snapshot, Arc::clone(&self.prefixes)))
        };
        let mut sink = SocketSink { file: &self.socket.file, out, chunk: Vec::new() };
        // Nobody cancels here: who wants it to stop kills the process.
        let never = CancellationToken::new();
        // A panic is a mistake in this program or a library; it ends this query and nothing else.
        let run = || self.evaluation.run(request, open, &mut sink, limits, &never);
        if catch_unwind(AssertUnwindSafe(run)).is_err() {
            let error = QueryError::Evaluation("the evaluation failed unexpectedly".to_owned());
            FromProcess::Failed(error).encode(out);
        }
    }
}

/// The memory that only this process has. What is needed to look at it is opened before that is forbidden.
struct OwnMemory {
    statm: File,
    page_bytes: u64,
}

impl OwnMemory {
    fn open() -> io::Result<Self> {
        Ok(Self { statm: File::open("/proc/self/statm")?, page_bytes: rustix::param::page_size() as u64 })
    }

    fn bytes(&self) -> u64 {
        let mut text = [0; 256];
        let count = self.statm.read_at(&mut text, 0).unwrap_or(0);
        let text = text.get(..count).map(String::from_utf8_lossy).unwrap_or_default();
        // proc(5): size, resident and shared come first, in pages.
        let mut pages = text.split(' ').skip(1).map_while(|number| number.parse::<u64>().ok());
        let (Some(resident), Some(shared)) = (pages.next(), pages.next()) else { return 0 };
        resident.saturating_sub(shared).saturating_mul(self.page_bytes)
    }
}

/// Puts an answer into frames. What fits into one chunk goes out with the end of the job, in one write.
struct SocketSink<'s> {
    file: &'s File,
    out: &'s mut Vec<u8>,
    chunk: Vec<u8>,
}

impl SocketSink<'_> {
    fn encode_chunk(&mut self) {
        if !self.chunk.is_empty() {
            FromProcess::Bytes(&self.chunk).encode(self.out);
            self.chunk.clear();
        }
    }
}

impl AnswerSink for SocketSink<'_> {
    fn begin(&mut self, head: AnswerHead) -> io::Result<()> {
        FromProcess::Began(head).encode(self.out);
        Ok(())
    }

    fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        for part in bytes.chunks(CHUNK_BYTES) {
            self.chunk.extend_from_slice(part);
            if self.chunk.len() >= CHUNK_BYTES {
                self.encode_chunk();
                self.file.write_all(self.out)?;
                self.out.clear();
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.encode_chunk();
        FromProcess::Finished.encode(self.out);
        Ok(())
    }

    fn fail(&mut self, error: QueryError) {
        FromProcess::Failed(error).encode(self.out);
    }
}
