//! Shared contexts: robots that observe one event ask which URI to use for it, and where the rules cannot tell, a
//! person decides. The rules are those of section 8 of the wire contract; every operation reads a state, a
//! [`ContextSource`], and gives an answer and a [`Change`], which is recorded and applied by whoever keeps the state. It
//! knows no storage, no HTTP, no clock and no source of randomness.
//!
//! ```
//! use segb_context::{MemoryContexts, ObservationRequest, Policy, ResolutionStatus, parse_moment, resolve};
//!
//! let (policy, mut contexts) = (Policy::default(), MemoryContexts::default());
//! let mut counter = 0;
//! let mut random = || { counter += 1; counter }; // random bits in real use
//!
//! let seen_by_ari = ObservationRequest {
//!     event_kind: "human_utterance".to_owned(),
//!     observed_at: parse_moment("2026-01-31T10:00:00Z")?,
//!     subject_uri: Some("https://example.org/maria".to_owned()),
//!     modality: Some("speech".to_owned()),
//!     text: Some("Could you show me the news?".to_owned()),
//!     observation_uri: None,
//!     robot_uri: Some("https://example.org/ari".to_owned()),
//!     time_window_seconds: None,
//! };
//! let now = parse_moment("2026-01-31T10:00:01Z")?; // the caller's clock
//! let (first, change) = resolve(&contexts, &policy, &seen_by_ari, now, &mut random)?;
//! contexts.apply(&change)?;
//! assert_eq!(first.status, ResolutionStatus::Created);
//!
//! let seen_by_tiago = ObservationRequest {
//!     observed_at: parse_moment("2026-01-31T11:00:00.2+01:00")?,
//!     robot_uri: Some("https://example.org/tiago".to_owned()),
//!     ..seen_by_ari
//! };
//! let (second, change) = resolve(&contexts, &policy, &seen_by_tiago, now, &mut random)?;
//! contexts.apply(&change)?;
//! assert_eq!(second.status, ResolutionStatus::Matched);
//! assert_eq!(second.shared_context_uri, first.shared_context_uri);
//! assert_eq!(contexts.records()[0].observation_count, 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod change;
mod context;
mod draft;
mod memory;
mod moment;
mod observation;
mod policy;
mod resolve;
mod review;
mod score;
mod similarity;
mod source;
mod text;

pub use change::{Change, JoinedObservation, Merge, MergeBasis, Neighbourhood, ReviewProgress};
pub use context::{
    CaseCandidate, CaseStatus, Context, ContextRecord, ContextStats, ContextStatus, Decision, Reconciliation,
    Resolution, ResolutionStatus, ReviewCase, ScoreBreakdown,
};
pub use memory::{ForeignChange, MemoryContexts};
pub use moment::{InvalidMoment, moment_of_number, parse_moment};
pub use observation::{
    InvalidObservation, NAME_BYTES_MAX, Observation, ObservationRequest, TEXT_CHARACTERS_MAX,
    TIME_WINDOW_SECONDS_MAX,
};
pub use policy::{Policy, PolicyError, RESOLVER_VERSION};
pub use resolve::{ResolveError, resolve};
pub use review::{Decided, ReviewError, accept, reconcile, reject};
pub use similarity::sequence_ratio;
pub use source::{ContextSource, OpenQuestions};
