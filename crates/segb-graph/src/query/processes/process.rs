//! One query process, seen from the server.

use std::{
    io::{self, Read, Write},
    os::{
        fd::OwnedFd,
        unix::{net::UnixStream, process::CommandExt},
    },
    path::Path,
    process::{Child, ChildStderr, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

use super::QueryProgram;
use crate::query::{
    frame::{FROM_PROCESS_BYTES_MAX, FrameBuffer, FromProcess, Start, ToProcess},
    limits::WATCH_INTERVAL,
};

/// How long a process may take to say that it is ready, on a machine that is very busy.
const START_DURATION_MAX: Duration = Duration::from_secs(10);

/// How long a process may take to accept a request.
const ACCEPT_DURATION_MAX: Duration = Duration::from_secs(2);

/// Bytes that are read of what a process writes to its standard error.
const WORDS_BYTES_MAX: u64 = 4 << 10;

/// What the standard library writes when memory cannot be had.
const OUT_OF_MEMORY: &str = "memory allocation of";
/// And when a stack is too small.
const OUT_OF_STACK: &str = "has overflowed its stack";

/// A process that is there. Killed when this is dropped.
pub(super) struct Process {
    child: Child,
    socket: UnixStream,
    incoming: FrameBuffer,
    /// What it was last told, so that it is not told the same again.
    prefixes: Option<Arc<Vec<(String, String)>>>,
    outgoing: Vec<u8>,
    is_confined: bool,
}

/// What came from a process.
pub(super) enum Received {
    /// Bytes; there may be whole frames now.
    Something,
    /// Nothing for a while.
    Nothing,
    /// Nothing more will come.
    End,
}

/// How a process ended.
#[derive(Debug)]
pub(super) enum Ending {
    OutOfMemory,
    OutOfStack,
    /// In any other way; the text is for the operator.
    Other(String),
}

impl Process {
    /// Starts a process for the index in `directory`, and waits until it is ready.
    pub(super) fn start(program: &QueryProgram, directory: &Path, start: Start) -> io::Result<Self> {
        let (socket, theirs) = UnixStream::pair()?;
        socket.set_read_timeout(Some(WATCH_INTERVAL))?;
        socket.set_write_timeout(Some(ACCEPT_DURATION_MAX))?;
        let mut command = Command::new(&program.path);
        command
            .args(&program.arguments)
            .arg0("segb-query")
            .current_dir(directory)
            // It needs nothing of it, and the secret may be there.
            .env_clear()
            // Ctrl-C in a terminal is for the server, which lets running queries end.
            .process_group(0)
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let child = command.spawn()?;
        // With it goes the other end of the socket, so that the process's own is the last.
        drop(command);
        let incoming = FrameBuffer::new(FROM_PROCESS_BYTES_MAX);
        let mut process =
            Self { child, socket, incoming, prefixes: None, outgoing: Vec::new(), is_confined: false };
        process.send(&ToProcess::Start(Box::new(start)))?;
        process.wait_until_ready()?;
        Ok(process)
    }

    fn wait_until_ready(&mut self) -> io::Result<()> {
        let until = Instant::now() + START_DURATION_MAX;
        loop {
            match self.next_frame()? {
                Some(FromProcess::Ready { is_confined }) => {
                    self.is_confined = is_confined;
                    return Ok(());
                }
                Some(_) => {
                    return Err(io::Error::other("the process says something else than that it is ready"));
                }
                None => {}
            }
            match self.receive()? {
                Received::End => return Err(io::Error::other(self.ending_text())),
                _ if Instant::now() >= until => return Err(io::ErrorKind::TimedOut.into()),
                Received::Something | Received::Nothing => {}
            }
        }
    }

    /// Whether the system refuses it the system calls that it does not need.
    pub(super) fn is_confined(&self) -> bool {
        self.is_confined
    }

    /// Whether it can be given work: it has not ended, and was not stopped.
    pub(super) fn is_fit(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None)) && !self.is_stopped()
    }

    /// Whether somebody has stopped it (SIGSTOP).
    pub(super) fn is_stopped(&self) -> bool {
        let Some(pid) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) else { return false };
        let look = WaitIdOptions::STOPPED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        matches!(waitid(WaitId::Pid(pid), look), Ok(Some(status)) if status.stopped())
    }

    /// Tells it the prefixes, unless it knows them.
    pub(super) fn know_prefixes(
        &mut self,
        prefixes: &Arc<Vec<(String, String)>>,
        usable: impl FnOnce() -> Vec<(String, String)>,
    ) -> io::Result<()> {
        if self.prefixes.as_ref().is_some_and(|known| Arc::ptr_eq(known, prefixes)) {
            return Ok(());
        }
        self.send(&ToProcess::Prefixes(usable()))?;
        self.prefixes = Some(Arc::clone(prefixes));
        Ok(())
    }

    pub(super) fn send(&mut self, frame: &ToProcess) -> io::Result<()> {
        self.outgoing.clear();
        frame.encode(&mut self.outgoing);
        self.socket.write_all(&self.outgoing)
    }

    /// The next frame that is there.
    pub(super) fn next_frame(&mut self) -> io::Result<Option<FromProcess<'_>>> {
        let frame = self.incoming.next_frame().map_err(io::Error::other)?;
        frame.map(FromProcess::decode).transpose().map_err(io::Error::other)
    }

    /// Waits for bytes, for [`WATCH_INTERVAL`] at most.
    pub(super) fn receive(&mut self) -> io::Result<Received> {
        let mut part = [0; 64 << 10];
        match self.socket.read(&mut part) {
            Ok(0) => Ok(Received::End),
            Ok(count) => {
                self.incoming.receive(part.get(..count).unwrap_or_default());
                Ok(Received::Something)
            }
            Err(error) => match error.kind() {
                io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted => {
                    Ok(Received::Nothing)
                }
                io::ErrorKind::ConnectionReset => Ok(Received::End),
                _ => Err(error),
            },
        }
    }

    /// Kills it, if it has not ended, and tells how it ended.
    pub(super) fn ending(&mut self) -> Ending {
        let text = self.ending_text();
        if text.contains(OUT_OF_MEMORY) {
            Ending::OutOfMemory
        } else if text.contains(OUT_OF_STACK) {
            Ending::OutOfStack
        } else {
            Ending::Other(text)
        }
    }

    fn ending_text(&mut self) -> String {
        // Of one that has ended, this does not change how.
        let _ = self.child.kill();
        let status = match self.child.wait() {
            Ok(status) => status.to_string(),
            Err(error) => error.to_string(),
        };
        let words = self.child.stderr.take().map(last_words).unwrap_or_default();
        if words.is_empty() { status } else { format!("{status}: {words}") }
    }
}

/// What a process that has ended wrote, on one line.
fn last_words(stderr: ChildStderr) -> String {
    let mut words = Vec::new();
    // What can be read is told; the pipe ends with the process.
    let _ = stderr.take(WORDS_BYTES_MAX).read_to_end(&mut words);
    String::from_utf8_lossy(&words).split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that has ended cannot be killed and has been waited for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
