//! Ambiguous contexts: what the rules can decide by now, and what persons decide.

use std::collections::BTreeMap;

use segb_journal::Timestamp;

use crate::{
    CaseCandidate, CaseStatus, Change, Context, ContextSource, ContextStatus, Decision, MergeBasis, Policy,
    RESOLVER_VERSION, Reconciliation, ReviewCase,
    draft::Draft,
    policy::{CASE_CANDIDATES_MAX, REVIEW_WORK_MAX},
    score::{Sought, is_clear},
    text,
};

/// Why a decision is not taken. Nothing is changed. The texts are those of the wire contract, section 8.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReviewError<E> {
    /// There is no such case.
    #[error("Review case not found.")]
    CaseNotFound,
    /// The case was decided before, by somebody or by the rules.
    #[error("Review case is not pending.")]
    CaseNotPending,
    /// The context in question is not ambiguous any more.
    #[error("Source context is no longer pending review.")]
    SourceNotPending,
    /// No candidate was named.
    #[error("target_context_uri is required.")]
    TargetRequired,
    /// What was named is no candidate of the case.
    #[error("Selected target context is not part of this review case.")]
    TargetNotInCase,
    /// The state cannot be read.
    #[error("the shared contexts cannot be read")]
    Source(E),
}

/// The question and the decision, for the record.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    /// The case as it was when it was decided: what was proposed.
    pub proposed: ReviewCase,
    /// What was decided.
    pub decision: Decision,
    /// What that changes, and what the rules decided meanwhile.
    pub change: Change,
}

/// Compares all ambiguous contexts with the others again, merges what is clear by now, and brings the cases for
/// persons up to date. `random` gives 64 random bits at a time for the names of new cases.
///
/// # Errors
/// That of the source; nothing is changed.
pub fn reconcile<S: ContextSource>(
    source: &S,
    policy: &Policy,
    now: Timestamp,
    random: &mut impl FnMut() -> u64,
) -> Result<(Reconciliation, Change), S::Error> {
    let mut draft = Draft::new(source, policy, now);
    let reconciliation = refresh(&mut draft, policy, random)?;
    Ok((reconciliation, draft.into_change()))
}

/// Merges the source of a case into the candidate that a person chose.
///
/// # Errors
/// [`ReviewError`]; nothing is changed.
pub fn accept<S: ContextSource>(
    source: &S,
    policy: &Policy,
    case_id: &str,
    target_context_uri: &str,
    now: Timestamp,
    random: &mut impl FnMut() -> u64,
) -> Result<Decided, ReviewError<S::Error>> {
    let mut draft = Draft::new(source, policy, now);
    refresh(&mut draft, policy, random).map_err(ReviewError::Source)?;
    let proposed = pending_case(&draft, case_id)?;
    let canonical = |uri: &str| draft.canonical(uri).map_err(ReviewError::Source);
    let ambiguous = |context: &Context| context.status == ContextStatus::Ambiguous;
    let context =
        canonical(&proposed.source_context_uri)?.filter(ambiguous).ok_or(ReviewError::SourceNotPending)?;
    let chosen = text::trimmed(target_context_uri).ok_or(ReviewError::TargetRequired)?;
    let chosen = canonical(chosen)?.ok_or(ReviewError::TargetNotInCase)?;
    let mut is_candidate = false;
    for candidate in &proposed.candidates {
        is_candidate |=
            canonical(&candidate.context_uri)?.is_some_and(|context| context.number == chosen.number);
    }
    if !is_candidate || chosen.number == context.number {
        return Err(ReviewError::TargetNotInCase);
    }
    let decision = decision(case_id, CaseStatus::Accepted, &context.uri, Some(&chosen.uri));
    let selected = Some(chosen.uri.clone());
    draft.merge(context, chosen, MergeBasis::Person).map_err(ReviewError::Source)?;
    draft.decide(proposed.clone(), CaseStatus::Accepted, selected).map_err(ReviewError::Source)?;
    Ok(Decided { proposed, decision, change: draft.into_change() })
}

/// Keeps the source of a case apart from all candidates of the case, from now on.
///
/// # Errors
/// [`ReviewError`]; nothing is changed.
pub fn reject<S: ContextSource>(
    source: &S,
    policy: &Policy,
    case_id: &str,
    now: Timestamp,
    random: &mut impl FnMut() -> u64,
) -> Result<Decided, ReviewError<S::Error>> {
    let mut draft = Draft::new(source, policy, now);
    refresh(&mut draft, policy, random).map_err(ReviewError::Source)?;
    let proposed = pending_case(&draft, case_id)?;
    keep_apart(&mut draft, &proposed).map_err(ReviewError::Source)?;
    let decision = decision(case_id, CaseStatus::Rejected, &proposed.source_context_uri, None);
    draft.decide(proposed.clone(), CaseStatus::Rejected, None).map_err(ReviewError::Source)?;
    Ok(Decided { proposed, decision, change: draft.into_change() })
}

fn pending_case<S: ContextSource>(
    draft: &Draft<'_, S>,
    case_id: &str,
) -> Result<ReviewCase, ReviewError<S::Error>> {
    let case = draft.case(case_id).map_err(ReviewError::Source)?.ok_or(ReviewError::CaseNotFound)?;
    if case.status == CaseStatus::Pending { Ok(case) } else { Err(ReviewError::CaseNotPending) }
}

fn keep_apart<S: ContextSource>(draft: &mut Draft<'_, S>, case: &ReviewCase) -> Result<(), S::Error> {
    let Some(context) = draft.canonical(&case.source_context_uri)? else {
        return Ok(());
    };
    for candidate in &case.candidates {
        let candidate = draft.canonical(&candidate.context_uri)?;
        if let Some(candidate) = candidate.filter(|candidate| candidate.number != context.number) {
            draft.reject(&context, &candidate)?;
        }
    }
    Ok(())
}

fn decision(case_id: &str, status: CaseStatus, source_uri: &str, chosen_uri: Option<&str>) -> Decision {
    Decision {
        case_id: case_id.to_owned(),
        status,
        source_context_uri: source_uri.to_owned(),
        selected_context_uri: chosen_uri.map(str::to_owned),
        resulting_context_uri: chosen_uri.map(str::to_owned),
        resolver_version: RESOLVER_VERSION.into(),
    }
}

/// The review refresh of the wire contract, section 8: of the contexts that have to be compared again, and of as many
/// as can be compared with bounded work; the others wait for the next time.
fn refresh<S: ContextSource>(
    draft: &mut Draft<'_, S>,
    policy: &Policy,
    random: &mut impl FnMut() -> u64,
) -> Result<Reconciliation, S::Error> {
    let open = draft.source().open_questions()?;
    let mut mappings = BTreeMap::new();
    let mut work = 0;
    for number in draft.source().review_due()? {
        if work > REVIEW_WORK_MAX {
            break;
        }
        draft.reviewed(number);
        let context = draft.context(number)?;
        // A merge before it in the list may have made it active.
        if let Some(context) = context.filter(|context| context.status == ContextStatus::Ambiguous)
            && let Some((source, target)) = review(draft, policy, context, &mut work, random)?
        {
            mappings.insert(source, target);
        }
    }
    Ok(Reconciliation {
        scanned_ambiguous: open.ambiguous_contexts,
        merged_count: mappings.len() as u64,
        mappings,
        resolver_version: RESOLVER_VERSION,
        pending_cases: open.pending_cases.saturating_add_signed(draft.pending_cases_added()?),
    })
}

/// Compares one ambiguous context with the others: merges it, or makes, updates or closes the case about it. Gives the
/// URIs of what was merged and into what.
fn review<S: ContextSource>(
    draft: &mut Draft<'_, S>,
    policy: &Policy,
    context: Context,
    work: &mut u64,
    random: &mut impl FnMut() -> u64,
) -> Result<Option<(String, String)>, S::Error> {
    let mut candidates = case_candidates(draft, policy, &context, work)?;
    let case = draft.pending_case_of(&context.uri)?;
    let Some((best, target)) = candidates.first() else {
        if let Some(case) = case {
            draft.decide(case, CaseStatus::Rejected, None)?;
        }
        return Ok(None);
    };
    let second = candidates.get(1).map(|(candidate, _)| candidate.score);
    let merged_into = is_clear(policy, best.score, second).then(|| target.clone());
    candidates.truncate(CASE_CANDIDATES_MAX);
    let proposed = candidates.into_iter().map(|(candidate, _)| candidate).collect();
    match (merged_into, case) {
        (Some(target), case) => {
            let uris = (context.uri.clone(), target.uri.clone());
            draft.merge(context, target, MergeBasis::Rules)?;
            if let Some(case) = case {
                let case = ReviewCase { candidates: proposed, ..case };
                draft.decide(case, CaseStatus::Accepted, Some(uris.1.clone()))?;
            }
            return Ok(Some(uris));
        }
        (None, Some(case)) => draft.put_case(ReviewCase { candidates: proposed, ..case })?,
        (None, None) => {
            let case = new_case(draft, context.uri, proposed, random)?;
            draft.put_case(case)?;
        }
    }
    Ok(None)
}

fn new_case<S: ContextSource>(
    draft: &mut Draft<'_, S>,
    source_context_uri: String,
    candidates: Vec<CaseCandidate>,
    random: &mut impl FnMut() -> u64,
) -> Result<ReviewCase, S::Error> {
    let case_id = loop {
        let case_id = format!("review_{:012x}", random() >> 16);
        if draft.case(&case_id)?.is_none() {
            break case_id;
        }
    };
    Ok(ReviewCase {
        case_id,
        source_context_uri,
        candidates,
        status: CaseStatus::Pending,
        created_at: draft.tick(),
        decided_at: None,
        selected_context_uri: None,
    })
}

/// What an ambiguous context may be the same as, best first; of equal ones the older first.
fn case_candidates<S: ContextSource>(
    draft: &Draft<'_, S>,
    policy: &Policy,
    context: &Context,
    work: &mut u64,
) -> Result<Vec<(CaseCandidate, Context)>, S::Error> {
    let sought = Sought::of(context, policy);
    let mut candidates = Vec::new();
    for candidate in sought.candidates(draft, policy)? {
        if candidate.number == context.number
            || draft.source().is_rejected(Draft::<S>::pair(context, &candidate))?
        {
            continue;
        }
        *work += sought.work(&candidate);
        let ranked = sought.rank(candidate);
        if ranked.score >= policy.ambiguous_threshold {
            let proposed = CaseCandidate {
                context_uri: ranked.context.uri.clone(),
                score: rounded(ranked.score),
                score_breakdown: ranked.breakdown,
            };
            candidates.push((proposed, ranked.context));
        }
    }
    candidates.sort_by(|(one, _), (other, _)| other.score.total_cmp(&one.score));
    Ok(candidates)
}

/// To four digits, correctly: by way of the decimal form, as Python's `round`.
fn rounded(score: f64) -> f64 {
    format!("{score:.4}").parse().unwrap_or(score)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_rounded_as_python_does() {
        for (score, expected) in [
            (0.849_949_999_999_999_9, 0.8499),
            (0.849_95, 0.8499),
            (0.703_125, 0.7031),
            (0.718_75, 0.7188),
            (0.031_25, 0.0312),
            (1.0, 1.0),
        ] {
            assert_eq!(rounded(score), expected, "{score}");
        }
    }
}
