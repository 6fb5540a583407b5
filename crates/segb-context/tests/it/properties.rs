//! What holds after any sequence of requests.

use std::collections::HashMap;

use proptest::prelude::*;
use segb_context::{Change, ContextStatus, MemoryContexts, ObservationRequest};

use crate::harness::{World, utterance};

#[derive(Debug, Clone)]
enum Request {
    Resolve(ObservationRequest),
    Reconcile,
    /// The case with this number modulo the pending ones, and which of its candidates.
    Accept(usize, usize),
    Reject(usize),
}

fn request() -> impl Strategy<Value = Request> {
    let texts =
        prop::sample::select(vec!["", "hello", "hello there", "hello there ari", "good morning", "zzz"]);
    let observation =
        (0..40_i64, texts, 0..3_u8, 0..3_u8, 0..8_u8).prop_map(|(step, text, subject, modality, window)| {
            let name = |kind: &str, number: u8| (number > 0).then(|| format!("urn:{kind}:{number}"));
            ObservationRequest {
                subject_uri: name("subject", subject),
                modality: name("modality", modality),
                time_window_seconds: (window == 0).then_some(10.0),
                ..utterance(step * 400, text)
            }
        });
    prop_oneof![
        8 => observation.prop_map(Request::Resolve),
        1 => Just(Request::Reconcile),
        1 => (0..9_usize, 0..4_usize).prop_map(|(case, candidate)| Request::Accept(case, candidate)),
        1 => (0..9_usize).prop_map(Request::Reject),
    ]
}

fn send(world: &mut World, request: &Request) -> u64 {
    let pending = world.pending();
    match request {
        Request::Resolve(observation) => {
            world.resolve(observation);
            return 1;
        }
        Request::Accept(number, candidate) if !pending.is_empty() => {
            let case = &pending[number % pending.len()];
            let target = &case.candidates[candidate % case.candidates.len()].context_uri;
            // The rules may decide the case first; then it is not pending any more.
            let _ = world.accept(&case.case_id, target);
        }
        Request::Reject(number) if !pending.is_empty() => {
            let _ = world.reject(&pending[number % pending.len()].case_id);
        }
        _ => {
            world.reconcile();
        }
    }
    0
}

fn check(world: &World, observed: u64, merged_before: &mut HashMap<String, String>) {
    let stats = world.contexts.stats();
    let records = world.contexts.records();
    assert_eq!(records.len() as u64, stats.active_contexts + stats.ambiguous_contexts);
    assert_eq!(records.iter().map(|record| record.observation_count).sum::<u64>(), observed);
    for record in &records {
        assert_eq!(record.observations.len() as u64, record.observation_count);
        assert_ne!(record.status, ContextStatus::Merged);
        assert!(!merged_before.contains_key(&record.uri), "{} came back", record.uri);
    }
    for merge in world.changes.last().map_or(&[][..], |change| &change.merges) {
        merged_before.insert(merge.source_uri.clone(), merge.target_uri.clone());
    }
    for source in merged_before.keys() {
        // It would not end if names led in a circle.
        let end = world.contexts.canonical_uri(source).unwrap();
        assert!(records.iter().any(|record| record.uri == end), "{source} leads to {end}, which is gone");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn contexts_stay_consistent_and_changes_can_be_replayed(requests in prop::collection::vec(request(), 1..60)) {
        let (mut world, mut observed, mut merged) = (World::default(), 0, HashMap::new());
        for request in &requests {
            observed += send(&mut world, request);
            check(&world, observed, &mut merged);
        }

        let mut again = World::default();
        for request in &requests {
            send(&mut again, request);
        }
        prop_assert_eq!(&again.contexts, &world.contexts);

        // Reviewing only what may have changed gives what reviewing everything gives.
        let (mut thorough, mut lazy) = (world.clone(), world);
        thorough.forget_reviews();
        prop_assert_eq!(thorough.reconcile(), lazy.reconcile());
        prop_assert_eq!(&thorough.contexts, &lazy.contexts);
        let world = lazy;

        let mut replayed = MemoryContexts::default();
        for change in &world.changes {
            let text = serde_json::to_string(change).unwrap();
            replayed.apply(&serde_json::from_str::<Change>(&text).unwrap()).unwrap();
        }
        prop_assert_eq!(&replayed, &world.contexts);
    }
}
