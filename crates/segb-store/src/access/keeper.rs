//! The thread that writes.

use std::{path::PathBuf, sync::Arc};

use segb_journal::{Timestamp, access::AccessRecord};

use super::{
    missing::unclean_end,
    queue::{AccessQueue, Turn},
    writer::{AccessWriter, Opened},
};
use crate::journal::{JournalError, Signing};

/// The thread's own things.
#[derive(Debug)]
pub(super) struct Keeper {
    path: PathBuf,
    signing: Option<Signing>,
    queue: Arc<AccessQueue>,
    /// None while the file cannot be used: it is opened anew after each failure.
    writer: Option<AccessWriter>,
    /// Whether the mark in the file is ours.
    is_marked: bool,
    /// What the server before this one left unsaid: it did not end properly after the record of this time.
    unclean: Option<Option<Timestamp>>,
    in_hand: Vec<AccessRecord>,
    is_failing: bool,
}

impl Keeper {
    /// Opens the file; without room for it, later.
    pub(super) fn open(
        path: PathBuf,
        signing: Option<Signing>,
        queue: Arc<AccessQueue>,
    ) -> Result<Self, JournalError> {
        let mut keeper = Self {
            path,
            signing,
            queue,
            writer: None,
            is_marked: false,
            unclean: None,
            in_hand: Vec::new(),
            is_failing: false,
        };
        match keeper.open_file() {
            Ok(()) => {}
            Err(error @ JournalError::Full(_)) => keeper.tell_failure(&error),
            Err(error) => return Err(error),
        }
        Ok(keeper)
    }

    fn open_file(&mut self) -> Result<(), JournalError> {
        let Opened { writer, was_in_use, last_at } = AccessWriter::open(&self.path, self.signing.clone())?;
        if was_in_use && !self.is_marked {
            self.unclean = Some(last_at);
        }
        self.is_marked = true;
        self.queue.set_records(writer.len());
        self.writer = Some(writer);
        Ok(())
    }

    /// Works until the queue is closed and empty, or closed and the disk refuses.
    pub(super) fn run(mut self) {
        loop {
            let turn = self.queue.take(&mut self.in_hand);
            let is_done = match self.write(turn.now) {
                Ok(()) => self.settle(turn),
                Err(error) => {
                    self.tell_failure(&error);
                    self.writer = None;
                    self.queue.failed(turn);
                    true
                }
            };
            if turn.closed && is_done {
                return self.close();
            }
        }
    }

    /// Writes what is in hand. If we crash before the commit, the next start records that some may be missing.
    fn write(&mut self, now: Option<Timestamp>) -> Result<(), JournalError> {
        if self.writer.is_none() {
            self.open_file()?;
        }
        let Some(writer) = &mut self.writer else { return Ok(()) };
        let noticed_at = self.in_hand.first().map(|record| record.at).or(now);
        if let (Some(last_at), Some(noticed_at)) = (self.unclean, noticed_at) {
            self.in_hand.insert(0, unclean_end(last_at, noticed_at));
            self.unclean = None;
        }
        writer.append(&mut self.in_hand)
    }

    fn settle(&mut self, turn: Turn) -> bool {
        for gap in self.in_hand.iter().filter(|record| record.action == AccessRecord::GAP) {
            log::warn!(
                "the access journal has a gap, record {}: {}",
                gap.sequence,
                gap.object.as_deref().unwrap_or_default()
            );
        }
        self.in_hand.clear();
        if std::mem::take(&mut self.is_failing) {
            log::info!("the access journal is written again");
        }
        let records = self.writer.as_ref().map_or(0, AccessWriter::len);
        self.queue.written(turn, records)
    }

    /// Once, not for each attempt.
    fn tell_failure(&mut self, error: &JournalError) {
        if !std::mem::replace(&mut self.is_failing, true) {
            log::error!("accesses are not recorded, but wait or are counted until this works: {error}");
        }
    }

    /// If we crash here, or something is left unsaid, the mark stays, and the next start says so.
    fn close(self) {
        let Some(writer) = self.writer else { return };
        let is_complete = self.in_hand.is_empty() && self.unclean.is_none();
        if let Err(error) = writer.close(is_complete) {
            log::warn!("the access journal is not closed properly: {error}");
        }
    }
}
