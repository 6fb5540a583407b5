//! POST /shared-context/resolve beside a few and beside very many stored contexts.

use std::{
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use rusqlite::{Connection as Database, params};
use segb_tests::{Server, ServerBuilder};
use serde_json::json;

use crate::Connection;

/// Questions asked by one client, and by all clients together.
const SINGLE: u64 = 2_000;
const MANY: u64 = 6_000;
/// One event a second, each of one of these kinds.
const KINDS: u64 = 5;
/// 2026-01-01T00:00:00Z.
const START_S: u64 = 1_767_225_600;

const WORDS: [&str; 16] = [
    "could", "you", "show", "me", "the", "news", "about", "climate", "please", "robot", "kitchen", "weather",
    "today", "sorry", "happy", "exam",
];

/// Measures with a thousand contexts and with `count`.
pub fn measure(count: u64, clients: u64) {
    let few = measure_with(1_000, clients);
    let many = measure_with(count, clients);
    println!("p50 with {count} contexts / p50 with 1000: {:.2}", many.as_secs_f64() / few.as_secs_f64());
}

fn measure_with(count: u64, clients: u64) -> Duration {
    let mut server = ServerBuilder::learning().start();
    server.terminate();
    fill(&server.data_dir().join("journal.sqlite3"), count);
    let start = Instant::now();
    let server = server.restart();
    server.wait_until_ready();
    println!("{count} shared contexts: start-up {:?}", start.elapsed());
    let mut connection = Connection::open(&server);
    let mut latencies: Vec<Duration> =
        (0..SINGLE).map(|number| ask(&mut connection, count, number)).collect();
    latencies.sort_unstable();
    let at = |percent: usize| latencies[(latencies.len() - 1) * percent / 100];
    println!("  one client: p50 {:?}, p95 {:?}, p99 {:?}, max {:?}", at(50), at(95), at(99), at(100));
    let rate = ask_at_once(&server, clients, count);
    println!("  {clients} clients: {rate:.0} answers/s");
    let stats = server.client().get("/shared-context/stats");
    println!("  {} · resident {:?} kB", stats.text(), server.status_kb("VmRSS:"));
    at(50)
}

fn ask(connection: &mut Connection, count: u64, number: u64) -> Duration {
    let body = observation(count, number).to_string();
    let start = Instant::now();
    let (status, answer) = connection.send(
        "POST",
        "/shared-context/resolve",
        "Content-Type: application/json\r\n",
        body.as_bytes(),
    );
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&answer));
    start.elapsed()
}

/// Answers a second.
fn ask_at_once(server: &Server, clients: u64, count: u64) -> f64 {
    let next = AtomicU64::new(SINGLE);
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..clients {
            scope.spawn(|| {
                let mut connection = Connection::open(server);
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= SINGLE + MANY {
                        break;
                    }
                    ask(&mut connection, count, number);
                }
            });
        }
    });
    MANY as f64 / start.elapsed().as_secs_f64()
}

/// Near a stored context, chosen all over the time: every other one says what that one said, the others do not.
fn observation(count: u64, number: u64) -> serde_json::Value {
    let near = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) % count;
    let said = if number.is_multiple_of(2) { near } else { near + 7_919 };
    json!({
        "event_kind": kind(near),
        "observed_at": START_S as f64 + near as f64 + 0.2,
        "subject_uri": format!("https://robots.example/person/{}", near % 3),
        "modality": "speech",
        "text": sentence(said),
        "robot_uri": "https://robots.example/ari",
    })
}

fn kind(number: u64) -> String {
    format!("kind_{}", number % KINDS)
}

fn sentence(number: u64) -> String {
    let word =
        |place: u64| WORDS[(number.wrapping_mul(place * 2_654_435_761 + 97) >> 7) as usize % WORDS.len()];
    let words: Vec<&str> = (1..=8).map(word).collect();
    format!("{} {number}", words.join(" "))
}

/// Rows as the server writes them; that many questions would take minutes.
fn fill(journal: &Path, count: u64) {
    let mut database = Database::open(journal).expect("the journal");
    let transaction = database.transaction().expect("a transaction");
    {
        let mut context = transaction
            .prepare(
                "INSERT INTO contexts (number, uri, event_kind, status, observed_at, subject_uri, modality, \
                 canonical_text, observation_count, created_at, updated_at) \
                 VALUES (?1, ?2, ?3, 'active', ?4, ?5, 'speech', ?6, 1, ?4, ?4)",
            )
            .expect("the table");
        let mut observation = transaction
            .prepare(
                "INSERT INTO context_observations (context, observed_at, subject_uri, modality, text, robot_uri) \
                 VALUES (?, ?, ?, 'speech', ?, 'https://robots.example/tiago')",
            )
            .expect("the table");
        for number in 0..count {
            let moment = ((START_S + number) * 1_000_000).cast_signed();
            let (text, subject) = (sentence(number), format!("https://robots.example/person/{}", number % 3));
            let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let uri = format!("https://gsi.upm.es/segb/shared-events/{}_{mixed:016x}", kind(number));
            let row = params![number.cast_signed(), uri, kind(number), moment, subject, text];
            context.execute(row).expect("a row");
            observation.execute(params![number.cast_signed(), moment, subject, text]).expect("a row");
        }
    }
    transaction.commit().expect("a commit");
}
