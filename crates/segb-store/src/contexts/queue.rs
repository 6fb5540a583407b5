//! The review queue as a stream: however many contexts there are, few of them are in memory.

use std::{
    io::{self, Write},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use segb_context::{ContextRecord, RESOLVER_VERSION};
use serde::Serialize;

use segb_graph::stream::{ByteStream, ChunkWriter, StreamError};

use crate::journal::{ContextTables, JournalError, JournalReader};

/// Writes the queue from a thread of its own, which holds `permit` until it ends.
pub(super) fn start(
    reader: Arc<JournalReader>,
    limit: u64,
    duration_max: Duration,
    permit: impl Send + 'static,
) -> ByteStream {
    let (mut writer, stream) = ByteStream::new(Instant::now() + duration_max, duration_max);
    let end = writer.stream_end();
    let thread = thread::Builder::new().name("review-queue".to_owned()).spawn(move || {
        let _permit = permit;
        match reader.contexts(|tables| write_queue(&mut writer, tables, limit)) {
            // Then nobody reads, or the stream has ended with an error.
            Ok(()) => drop(writer.finish()),
            Err(QueueFailure::Sink) => {}
            Err(QueueFailure::Other(text)) => {
                log::error!("a review queue was cut off: {text}");
                writer.fail(StreamError::Failed(text));
            }
        }
    });
    if let Err(error) = thread {
        // The writer is gone with the closure; the first error counts.
        end.end(StreamError::Failed(format!("no thread can be started: {error}")));
    }
    stream
}

enum QueueFailure {
    Sink,
    Other(String),
}

impl From<JournalError> for QueueFailure {
    fn from(error: JournalError) -> Self {
        Self::Other(error.to_string())
    }
}

impl From<io::Error> for QueueFailure {
    fn from(_: io::Error) -> Self {
        Self::Sink
    }
}

fn write_queue(writer: &mut ChunkWriter, tables: &ContextTables<'_>, limit: u64) -> Result<(), QueueFailure> {
    let open = tables.open_questions()?;
    write!(
        writer,
        "{{\"resolver_version\":\"{RESOLVER_VERSION}\",\"unresolved_count\":{},\"pending_count\":{}",
        open.ambiguous_contexts, open.pending_cases
    )?;
    for (member, only_ambiguous) in [("unresolved_contexts", true), ("contexts", false)] {
        let mut list = List::begin(writer, member)?;
        tables.for_each_record(only_ambiguous, limit, |record: ContextRecord| list.add(&record))?;
        list.end()?;
    }
    let mut list = List::begin(writer, "pending_cases")?;
    tables.for_each_pending_case(limit, |case| list.add(&case))?;
    list.end()?;
    Ok(writer.write_all(b"}")?)
}

/// A JSON array on its way.
struct List<'w> {
    writer: &'w mut ChunkWriter,
    is_empty: bool,
}

impl<'w> List<'w> {
    fn begin(writer: &'w mut ChunkWriter, member: &str) -> io::Result<Self> {
        write!(writer, ",\"{member}\":[")?;
        Ok(Self { writer, is_empty: true })
    }

    fn add(&mut self, item: &impl Serialize) -> Result<(), QueueFailure> {
        if !std::mem::take(&mut self.is_empty) {
            self.writer.write_all(b",")?;
        }
        serde_json::to_writer(&mut *self.writer, item).map_err(|error| match error.io_error_kind() {
            Some(_) => QueueFailure::Sink,
            None => QueueFailure::Other(error.to_string()),
        })
    }

    fn end(self) -> io::Result<()> {
        self.writer.write_all(b"]")
    }
}
