//! The review: what the rules decide later and what a person decides, and what is left of it in journal and graph.

use segb_auth::Role;
use segb_tests::{Client, ServerBuilder, token};
use serde_json::{Value, json};

use super::{pending, post, resolve, utterance, with};

const TEXT: &str = "show me the news about the climate";

/// Two contexts, the second ambiguous; returns their URIs.
fn ambiguous(client: &Client) -> (String, String) {
    let uri = |offset_ms| {
        let resolution = resolve(client, &utterance(offset_ms, TEXT));
        resolution["shared_context_uri"].as_str().expect("a URI").to_owned()
    };
    (uri(0), uri(1_500))
}

fn case(client: &Client) -> Value {
    pending(client)["pending_cases"][0].clone()
}

fn decide(client: &Client, case: &Value, verb: &str, body: &Value) -> (u16, Value) {
    let case_id = case["case_id"].as_str().expect("an id");
    let reply = post(client, &format!("review/{case_id}/{verb}"), body);
    (reply.status, reply.json())
}

#[test]
fn the_queue_has_the_documented_form() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let (first, second) = ambiguous(&client);
    let queue = pending(&client);
    let record = |uri: &str, status: &str, observed_at: &str| {
        json!({
            "uri": uri, "event_kind": "human_utterance", "status": status, "observed_at": observed_at,
            "subject_uri": "https://example.org/maria", "modality": "speech", "canonical_text": TEXT,
            "observation_count": 1,
            "observations": [{
                "observed_at": observed_at, "subject_uri": "https://example.org/maria", "modality": "speech",
                "text": TEXT, "observation_uri": null, "robot_uri": null,
            }],
        })
    };
    let active = record(&first, "active", "2026-01-31T10:00:00.000000Z");
    let unresolved = record(&second, "ambiguous", "2026-01-31T10:00:01.500000Z");
    let case = &queue["pending_cases"][0];
    assert_eq!(
        queue,
        json!({
            "resolver_version": "shared-context-v1-rules",
            "unresolved_count": 1,
            "pending_count": 1,
            "unresolved_contexts": [unresolved],
            "contexts": [unresolved, active],
            "pending_cases": [{
                "case_id": case["case_id"],
                "source_context_uri": second,
                "candidates": [{
                    "context_uri": first,
                    "score": 0.8421,
                    "score_breakdown": {"time": 0.5, "subject": 1.0, "modality": 1.0, "text": 1.0},
                }],
                "status": "pending",
                "created_at": case["created_at"],
                "decided_at": null,
                "selected_context_uri": null,
            }],
        })
    );
    let case_id = case["case_id"].as_str().expect("an id");
    assert!(case_id.strip_prefix("review_").is_some_and(|digits| digits.len() == 12), "{case_id}");
    assert_eq!(pending(&client), queue, "the case stays the same");
    let newest = client.get("/shared-context/review/pending?limit=1").json();
    assert_eq!((&newest["contexts"], &newest["unresolved_count"]), (&json!([unresolved]), &json!(1)));
}

#[test]
fn accepting_merges_and_the_graph_learns_of_it() {
    let server = ServerBuilder::protected().start();
    let with_role = |name: &str, role| server.client().with_token(&token(name, &[role]));
    let (robot, auditor, admin) =
        (with_role("ari", Role::Logger), with_role("ana", Role::Auditor), with_role("root", Role::Admin));
    let (target, source) = ambiguous(&robot);
    let said = format!("<urn:heard> <http://www.w3.org/ns/prov#specializationOf> <{source}> .");
    assert_eq!(robot.publish(&said).status, 201);
    let case = case(&admin);

    let refused = |body: Value| decide(&admin, &case, "accept", &body);
    for (chosen, expected) in [
        ("", "target_context_uri is required."),
        ("urn:other", "Selected target context is not part of this review case."),
        (source.as_str(), "Selected target context is not part of this review case."),
    ] {
        let answer = refused(json!({ "target_context_uri": chosen }));
        assert_eq!(answer, (422, json!({ "detail": expected })));
    }
    let unknown = json!({ "case_id": "review_0123456789ab" });
    let answer = decide(&admin, &unknown, "accept", &json!({ "target_context_uri": target }));
    assert_eq!(answer, (422, json!({ "detail": "Review case not found." })));

    let (status, decision) = refused(json!({ "target_context_uri": target }));
    assert_eq!(
        (status, &decision),
        (
            200,
            &json!({
                "case_id": case["case_id"], "status": "accepted", "source_context_uri": source,
                "selected_context_uri": target, "resulting_context_uri": target,
                "resolver_version": "shared-context-v1-rules",
            })
        )
    );
    for verb in ["accept", "reject"] {
        let answer = decide(&admin, &case, verb, &json!({ "target_context_uri": target }));
        assert_eq!(answer, (422, json!({ "detail": "Review case is not pending." })));
    }

    // Who decided what, on what proposal, is in the list of the journal.
    let entry = auditor.get("/logs?kind=review_case_accepted").json()["entries"][0].clone();
    assert_eq!((&entry["actor"], &entry["triple_count"]), (&json!("root"), &json!(1)));
    assert_eq!(entry["decision"]["proposed"], case);
    assert_eq!(entry["decision"]["decision"], decision);
    assert!(entry["decision"]["request_id"].is_string());
    let log_id = entry["log_id"].as_str().expect("an id");
    assert_eq!(auditor.get(&format!("/logs/{log_id}")).json(), entry);

    // The entry asserts the merge; what the robot said is as it was.
    let merged = "SELECT ?log ?event { ?observation <http://www.w3.org/ns/prov#specializationOf> ?name
        GRAPH ?log { ?name <http://www.w3.org/ns/prov#alternateOf> ?event } }";
    let rows = auditor.select(merged);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["event"]["value"], target);
    assert_eq!(rows[0]["log"]["value"], format!("urn:segb:log:{log_id}"));
    assert!(auditor.get("/events").text().contains(&source));
    let stats = auditor.get("/shared-context/stats").json();
    let counts =
        ["active_contexts", "ambiguous_contexts", "merged_contexts", "aliases"].map(|name| &stats[name]);
    assert_eq!(counts, [&json!(1), &json!(0), &json!(1), &json!(1)]);
    let contexts = &pending(&admin)["contexts"];
    assert_eq!((&contexts[0]["uri"], &contexts[0]["observation_count"]), (&json!(target), &json!(2)));
}

#[test]
fn rejecting_keeps_apart_and_is_remembered() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let (_, source) = ambiguous(&client);
    let case = case(&client);
    let (status, decision) = decide(&client, &case, "reject", &json!({}));
    assert_eq!(status, 200);
    assert_eq!(
        decision,
        json!({
            "case_id": case["case_id"], "status": "rejected", "source_context_uri": source,
            "selected_context_uri": null, "resulting_context_uri": null,
            "resolver_version": "shared-context-v1-rules",
        })
    );
    let queue = pending(&client);
    assert_eq!((&queue["unresolved_count"], &queue["pending_count"]), (&json!(1), &json!(0)));
    let entry = client.get("/logs?kind=review_case_rejected").json()["entries"][0].clone();
    assert_eq!((&entry["decision"]["proposed"], &entry["triple_count"]), (&case, &json!(0)));
    assert_eq!(client.get("/events").text(), "");
}

#[test]
fn reconciling_merges_what_has_become_clear_and_an_idle_review_leaves_no_trace() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let (target, source) = ambiguous(&client);
    let reconcile = || {
        let reply = client.request("POST", "/shared-context/reconcile").send(&[]);
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()
    };
    let first = json!({
        "scanned_ambiguous": 1, "merged_count": 0, "mappings": {}, "resolver_version": "shared-context-v1-rules",
        "pending_cases": 1,
    });
    assert_eq!(reconcile(), first);
    let entries = || client.get("/logs").json()["entries"].as_array().expect("entries").len();
    let before = entries();
    assert_eq!(reconcile(), first);
    pending(&client);
    assert_eq!(entries(), before, "nothing has changed");

    // A further observation brings them together.
    assert_eq!(resolve(&client, &utterance(200, TEXT))["shared_context_uri"], target);
    let second = reconcile();
    assert_eq!(
        (&second["merged_count"], &second["mappings"]),
        (&json!(1), &json!({ source.as_str(): target }))
    );
    assert_eq!(second["pending_cases"], 0);
    let entry = client.get("/logs?kind=shared_contexts_reconciled").json()["entries"][0].clone();
    assert_eq!((&entry["triple_count"], &entry["decision"]), (&json!(1), &Value::Null), "no person decided");
    assert!(client.get("/events").text().contains("alternateOf"));
    assert_eq!(client.post_json("/ttl/delete_all", &json!({})).json()["message"], "Graph cleared.");
    assert_eq!(client.get("/events").text(), "");
    assert_eq!(resolve(&client, &utterance(1_500, TEXT))["shared_context_uri"], target, "contexts stay");
}

/// More than one chunk, in the order of the last change.
#[test]
fn a_long_queue_comes_completely() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    for number in 0..300 {
        let far =
            with(utterance(number * 100_000, TEXT), "text", json!(format!("{number} {}", "x".repeat(1_500))));
        assert_eq!(resolve(&client, &far)["status"], "created");
    }
    let queue = pending(&client);
    let contexts = queue["contexts"].as_array().expect("contexts");
    let texts: Vec<i64> = contexts
        .iter()
        .filter_map(|context| context["canonical_text"].as_str()?.split(' ').next()?.parse().ok())
        .collect();
    assert_eq!(texts, (0..300).rev().collect::<Vec<_>>());
}
