//! The tables of the journal as the state that decisions are made on.

use segb_context::{Context, ContextSource, OpenQuestions, ReviewCase};
use segb_journal::Timestamp;

use super::due::Due;
use crate::journal::{ContextTables, JournalError};

pub(super) struct StoredContexts<'t> {
    pub(super) tables: &'t ContextTables<'t>,
    pub(super) due: &'t Due,
}

impl ContextSource for StoredContexts<'_> {
    type Error = JournalError;

    fn next_number(&self) -> Result<u64, JournalError> {
        self.tables.next_number()
    }

    fn context(&self, number: u64) -> Result<Option<Context>, JournalError> {
        self.tables.context(number)
    }

    fn number_of(&self, uri: &str) -> Result<Option<u64>, JournalError> {
        self.tables.number_of(uri)
    }

    fn contexts_near(
        &self,
        event_kind: &str,
        moment: Timestamp,
        distance_us: u64,
        each_way_max: usize,
    ) -> Result<Vec<Context>, JournalError> {
        self.tables.contexts_near(event_kind, moment, distance_us, each_way_max)
    }

    fn open_questions(&self) -> Result<OpenQuestions, JournalError> {
        self.tables.open_questions()
    }

    fn review_due(&self) -> Result<Vec<u64>, JournalError> {
        self.due.numbers(self.tables)
    }

    fn is_rejected(&self, pair: [u64; 2]) -> Result<bool, JournalError> {
        self.tables.is_rejected(pair)
    }

    fn pending_case_of(&self, source_uri: &str) -> Result<Option<ReviewCase>, JournalError> {
        self.tables.pending_case_of(source_uri)
    }

    fn case(&self, case_id: &str) -> Result<Option<ReviewCase>, JournalError> {
        self.tables.case(case_id)
    }
}
