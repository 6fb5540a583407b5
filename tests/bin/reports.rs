//! How long the reports take beside a million triples.

use std::time::{Duration, Instant};

use segb_tests::{LOGS_OF_INTERACTION, ServerBuilder, interaction, percent_encode};

use super::{Connection, memory, triples};

/// Of the generator, so that every run measures the same graph.
const SEED: u64 = 7;
/// Each report is asked for so many times.
const ROUNDS: usize = 50;

/// The reports with and without filters, and explanations in the middle of an interaction.
const PATHS: [(&str, &str); 21] = [
    ("overview", "/reports/overview"),
    ("participants", "/reports/participants"),
    ("ml-usage", "/reports/ml-usage"),
    ("emotions", "/reports/emotions"),
    ("extreme-emotions", "/reports/extreme-emotions"),
    ("robot-states", "/reports/robot-states"),
    ("displacement", "/reports/displacement"),
    ("conversations", "/reports/conversations"),
    ("emotions, one human", "/reports/emotions?human=https%3A%2F%2Frobots.example%2Finteraction%2Fhuman3"),
    (
        "robot-states, one human",
        "/reports/robot-states?human=https%3A%2F%2Frobots.example%2Finteraction%2Fhuman3",
    ),
    (
        "conversations, one hour",
        "/reports/conversations?since=2026-03-02T10:00:00Z&until=2026-03-02T11:00:00Z",
    ),
    ("emotions, 1 000 rows", "/reports/emotions?limit=1000"),
    ("explain an answer", "/explain?resource="),
    ("explain a model", "/explain?resource="),
    ("search a word that many texts have", "/graph/search?q=today"),
    ("search two words, one begun", "/graph/search?q=rescued%20pup"),
    ("neighbours of an answer", "/graph/neighbours?resource="),
    ("neighbours of a model", "/graph/neighbours?resource="),
    ("neighbours of a robot", "/graph/neighbours?resource="),
    (
        "neighbours of a robot in one hour",
        "/graph/neighbours?since=2026-03-02T10:00:00Z&until=2026-03-02T11:00:00Z&resource=",
    ),
    (
        "neighbours of a robot with one person",
        "/graph/neighbours?participant=https%3A%2F%2Frobots.example%2Finteraction%2Fhuman3&resource=",
    ),
];

pub(super) fn measure(interactions: u64) {
    let mut server = ServerBuilder::learning().start();
    let start = Instant::now();
    let mut connection = Connection::open(&server);
    for number in 0..interactions {
        for log in interaction(SEED, number) {
            let body = serde_json::json!({ "ttl_content": log, "user": "load" }).to_string();
            connection.publish(body.as_bytes());
        }
    }
    println!(
        "# {interactions} interactions of {LOGS_OF_INTERACTION} logs, {} triples, in {:?}; each report {ROUNDS} times, over HTTP",
        triples(&server),
        start.elapsed()
    );
    for (name, path) in PATHS {
        let resource = match name {
            "explain an answer" | "neighbours of an answer" => {
                format!("https://robots.example/interaction/i{}t5-answer", interactions / 2)
            }
            "explain a model" | "neighbours of a model" => {
                "https://robots.example/interaction/model3".to_owned()
            }
            name if name.starts_with("neighbours of a robot") => {
                "https://robots.example/interaction/robot3".to_owned()
            }
            _ => String::new(),
        };
        let path = format!("{path}{}", percent_encode(&resource));
        let (mut latencies, mut bytes): (Vec<Duration>, usize) = (Vec::new(), 0);
        for _ in 0..ROUNDS {
            let start = Instant::now();
            let (status, answer) = connection.send("GET", &path, "", &[]);
            assert_eq!(status, 200, "{}", String::from_utf8_lossy(&answer));
            latencies.push(start.elapsed());
            bytes = answer.len();
        }
        latencies.sort_unstable();
        let at = |percent: usize| latencies[(ROUNDS - 1) * percent / 100];
        println!("{name}: p50 {:?}, p99 {:?}, {} kB", at(50), at(99), bytes >> 10);
    }
    memory(&server, "after the reports");
    server.terminate();
}
