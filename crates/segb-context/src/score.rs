//! How alike an observation and a context are.

use segb_journal::Timestamp;

use crate::{
    Context, ContextSource, Policy, ScoreBreakdown,
    draft::{Draft, distance_us},
    policy::{
        CANDIDATE_WINDOWS, CANDIDATES_EACH_WAY_MAX, WEIGHT_MODALITY, WEIGHT_SUBJECT, WEIGHT_TEXT, WEIGHT_TIME,
    },
    similarity::text_similarity,
};

/// What is compared with contexts: an observation, or an ambiguous context.
pub(crate) struct Sought<'a> {
    pub(crate) event_kind: &'a str,
    pub(crate) observed_at: Timestamp,
    pub(crate) subject_uri: Option<&'a str>,
    pub(crate) modality: Option<&'a str>,
    pub(crate) canonical_text: &'a str,
    pub(crate) time_window_seconds: f64,
}

/// A context, how alike it is, and why.
pub(crate) struct Ranked {
    pub(crate) context: Context,
    pub(crate) score: f64,
    pub(crate) breakdown: ScoreBreakdown,
}

impl<'a> Sought<'a> {
    /// An ambiguous context, by the policy's window.
    pub(crate) fn of(context: &'a Context, policy: &Policy) -> Self {
        Self {
            event_kind: &context.event_kind,
            observed_at: context.observed_at,
            subject_uri: context.subject_uri.as_deref(),
            modality: context.modality.as_deref(),
            canonical_text: &context.canonical_text,
            time_window_seconds: policy.time_window_seconds,
        }
    }

    /// The contexts that it may belong to, in the order of their creation.
    pub(crate) fn candidates<S: ContextSource>(
        &self,
        draft: &Draft<'_, S>,
        policy: &Policy,
    ) -> Result<Vec<Context>, S::Error> {
        let seconds_max = self.time_window_seconds * CANDIDATE_WINDOWS;
        let distance_us = distance_us(self.time_window_seconds);
        let mut contexts =
            draft.contexts_near(self.event_kind, self.observed_at, distance_us, CANDIDATES_EACH_WAY_MAX)?;
        contexts.retain(|context| {
            self.seconds_to(context) <= seconds_max
                && !differ(self.subject_uri, context.subject_uri.as_deref())
                && !(policy.strict_modality_mismatch && differ(self.modality, context.modality.as_deref()))
        });
        Ok(contexts)
    }

    /// What it takes to compare the texts, in pairs of characters, roughly; one at least.
    pub(crate) fn work(&self, context: &Context) -> u64 {
        (self.canonical_text.len() as u64 * context.canonical_text.len() as u64).max(1)
    }

    /// The score of a context.
    pub(crate) fn rank(&self, context: Context) -> Ranked {
        let time = (1.0 - self.seconds_to(&context) / self.time_window_seconds).max(0.0);
        let subject = agreement(self.subject_uri, context.subject_uri.as_deref());
        let modality = agreement(self.modality, context.modality.as_deref());
        let text = text_similarity(self.canonical_text, &context.canonical_text);
        // In this order, because the last bit of a sum depends on it and a threshold may hang on that bit.
        let mut parts = vec![(WEIGHT_TIME, time), (WEIGHT_SUBJECT, subject), (WEIGHT_MODALITY, modality)];
        parts.extend(text.map(|text| (WEIGHT_TEXT, text)));
        let weights: f64 = parts.iter().map(|(weight, _)| weight).sum();
        let score = parts.iter().map(|(weight, part)| weight / weights * part).sum();
        let breakdown =
            ScoreBreakdown { time: Some(time), subject: Some(subject), modality: Some(modality), text };
        Ranked { context, score, breakdown }
    }

    fn seconds_to(&self, context: &Context) -> f64 {
        self.observed_at.as_unix_us().abs_diff(context.observed_at.as_unix_us()) as f64 / 1e6
    }
}

fn differ(one: Option<&str>, other: Option<&str>) -> bool {
    matches!((one, other), (Some(one), Some(other)) if one != other)
}

fn agreement(one: Option<&str>, other: Option<&str>) -> f64 {
    match (one, other) {
        (Some(one), Some(other)) if one == other => 1.0,
        (Some(_), Some(_)) => 0.0,
        _ => 0.5,
    }
}

/// Whether the best candidate is good enough, and so much better than the second, that nobody has to look.
pub(crate) fn is_clear(policy: &Policy, best: f64, second: Option<f64>) -> bool {
    best >= policy.match_threshold && second.is_none_or(|second| best - second >= policy.close_margin)
}
