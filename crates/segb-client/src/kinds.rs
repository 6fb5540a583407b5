//! What activities there are, and what emotions.

use std::str::FromStr;

use crate::{
    Iri, LogError, Term,
    term::strip,
    vocabulary::{emoml, mls, onyx, oro},
};

/// What a robot does, as far as the vocabulary has a word for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActivityKind {
    /// It hears something.
    Listening,
    /// It decides.
    Decision,
    /// It says or does something in return.
    Response,
    /// It recognises what somebody feels.
    EmotionRecognition,
    /// A model works out what somebody feels.
    EmotionAnalysis,
    /// It notices somebody.
    HumanDetection,
    /// A model runs.
    MlRun,
}

impl ActivityKind {
    const ALL: [(Self, &'static str, &'static str); 7] = [
        (Self::Listening, "listening", oro::LISTENING_EVENT),
        (Self::Decision, "decision", oro::DECISION_MAKING_ACTION),
        (Self::Response, "response", oro::RESPONSE_ACTION),
        (Self::EmotionRecognition, "emotion_recognition", oro::EMOTION_RECOGNITION_EVENT),
        (Self::EmotionAnalysis, "emotion_analysis", onyx::EMOTION_ANALYSIS),
        (Self::HumanDetection, "human_detection", oro::DETECTED_HUMAN_EVENT),
        (Self::MlRun, "ml_run", mls::RUN),
    ];

    /// The class.
    pub(crate) fn class(self) -> &'static str {
        Self::ALL.iter().find(|(kind, ..)| *kind == self).map_or(mls::RUN, |(_, _, class)| class)
    }

    /// The names, separated by commas.
    pub fn list() -> String {
        Self::ALL.map(|(_, name, _)| name).join(", ")
    }
}

impl FromStr for ActivityKind {
    type Err = LogError;

    /// Reads the names that the Python package has, like `emotion_recognition`.
    fn from_str(kind: &str) -> Result<Self, LogError> {
        let name = strip(kind).to_lowercase().replace('-', "_");
        let found = Self::ALL.iter().find(|(_, known, _)| *known == name).map(|(kind, ..)| *kind);
        found.ok_or_else(|| LogError::UnknownActivityKind { kind: kind.to_owned() })
    }
}

/// What somebody feels: one of the six basic emotions of EmotionML ("big six"), or a category of another model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EmotionCategory {
    /// `emoml:big6_happiness`
    Happiness,
    /// `emoml:big6_sadness`
    Sadness,
    /// `emoml:big6_anger`
    Anger,
    /// `emoml:big6_fear`
    Fear,
    /// `emoml:big6_disgust`
    Disgust,
    /// `emoml:big6_surprise`
    Surprise,
    /// Of another model.
    Other(Term),
}

impl EmotionCategory {
    const SIX: [(Self, &'static str, &'static [&'static str]); 6] = [
        (Self::Happiness, emoml::BIG6_HAPPINESS, &["happiness", "happy"]),
        (Self::Sadness, emoml::BIG6_SADNESS, &["sadness", "sad"]),
        (Self::Anger, emoml::BIG6_ANGER, &["anger", "angry"]),
        (Self::Fear, emoml::BIG6_FEAR, &["fear", "afraid", "scared"]),
        (Self::Disgust, emoml::BIG6_DISGUST, &["disgust", "disgusted"]),
        (Self::Surprise, emoml::BIG6_SURPRISE, &["surprise", "surprised"]),
    ];

    /// One of the six; none for others.
    pub(crate) fn iri(&self) -> Option<Iri> {
        Self::SIX.iter().find(|(category, ..)| category == self).map(|(_, iri, _)| Iri::known(iri))
    }

    /// The names of the six, separated by commas.
    pub fn list() -> String {
        Self::SIX.map(|(_, _, names)| names[0]).join(", ")
    }

    fn of_name(text: &str) -> Option<Self> {
        let name = strip(text).to_lowercase().replace(['-', ' '], "_");
        let local = name.strip_prefix("emoml:").unwrap_or(&name);
        let local = local.strip_prefix("big6_").unwrap_or(if local.len() == name.len() { local } else { "" });
        // `big6_` goes with the name of the emotion only, not with other words for it.
        let is_word = local.len() == name.len();
        let fits = |names: &[&str]| if is_word { names.contains(&local) } else { names[0] == local };
        Self::SIX.into_iter().find(|(_, _, names)| fits(names)).map(|(category, ..)| category)
    }
}

impl FromStr for EmotionCategory {
    type Err = LogError;

    /// Reads what the Python package reads: a name of one of the six, like `happiness`, `happy` or
    /// `emoml:big6_happiness`, an http or https IRI, or a prefixed name.
    fn from_str(text: &str) -> Result<Self, LogError> {
        if let Some(category) = Self::of_name(text) {
            return Ok(category);
        }
        let stripped = strip(text);
        let is_unknown_of_six = stripped.starts_with("emoml:big6_");
        if is_unknown_of_six || !stripped.contains(':') {
            return Err(LogError::UnknownEmotion { category: text.to_owned() });
        }
        Ok(Self::Other(stripped.into()))
    }
}
