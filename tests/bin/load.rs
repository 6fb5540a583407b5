//! Measures a running server through its front door and prints the figures that docs/performance.md claims.
//!
//! `cargo run --release -p segb-tests --bin load` builds this program only, so this program builds the server itself.

mod contexts;
mod evidence;
mod pages;
mod queries;
mod reports;
mod verify;

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::Command,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use clap::Parser;
use segb_tests::{Server, ServerBuilder, interaction_log, percent_encode};

/// Loads a server and prints latencies, rates, start-up time and memory.
#[derive(Debug, Parser)]
struct Arguments {
    /// Triples to grow the graph to. The query that is measured finds its 2 400 rows in a million.
    #[arg(long, default_value_t = 1_000_000)]
    triples: u64,
    /// Logs sent by the one client.
    #[arg(long, default_value_t = 2_000)]
    single: u64,
    /// Logs sent by all clients together.
    #[arg(long, default_value_t = 6_000)]
    many: u64,
    /// Clients at once.
    #[arg(long, default_value_t = 16)]
    clients: u64,
    /// Only measure shared contexts: beside a thousand stored ones and beside so many.
    #[arg(long, value_name = "COUNT")]
    contexts: Option<u64>,
    /// Only measure `segb-verify journal` on a journal of so many entries.
    #[arg(long, value_name = "COUNT")]
    verify_entries: Option<u64>,
    /// Only measure what evidence costs: in POST /ttl, and a proof in a journal of so many entries.
    #[arg(long, value_name = "COUNT")]
    evidence: Option<u64>,
    /// Only measure the reports.
    #[arg(long)]
    reports: bool,
    /// Interactions of 55 logs that the reports are measured with.
    #[arg(long, default_value_t = 400)]
    interactions: u64,
    /// Only measure what it costs that queries run in processes: beside a server with threads, alternating.
    #[arg(long)]
    queries: bool,
    /// Only measure what others notice of hostile queries, attacking for so many seconds.
    #[arg(long, value_name = "SECONDS")]
    hostile: Option<u64>,
    /// Only measure the pages of the UI that draw much, in a browser.
    #[arg(long)]
    pages: bool,
    /// Only grow the graph, in this data directory, and keep it.
    #[arg(long, value_name = "DATA_DIR")]
    fill: Option<std::path::PathBuf>,
    /// Measure the server that was built before, whatever it was built from.
    #[arg(long)]
    no_build: bool,
}

fn main() {
    let arguments = Arguments::parse();
    if !arguments.no_build {
        build("segb-server");
    }
    if let Some(count) = arguments.verify_entries {
        if !arguments.no_build {
            build("segb-verify");
        }
        return verify::measure(count, arguments.clients);
    }
    if let Some(count) = arguments.evidence {
        return evidence::measure(count);
    }
    if let Some(count) = arguments.contexts {
        return contexts::measure(count, arguments.clients);
    }
    if arguments.reports {
        return reports::measure(arguments.interactions);
    }
    if arguments.queries {
        return queries::measure(&arguments);
    }
    if let Some(seconds) = arguments.hostile {
        return queries::measure_attack(seconds);
    }
    if arguments.pages {
        return pages::measure(arguments.fill.as_deref());
    }
    let mut next = 0;
    if let Some(data_dir) = &arguments.fill {
        let mut server = ServerBuilder::learning().data_dir(data_dir).start();
        grow(&server, &arguments, &mut next);
        println!("{} triples in {}", triples(&server), data_dir.display());
        server.terminate();
        return;
    }
    let mut server = ServerBuilder::learning().start();
    println!("# {} clients, logs of about 49 triples and 3.6 kB, each fsynced", arguments.clients);
    let empty = measure_inserts(&server, &arguments, &mut next, "empty graph");
    grow(&server, &arguments, &mut next);
    settle(&server);
    memory(&server, "when the graph has its size");
    measure_query(&server);
    measure_export(&server);
    let full = measure_inserts(&server, &arguments, &mut next, "full graph ");
    println!("p50 full / p50 empty: {:.2}", full.as_secs_f64() / empty.as_secs_f64());
    memory(&server, "after inserts, queries and exports");
    measure_liveness(&server, &mut next);
    server.terminate();
    let start = Instant::now();
    let server = server.restart();
    server.wait_until_ready();
    println!("start-up to ready at {} triples: {:?}", triples(&server), start.elapsed());
    let start = Instant::now();
    let reply = server.client().post_json("/ttl/delete_all", &serde_json::json!({}));
    println!("delete_all: {:?} ({})", start.elapsed(), reply.text());
    memory(&server, "after restart");
}

/// Builds a program, such as the server, next to this program and with its profile, so that what is measured is what the sources say.
fn build(package: &str) {
    let program = std::env::current_exe().expect("the path of this program");
    let directory = program.parent().expect("a directory for each profile");
    let target_dir = directory.parent().expect("the target directory");
    let profile = match directory.file_name().and_then(|name| name.to_str()).expect("the name of a profile") {
        "debug" => "dev",
        name => name,
    };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--package", package, "--profile", profile, "--target-dir"])
        .arg(target_dir)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status();
    assert!(status.expect("cargo runs").success(), "{package} cannot be built");
}

/// One connection that is kept open, with as little work on this side as can be: client and server share the cores.
struct Connection {
    stream: BufReader<TcpStream>,
    address: String,
}

impl Connection {
    fn open(server: &Server) -> Self {
        let address = server.address().to_owned();
        let stream = TcpStream::connect(&address).expect("the server listens");
        stream.set_nodelay(true).expect("a TCP socket");
        Self { stream: BufReader::new(stream), address }
    }

    /// Sends a request and reads the answer; gives status and body.
    fn send(&mut self, method: &str, path: &str, headers: &str, body: &[u8]) -> (u16, Vec<u8>) {
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\n{headers}Content-Length: {}\r\n\r\n",
            self.address,
            body.len()
        )
        .into_bytes();
        request.extend_from_slice(body);
        self.stream.get_mut().write_all(&request).expect("the server reads");
        self.receive()
    }

    fn receive(&mut self) -> (u16, Vec<u8>) {
        let status = self.line().split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let (mut length, mut chunked) = (0, false);
        loop {
            let line = self.line().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
            chunked |= line.starts_with("transfer-encoding:") && line.contains("chunked");
        }
        let mut body = Vec::new();
        if chunked {
            loop {
                let size = usize::from_str_radix(self.line().trim(), 16).expect("a chunk size");
                self.read(size, &mut body);
                self.line();
                if size == 0 {
                    break;
                }
            }
        } else {
            self.read(length, &mut body);
        }
        (status, body)
    }

    fn read(&mut self, size: usize, body: &mut Vec<u8>) {
        let read = self.stream.by_ref().take(size as u64).read_to_end(body).expect("a readable answer");
        assert_eq!(read, size, "the answer is cut");
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).expect("a readable answer");
        line.trim_end_matches(['\r', '\n']).to_owned()
    }

    /// POST /ttl; panics unless it is 201.
    fn publish(&mut self, body: &[u8]) {
        let (status, answer) = self.send("POST", "/ttl", "Content-Type: application/json\r\n", body);
        assert_eq!(status, 201, "{}", String::from_utf8_lossy(&answer));
    }
}

fn body(number: u64) -> Vec<u8> {
    serde_json::json!({ "ttl_content": interaction_log(number), "user": "load" }).to_string().into_bytes()
}

fn measure_inserts(server: &Server, arguments: &Arguments, next: &mut u64, what: &str) -> Duration {
    let bodies: Vec<Vec<u8>> = (*next..*next + arguments.single).map(body).collect();
    *next += arguments.single;
    let mut connection = Connection::open(server);
    let mut latencies: Vec<Duration> = bodies
        .iter()
        .map(|body| {
            let start = Instant::now();
            connection.publish(body);
            start.elapsed()
        })
        .collect();
    latencies.sort_unstable();
    let at = |percent: usize| latencies[(latencies.len() - 1) * percent / 100];
    println!("{what}, one client: p50 {:?}, p95 {:?}, p99 {:?}, max {:?}", at(50), at(95), at(99), at(100));
    let before = server.cpu_ticks();
    let rate = insert_many(server, arguments.clients, next, arguments.many);
    let cpu_us = |ticks: u64| ticks as f64 * 10_000.0 / arguments.many as f64;
    let cpu = server.cpu_ticks().zip(before).map_or(f64::NAN, |(after, before)| cpu_us(after - before));
    println!(
        "{what}, {} clients: {rate:.0} logs/s, no error, {cpu:.0} µs of processor a log, {} triples",
        arguments.clients,
        triples(server)
    );
    at(50)
}

/// Waits until the server has done what it leaves for quiet moments, such as the words of new texts; a minute at most.
fn settle(server: &Server) {
    let start = Instant::now();
    let mut before = server.cpu_ticks();
    while start.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_secs(2));
        let now = server.cpu_ticks();
        if now.zip(before).is_none_or(|(now, before)| now - before <= 2) {
            break;
        }
        before = now;
    }
    println!("quiet after {:.0?}", start.elapsed());
}

fn grow(server: &Server, arguments: &Arguments, next: &mut u64) {
    while triples(server) < arguments.triples {
        insert_many(server, arguments.clients, next, 500);
    }
}

/// Logs a second.
fn insert_many(server: &Server, clients: u64, next: &mut u64, count: u64) -> f64 {
    let bodies: Vec<Vec<u8>> = (*next..*next + count).map(body).collect();
    *next += count;
    let place = AtomicU64::new(0);
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..clients {
            scope.spawn(|| {
                let mut connection = Connection::open(server);
                while let Some(body) = bodies.get(place.fetch_add(1, Ordering::Relaxed) as usize) {
                    connection.publish(body);
                }
            });
        }
    });
    count as f64 / start.elapsed().as_secs_f64()
}

fn triples(server: &Server) -> u64 {
    let rows = server.client().select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }");
    rows[0]["n"]["value"].as_str().expect("a number").parse().expect("a number")
}

/// A chain of five patterns, ordered.
const CHAIN: &str = "
PREFIX ex: <https://robots.example/interaction/>
PREFIX onyx: <http://www.gsi.upm.es/ontologies/onyx/ns#>
PREFIX oro: <http://kb.openrobots.org#>
PREFIX segb: <http://www.gsi.upm.es/ontologies/segb/ns#>
SELECT ?analysis ?category WHERE {
  ?listen oro:hasSpeaker ex:human3 .
  ?analysis segb:triggeredByActivity ?listen .
  ?analysis segb:producedEntityResult ?set .
  ?set onyx:hasEmotion ?emotion .
  ?emotion onyx:hasEmotionCategory ?category
} ORDER BY ?analysis LIMIT 2400";

fn measure_query(server: &Server) {
    let path = format!("/query?query={}", percent_encode(CHAIN));
    let mut connection = Connection::open(server);
    let mut latencies: Vec<Duration> = (0..20)
        .map(|_| {
            let start = Instant::now();
            let (status, answer) = connection.send("GET", &path, "Accept: text/csv\r\n", &[]);
            assert_eq!(status, 200, "{}", String::from_utf8_lossy(&answer));
            assert_eq!(answer.iter().filter(|byte| **byte == b'\n').count(), 2_401, "rows and a header");
            start.elapsed()
        })
        .collect();
    latencies.sort_unstable();
    println!("chain of 5 patterns, 2 400 rows ordered: p50 {:?}, max {:?}", latencies[10], latencies[19]);
}

fn measure_export(server: &Server) {
    let expected = triples(server);
    let before = server.status_kb("VmHWM:");
    for (accept, what) in [("text/turtle", "Turtle"), ("application/n-triples", "N-Triples")] {
        let start = Instant::now();
        let headers = format!("Accept: {accept}\r\n");
        let (status, document) = Connection::open(server).send("GET", "/events", &headers, &[]);
        let time = start.elapsed();
        assert_eq!(status, 200);
        print!("export of {expected} triples as {what}: {time:?}, {} MB", document.len() >> 20);
        if accept == "application/n-triples" {
            let lines = document.iter().filter(|byte| **byte == b'\n').count() as u64;
            assert_eq!(lines, expected, "the export is complete");
            print!(", complete");
        }
        println!();
    }
    println!(
        "peak memory of the server before and after: {before:?} kB, {:?} kB",
        server.status_kb("VmHWM:")
    );
}

/// GET /healthz/live and POST /ttl while a heavy query, an export and a large insert run.
fn measure_liveness(server: &Server, next: &mut u64) {
    let heavy = "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?p ?d . ?e ?p ?f }";
    let large = large_log(200_000);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let path = format!("/query?query={}", percent_encode(heavy));
            Connection::open(server).send("GET", &path, "", &[]);
        });
        scope.spawn(|| Connection::open(server).send("GET", "/events", "", &[]));
        scope.spawn(|| {
            let (status, _) = Connection::open(server).send(
                "POST",
                "/ttl",
                "Content-Type: text/turtle\r\n",
                large.as_bytes(),
            );
            assert_eq!(status, 201);
        });
        std::thread::sleep(Duration::from_millis(100));
        let (mut live, mut insert) = (Vec::new(), Vec::new());
        let (mut for_live, mut for_insert) = (Connection::open(server), Connection::open(server));
        for _ in 0..200 {
            let start = Instant::now();
            assert_eq!(for_live.send("GET", "/healthz/live", "", &[]).0, 200);
            live.push(start.elapsed());
            let body = body(*next);
            *next += 1;
            let start = Instant::now();
            for_insert.publish(&body);
            insert.push(start.elapsed());
            std::thread::sleep(Duration::from_millis(20));
        }
        live.sort_unstable();
        insert.sort_unstable();
        println!("beside a heavy query, an export and a log of 200 000 triples:");
        println!("  GET /healthz/live: p50 {:?}, max {:?}", live[100], live[199]);
        println!("  POST /ttl: p50 {:?}, p99 {:?}, max {:?}", insert[100], insert[197], insert[199]);
    });
}

/// A log with so many triples, within the default limit on its size.
fn large_log(triples: usize) -> String {
    let mut log = String::with_capacity(triples * 24);
    log.push_str("@prefix e: <urn:x:> .\n");
    for number in 0..triples {
        log.push_str(&format!("e:s{number} e:p e:o{} .\n", number % 1_000));
    }
    log
}

fn memory(server: &Server, when: &str) {
    let (resident, anonymous) = (server.status_kb("VmRSS:"), server.status_kb("RssAnon:"));
    println!("memory {when}: resident {resident:?} kB, of which not file-backed {anonymous:?} kB");
}
