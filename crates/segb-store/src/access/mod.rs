//! The access journal: who looked, who changed something, and who was turned away, in a file and a tree of its own.
//!
//! Whoever answers a request leaves a record in a bounded queue and goes on; it never waits for the disk. One thread
//! takes what has come together in a tenth of a second and commits it, fsynced, with the hashes of the tree and a signed
//! checkpoint. What cannot be kept is counted, and the count becomes a record in the place of what is missing. So does a
//! server that did not end properly: a mark in the file is set while it is open.
//!
//! Nothing here makes a request fail. If the file cannot be written, the records wait, as many as the queue holds.

mod keeper;
mod missing;
mod queue;
mod read;
mod schema;
#[cfg(test)]
mod tests;
mod writer;

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
    time::Duration,
};

use segb_journal::{Timestamp, access::AccessRecord};

pub use read::{AccessFilter, AccessPage, AccessProof, StoredAccess};
pub(crate) use schema::ACCESSES;

use crate::{database::Readers, journal::Signing, open::OpenError, store::Store};
use keeper::Keeper;
use queue::AccessQueue;

/// The name of the file in the data directory.
pub(crate) const FILE_NAME: &str = "access.sqlite3";

/// How long [`Store::settle_accesses`] waits for the disk.
const SETTLE_MAX: Duration = Duration::from_secs(2);

/// An access that is to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// When it was answered.
    pub at: Timestamp,
    /// Who: the user name of a verified token, or nobody.
    pub actor: Option<String>,
    /// What was asked for: one of a fixed set of names, not [`AccessRecord::GAP`].
    pub action: &'static str,
    /// On what. The caller sees to it that it holds no secret and is not long: it is kept for good.
    pub object: Option<String>,
    /// The status of the answer (RFC 9110, section 15); none if there was none, since the caller went away.
    pub result: Option<u16>,
    /// The address it came from.
    pub origin: Option<String>,
    /// The id of the request.
    pub request_id: Option<String>,
}

impl Access {
    /// The record, but for its place.
    fn into_record(self) -> AccessRecord {
        AccessRecord {
            sequence: 0,
            at: self.at,
            actor: self.actor,
            action: self.action.to_owned(),
            object: self.object,
            result: self.result,
            origin: self.origin,
            request_id: self.request_id,
        }
    }
}

/// The access journal of an open store.
#[derive(Debug)]
pub(crate) struct AccessJournal {
    queue: Arc<AccessQueue>,
    readers: Readers,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// What the access journal counts.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct AccessFigures {
    /// Records on disk.
    pub(crate) records: u64,
    /// Records that wait for the disk.
    pub(crate) waiting: u64,
    /// Records that could not be kept, since the store was opened.
    pub(crate) missed: u64,
}

impl AccessJournal {
    /// Opens or creates the file. A disk without room is no obstacle: it is tried again.
    pub(crate) fn open(
        data_dir: &Path,
        signing: Option<&Signing>,
        records_max: usize,
    ) -> Result<Self, OpenError> {
        let path = data_dir.join(FILE_NAME);
        let signing = signing.map(Signing::for_accesses).transpose().map_err(OpenError::Access)?;
        let queue = Arc::new(AccessQueue::new(records_max));
        let readers = Readers::new(&ACCESSES, &path);
        let keeper = Keeper::open(path, signing, Arc::clone(&queue)).map_err(OpenError::Access)?;
        let thread = std::thread::Builder::new().name("segb-access".to_owned());
        let thread = thread.spawn(move || keeper.run()).map_err(OpenError::Thread)?;
        Ok(Self { queue, readers, thread: Mutex::new(Some(thread)) })
    }

    pub(crate) fn figures(&self) -> AccessFigures {
        self.queue.figures()
    }

    /// Takes no more, writes what waits, and closes the file.
    pub(crate) fn close(&self) {
        self.queue.close();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            log::error!("the thread of the access journal had panicked");
        }
    }
}

impl Drop for AccessJournal {
    fn drop(&mut self) {
        self.close();
    }
}

impl Store {
    /// Records an access: puts it into a queue and returns at once, whatever happens to the disk. It is on disk some
    /// tenths of a second later. What finds the queue full is counted, and recorded as a gap.
    pub fn record_access(&self, access: Access) {
        self.access_journal().queue.add(access);
    }

    /// Waits until what was recorded before is on disk, but not for a disk that is full or slow; `now` is the present
    /// moment, at which it is noticed if the server before this one did not end properly. Blocks up to two seconds.
    pub fn settle_accesses(&self, now: Timestamp) {
        self.access_journal().queue.settle(now, SETTLE_MAX);
    }
}
