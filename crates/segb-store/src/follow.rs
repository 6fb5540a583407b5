//! Following the journal as it grows.

use std::sync::Arc;

use tokio::sync::watch;

use crate::{
    journal::{JournalReader, StoredEntry},
    read::ReadError,
    store::Store,
};

/// A reader that stands at a place in the journal and can wait for what comes next. It holds no snapshot and no file, so
/// that any number of them may wait for any time.
#[derive(Debug)]
pub struct Follower {
    reader: Arc<JournalReader>,
    growth: watch::Receiver<u64>,
    next_sequence: u64,
}

impl Store {
    /// Follows the journal from the entry with this sequence number on, or from its end, if there is none yet.
    #[must_use]
    pub fn follow(&self, from_sequence: Option<u64>) -> Follower {
        let mut growth = self.growth();
        let end = *growth.borrow_and_update();
        Follower { reader: Arc::clone(self.reader()), growth, next_sequence: from_sequence.unwrap_or(end) }
    }
}

impl Follower {
    /// The sequence number of the next entry.
    #[must_use]
    pub fn next_sequence(&self) -> u64 {
        self.next_sequence
    }

    /// Whether there are entries to be read.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.next_sequence < *self.growth.borrow()
    }

    /// Waits until there are. May be given up at any time; false if the store is gone.
    pub async fn wait(&mut self) -> bool {
        let next_sequence = self.next_sequence;
        self.growth.wait_for(|entries| *entries > next_sequence).await.is_ok()
    }

    /// Reads up to `limit` entries and moves behind them. Blocks on the disk.
    ///
    /// # Errors
    /// [`ReadError::Storage`]; it stands where it stood then.
    pub fn read(&mut self, limit: u32) -> Result<Vec<StoredEntry>, ReadError> {
        let entries = self.reader.entries_from(self.next_sequence, limit)?;
        if let Some(last) = entries.last() {
            self.next_sequence = last.entry.sequence + 1;
        }
        Ok(entries)
    }
}
