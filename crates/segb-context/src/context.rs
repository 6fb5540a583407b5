//! Contexts, review cases, and what is said about them.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use segb_journal::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Observation;

/// What has become of a context.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContextStatus {
    /// It stands for an event.
    Active,
    /// It may stand for the same event as another one.
    Ambiguous,
    /// It stands for the same event as another one, which has taken over.
    Merged,
}

/// A shared context: one event, as it looks by the observations that belong to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Context {
    /// Its place in the order of creation, from 0, without gaps.
    pub number: u64,
    /// Its name, for robots to use.
    pub uri: String,
    /// What kind of event, in lower case.
    pub event_kind: String,
    /// What has become of it.
    pub status: ContextStatus,
    /// When the event was, by the observation that came last, or that a merge found latest.
    pub observed_at: Timestamp,
    /// Whom or what it is about, in lower case.
    pub subject_uri: Option<String>,
    /// By what sense it was observed, in lower case.
    pub modality: Option<String>,
    /// The text it is compared by: lower-case words, single spaces; empty if there is none.
    pub canonical_text: String,
    /// How many observations belong to it.
    pub observation_count: u64,
    /// When it was created, by the server's clock.
    pub created_at: Timestamp,
    /// When it was changed last, by the server's clock.
    pub updated_at: Timestamp,
    /// The number of the context that has taken over, if it is merged.
    pub merged_into: Option<u64>,
}

impl Context {
    /// Takes over what is not known yet.
    pub(crate) fn fill_in(&mut self, subject_uri: Option<&String>, modality: Option<&String>, text: &str) {
        self.subject_uri = self.subject_uri.take().or_else(|| subject_uri.cloned());
        self.modality = self.modality.take().or_else(|| modality.cloned());
        if self.canonical_text.is_empty() {
            text.clone_into(&mut self.canonical_text);
        }
    }
}

/// The parts of a score, each between 0 and 1; all absent if nothing was compared.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct ScoreBreakdown {
    /// Nearness in time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<f64>,
    /// Whether the subjects are equal, or 0.5 if one is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<f64>,
    /// Whether the modalities are equal, or 0.5 if one is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modality: Option<f64>,
    /// How alike the texts are, if both have some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<f64>,
}

/// How an observation was placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResolutionStatus {
    /// In a new context: nothing is like it.
    Created,
    /// In an existing context.
    Matched,
    /// In a new context that may be the same as another one: to be decided.
    Ambiguous,
}

impl fmt::Display for ResolutionStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Created => "created",
            Self::Matched => "matched",
            Self::Ambiguous => "ambiguous",
        })
    }
}

/// The answer to an observation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Resolution {
    /// The context it belongs to.
    pub shared_context_uri: String,
    /// How it was placed.
    pub status: ResolutionStatus,
    /// The score of the best candidate, 0 without one.
    pub confidence: f64,
    /// The name of the rules: [`RESOLVER_VERSION`](crate::RESOLVER_VERSION).
    pub resolver_version: &'static str,
    /// How many contexts were compared.
    pub candidate_count: u64,
    /// The best candidate, whether it was good enough or not.
    pub matched_candidate_uri: Option<String>,
    /// If ambiguous: the best one or two candidates.
    pub close_candidates: Vec<String>,
    /// The parts of the best candidate's score.
    pub score_breakdown: ScoreBreakdown,
}

/// What became of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseStatus {
    /// A person has to decide.
    Pending,
    /// The source was merged into a candidate.
    Accepted,
    /// The source stays as it is.
    Rejected,
}

/// A context that a case proposes to merge into.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseCandidate {
    /// The context.
    pub context_uri: String,
    /// How alike it is, 0 to 1, rounded to four digits.
    pub score: f64,
    /// The parts of the score, not rounded.
    pub score_breakdown: ScoreBreakdown,
}

/// A question for a person: is this context the same as one of those?
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReviewCase {
    /// Its name: `review_` and twelve hexadecimal digits.
    pub case_id: String,
    /// The ambiguous context.
    pub source_context_uri: String,
    /// What it may be the same as, best first.
    pub candidates: Vec<CaseCandidate>,
    /// What became of the case.
    pub status: CaseStatus,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// The context that the source was merged into.
    pub selected_context_uri: Option<String>,
}

/// What a reconciliation found and did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reconciliation {
    /// Ambiguous contexts that were compared.
    pub scanned_ambiguous: u64,
    /// How many of them were merged.
    pub merged_count: u64,
    /// Merged context → the context that took over.
    pub mappings: BTreeMap<String, String>,
    /// The name of the rules.
    pub resolver_version: &'static str,
    /// Cases that wait for a person.
    pub pending_cases: u64,
}

/// What a person decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The case.
    pub case_id: String,
    /// [`CaseStatus::Accepted`] or [`CaseStatus::Rejected`].
    pub status: CaseStatus,
    /// The context in question.
    pub source_context_uri: String,
    /// The context that was chosen, if one was.
    pub selected_context_uri: Option<String>,
    /// The context that stands for both now, if one was chosen.
    pub resulting_context_uri: Option<String>,
    /// The name of the rules by which it was proposed.
    pub resolver_version: Cow<'static, str>,
}

/// A context and its observations, as reviewers see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContextRecord {
    /// Its name.
    pub uri: String,
    /// What kind of event.
    pub event_kind: String,
    /// What has become of it.
    pub status: ContextStatus,
    /// When the event was.
    pub observed_at: Timestamp,
    /// Whom or what it is about.
    pub subject_uri: Option<String>,
    /// By what sense it was observed.
    pub modality: Option<String>,
    /// The text it is compared by.
    pub canonical_text: String,
    /// How many observations belong to it.
    pub observation_count: u64,
    /// All of them, newest first.
    pub observations: Vec<Observation>,
}

impl ContextRecord {
    /// Of a context and its observations, newest first.
    pub fn new(context: Context, observations: Vec<Observation>) -> Self {
        Self {
            uri: context.uri,
            event_kind: context.event_kind,
            status: context.status,
            observed_at: context.observed_at,
            subject_uri: context.subject_uri,
            modality: context.modality,
            canonical_text: context.canonical_text,
            observation_count: context.observation_count,
            observations,
        }
    }
}

/// How many contexts there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ContextStats {
    /// The name of the rules.
    pub resolver_version: &'static str,
    /// Active ones.
    pub active_contexts: u64,
    /// Ambiguous ones.
    pub ambiguous_contexts: u64,
    /// Merged ones.
    pub merged_contexts: u64,
    /// Names that lead to another context: as many as are merged.
    pub aliases: u64,
}
