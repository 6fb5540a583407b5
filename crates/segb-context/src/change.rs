//! What an operation changes, as it is recorded and applied.

use serde::{Deserialize, Serialize};

use crate::{Context, Observation, ReviewCase};

/// An observation that joins a context.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinedObservation {
    /// The number of the context.
    pub context: u64,
    /// The observation.
    pub observation: Observation,
}

/// Who or what decided on a merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MergeBasis {
    /// The rules: the candidate was clear.
    Rules,
    /// A person.
    Person,
}

/// One context that became another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merge {
    /// The number of the context that is merged, and is a name for the other from now on.
    pub source: u64,
    /// Its URI.
    pub source_uri: String,
    /// The number of the context that took over.
    pub target: u64,
    /// Its URI.
    pub target_uri: String,
    /// Who or what decided.
    pub basis: MergeBasis,
}

/// All that one operation changes. Applied in the order of the members it makes one state into the next; applied to the
/// same state again, by whatever version of the rules, it gives the same.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Change {
    /// New and changed contexts, as they are now, by number.
    pub contexts: Vec<Context>,
    /// New observations.
    pub observations: Vec<JoinedObservation>,
    /// Merges, in the order in which they were made; the observations of the source belong to the target now.
    pub merges: Vec<Merge>,
    /// Pairs of contexts, the lower number first, that are not the same.
    pub rejected_pairs: Vec<[u64; 2]>,
    /// New and changed cases, as they are now.
    pub cases: Vec<ReviewCase>,
    /// What that means for the next review; not recorded, since after a restart everything is reviewed again.
    #[serde(skip)]
    pub review: ReviewProgress,
}

/// Which ambiguous contexts need not be compared again until something near them changes. To be applied after
/// everything else, in the order of the members.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReviewProgress {
    /// The numbers of the contexts that have been compared.
    pub done: Vec<u64>,
    /// Where something has changed: the ambiguous contexts there have to be compared.
    pub due: Vec<Neighbourhood>,
}

/// Contexts of one kind that are near each other in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbourhood {
    /// The kind.
    pub event_kind: String,
    /// From this moment on, in microseconds since 1970-01-01T00:00:00Z …
    pub first_us: i64,
    /// … up to this one, included.
    pub last_us: i64,
}

impl Change {
    /// Whether nothing changes that has to be recorded.
    pub fn is_empty(&self) -> bool {
        let Self { contexts, observations, merges, rejected_pairs, cases, review: _ } = self;
        contexts.is_empty()
            && observations.is_empty()
            && merges.is_empty()
            && rejected_pairs.is_empty()
            && cases.is_empty()
    }
}
