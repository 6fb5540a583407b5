//! Which ambiguous contexts have to be reviewed.

use std::collections::BTreeSet;

use segb_context::ReviewProgress;

use crate::journal::{ContextTables, JournalError};

/// The ambiguous contexts near which something has changed since they were compared; all of them at first.
#[derive(Debug, Default)]
pub(super) enum Due {
    #[default]
    All,
    Some(BTreeSet<u64>),
}

impl Due {
    /// Their numbers, ascending.
    pub(super) fn numbers(&self, tables: &ContextTables<'_>) -> Result<Vec<u64>, JournalError> {
        match self {
            Self::All => tables.ambiguous(None),
            Self::Some(numbers) => Ok(numbers.iter().copied().collect()),
        }
    }

    /// Whether anything is known that a change could make untrue: before the first review it is not.
    pub(super) fn is_moved_by(&self, progress: &ReviewProgress) -> bool {
        match self {
            Self::All => !progress.done.is_empty(),
            Self::Some(_) => *progress != ReviewProgress::default(),
        }
    }

    /// After a change: what has been compared is not due, what is near a change is.
    pub(super) fn advance(
        &mut self,
        progress: &ReviewProgress,
        tables: &ContextTables<'_>,
    ) -> Result<(), JournalError> {
        let mut numbers: BTreeSet<u64> = self.numbers(tables)?.into_iter().collect();
        for number in &progress.done {
            numbers.remove(number);
        }
        for neighbourhood in &progress.due {
            numbers.extend(tables.ambiguous(Some(neighbourhood))?);
        }
        *self = Self::Some(numbers);
        Ok(())
    }
}
