//! Shared contexts are what the journal says, whatever happens to the server.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use segb_context::{Change, MemoryContexts};
use segb_tests::{Client, Server, ServerBuilder};
use serde_json::{Value, json};

use super::documents::Random;

const TEXT: &str = "show me the news about the climate";

fn utterance(offset_ms: u64, text: &str) -> Value {
    json!({
        "event_kind": "human_utterance",
        "observed_at": 1_769_853_600.0 + offset_ms as f64 / 1_000.0,
        "subject_uri": "https://example.org/maria",
        "text": text,
    })
}

fn post(client: &Client, path: &str, body: &Value) -> Value {
    let reply = client.post_json(&format!("/shared-context/{path}"), body);
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    reply.json()
}

fn queue(client: &Client) -> Value {
    client.get("/shared-context/review/pending").json()
}

/// All entries of the journal about shared contexts, oldest first, as the changes they record.
fn recorded_changes(client: &Client) -> Vec<Change> {
    let mut log_ids = Vec::new();
    let mut before = String::new();
    loop {
        let page = client.get(&format!("/logs?limit=1000{before}")).json();
        for entry in page["entries"].as_array().expect("entries") {
            let kind = entry["kind"].as_str().expect("a kind");
            if kind.starts_with("shared_context") || kind.starts_with("review_case") {
                log_ids.push(entry["log_id"].as_str().expect("an id").to_owned());
            }
        }
        match page["next_before"].as_u64() {
            Some(next) => before = format!("&before={next}"),
            None => break,
        }
    }
    let change = |log_id: &String| {
        let payload = client.get(&format!("/logs/{log_id}/payload")).json();
        serde_json::from_value(payload["change"].clone()).expect("a change")
    };
    log_ids.iter().rev().map(change).collect()
}

/// What the server shows is what replaying the journal gives.
fn check_against_journal(client: &Client) -> MemoryContexts {
    let queue = queue(client);
    let mut replayed = MemoryContexts::default();
    for change in recorded_changes(client) {
        replayed.apply(&change).expect("changes in their order");
    }
    let records = serde_json::to_value(replayed.records()).expect("JSON");
    assert!(
        queue["contexts"] == records,
        "the queue\n{}\nis not the journal's\n{records}",
        queue["contexts"]
    );
    let by_id = |cases: Value| -> BTreeMap<String, Value> {
        let cases = cases.as_array().expect("cases").clone();
        cases.into_iter().map(|case| (case["case_id"].to_string(), case)).collect()
    };
    let cases = serde_json::to_value(replayed.pending_cases()).expect("JSON");
    assert_eq!(by_id(queue["pending_cases"].clone()), by_id(cases));
    let stats = client.get("/shared-context/stats").json();
    assert_eq!(stats, serde_json::to_value(replayed.stats()).expect("JSON"));
    replayed
}

/// Kills the server and starts it again; what it shows is the same.
fn killed(mut server: Server) -> Server {
    let before = (queue(&server.client()), server.client().get("/shared-context/stats").json());
    server.kill();
    let server = server.restart();
    assert_eq!((queue(&server.client()), server.client().get("/shared-context/stats").json()), before);
    server
}

#[test]
fn a_whole_story_survives_kill_9_between_its_steps() {
    let server = ServerBuilder::learning().start();
    let created = post(&server.client(), "resolve", &utterance(0, TEXT));
    assert_eq!(created["status"], "created");
    let server = killed(server);
    let matched = post(&server.client(), "resolve", &utterance(300, TEXT));
    assert_eq!(
        (&matched["status"], &matched["shared_context_uri"]),
        (&json!("matched"), &created["shared_context_uri"])
    );
    let server = killed(server);
    let ambiguous = post(&server.client(), "resolve", &utterance(1_900, TEXT));
    assert_eq!(ambiguous["status"], "ambiguous");
    let server = killed(server);
    let case = queue(&server.client())["pending_cases"][0].clone();
    assert_eq!(case["source_context_uri"], ambiguous["shared_context_uri"]);
    let server = killed(server);

    let path =
        |verb: &str, case: &Value| format!("review/{}/{verb}", case["case_id"].as_str().expect("an id"));
    let target = json!({ "target_context_uri": created["shared_context_uri"] });
    let accepted = post(&server.client(), &path("accept", &case), &target);
    assert_eq!(accepted["resulting_context_uri"], created["shared_context_uri"]);
    let server = killed(server);

    // Another one is kept apart, and stays apart.
    let other = post(&server.client(), "resolve", &utterance(3_600, TEXT));
    assert_eq!(other["status"], "ambiguous");
    let case = queue(&server.client())["pending_cases"][0].clone();
    post(&server.client(), &path("reject", &case), &json!({}));
    let server = killed(server);
    assert_eq!(queue(&server.client())["pending_count"], 0);
    let answer = server.client().post_json(&format!("/shared-context/{}", path("accept", &case)), &target);
    assert_eq!(answer.detail(), "Review case is not pending.");

    // And what has become clear is merged by the rules.
    let late = post(&server.client(), "resolve", &utterance(5_200, TEXT));
    assert_eq!(late["status"], "ambiguous");
    let server = killed(server);
    post(&server.client(), "resolve", &utterance(5_100, TEXT));
    let server = killed(server);
    let reconciled = post(&server.client(), "reconcile", &json!({}));
    let server = killed(server);
    check_against_journal(&server.client());
    let merged = "SELECT * { ?source <http://www.w3.org/ns/prov#alternateOf> ?target }";
    let expected = 1 + reconciled["merged_count"].as_u64().expect("a number") as usize;
    server.wait_until_ready();
    assert_eq!(server.client().select(merged).len(), expected, "{reconciled}");

    // The graph is made anew from the journal, merges included.
    let mut server = server;
    server.terminate();
    std::fs::remove_dir_all(server.data_dir().join("graph")).expect("the index");
    let server = server.restart();
    server.wait_until_ready();
    assert_eq!(server.client().select(merged).len(), expected);
}

/// Asks until the server is gone, and remembers what it was told.
fn keep_asking(client: &Client, next: &AtomicU64, told: &Mutex<Vec<(u64, String)>>) {
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let observation = utterance(number % 40 * 700, &format!("{TEXT} {}", number % 3));
        let observation = match number % 17 {
            16 => client.request("POST", "/shared-context/reconcile").try_send(&[]),
            _ => client
                .request("POST", "/shared-context/resolve")
                .header("Content-Type", "application/json")
                .try_send(observation.to_string().as_bytes()),
        };
        match observation {
            Ok(reply) if reply.status == 200 => {
                if let Some(uri) = reply.json()["shared_context_uri"].as_str() {
                    told.lock().expect("no panic").push((number, uri.to_owned()));
                }
            }
            Ok(reply) => assert_eq!(reply.status, 503, "{}", reply.text()),
            Err(_) => return,
        }
    }
}

#[test]
fn every_answer_survives_kill_9_at_any_moment() {
    let (next, told) = (AtomicU64::new(0), Mutex::new(Vec::new()));
    let mut random = Random::of_this_run();
    let mut server = ServerBuilder::learning().start();
    for _ in 0..5 {
        let life = Duration::from_millis(50 + random.below(250));
        thread::scope(|scope| {
            for _ in 0..4 {
                let client = server.client();
                scope.spawn(|| keep_asking(&{ client }, &next, &told));
            }
            thread::sleep(life);
            server.kill();
        });
        server = server.restart();
        server.wait_until_ready();
        let replayed = check_against_journal(&server.client());
        for (number, uri) in told.lock().expect("no panic").iter() {
            assert!(replayed.canonical_uri(uri).is_some(), "{uri}, the answer to {number}, is gone");
        }
        let observed: u64 = replayed.records().iter().map(|record| record.observation_count).sum();
        assert!(observed >= told.lock().expect("no panic").len() as u64);
    }
    let told = told.into_inner().expect("no panic");
    assert!(told.len() > 50, "the rounds were too short to show anything");
    eprintln!("5 kills, {} observations answered", told.len());
}
