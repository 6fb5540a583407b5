//! The logs that the server does not have yet, in their order, bounded; in files, so that they survive this process.

mod files;
mod line;

use std::{collections::VecDeque, fs::File, io, path::PathBuf, sync::Arc, time::Duration};

use files::Files;
pub(crate) use files::{OpenError, Place};

/// Where logs wait, and how many.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct QueueOptions {
    /// A directory for the files of the queue, which are this publisher's alone; none: logs wait in memory, and are gone
    /// when the process ends.
    pub directory: Option<PathBuf>,
    /// How many logs may wait.
    pub logs_max: usize,
    /// How many bytes may wait.
    pub bytes_max: u64,
    /// The longest log, in bytes of Turtle; the default of the server is 10 MiB for a request.
    pub log_bytes_max: usize,
    /// When files are forced to the disk.
    pub sync: SyncPolicy,
}

impl Default for QueueOptions {
    /// In memory, 100 000 logs or 256 MiB, synced within 200 ms.
    fn default() -> Self {
        Self {
            directory: None,
            logs_max: 100_000,
            bytes_max: 256 << 20,
            log_bytes_max: 9 << 20,
            sync: SyncPolicy::Within(Duration::from_millis(200)),
        }
    }
}

/// When the files of the queue are forced to the disk. Whatever it is, a log that was accepted survives the end of this
/// process, kill -9 included; the policy is about the machine losing power or its kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyncPolicy {
    /// In the background, at most so long after a log was accepted.
    Within(Duration),
    /// Before a log counts as accepted. The caller waits for the disk.
    EachLog,
    /// When the operating system does it, usually within half a minute.
    Never,
}

/// A log that waits.
#[derive(Debug)]
pub(crate) struct Waiting<S> {
    pub sequence: u64,
    pub bytes: u64,
    /// Answers of the server that say that it is the server's fault.
    pub server_errors: u32,
    /// Who wants to know.
    pub slot: Option<Arc<S>>,
    place: Kept,
}

#[derive(Debug)]
enum Kept {
    Memory(Request),
    File(Place),
}

/// What is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// The idempotency key.
    pub key: String,
    /// The body of `POST /ttl`.
    pub body: String,
}

/// Why a log is not accepted.
#[derive(Debug)]
pub(crate) enum PushError {
    Full { logs: usize, bytes: u64 },
    Disk(io::Error),
}

/// The queue; `S` is where the outcome of a log is put.
#[derive(Debug)]
pub(crate) struct Queue<S> {
    waiting: VecDeque<Waiting<S>>,
    bytes: u64,
    next_sequence: u64,
    options: QueueOptions,
    files: Option<Files>,
}

impl<S> Queue<S> {
    /// Finds what an earlier process left.
    pub fn open(options: QueueOptions) -> Result<(Self, u64), OpenError> {
        let Some(directory) = options.directory.clone() else {
            let queue = Self { waiting: VecDeque::new(), bytes: 0, next_sequence: 0, options, files: None };
            return Ok((queue, 0));
        };
        let recovered = Files::open(directory)?;
        let waiting: VecDeque<Waiting<S>> = recovered
            .places
            .into_iter()
            .map(|(sequence, place)| Waiting {
                sequence,
                bytes: place.bytes(),
                server_errors: 0,
                slot: None,
                place: Kept::File(place),
            })
            .collect();
        let bytes = waiting.iter().map(|waiting| waiting.bytes).sum();
        let (next_sequence, files) = (recovered.next_sequence, Some(recovered.files));
        Ok((Self { waiting, bytes, next_sequence, options, files }, recovered.damaged))
    }

    /// Puts a log at the end. When this returns, the log survives the process.
    pub fn push(&mut self, request: Request, slot: Option<Arc<S>>) -> Result<(), PushError> {
        let bytes = line::length(&request);
        if self.waiting.len() >= self.options.logs_max || self.bytes + bytes > self.options.bytes_max {
            return Err(PushError::Full { logs: self.waiting.len(), bytes: self.bytes });
        }
        let sequence = self.next_sequence;
        let place = match &mut self.files {
            None => Kept::Memory(request),
            Some(files) => {
                let is_synced = self.options.sync == SyncPolicy::EachLog;
                Kept::File(files.append(sequence, &request, is_synced).map_err(PushError::Disk)?)
            }
        };
        self.next_sequence += 1;
        self.bytes += bytes;
        self.waiting.push_back(Waiting { sequence, bytes, server_errors: 0, slot, place });
        Ok(())
    }

    /// The log that is to be sent next.
    pub fn front(&mut self) -> Option<&mut Waiting<S>> {
        self.waiting.front_mut()
    }

    /// What is to be sent next; none if nothing waits.
    pub fn read_front(&mut self) -> Option<io::Result<Request>> {
        match &self.waiting.front()?.place {
            Kept::Memory(request) => Some(Ok(request.clone())),
            Kept::File(place) => Some(place.read()),
        }
    }

    /// The first log need not be sent any more. An error is about the note of that: the log may be sent again after a
    /// restart, which its key makes harmless.
    pub fn pop(&mut self) -> (Option<Waiting<S>>, io::Result<()>) {
        let Some(done) = self.waiting.pop_front() else { return (None, Ok(())) };
        self.bytes -= done.bytes;
        let noted = match &mut self.files {
            Some(files) => files.acknowledge(done.sequence + 1),
            None => Ok(()),
        };
        (Some(done), noted)
    }

    /// Keeps a log that the server refuses, for people to look at; in memory there is no place for it.
    pub fn set_aside(&mut self, sequence: u64, why: &str, request: &Request) -> io::Result<()> {
        self.files.as_ref().map_or(Ok(()), |files| files.set_aside(sequence, why, request))
    }

    /// Takes the slots of all that wait.
    pub fn take_slots(&mut self) -> Vec<Arc<S>> {
        self.waiting.iter_mut().filter_map(|waiting| waiting.slot.take()).collect()
    }

    /// Files with logs that may not be on the disk yet.
    pub fn take_unsynced(&mut self) -> Vec<Arc<File>> {
        self.files.as_mut().map(Files::take_unsynced).unwrap_or_default()
    }

    /// No more changes to the files; another process may have them.
    pub fn release(&mut self) {
        self.files = None;
    }

    pub fn logs(&self) -> usize {
        self.waiting.len()
    }

    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    pub fn options(&self) -> &QueueOptions {
        &self.options
    }
}
