//! Shared contexts: decided by the rules of `segb-context`, on the tables of the journal, one decision at a time.

mod due;
mod evidence;
mod queue;
mod source;

use std::sync::{Arc, Mutex, PoisonError};

use segb_context::{
    Change, ContextStats, Decided, Decision, InvalidObservation, ObservationRequest, Policy, Reconciliation,
    Resolution, ResolveError, ReviewError, accept, reconcile, reject, resolve,
};
use segb_graph::{limits::TurtleLimits, slots::Slots, stream::ByteStream, turtle::ParsedLog};
use segb_journal::Timestamp;

pub use self::evidence::RecordedDecision;
pub(crate) use self::evidence::{MEDIA_TYPE, asserted_by};
use self::{
    due::Due,
    evidence::{Evidence, Operation, assertions},
    source::StoredContexts,
};
use crate::{
    journal::{JournalError, StateChange},
    read::ReadError,
    record::{Provenance, RecordError},
    store::Store,
};

/// Decisions that may wait for their turn; a further one is refused as [`ContextError::Busy`].
const WAITING_MAX: usize = 256;
/// Review queues that may be on their way to their readers at once.
const QUEUES_MAX: usize = 16;

/// Who asks something about shared contexts, when, and the randomness that new names are made of.
#[derive(Debug, Clone)]
pub struct ContextCall<R> {
    /// Who, when; for the entry.
    pub provenance: Provenance,
    /// The id of the request, which the entry records.
    pub request_id: String,
    /// Gives 64 random bits at a time.
    pub random: R,
}

/// Why nothing was decided. Nothing is changed.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ContextError {
    /// The observation cannot be used; the text is for the caller.
    #[error(transparent)]
    Invalid(#[from] InvalidObservation),
    /// The case or the target is not what the caller thinks; the text is for the caller.
    #[error("{0}")]
    Refused(String),
    /// Too many others wait. The caller may try again a little later.
    #[error("too many decisions on shared contexts are waiting")]
    Busy,
    /// The decision cannot be recorded.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The state cannot be read; the text is for the operator.
    #[error("{0}")]
    Storage(String),
}

impl From<JournalError> for ContextError {
    fn from(error: JournalError) -> Self {
        Self::Storage(error.to_string())
    }
}

impl From<ResolveError<JournalError>> for ContextError {
    fn from(error: ResolveError<JournalError>) -> Self {
        match error {
            ResolveError::Invalid(error) => Self::Invalid(error),
            ResolveError::Source(error) => error.into(),
            other => Self::Refused(other.to_string()),
        }
    }
}

impl From<ReviewError<JournalError>> for ContextError {
    fn from(error: ReviewError<JournalError>) -> Self {
        match error {
            ReviewError::Source(error) => error.into(),
            refused => Self::Refused(refused.to_string()),
        }
    }
}

/// What the store keeps about shared contexts outside of the journal.
#[derive(Debug)]
pub(crate) struct Contexts {
    policy: Policy,
    /// Held while one decision is made and recorded.
    deciding: Mutex<Due>,
    waiting: Slots,
    queues: Slots,
}

impl Contexts {
    pub(crate) fn new(policy: Policy) -> Self {
        Self {
            policy,
            deciding: Mutex::default(),
            waiting: Slots::new(WAITING_MAX),
            queues: Slots::new(QUEUES_MAX),
        }
    }
}

/// All of these block, on the disk and on each other: they are not for threads that run asynchronous tasks.
impl Store {
    /// Places an observation in a shared context, and records that.
    ///
    /// # Errors
    /// [`ContextError`]; nothing is changed then.
    pub fn resolve_context<R: FnMut() -> u64>(
        &self,
        observation: &ObservationRequest,
        call: ContextCall<R>,
    ) -> Result<Resolution, ContextError> {
        self.decide(
            call,
            |contexts, policy, now, random| Ok(resolve(contexts, policy, observation, now, random)?),
            |entry, resolution, change| entry.record(Operation::Resolve { observation, resolution }, change),
        )
    }

    /// Reviews the ambiguous contexts: merges what is clear by now and brings the cases up to date.
    ///
    /// # Errors
    /// [`ContextError`]; nothing is changed then.
    pub fn reconcile_contexts<R: FnMut() -> u64>(
        &self,
        call: ContextCall<R>,
    ) -> Result<Reconciliation, ContextError> {
        self.decide(
            call,
            |contexts, policy, now, random| Ok(reconcile(contexts, policy, now, random)?),
            |entry, reconciliation, change| entry.record(Operation::Reconcile { reconciliation }, change),
        )
    }

    /// Merges the source of a case into the candidate that a person chose.
    ///
    /// # Errors
    /// [`ContextError`]; nothing is changed then.
    pub fn accept_case<R: FnMut() -> u64>(
        &self,
        case_id: &str,
        target_context_uri: &str,
        call: ContextCall<R>,
    ) -> Result<Decision, ContextError> {
        let decided = self.decide(
            call,
            |contexts, policy, now, random| {
                Ok(with_change(accept(contexts, policy, case_id, target_context_uri, now, random)?))
            },
            |entry, Decided { proposed, decision, .. }, change| {
                entry.record(Operation::Accept { proposed, decision }, change)
            },
        )?;
        Ok(decided.decision)
    }

    /// Keeps the source of a case apart from its candidates.
    ///
    /// # Errors
    /// [`ContextError`]; nothing is changed then.
    pub fn reject_case<R: FnMut() -> u64>(
        &self,
        case_id: &str,
        call: ContextCall<R>,
    ) -> Result<Decision, ContextError> {
        let decided = self.decide(
            call,
            |contexts, policy, now, random| Ok(with_change(reject(contexts, policy, case_id, now, random)?)),
            |entry, Decided { proposed, decision, .. }, change| {
                entry.record(Operation::Reject { proposed, decision }, change)
            },
        )?;
        Ok(decided.decision)
    }

    /// How many shared contexts there are.
    ///
    /// # Errors
    /// [`ReadError::Storage`].
    pub fn context_stats(&self) -> Result<ContextStats, ReadError> {
        Ok(self.reader().contexts(|tables| tables.stats())?)
    }

    /// Starts to write out the review queue as JSON, in the form of the wire contract, section 8: the counts, then the
    /// ambiguous contexts, all contexts that are not merged, and the pending cases, of each the newest `limit`.
    ///
    /// # Errors
    /// [`ReadError::Busy`] if as many as allowed are being written out.
    pub fn review_queue(&self, limit: u64) -> Result<ByteStream, ReadError> {
        let slot = self.contexts().queues.take().ok_or(ReadError::Busy)?;
        Ok(queue::start(Arc::clone(self.reader()), limit, self.options().export_duration_max, slot))
    }

    /// Makes one decision, records it, and only then gives the answer.
    fn decide<T, R: FnMut() -> u64>(
        &self,
        call: ContextCall<R>,
        decide: impl FnOnce(&StoredContexts<'_>, &Policy, Timestamp, &mut R) -> Result<(T, Change), ContextError>,
        record: impl FnOnce(ContextEntry<'_>, &T, &Change) -> Result<(), ContextError>,
    ) -> Result<T, ContextError> {
        let ContextCall { provenance, request_id, mut random } = call;
        let contexts = self.contexts();
        let _waiting = contexts.waiting.take().ok_or(ContextError::Busy)?;
        let mut due = contexts.deciding.lock().unwrap_or_else(PoisonError::into_inner);
        let (answer, change) = self.reader().contexts(|tables| {
            let stored = StoredContexts { tables, due: &due };
            decide(&stored, &contexts.policy, provenance.received_at, &mut random)
        })?;
        if !change.is_empty() {
            record(ContextEntry { store: self, provenance, request_id }, &answer, &change)?;
        }
        if due.is_moved_by(&change.review) {
            // If that fails everything is due again: more work, never a wrong answer.
            let advanced = self.reader().contexts(|tables| due.advance(&change.review, tables));
            if let Err(error) = advanced {
                log::warn!("the next review of shared contexts starts from the beginning: {error}");
                *due = Due::All;
            }
        }
        Ok(answer)
    }
}

/// An entry about shared contexts that is to be recorded.
struct ContextEntry<'s> {
    store: &'s Store,
    provenance: Provenance,
    request_id: String,
}

impl ContextEntry<'_> {
    /// Commits a change with its evidence.
    fn record(self, operation: Operation<'_>, change: &Change) -> Result<(), ContextError> {
        let assertions = assertions(&change.merges);
        let log = assertions
            .as_ref()
            .map(|turtle| ParsedLog::parse(turtle.clone().into_bytes(), &TurtleLimits::NONE))
            .transpose()
            .map_err(|error| ContextError::Storage(error.to_string()))?;
        let kind = operation.kind();
        let evidence = Evidence { request_id: &self.request_id, operation, change, assertions };
        let payload =
            serde_json::to_vec(&evidence).map_err(|error| ContextError::Storage(error.to_string()))?;
        let change = StateChange::Contexts(change.clone());
        self.store.record_entry(kind, payload, log, Some(change), self.provenance)?.wait()?;
        Ok(())
    }
}

/// The change for the store, everything else for the record.
fn with_change(mut decided: Decided) -> (Decided, Change) {
    let change = std::mem::take(&mut decided.change);
    (decided, change)
}
