//! What can be wrong with what a robot wants to log. All of it is the caller's fault, and nothing of a refused call is
//! left in the log.

use crate::{ActivityKind, EmotionCategory};

/// Why something cannot be logged. The log is as it was before the call.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// A name, id or text that has to say something is blank.
    #[error("{what} is blank; give a text, or leave it out where it is optional")]
    Blank {
        /// Which.
        what: &'static str,
    },
    /// A text that is no absolute IRI (RFC 3987), or would give none.
    #[error(
        "{iri:?} is not an absolute IRI: {cause}; percent-encode what an IRI cannot have, or use letters, digits and _"
    )]
    Iri {
        /// The text.
        iri: String,
        /// What is wrong with it.
        cause: String,
    },
    /// A prefixed name with an unknown prefix. An IRI that is neither http nor https has to be an [`Iri`](crate::Iri).
    #[error("the prefix {prefix:?} is not known; there are {known}. For an IRI like urn:… use Iri::new")]
    UnknownPrefix {
        /// The prefix.
        prefix: String,
        /// Those there are, separated by commas.
        known: String,
    },
    /// The prefix for the namespace of the robot is one that means something else.
    #[error(
        "the prefix {prefix:?} is already taken by the vocabulary; choose another for the robot's namespace"
    )]
    ReservedPrefix {
        /// The prefix.
        prefix: String,
    },
    /// Not a language tag (BCP 47).
    #[error("{tag:?} is not a language tag; examples are en, es, pt-BR")]
    Language {
        /// The text.
        tag: String,
    },
    /// A number outside of its range.
    #[error("{what} is {value}, and has to be from {min} to {max}")]
    OutOfRange {
        /// Which.
        what: &'static str,
        /// The number.
        value: f64,
        /// The least.
        min: f64,
        /// The greatest.
        max: f64,
    },
    /// A number that is infinite or none.
    #[error("{what} is {value}, which is not a number that can be logged; leave it out if it is not known")]
    NotFinite {
        /// Which.
        what: &'static str,
        /// The number.
        value: f64,
    },
    /// An annotation without emotions.
    #[error("an emotion annotation has at least one emotion")]
    NoEmotions,
    /// A text that is no emotion category.
    #[error(
        "{category:?} is not an emotion category; use {} or the IRI of a category of another model",
        EmotionCategory::list()
    )]
    UnknownEmotion {
        /// The text.
        category: String,
    },
    /// A text that is no kind of activity.
    #[error("{kind:?} is not a kind of activity; use {}, and extra_type for more", ActivityKind::list())]
    UnknownActivityKind {
        /// The text.
        kind: String,
    },
    /// What a person says has a language that only the caller can know.
    #[error(
        "a message of type oro:InitialMessage is what a person said: give its language, for example en or es"
    )]
    LanguageNeeded,
    /// One activity with two times.
    #[error(
        "the activity {activity} already has another {what}; use an id again only for the same execution of an activity"
    )]
    TimeConflict {
        /// Its IRI.
        activity: String,
        /// Start or end.
        what: &'static str,
    },
    /// A confidence in nothing.
    #[error("the confidence of an observation is about a shared event: give related_shared_event, too")]
    ConfidenceWithoutEvent,
    /// Shared events of no duration.
    #[error("a time bucket of 0 s holds no time; use at least 1")]
    EmptyBucket,
    /// Turtle that cannot be merged.
    #[error("the document is not Turtle that can be merged: {0}")]
    Turtle(String),
}

/// A text that is no moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeError {
    /// Nobody knows which moment a time without an offset is.
    #[error("{text:?} does not say in which time zone; add Z if it is UTC, or an offset like +01:00")]
    Naive {
        /// The text.
        text: String,
    },
    /// Not a time.
    #[error(
        "{text:?} is not a time; write it like 2026-01-31T10:00:00Z (RFC 3339), in the years 0000 to 9999"
    )]
    Malformed {
        /// The text.
        text: String,
    },
}
