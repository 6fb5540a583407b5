//! The figures by which observations are compared.

use serde::Serialize;

use crate::TIME_WINDOW_SECONDS_MAX;

/// The name of the rules, in every answer and in the record of every decision. The rules are those of section 8 of the
/// wire contract.
pub const RESOLVER_VERSION: &str = "shared-context-v1-rules";

/// Contexts further away in time than this many windows are no candidates.
pub(crate) const CANDIDATE_WINDOWS: f64 = 2.0;
/// Candidates compared with one observation, at most, before it in time and as many after it; the nearest are taken.
/// So many robots seeing so many events of one kind in a few seconds do not exist; a window of a year does.
pub(crate) const CANDIDATES_EACH_WAY_MAX: usize = 250;
/// Pairs of characters compared in one review: a second of work, about, or some seconds with texts made for it.
pub(crate) const REVIEW_WORK_MAX: u64 = 300_000_000;
/// Candidates kept in one review case.
pub(crate) const CASE_CANDIDATES_MAX: usize = 4;

/// The weights of the parts of a score, before they are divided by the sum of those used.
pub(crate) const WEIGHT_TIME: f64 = 0.30;
pub(crate) const WEIGHT_SUBJECT: f64 = 0.20;
pub(crate) const WEIGHT_MODALITY: f64 = 0.10;
pub(crate) const WEIGHT_TEXT: f64 = 0.35;

/// What can be set about the rules. The defaults are the documented defaults of the server's settings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Policy {
    /// What the URIs of new contexts begin with.
    pub namespace: String,
    /// The distance in time, in seconds, at which two observations have nothing to do with each other any more.
    pub time_window_seconds: f64,
    /// The score, 0 to 1, from which on an observation joins a context by itself.
    pub match_threshold: f64,
    /// The score, 0 to 1, from which on a person has to look.
    pub ambiguous_threshold: f64,
    /// How much better than the second the best candidate has to be for joining by itself.
    pub close_margin: f64,
    /// Whether different modalities rule each other out, instead of only lowering the score.
    pub strict_modality_mismatch: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            namespace: "https://gsi.upm.es/segb/shared-events/".to_owned(),
            time_window_seconds: 3.0,
            match_threshold: 0.85,
            ambiguous_threshold: 0.70,
            close_margin: 0.05,
            strict_modality_mismatch: false,
        }
    }
}

/// A policy that makes no sense. The operator's mistake.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// The window is not a number above zero, or is longer than a hundred years.
    #[error("the time window has to be a number of seconds above 0 and at most a hundred years, not {0}")]
    TimeWindow(f64),
    /// A threshold or the margin is not between 0 and 1.
    #[error("the {name} has to be between 0 and 1, not {value}")]
    OutOfRange {
        /// Which one.
        name: &'static str,
        /// What it is.
        value: f64,
    },
    /// What would join by itself would not even be worth a look.
    #[error("the ambiguous threshold, {ambiguous}, must not be above the match threshold, {matching}")]
    ThresholdsCrossed {
        /// The ambiguous threshold.
        ambiguous: f64,
        /// The match threshold.
        matching: f64,
    },
    /// The namespace is not an absolute http or https IRI, or has characters that an IRI must not have.
    #[error("the namespace has to be an absolute http or https IRI without query and fragment, not {0:?}")]
    Namespace(String),
}

impl Policy {
    /// Whether the policy makes sense.
    ///
    /// # Errors
    /// [`PolicyError`] names the first thing that does not.
    pub fn validate(&self) -> Result<(), PolicyError> {
        if !(self.time_window_seconds > 0.0 && self.time_window_seconds <= TIME_WINDOW_SECONDS_MAX) {
            return Err(PolicyError::TimeWindow(self.time_window_seconds));
        }
        for (name, value) in [
            ("match threshold", self.match_threshold),
            ("ambiguous threshold", self.ambiguous_threshold),
            ("close margin", self.close_margin),
        ] {
            if !(0.0..=1.0).contains(&value) {
                return Err(PolicyError::OutOfRange { name, value });
            }
        }
        if self.ambiguous_threshold > self.match_threshold {
            let (ambiguous, matching) = (self.ambiguous_threshold, self.match_threshold);
            return Err(PolicyError::ThresholdsCrossed { ambiguous, matching });
        }
        if !is_namespace(&self.namespace) {
            return Err(PolicyError::Namespace(self.namespace.clone()));
        }
        Ok(())
    }
}

/// Every URI made from it goes into the graph, so it must not break one (RFC 3987, section 2.2).
fn is_namespace(namespace: &str) -> bool {
    let rest = namespace.strip_prefix("https://").or_else(|| namespace.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        rest.chars().next().is_some_and(char::is_alphanumeric)
            && rest.chars().all(|character| {
                !character.is_control() && !character.is_whitespace() && !"<>\"{}|\\^`?#".contains(character)
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_that_make_no_sense_are_refused() {
        assert_eq!(Policy::default().validate(), Ok(()));
        let check = |change: &dyn Fn(&mut Policy), expected: &str| {
            let mut policy = Policy::default();
            change(&mut policy);
            let error = policy.validate().unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        for window in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            check(&|policy| policy.time_window_seconds = window, "time window");
        }
        check(&|policy| policy.match_threshold = 1.5, "match threshold");
        check(&|policy| policy.close_margin = f64::NAN, "close margin");
        check(&|policy| policy.ambiguous_threshold = 0.9, "must not be above");
        for namespace in [
            "",
            "events/",
            "urn:events",
            "https://",
            "https://a b/",
            "http://a/<b>",
            "http://a/?q=",
            "http://a/#",
        ] {
            check(&|policy| policy.namespace = namespace.to_owned(), "namespace");
        }
    }
}
