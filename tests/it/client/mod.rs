//! `segb-client`, `segb-demo` and `segb-server --demo`, against real servers.

mod calls;
mod calls_corpus;
mod crash;
mod demo;
mod logger;
mod publisher;
mod python_twin;
mod receipts;
mod resolver;
mod stand_in;

use std::time::{Duration, Instant};

use segb_client::{ConnectionOptions, Publisher, PublisherOptions, Randomness, RetryPolicy, Status};
use segb_tests::Server;

/// How long anything may take in a busy test run.
const PATIENCE: Duration = Duration::from_secs(60);

/// Different each time, which is all that keys have to be here.
pub fn randomness() -> Randomness {
    Box::new(|bytes| {
        for chunk in bytes.chunks_mut(16) {
            let id = uuid_bytes();
            chunk.copy_from_slice(&id[..chunk.len()]);
        }
    })
}

fn uuid_bytes() -> [u8; 16] {
    use std::{
        collections::hash_map::RandomState,
        hash::{BuildHasher, Hasher},
    };
    let mut bytes = [0; 16];
    for half in bytes.chunks_mut(8) {
        half.copy_from_slice(&RandomState::new().build_hasher().finish().to_be_bytes());
    }
    bytes
}

/// For the server, with short pauses.
pub fn options(address: &str) -> PublisherOptions {
    let mut options = PublisherOptions::new(ConnectionOptions::new(format!("http://{address}")));
    options.retry = RetryPolicy { first: Duration::from_millis(10), longest: Duration::from_millis(100) };
    options
}

pub fn publisher(options: PublisherOptions) -> Publisher {
    Publisher::start(options, randomness()).expect("a publisher")
}

/// A log that says a number, to be found again.
pub fn numbered(number: u64) -> String {
    format!("<urn:robot> <urn:said> {number} .\n")
}

/// The numbers in the journal of a server, in its order.
pub fn numbers(server: &Server) -> Vec<u64> {
    let client = server.client();
    let mut entries = Vec::new();
    let mut before = String::new();
    loop {
        let page = client.get(&format!("/logs?limit=1000&kind=log_received{before}")).json();
        entries.extend(page["entries"].as_array().expect("entries").clone());
        match page["next_before"].as_u64() {
            Some(next) => before = format!("&before={next}"),
            None => break,
        }
    }
    entries.reverse();
    let payload = |entry: &serde_json::Value| {
        client.get(&format!("/logs/{}/payload", entry["log_id"].as_str().expect("an id"))).text()
    };
    let number = |text: String| text.rsplit(' ').nth(1).and_then(|word| word.parse().ok());
    entries.iter().filter_map(|entry| number(payload(entry))).collect()
}

/// Waits until the publisher is as it should be.
pub fn wait_until(publisher: &Publisher, what: &str, is_so: impl Fn(&Status) -> bool) -> Status {
    let start = Instant::now();
    loop {
        let status = publisher.status();
        if is_so(&status) {
            return status;
        }
        assert!(start.elapsed() < PATIENCE, "not {what}: {status:?}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// A port at which nobody listens.
pub fn free_address() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").to_string()
}
