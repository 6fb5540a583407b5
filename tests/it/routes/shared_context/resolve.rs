//! `POST /shared-context/resolve` and `GET /shared-context/stats`.

use segb_auth::Role;
use segb_tests::{Client, ServerBuilder, token};
use serde_json::{Value, json};

use super::{resolve, utterance, with};

const TEXT: &str = "Could you show me the news?";

fn uri(resolution: &Value) -> &str {
    resolution["shared_context_uri"].as_str().expect("a URI")
}

#[test]
fn created_matched_and_ambiguous_answers_have_the_documented_form() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let created = resolve(&client, &utterance(0, TEXT));
    assert_eq!(
        created,
        json!({
            "shared_context_uri": uri(&created),
            "status": "created",
            "confidence": 0.0,
            "resolver_version": "shared-context-v1-rules",
            "candidate_count": 0,
            "matched_candidate_uri": null,
            "close_candidates": [],
            "score_breakdown": {},
        })
    );
    let start = "https://gsi.upm.es/segb/shared-events/human_utterance_";
    assert!(uri(&created).strip_prefix(start).is_some_and(|digits| digits.len() == 16), "{created}");

    let matched = resolve(&client, &utterance(300, "could you show me  the news"));
    assert_eq!(matched["status"], "matched");
    assert_eq!((uri(&matched), &matched["matched_candidate_uri"]), (uri(&created), &json!(uri(&created))));
    assert_eq!(
        matched["score_breakdown"],
        json!({"time": 0.9, "subject": 1.0, "modality": 1.0, "text": 1.0})
    );
    assert_eq!((&matched["close_candidates"], &matched["candidate_count"]), (&json!([]), &json!(1)));

    let ambiguous = resolve(&client, &utterance(1_800, TEXT));
    assert_eq!(ambiguous["status"], "ambiguous");
    assert_ne!(uri(&ambiguous), uri(&created));
    assert_eq!(ambiguous["matched_candidate_uri"], uri(&created));
    assert_eq!(ambiguous["close_candidates"], json!([uri(&created)]));
    // The time is that of the observation that matched: (0.3·0.5 + 0.2 + 0.1 + 0.35) / 0.95.
    let confidence = ambiguous["confidence"].as_f64().expect("a number");
    assert!((confidence - 0.8 / 0.95).abs() < 1e-12, "{confidence}");

    let unlike = resolve(&client, &utterance(0, "zzz"));
    assert_eq!((&unlike["status"], &unlike["candidate_count"]), (&json!("created"), &json!(2)));
    assert!(unlike["confidence"].as_f64().is_some_and(|confidence| confidence > 0.0 && confidence < 0.7));
    assert_eq!(unlike["matched_candidate_uri"], uri(&created));

    assert_eq!(
        client.get("/shared-context/stats").json(),
        json!({
            "resolver_version": "shared-context-v1-rules",
            "active_contexts": 2,
            "ambiguous_contexts": 1,
            "merged_contexts": 0,
            "aliases": 0,
        })
    );
}

#[test]
fn the_time_of_an_observation_may_be_written_in_many_ways() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let first = resolve(&client, &with(utterance(0, TEXT), "observed_at", json!("2026-01-31T10:00:00Z")));
    for observed_at in [
        json!("2026-01-31T11:00:00+01:00"),
        json!("2026-01-31T05:30:00.000-04:30"),
        json!("2026-01-31T10:00:00"),
        json!("2026-01-31 10:00"),
        json!(1_769_853_600),
        json!(1_769_853_600.0),
        json!(1_769_853_600_000_i64),
        json!("1769853600"),
    ] {
        let again = resolve(&client, &with(utterance(0, TEXT), "observed_at", observed_at.clone()));
        assert_eq!((uri(&again), &again["confidence"]), (uri(&first), &json!(1.0)), "{observed_at}");
    }
    let midnight = with(utterance(0, TEXT), "event_kind", json!("midnight"));
    let first = resolve(&client, &with(midnight.clone(), "observed_at", json!("2026-01-31")));
    let again = resolve(&client, &with(midnight, "observed_at", json!("2026-01-31T00:00:00Z")));
    assert_eq!(uri(&again), uri(&first));
}

#[test]
fn the_window_of_the_request_or_of_the_settings_counts() {
    let server = ServerBuilder::learning().set("SHARED_CONTEXT_TIME_WINDOW_SECONDS", "10").start();
    let client = server.client();
    for (window, candidates) in
        [(Value::Null, 1), (json!(0), 1), (json!(7.5), 1), (json!("7.5"), 1), (json!(7.4), 0)]
    {
        let of_this_kind =
            |offset_ms| with(utterance(offset_ms, TEXT), "event_kind", json!(format!("kind {window}")));
        resolve(&client, &of_this_kind(0));
        let apart = resolve(&client, &with(of_this_kind(15_000), "time_window_seconds", window.clone()));
        assert_eq!(apart["candidate_count"], candidates, "{window}");
    }
}

#[test]
fn settings_rule_the_scores_and_the_names() {
    let server = ServerBuilder::learning()
        .set("SHARED_CONTEXT_NAMESPACE", "https://robots.example/events")
        .set("SHARED_CONTEXT_MATCH_THRESHOLD", "0.99")
        .set("SHARED_CONTEXT_AMBIGUOUS_THRESHOLD", "0.98")
        .set("SHARED_CONTEXT_STRICT_MODALITY_MISMATCH", "true")
        .start();
    let client = server.client();
    let first = resolve(&client, &utterance(0, TEXT));
    assert!(uri(&first).starts_with("https://robots.example/events/human_utterance_"), "{first}");
    assert_eq!(resolve(&client, &utterance(120, TEXT))["status"], "ambiguous");
    assert_eq!(resolve(&client, &utterance(900, TEXT))["status"], "created");
    let seen = with(utterance(0, TEXT), "modality", json!("vision"));
    assert_eq!(resolve(&client, &seen)["candidate_count"], 0);
}

/// Each thread sends the same thing; whoever comes first, there is one context.
#[test]
fn robots_that_ask_at_once_get_one_context() {
    let server = ServerBuilder::learning().start();
    let ask = |client: Client| uri(&resolve(&client, &utterance(0, TEXT))).to_owned();
    let mut uris: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..16).map(|_| server.client()).map(|client| scope.spawn(|| ask(client))).collect();
        threads.into_iter().map(|thread| thread.join().expect("an answer")).collect()
    });
    uris.dedup();
    assert_eq!(uris.len(), 1, "{uris:?}");
    let stats = server.client().get("/shared-context/stats").json();
    assert_eq!(stats["active_contexts"], 1);
    assert_eq!(super::pending(&server.client())["contexts"][0]["observation_count"], 16);
}

#[test]
fn the_entry_says_who_asked_what_and_was_told_what() {
    let server = ServerBuilder::protected().start();
    let robot = server.client().with_token(&token("ari", &[Role::Logger]));
    let auditor = server.client().with_token(&token("ana", &[Role::Auditor]));
    let observation = with(utterance(0, TEXT), "robot_uri", json!(" https://example.org/ARI "));
    let reply = robot
        .request("POST", "/shared-context/resolve")
        .header("Content-Type", "application/json")
        .header("X-Request-ID", "request-7")
        .send(observation.to_string().as_bytes());
    let resolution = reply.json();
    let entries = auditor.get("/logs?kind=shared_context_resolved").json();
    let entry = &entries["entries"][0];
    assert_eq!((&entry["actor"], &entry["media_type"]), (&json!("ari"), &json!("application/json")));
    assert_eq!((&entry["triple_count"], &entry["decision"]), (&json!(0), &Value::Null));
    let log_id = entry["log_id"].as_str().expect("an id");
    let payload = auditor.get(&format!("/logs/{log_id}/payload"));
    let disposition = format!("attachment; filename=\"{log_id}.json\"");
    assert_eq!(payload.header("Content-Disposition"), disposition);
    let payload = payload.json();
    assert_eq!((&payload["operation"], &payload["request_id"]), (&json!("resolve"), &json!("request-7")));
    assert_eq!(payload["resolution"], resolution);
    assert_eq!(payload["observation"]["robot_uri"], " https://example.org/ARI ", "as it was said");
    assert_eq!(payload["change"]["observations"][0]["observation"]["robot_uri"], "https://example.org/ARI");
    // An entry without triples is none of the graph.
    assert_eq!(auditor.get("/events").text(), "");
    let admin = server.client().with_token(&token("root", &[Role::Admin]));
    assert_eq!(admin.post_json("/ttl/delete_all", &json!({})).json()["message"], "No TTLs to delete");
}
