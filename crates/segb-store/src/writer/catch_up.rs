//! Bringing the index up to the journal: after a crash, after a full disk, or from nothing.

use std::time::{Duration, Instant};

use segb_journal::EntryKind;

use super::{Writer, shared::Condition};
use crate::{
    ParsedLog, TurtleLimits,
    index::{IndexChange, IndexError},
    journal::{JournalError, ReplayItem},
};

/// Entries applied in one transaction while catching up.
const STEP_ENTRIES: u32 = 512;

/// What was accepted once is accepted again, whatever the limits are now.
const NO_LIMITS: TurtleLimits = TurtleLimits {
    document_bytes_max: usize::MAX,
    triples_max: usize::MAX,
    nesting_max: usize::MAX,
    iri_bytes_max: usize::MAX,
    literal_bytes_max: usize::MAX,
    prefixes_max: usize::MAX,
};

#[derive(Debug, thiserror::Error)]
enum CatchUpError {
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Index(#[from] IndexError),
    #[error("the log with sequence number {sequence} cannot be parsed: {cause}")]
    Log { sequence: u64, cause: crate::TurtleError },
}

impl Writer {
    /// Applies entries for about as long as `budget`; whether the index is up to date then.
    pub(crate) fn catch_up_for(&mut self, budget: Duration) -> bool {
        let start = Instant::now();
        while self.applied < self.journal.len() && start.elapsed() < budget {
            if !self.catch_up_a_little() {
                return false;
            }
        }
        self.applied >= self.journal.len() && self.mark_ready()
    }

    /// Applies the next few entries; whether that worked.
    pub(super) fn catch_up_a_little(&mut self) -> bool {
        match self.catch_up_step() {
            Ok(()) if self.applied >= self.journal.len() => self.mark_ready(),
            Ok(()) => true,
            Err(error) => {
                let reason = error.to_string();
                if self.shared.status() != super::StoreStatus::Failed(reason.clone()) {
                    log::error!("the graph index does not follow the journal: {reason}");
                    self.shared.set_condition(Condition::Failed(reason));
                }
                false
            }
        }
    }

    fn mark_ready(&mut self) -> bool {
        if self.shared.status() != super::StoreStatus::Ready {
            log::info!("the graph index contains all {} entries of the journal", self.applied);
            self.shared.set_condition(Condition::Ready);
        }
        true
    }

    fn catch_up_step(&mut self) -> Result<(), CatchUpError> {
        // What was said before the graph was last emptied need not be put in and thrown out again.
        if let Some(clear) = self.reader.last_clear()?.filter(|clear| *clear >= self.applied) {
            return self.advance(&[IndexChange::Clear], clear + 1);
        }
        let items = self.reader.replay(self.applied, STEP_ENTRIES)?;
        let Some(last) = items.last() else {
            return Err(JournalError::Damaged(format!("there is no entry {}", self.applied)).into());
        };
        let applied = last.sequence + 1;
        let logs = items.iter().map(parse).collect::<Result<Vec<_>, _>>()?;
        let changes: Vec<IndexChange<'_>> = items
            .iter()
            .zip(&logs)
            .map(|(item, log)| match log {
                Some(log) => IndexChange::Assert { sequence: item.sequence, log_id: item.log_id, log },
                None => IndexChange::Clear,
            })
            .collect();
        self.advance(&changes, applied)?;
        if self.applied % (16 * u64::from(STEP_ENTRIES)) < u64::from(STEP_ENTRIES) {
            log::info!("making the graph index: {} of {} entries", self.applied, self.journal.len());
        }
        Ok(())
    }

    fn advance(&mut self, changes: &[IndexChange<'_>], applied: u64) -> Result<(), CatchUpError> {
        self.index.apply(&self.shared.index, changes, applied)?;
        self.applied = applied;
        self.shared.set_applied(applied);
        Ok(())
    }
}

/// What a log says; none for an entry that empties the graph.
fn parse(item: &ReplayItem) -> Result<Option<ParsedLog>, CatchUpError> {
    match item.kind {
        EntryKind::LogReceived => ParsedLog::parse(item.payload.clone(), &NO_LIMITS)
            .map(Some)
            .map_err(|cause| CatchUpError::Log { sequence: item.sequence, cause }),
        EntryKind::GraphCleared => Ok(None),
        other => Err(JournalError::Damaged(format!("an entry of kind {other} means nothing to the graph")).into()),
    }
}
