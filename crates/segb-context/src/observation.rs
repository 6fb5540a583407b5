//! What a robot says it has observed.

use segb_journal::Timestamp;
use serde::{Deserialize, Serialize};

use crate::text;

/// The longest text of an observation, in characters. Comparing two texts takes more than the product of their lengths
/// in bad cases, and nobody else's question must wait for that.
pub const TEXT_CHARACTERS_MAX: usize = 2_000;
/// The longest kind, modality or URI, in bytes: that of an IRI in a log.
pub const NAME_BYTES_MAX: usize = 4 << 10;
/// The longest time window, in seconds: a hundred years.
pub const TIME_WINDOW_SECONDS_MAX: f64 = 3_155_760_000.0;

/// An observation as it comes in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ObservationRequest {
    /// What kind of event was observed, for example `human_utterance`.
    pub event_kind: String,
    /// When.
    pub observed_at: Timestamp,
    /// Whom or what it is about.
    pub subject_uri: Option<String>,
    /// By what sense, for example `speech`.
    pub modality: Option<String>,
    /// What was said or seen.
    pub text: Option<String>,
    /// The robot's own name for its observation.
    pub observation_uri: Option<String>,
    /// The robot.
    pub robot_uri: Option<String>,
    /// How far away in time a context may be to be the same, in seconds; zero or none: as the policy says.
    pub time_window_seconds: Option<f64>,
}

/// An observation that cannot be used. The caller's mistake; nothing is stored.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidObservation {
    /// The event has no kind. The text is that of the wire contract, section 8.
    #[error("Parameter 'event_kind' must be a non-empty string.")]
    BlankEventKind,
    /// The window is not a finite number of seconds, is negative, or is longer than [`TIME_WINDOW_SECONDS_MAX`].
    #[error(
        "Parameter 'time_window_seconds' must be a finite number between 0 and {TIME_WINDOW_SECONDS_MAX}."
    )]
    TimeWindow,
    /// A text is too long.
    #[error("Parameter '{name}' must have at most {length_max} {unit}.")]
    TooLong {
        /// Which one.
        name: &'static str,
        /// The limit.
        length_max: usize,
        /// What the limit counts.
        unit: &'static str,
    },
}

/// An observation in the form in which it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// When.
    pub observed_at: Timestamp,
    /// Whom or what it is about; trimmed, in lower case.
    pub subject_uri: Option<String>,
    /// By what sense; trimmed, in lower case.
    pub modality: Option<String>,
    /// What was said or seen, trimmed.
    pub text: Option<String>,
    /// The robot's own name for its observation.
    pub observation_uri: Option<String>,
    /// The robot.
    pub robot_uri: Option<String>,
}

/// An observation in the form in which it is compared.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Normalized {
    pub(crate) event_kind: String,
    pub(crate) canonical_text: String,
    pub(crate) time_window_seconds: Option<f64>,
    pub(crate) observation: Observation,
}

impl ObservationRequest {
    pub(crate) fn normalize(&self) -> Result<Normalized, InvalidObservation> {
        self.check_lengths()?;
        let event_kind = text::atom(&self.event_kind).ok_or(InvalidObservation::BlankEventKind)?;
        let time_window_seconds = match self.time_window_seconds {
            None | Some(0.0) => None,
            Some(window) if (0.0..=TIME_WINDOW_SECONDS_MAX).contains(&window) => Some(window),
            Some(_) => return Err(InvalidObservation::TimeWindow),
        };
        let kept = |text: &Option<String>| text.as_deref().and_then(text::trimmed).map(str::to_owned);
        Ok(Normalized {
            event_kind,
            canonical_text: self.text.as_deref().map(text::canonical).unwrap_or_default(),
            time_window_seconds,
            observation: Observation {
                observed_at: self.observed_at,
                subject_uri: self.subject_uri.as_deref().and_then(text::atom),
                modality: self.modality.as_deref().and_then(text::atom),
                text: kept(&self.text),
                observation_uri: kept(&self.observation_uri),
                robot_uri: kept(&self.robot_uri),
            },
        })
    }

    fn check_lengths(&self) -> Result<(), InvalidObservation> {
        let names = [
            ("event_kind", Some(&self.event_kind)),
            ("subject_uri", self.subject_uri.as_ref()),
            ("modality", self.modality.as_ref()),
            ("observation_uri", self.observation_uri.as_ref()),
            ("robot_uri", self.robot_uri.as_ref()),
        ];
        for (name, text) in names {
            if text.is_some_and(|text| text.len() > NAME_BYTES_MAX) {
                return Err(InvalidObservation::TooLong { name, length_max: NAME_BYTES_MAX, unit: "bytes" });
            }
        }
        if self.text.as_ref().is_some_and(|text| text.chars().nth(TEXT_CHARACTERS_MAX).is_some()) {
            let (name, length_max) = ("text", TEXT_CHARACTERS_MAX);
            return Err(InvalidObservation::TooLong { name, length_max, unit: "characters" });
        }
        Ok(())
    }
}
