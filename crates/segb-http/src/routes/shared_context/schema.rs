//! How bodies and answers look; they are read and made elsewhere.

use serde::Serialize;
use utoipa::ToSchema;

/// What a robot has observed.
#[derive(Serialize, ToSchema)]
pub(crate) struct Observation {
    /// What kind of event; compared without regard to case.
    #[schema(example = "human_utterance")]
    event_kind: String,
    /// RFC 3339 with or without an offset, a date, or seconds since 1970 as a number.
    #[schema(example = "2026-01-31T10:00:00Z")]
    observed_at: String,
    /// Whom or what it is about.
    subject_uri: Option<String>,
    /// By what sense, for example `speech`.
    modality: Option<String>,
    /// What was said or seen, at most 2000 characters.
    text: Option<String>,
    /// The robot's own name for its observation.
    observation_uri: Option<String>,
    /// The robot.
    robot_uri: Option<String>,
    /// How far away in time the same event may have been observed; 0 or none: as the server is set.
    time_window_seconds: Option<f64>,
}

/// The parts of a score, each between 0 and 1.
#[derive(Serialize, ToSchema)]
pub(crate) struct ScoreBreakdown {
    time: Option<f64>,
    subject: Option<f64>,
    modality: Option<f64>,
    text: Option<f64>,
}

/// The context that an observation belongs to.
#[derive(Serialize, ToSchema)]
pub(crate) struct Resolution {
    shared_context_uri: String,
    /// `created`, `matched` or `ambiguous`.
    status: String,
    /// The score of the best candidate, 0 without one.
    confidence: f64,
    resolver_version: String,
    candidate_count: u64,
    /// The best candidate.
    matched_candidate_uri: Option<String>,
    /// If ambiguous: the best one or two candidates.
    close_candidates: Vec<String>,
    score_breakdown: ScoreBreakdown,
}

/// How many contexts there are.
#[derive(Serialize, ToSchema)]
pub(crate) struct Stats {
    resolver_version: String,
    active_contexts: u64,
    ambiguous_contexts: u64,
    merged_contexts: u64,
    aliases: u64,
}

/// What a reconciliation did.
#[derive(Serialize, ToSchema)]
pub(crate) struct Reconciliation {
    /// Ambiguous contexts there were.
    scanned_ambiguous: u64,
    merged_count: u64,
    /// Merged context → the context that took over.
    #[schema(value_type = std::collections::HashMap<String, String>)]
    mappings: Vec<(String, String)>,
    resolver_version: String,
    /// Cases that wait for a person.
    pending_cases: u64,
}

/// What there is to decide.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReviewQueue {
    resolver_version: String,
    unresolved_count: u64,
    pending_count: u64,
    /// Ambiguous contexts, newest first.
    unresolved_contexts: Vec<ContextRecord>,
    /// Active and ambiguous contexts, newest first.
    contexts: Vec<ContextRecord>,
    /// Newest first.
    pending_cases: Vec<ReviewCase>,
}

/// A context and its observations.
#[derive(Serialize, ToSchema)]
pub(crate) struct ContextRecord {
    uri: String,
    event_kind: String,
    /// `active` or `ambiguous`.
    status: String,
    observed_at: String,
    subject_uri: Option<String>,
    modality: Option<String>,
    /// The text it is compared by.
    canonical_text: String,
    observation_count: u64,
    /// Newest first.
    observations: Vec<KeptObservation>,
}

/// An observation as it is kept.
#[derive(Serialize, ToSchema)]
pub(crate) struct KeptObservation {
    observed_at: String,
    subject_uri: Option<String>,
    modality: Option<String>,
    text: Option<String>,
    observation_uri: Option<String>,
    robot_uri: Option<String>,
}

/// A question for a person.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReviewCase {
    case_id: String,
    source_context_uri: String,
    /// Best first.
    candidates: Vec<CaseCandidate>,
    /// `pending`, `accepted` or `rejected`.
    status: String,
    created_at: String,
    decided_at: Option<String>,
    selected_context_uri: Option<String>,
}

/// What the source of a case may be the same as.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseCandidate {
    context_uri: String,
    /// Rounded to four digits.
    score: f64,
    score_breakdown: ScoreBreakdown,
}

/// The context that a person chose.
#[derive(Serialize, ToSchema)]
pub(crate) struct Target {
    /// One of the case's candidates.
    target_context_uri: String,
}

/// What a person decided.
#[derive(Serialize, ToSchema)]
pub(crate) struct Decision {
    case_id: String,
    /// `accepted` or `rejected`.
    status: String,
    source_context_uri: String,
    selected_context_uri: Option<String>,
    /// The context that stands for both now.
    resulting_context_uri: Option<String>,
    resolver_version: String,
}
