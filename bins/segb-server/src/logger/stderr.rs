//! Lines to stderr from a thread of their own: whoever holds the other end of the pipe may be slow, or gone to sleep,
//! and the server must not wait for that.

use std::{
    io::{self, Write},
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
    time::Duration,
};

/// Records that may wait for a slow reader; further ones are in the file only.
const WAITING_MAX: usize = 10_000;
/// How long the end of the program waits for a slow reader.
const FLUSH_DURATION_MAX: Duration = Duration::from_secs(1);

/// A way to stderr that never blocks. Dropping one waits, for a moment, until what was written before is out.
#[derive(Clone)]
pub struct Stderr(SyncSender<Item>);

enum Item {
    Record(Vec<u8>),
    /// To be answered when everything before it is written.
    Flush(SyncSender<()>),
}

impl Stderr {
    /// Starts the thread.
    pub fn start() -> io::Result<Self> {
        let (sender, items) = sync_channel(WAITING_MAX);
        thread::Builder::new().name("segb-stderr".to_owned()).spawn(move || write_all(&items))?;
        Ok(Self(sender))
    }

    /// Writes a record if the reader is not too far behind.
    pub fn offer(&self, record: &[u8]) {
        let _ = self.0.try_send(Item::Record(record.to_owned()));
    }
}

impl Drop for Stderr {
    fn drop(&mut self) {
        let (done, is_done) = sync_channel(1);
        if self.0.try_send(Item::Flush(done)).is_ok() {
            let _ = is_done.recv_timeout(FLUSH_DURATION_MAX);
        }
    }
}

fn write_all(items: &Receiver<Item>) {
    for item in items {
        match item {
            // If nobody reads any more there is nobody to tell.
            Item::Record(record) => drop(io::stderr().write_all(&record)),
            Item::Flush(done) => drop(done.send(())),
        }
    }
}
