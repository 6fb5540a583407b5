//! Which context does an observation belong to?

use segb_journal::Timestamp;

use crate::{
    Change, Context, ContextSource, ContextStatus, InvalidObservation, ObservationRequest, Policy,
    RESOLVER_VERSION, Resolution, ResolutionStatus, ScoreBreakdown,
    draft::Draft,
    observation::Normalized,
    score::{Ranked, Sought, is_clear},
};

/// Why an observation is not placed. Nothing is changed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ResolveError<E> {
    /// The caller's mistake; the text is for the caller.
    #[error(transparent)]
    Invalid(#[from] InvalidObservation),
    /// The state cannot be read.
    #[error("the shared contexts cannot be read")]
    Source(E),
}

/// Places an observation in a context, an existing one or a new one, by the rules of section 8 of the wire contract.
///
/// `now` is the server's time, and `random` gives 64 random bits at a time for the names of new contexts. The answer is
/// true once the change has been applied; until then nothing has happened.
///
/// # Errors
/// [`ResolveError`].
pub fn resolve<S: ContextSource>(
    source: &S,
    policy: &Policy,
    request: &ObservationRequest,
    now: Timestamp,
    random: &mut impl FnMut() -> u64,
) -> Result<(Resolution, Change), ResolveError<S::Error>> {
    let normalized = request.normalize()?;
    place(source, policy, normalized, now, random).map_err(ResolveError::Source)
}

fn place<S: ContextSource>(
    source: &S,
    policy: &Policy,
    normalized: Normalized,
    now: Timestamp,
    random: &mut impl FnMut() -> u64,
) -> Result<(Resolution, Change), S::Error> {
    let mut draft = Draft::new(source, policy, now);
    let sought = Sought {
        event_kind: &normalized.event_kind,
        observed_at: normalized.observation.observed_at,
        subject_uri: normalized.observation.subject_uri.as_deref(),
        modality: normalized.observation.modality.as_deref(),
        canonical_text: &normalized.canonical_text,
        time_window_seconds: normalized.time_window_seconds.unwrap_or(policy.time_window_seconds),
    };
    let candidates = sought.candidates(&draft, policy)?;
    let candidate_count = candidates.len() as u64;
    let (best, second) = best_two(candidates.into_iter().map(|context| sought.rank(context)));
    let (confidence, score_breakdown) =
        best.as_ref().map_or((0.0, ScoreBreakdown::default()), |best| (best.score, best.breakdown));
    let mut resolution = Resolution {
        shared_context_uri: String::new(),
        status: ResolutionStatus::Created,
        confidence,
        resolver_version: RESOLVER_VERSION,
        candidate_count,
        matched_candidate_uri: best.as_ref().map(|best| best.context.uri.clone()),
        close_candidates: Vec::new(),
        score_breakdown,
    };
    let second_score = second.as_ref().map(|second| second.score);
    match best {
        Some(best) if is_clear(policy, best.score, second_score) => {
            resolution.status = ResolutionStatus::Matched;
            resolution.shared_context_uri.clone_from(&best.context.uri);
            join(&mut draft, best.context, normalized)?;
        }
        Some(best) if best.score >= policy.ambiguous_threshold => {
            resolution.status = ResolutionStatus::Ambiguous;
            let close = [Some(best), second].into_iter().flatten();
            resolution.close_candidates = close.map(|ranked| ranked.context.uri).collect();
            resolution.shared_context_uri =
                create(&mut draft, policy, normalized, ContextStatus::Ambiguous, random)?;
        }
        _ => {
            resolution.shared_context_uri =
                create(&mut draft, policy, normalized, ContextStatus::Active, random)?;
        }
    }
    Ok((resolution, draft.into_change()))
}

/// The best and the second best; of equal ones the one that comes first.
fn best_two(all: impl Iterator<Item = Ranked>) -> (Option<Ranked>, Option<Ranked>) {
    let (mut best, mut second): (Option<Ranked>, Option<Ranked>) = (None, None);
    for ranked in all {
        if best.as_ref().is_none_or(|best| ranked.score > best.score) {
            second = best.replace(ranked);
        } else if second.as_ref().is_none_or(|second| ranked.score > second.score) {
            second = Some(ranked);
        }
    }
    (best, second)
}

fn join<S: ContextSource>(
    draft: &mut Draft<'_, S>,
    mut context: Context,
    normalized: Normalized,
) -> Result<(), S::Error> {
    let Normalized { observation, canonical_text, .. } = normalized;
    context.observed_at = observation.observed_at;
    context.observation_count += 1;
    context.updated_at = draft.tick();
    context.fill_in(observation.subject_uri.as_ref(), observation.modality.as_ref(), &canonical_text);
    draft.join(&context, observation);
    draft.put_context(context)
}

/// A new context for an observation; returns its URI.
fn create<S: ContextSource>(
    draft: &mut Draft<'_, S>,
    policy: &Policy,
    normalized: Normalized,
    status: ContextStatus,
    random: &mut impl FnMut() -> u64,
) -> Result<String, S::Error> {
    let Normalized { observation, canonical_text, event_kind, .. } = normalized;
    let slug = slug(&event_kind);
    let uri = loop {
        let uri = format!("{}/{slug}_{:016x}", policy.namespace.trim_end_matches('/'), random());
        if draft.source().number_of(&uri)?.is_none() {
            break uri;
        }
    };
    let now = draft.tick();
    let context = Context {
        number: draft.source().next_number()?,
        uri: uri.clone(),
        event_kind,
        status,
        observed_at: observation.observed_at,
        subject_uri: observation.subject_uri.clone(),
        modality: observation.modality.clone(),
        canonical_text,
        observation_count: 1,
        created_at: now,
        updated_at: now,
        merged_into: None,
    };
    draft.join(&context, observation);
    draft.put_context(context)?;
    Ok(uri)
}

/// The part of a URI that tells people what kind of event it names.
fn slug(event_kind: &str) -> String {
    let words =
        event_kind.split(|character: char| !character.is_ascii_lowercase() && !character.is_ascii_digit());
    let slug = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_");
    if slug.is_empty() { "event".to_owned() } else { slug }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_words_of_ascii() {
        for (kind, expected) in [
            ("human_utterance", "human_utterance"),
            (" door -- opened! ", "door_opened"),
            ("é", "event"),
            ("", "event"),
        ] {
            assert_eq!(slug(kind), expected);
        }
    }
}
