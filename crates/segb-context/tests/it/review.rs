//! The review of ambiguous contexts: what the rules decide later, and what persons decide.

use segb_context::{CaseStatus, ContextStatus, MergeBasis, ResolutionStatus};

use crate::harness::{World, utterance};

const TEXT: &str = "show me the news about the climate";

/// A context and one that may be the same; returns their URIs.
fn ambiguous(world: &mut World) -> (String, String) {
    let first = world.resolve(&utterance(0, TEXT));
    let second = world.resolve(&utterance(1_500, TEXT));
    assert_eq!(second.status, ResolutionStatus::Ambiguous);
    (first.shared_context_uri, second.shared_context_uri)
}

#[test]
fn a_case_is_made_once_and_stays_until_it_is_decided() {
    let mut world = World::default();
    let (target, source) = ambiguous(&mut world);
    let first = world.reconcile();
    assert_eq!((first.scanned_ambiguous, first.merged_count, first.pending_cases), (1, 0, 1));
    let changes = world.changes.len();
    assert_eq!(world.reconcile(), first);
    assert!(world.changes[changes].is_empty(), "nothing has changed");
    let case = &world.pending()[0];
    assert!(
        case.case_id.strip_prefix("review_").is_some_and(|digits| digits.len() == 12),
        "{}",
        case.case_id
    );
    assert_eq!(case.source_context_uri, source);
    assert_eq!(
        (case.candidates[0].context_uri.as_str(), case.candidates[0].score),
        (target.as_str(), 0.8421)
    );
}

#[test]
fn what_has_become_clear_is_merged_by_the_rules() {
    let mut world = World::default();
    let (target, source) = ambiguous(&mut world);
    world.reconcile();
    let case_id = world.pending()[0].case_id.clone();
    // A further observation brings the ambiguous one nearer in time to the other.
    assert_eq!(world.resolve(&utterance(200, TEXT)).status, ResolutionStatus::Matched);
    let reconciliation = world.reconcile();
    assert_eq!(reconciliation.mappings[&source], target);
    let merges = &world.changes.last().unwrap().merges;
    assert_eq!((merges.len(), merges[0].basis), (1, MergeBasis::Rules));
    assert_eq!(world.contexts.canonical_uri(&source), Some(target.as_str()));
    assert!(world.pending().is_empty());
    let change = world.changes.last().unwrap();
    let case = change.cases.iter().find(|case| case.case_id == case_id).unwrap();
    assert_eq!((case.status, case.selected_context_uri.as_ref()), (CaseStatus::Accepted, Some(&target)));
    let records = world.contexts.records();
    assert_eq!((records.len(), records[0].observation_count, records[0].observations.len()), (1, 3, 3));
    assert_eq!(records[0].observed_at, utterance(1_500, "").observed_at, "the later time");
}

#[test]
fn accepting_merges_into_the_chosen_candidate() {
    let mut world = World::default();
    let (target, source) = ambiguous(&mut world);
    world.reconcile();
    let case = world.pending()[0].clone();
    for (case_id, chosen, expected) in [
        ("review_000000000000", target.as_str(), "Review case not found."),
        (&case.case_id, " ", "target_context_uri is required."),
        (&case.case_id, "urn:other", "Selected target context is not part of this review case."),
        (&case.case_id, &source, "Selected target context is not part of this review case."),
    ] {
        assert_eq!(world.accept(case_id, chosen).unwrap_err(), expected);
    }
    let decided = world.accept(&case.case_id, &format!(" {target} ")).unwrap();
    assert_eq!(decided.proposed, case);
    assert_eq!(decided.decision.status, CaseStatus::Accepted);
    assert_eq!(decided.decision.source_context_uri, source);
    assert_eq!(decided.decision.selected_context_uri.as_ref(), Some(&target));
    assert_eq!(decided.decision.resulting_context_uri.as_ref(), Some(&target));
    assert_eq!(decided.change.merges[0].basis, MergeBasis::Person);
    let stats = world.contexts.stats();
    assert_eq!((stats.active_contexts, stats.ambiguous_contexts), (1, 0));
    assert_eq!((stats.merged_contexts, stats.aliases), (1, 1));
    assert_eq!(world.accept(&case.case_id, &target).unwrap_err(), "Review case is not pending.");
    assert_eq!(world.reject(&case.case_id).unwrap_err(), "Review case is not pending.");
}

#[test]
fn rejected_pairs_are_not_proposed_again() {
    let mut world = World::default();
    let (target, source) = ambiguous(&mut world);
    world.reconcile();
    let case = world.pending()[0].clone();
    let decided = world.reject(&case.case_id).unwrap();
    assert_eq!(decided.decision.status, CaseStatus::Rejected);
    assert_eq!((decided.decision.selected_context_uri, decided.decision.resulting_context_uri), (None, None));
    let after = world.reconcile();
    assert_eq!((after.scanned_ambiguous, after.merged_count, after.pending_cases), (1, 0, 0));
    assert_eq!(world.contexts.canonical_uri(&source), Some(source.as_str()));
    assert_eq!(world.contexts.canonical_uri(&target), Some(target.as_str()));

    // Another context that it may be the same as is a new question.
    let third = world.resolve(&utterance(3_000, TEXT));
    assert_eq!(third.status, ResolutionStatus::Ambiguous);
    assert!(world.reconcile().pending_cases > 0);
    let asked = world.pending();
    assert!(asked.iter().all(|case| {
        !(case.source_context_uri == source
            && case.candidates.iter().any(|other| other.context_uri == target))
    }));
}

#[test]
fn a_target_becomes_active_and_its_own_case_is_closed() {
    let mut world = World::default();
    let first = world.resolve(&utterance(0, TEXT)).shared_context_uri;
    let middle = world.resolve(&utterance(1_500, TEXT)).shared_context_uri;
    let last = world.resolve(&utterance(3_000, TEXT)).shared_context_uri;
    world.reconcile();
    let case_of = |world: &World, uri: &str| {
        world.pending().into_iter().find(|case| case.source_context_uri == uri).unwrap()
    };
    let (of_middle, of_last) = (case_of(&world, &middle), case_of(&world, &last));
    assert_eq!(of_middle.candidates[0].context_uri, first);
    world.accept(&of_last.case_id, &middle).unwrap();
    let record =
        |world: &World| world.contexts.records().into_iter().find(|record| record.uri == middle).unwrap();
    assert_eq!(record(&world).status, ContextStatus::Active);
    world.reconcile();
    assert!(world.pending().is_empty());
    assert_eq!(world.reject(&of_middle.case_id).unwrap_err(), "Review case is not pending.");
}
