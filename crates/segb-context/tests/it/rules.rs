//! The rules of resolving, one by one.

use segb_context::{
    InvalidObservation, MemoryContexts, ObservationRequest, Policy, ResolutionStatus, ResolveError, resolve,
};

use crate::harness::{World, utterance};

#[test]
fn the_first_observation_creates_a_context_named_after_its_kind() {
    let mut world = World::default();
    let resolution = world.resolve(&ObservationRequest {
        event_kind: "  Human Utterance! ".to_owned(),
        subject_uri: Some(" HTTPS://Example.org/Maria ".to_owned()),
        modality: Some(" ".to_owned()),
        text: Some("  Hello,   World! ".to_owned()),
        ..utterance(0, "")
    });
    assert_eq!(resolution.status, ResolutionStatus::Created);
    assert_eq!((resolution.confidence, resolution.candidate_count), (0.0, 0));
    assert_eq!(serde_json::to_value(resolution.score_breakdown).unwrap(), serde_json::json!({}));
    assert_eq!(resolution.matched_candidate_uri, None);
    let (namespace, name) = resolution.shared_context_uri.rsplit_once('/').unwrap();
    assert_eq!(namespace, "https://gsi.upm.es/segb/shared-events");
    let digits = name.strip_prefix("human_utterance_").unwrap();
    assert!(digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
    let record = &world.contexts.records()[0];
    assert_eq!(record.event_kind, "human utterance!");
    assert_eq!(record.subject_uri.as_deref(), Some("https://example.org/maria"));
    assert_eq!(record.modality, None);
    assert_eq!(record.canonical_text, "hello world");
    assert_eq!(record.observations[0].text.as_deref(), Some("Hello,   World!"));
}

#[test]
fn equal_observations_match_and_the_context_takes_the_new_time_and_what_it_did_not_know() {
    let mut world = World::default();
    let first = world.resolve(&ObservationRequest { modality: None, ..utterance(0, "show me the news") });
    let second = world.resolve(&utterance(-300, "show me the news"));
    assert_eq!(second.status, ResolutionStatus::Matched);
    assert_eq!(second.shared_context_uri, first.shared_context_uri);
    assert_eq!(second.matched_candidate_uri.as_ref(), Some(&first.shared_context_uri));
    assert!(second.close_candidates.is_empty());
    let breakdown = serde_json::to_string(&second.score_breakdown).unwrap();
    assert_eq!(breakdown, r#"{"time":0.9,"subject":1.0,"modality":0.5,"text":1.0}"#);
    // (0.3·0.9 + 0.2 + 0.1·0.5 + 0.35) / 0.95
    assert!((second.confidence - 0.87 / 0.95).abs() < 1e-12, "{}", second.confidence);
    let record = &world.contexts.records()[0];
    assert_eq!(record.observed_at, utterance(-300, "").observed_at);
    assert_eq!(record.modality.as_deref(), Some("speech"));
    assert_eq!(record.observation_count, 2);
    assert_eq!(record.observations[0].observed_at, utterance(0, "").observed_at, "newest first");
}

#[test]
fn what_may_be_the_same_is_ambiguous_and_what_is_not_is_created() {
    let mut world = World::default();
    let first = world.resolve(&utterance(0, "show me the news about the climate"));
    let ambiguous = world.resolve(&utterance(1_500, "show me the news about the climate"));
    // (0.3·0.5 + 0.2 + 0.1 + 0.35) / 0.95
    assert!((ambiguous.confidence - 0.8 / 0.95).abs() < 1e-12);
    assert_eq!(ambiguous.status, ResolutionStatus::Ambiguous);
    assert_ne!(ambiguous.shared_context_uri, first.shared_context_uri);
    assert_eq!(ambiguous.matched_candidate_uri.as_ref(), Some(&first.shared_context_uri));
    assert_eq!(ambiguous.close_candidates, [first.shared_context_uri.as_str()]);

    let created = world.resolve(&utterance(100, "zzz"));
    assert_eq!(created.status, ResolutionStatus::Created);
    assert_eq!(created.candidate_count, 2);
    assert_eq!(created.matched_candidate_uri.as_ref(), Some(&first.shared_context_uri));
    assert!(created.confidence > 0.0 && created.close_candidates.is_empty());
}

#[test]
fn two_equally_good_candidates_are_ambiguous_and_the_older_one_is_the_better() {
    let mut world = World::default();
    let policy = Policy { match_threshold: 1.0, ..Policy::default() };
    world.policy = Policy { ambiguous_threshold: 1.0, ..policy };
    let older = world.resolve(&utterance(-500, "hello there"));
    let newer = world.resolve(&utterance(500, "hello there"));
    assert_eq!(newer.status, ResolutionStatus::Created);
    world.policy = Policy::default();
    let third = world.resolve(&utterance(0, "hello there"));
    assert_eq!(third.status, ResolutionStatus::Ambiguous);
    assert!(third.confidence >= 0.85);
    assert_eq!(third.close_candidates, [older.shared_context_uri, newer.shared_context_uri]);
}

#[test]
fn candidates_are_of_the_kind_in_time_and_not_about_somebody_else() {
    let cases: [(&str, ObservationRequest, u64); 7] = [
        ("two windows away", utterance(6_000, "a"), 1),
        ("further away", utterance(6_001, "a"), 0),
        ("its own window", ObservationRequest { time_window_seconds: Some(3.1), ..utterance(6_001, "a") }, 1),
        (
            "a window of zero",
            ObservationRequest { time_window_seconds: Some(0.0), ..utterance(6_001, "a") },
            0,
        ),
        ("another kind", ObservationRequest { event_kind: "door".to_owned(), ..utterance(0, "a") }, 0),
        (
            "another subject",
            ObservationRequest { subject_uri: Some("urn:x".to_owned()), ..utterance(0, "a") },
            0,
        ),
        ("no subject", ObservationRequest { subject_uri: None, ..utterance(0, "a") }, 1),
    ];
    for (name, request, expected) in cases {
        let mut world = World::default();
        world.resolve(&utterance(0, "a"));
        assert_eq!(world.resolve(&request).candidate_count, expected, "{name}");
    }
    for (strict_modality_mismatch, expected) in [(false, 1), (true, 0)] {
        let mut world = World::default();
        world.policy.strict_modality_mismatch = strict_modality_mismatch;
        world.resolve(&utterance(0, "a"));
        let seen = ObservationRequest { modality: Some("vision".to_owned()), ..utterance(0, "a") };
        assert_eq!(world.resolve(&seen).candidate_count, expected, "strict {strict_modality_mismatch}");
    }
}

#[test]
fn without_texts_the_other_parts_count_for_more() {
    let mut world = World::default();
    world.resolve(&utterance(0, "a"));
    let second = world.resolve(&utterance(0, ""));
    assert_eq!((second.status, second.confidence), (ResolutionStatus::Matched, 1.0));
    assert_eq!(second.score_breakdown.text, None);
}

#[test]
fn a_very_wide_window_compares_the_nearest_contexts_only() {
    let mut world = World::default();
    world.policy = Policy { match_threshold: 1.0, ambiguous_threshold: 1.0, ..Policy::default() };
    for step in -600..=600_i64 {
        world.resolve(&utterance(step * 10_000, &format!("text {step}")));
    }
    let all = ObservationRequest { time_window_seconds: Some(1e9), ..utterance(5, "text 600") };
    assert_eq!(world.resolve(&all).candidate_count, 500);
}

#[test]
fn observations_that_mean_nothing_are_refused() {
    let check = |request: ObservationRequest, expected: &str| {
        let refused =
            resolve(&MemoryContexts::default(), &Policy::default(), &request, request.observed_at, &mut || 1);
        let Err(ResolveError::Invalid(error)) = refused else { panic!("{request:?} is taken") };
        assert!(error.to_string().contains(expected), "{error}");
        error
    };
    let blank = ObservationRequest { event_kind: " \u{1c}\t".to_owned(), ..utterance(0, "") };
    assert_eq!(check(blank, "must be a non-empty string."), InvalidObservation::BlankEventKind);
    for window in [-0.1, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e10] {
        check(
            ObservationRequest { time_window_seconds: Some(window), ..utterance(0, "") },
            "time_window_seconds",
        );
    }
    check(utterance(0, &"é".repeat(2_001)), "'text' must have at most 2000 characters");
    check(ObservationRequest { robot_uri: Some("x".repeat(4_097)), ..utterance(0, "") }, "'robot_uri'");
}
