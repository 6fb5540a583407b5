//! Where contexts and cases are kept.

use segb_journal::Timestamp;

use crate::{Context, ReviewCase};

/// How much is undecided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OpenQuestions {
    /// Ambiguous contexts.
    pub ambiguous_contexts: u64,
    /// Cases that wait for a person.
    pub pending_cases: u64,
}

/// The state that decisions are made on. [`MemoryContexts`](crate::MemoryContexts) is one; the SEGB store keeps another
/// on disk.
pub trait ContextSource {
    /// Why the state cannot be read.
    type Error;

    /// The number of the next context: how many there are.
    ///
    /// # Errors
    /// If the state cannot be read; the same below.
    fn next_number(&self) -> Result<u64, Self::Error>;

    /// The context with this number.
    ///
    /// # Errors
    /// If the state cannot be read.
    fn context(&self, number: u64) -> Result<Option<Context>, Self::Error>;

    /// The number of the context with this URI, merged or not.
    ///
    /// # Errors
    /// If the state cannot be read.
    fn number_of(&self, uri: &str) -> Result<Option<u64>, Self::Error>;

    /// The contexts of a kind that are not merged and not further than `distance_us` microseconds from `moment`: of
    /// those up to the moment the nearest `each_way_max`, and as many of those after it. In any order.
    ///
    /// # Errors
    /// If the state cannot be read.
    fn contexts_near(
        &self,
        event_kind: &str,
        moment: Timestamp,
        distance_us: u64,
        each_way_max: usize,
    ) -> Result<Vec<Context>, Self::Error>;

    /// How many contexts are ambiguous, and how many cases pending.
    ///
    /// # Errors
    /// If the state cannot be read.
    fn open_questions(&self) -> Result<OpenQuestions, Self::Error>;

    /// The numbers of the ambiguous contexts that have to be compared with the others again, ascending: all, or those
    /// that [`Change::review`](crate::Change::review) left.
    ///
    /// # Errors
    /// If the state cannot be read.
    fn review_due(&self) -> Result<Vec<u64>, Self::Error>;

    /// Whether somebody decided that two contexts, the one with the lower number first, are not the same.
    ///
    /// # Errors
    /// If the state cannot be read.
    fn is_rejected(&self, pair: [u64; 2]) -> Result<bool, Self::Error>;

    /// The pending case whose source is the context with this URI.
    ///
    /// # Errors
    /// If the state cannot be read.
    fn pending_case_of(&self, source_uri: &str) -> Result<Option<ReviewCase>, Self::Error>;

    /// The case with this id, pending or not.
    ///
    /// # Errors
    /// If the state cannot be read.
    fn case(&self, case_id: &str) -> Result<Option<ReviewCase>, Self::Error>;
}
