//! Queries that want to bring the server down: by memory, by time, by the stack, by the parser.

use std::{
    fmt,
    io::{self, Read, Write},
    net::TcpStream,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use crate::{Server, interaction_log};

/// Connections that attack at once.
const ATTACKERS: usize = 50;
/// How long one that was told to come back waits.
const PAUSE: Duration = Duration::from_millis(100);
/// The next log of those that others publish, each of them another one.
static NEXT_LOG: AtomicU64 = AtomicU64::new(1_000_000);

/// A name and a query for each way. They are asked over a graph of some thousand triples, for which see [`numbers_log`].
pub fn hostile_queries() -> Vec<(&'static str, String)> {
    let many = |text: &str, times: usize| text.repeat(times);
    let numbered = |count: usize, part: &dyn Fn(usize) -> String| (0..count).map(part).collect::<String>();
    let list = |count: usize, separator: &str| {
        (0..count).map(|number| number.to_string()).collect::<Vec<_>>().join(separator)
    };
    let pairs = "?a ?b ?c . ?d ?e ?f";
    let triples = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i";
    let values = |name: &str| format!("VALUES ?{name} {{ {} }} ", list(2_000, " "));
    let doubling = |times: usize| {
        numbered(times, &|number| format!("BIND(CONCAT(?x{number}, ?x{number}) AS ?x{}) ", number + 1))
    };
    let long = "BIND(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\" AS ?x0) ";
    vec![
        ("braces 1 500", format!("SELECT * {}{}", many("{", 1_500), many("}", 1_500))),
        ("braces 5 000", format!("SELECT * {}{}", many("{", 5_000), many("}", 5_000))),
        ("parentheses 1 500", format!("SELECT * {{ FILTER({}1{}) }}", many("(", 1_500), many(")", 1_500))),
        ("parentheses 5 000", format!("SELECT * {{ FILTER({}1{}) }}", many("(", 5_000), many(")", 5_000))),
        (
            "hidden parentheses",
            format!("SELECT * {{ FILTER(?a<{}1{}>?b) }}", many("(", 60_000), many(")", 60_000)),
        ),
        (
            "functions read twice",
            format!("SELECT * {{ BIND({}1{} AS ?x) }}", many("SUBSTR(", 60), many(",1)", 60)),
        ),
        (
            "VALUES of three",
            format!("SELECT (COUNT(*) AS ?n) {{ {}{}{} }}", values("x"), values("y"), values("z")),
        ),
        ("ORDER BY of pairs", format!("SELECT * {{ {pairs} }} ORDER BY ?c ?f")),
        ("ORDER BY of three", format!("SELECT * {{ {triples} }} ORDER BY ?c ?f ?i")),
        ("DISTINCT of pairs", format!("SELECT DISTINCT * {{ {pairs} }}")),
        ("DISTINCT of three", format!("SELECT DISTINCT ?a ?d ?g ?c ?f {{ {triples} }}")),
        (
            "GROUP BY of pairs",
            format!("SELECT ?a ?c ?d ?f (COUNT(*) AS ?n) {{ {pairs} }} GROUP BY ?a ?c ?d ?f"),
        ),
        ("GROUP BY of three", format!("SELECT ?c ?f ?i (COUNT(*) AS ?n) {{ {triples} }} GROUP BY ?c ?f ?i")),
        ("MINUS of pairs", format!("SELECT * {{ {pairs} MINUS {{ ?x ?b ?y . ?z ?e ?w }} }}")),
        (
            "MINUS of three",
            format!("SELECT * {{ {triples} MINUS {{ ?a ?y ?z . ?d ?v ?w . FILTER(?z > ?w) }} }}"),
        ),
        (
            "star of 150",
            format!("SELECT * {{ {} }}", numbered(150, &|number| format!("?s ?p{number} ?o{number} . "))),
        ),
        (
            "150 OPTIONALs",
            format!(
                "SELECT * {{ ?s ?p ?o {} }}",
                numbered(150, &|number| format!("OPTIONAL {{ ?s ?p{number} ?o{number} }} "))
            ),
        ),
        ("closure of a negation", "SELECT * { ?a (!<urn:x>)* ?b }".to_owned()),
        ("closure both ways", "SELECT * { ?a ((!<urn:x>)|^(!<urn:x>))+ ?b }".to_owned()),
        ("doubling CONCAT", format!("SELECT (STRLEN(?x40) AS ?n) {{ {long}{} }}", doubling(40))),
        (
            "doubling CONCAT over rows",
            format!("SELECT (STRLEN(?x16) AS ?n) {{ {pairs} {long}{} }} ORDER BY ?x16", doubling(16)),
        ),
        ("GROUP_CONCAT of pairs", format!("SELECT (GROUP_CONCAT(STR(?a)) AS ?t) {{ {pairs} }}")),
        (
            "GROUP_CONCAT of three",
            format!("SELECT (STRLEN(GROUP_CONCAT(CONCAT(STR(?a), STR(?f)))) AS ?t) {{ {triples} }}"),
        ),
        (
            "REPLACE bomb",
            format!(
                "SELECT (STRLEN(?x) AS ?n) {{ BIND({}\"aaaaaaaa\"{} AS ?x) }}",
                many("REPLACE(", 12),
                many(", \"a\", \"aaaaaaaa\")", 12)
            ),
        ),
        (
            "REGEX bomb",
            format!(
                "SELECT * {{ {pairs} FILTER(REGEX(CONCAT(STR(?a), STR(?f)), \"(a{{0,200}}b?){{0,200}}$\")) }}"
            ),
        ),
        ("SHA512 of pairs", format!("SELECT (MAX(SHA512(CONCAT(STR(?a), STR(?f)))) AS ?h) {{ {pairs} }}")),
        ("STRUUID in order", format!("SELECT (STRUUID() AS ?u) {{ {pairs} }} ORDER BY ?u")),
        ("OFFSET of 10^13", format!("SELECT * {{ {triples} }} OFFSET 10000000000000 LIMIT 1")),
        (
            "20 000 VALUES",
            format!("SELECT * {{ VALUES ?x {{ {} }} ?s ?p ?x . ?d ?e ?f }} ORDER BY ?f", list(20_000, " ")),
        ),
        (
            "IN of 30 000",
            format!("SELECT * {{ ?s ?p ?o . ?d ?e ?f FILTER(?o IN ({})) }} ORDER BY ?f", list(30_000, ", ")),
        ),
        ("CONSTRUCT of three", format!("CONSTRUCT {{ ?a ?e ?i . ?d ?h ?c . ?g ?b ?f }} {{ {triples} }}")),
        ("DESCRIBE of three", format!("DESCRIBE ?a ?d ?g {{ {triples} }}")),
        (
            "NOT EXISTS of three",
            format!(
                "SELECT (COUNT(*) AS ?n) {{ {triples} FILTER NOT EXISTS {{ ?c ?v ?w . ?w ?y ?a . ?i ?x ?z }} }}"
            ),
        ),
    ]
}

/// A log of `numbers` triples over which these queries take long.
pub fn numbers_log(numbers: usize) -> String {
    (0..numbers).map(|number| format!("<urn:number:{number}> <urn:value> {number} .\n")).collect()
}

/// How a query was answered.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The status.
    pub status: u16,
    /// The beginning of head and body.
    pub beginning: String,
    /// Whether the answer came to its end; one that is cut has no last chunk.
    pub is_whole: bool,
    /// From the request to the last byte.
    pub elapsed: Duration,
}

/// Asks the server at `address` a query in CSV or N-Triples, on a connection of its own, and throws the answer away as it
/// comes.
pub fn ask_and_discard(address: &str, query: &str) -> io::Result<Outcome> {
    const BEGINNING_BYTES: usize = 2_000;
    let start = Instant::now();
    let mut stream = TcpStream::connect(address)?;
    let length = query.len();
    let head = format!(
        "POST /query HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nAccept: text/csv, application/n-triples\r\n\
         Content-Type: application/sparql-query\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(query.as_bytes())?;
    let (mut beginning, mut end) = (Vec::new(), Vec::new());
    let mut part = vec![0; 64 << 10];
    loop {
        let count = match stream.read(&mut part) {
            Ok(0) => break,
            Ok(count) => count,
            // How a connection is given up in the middle of an answer.
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset && !beginning.is_empty() => break,
            Err(error) => return Err(error),
        };
        let room = BEGINNING_BYTES.saturating_sub(beginning.len()).min(count);
        beginning.extend_from_slice(&part[..room]);
        end.extend_from_slice(&part[count.saturating_sub(16)..count]);
        end.drain(..end.len().saturating_sub(16));
    }
    let beginning = String::from_utf8_lossy(&beginning).into_owned();
    let status = beginning.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| io::Error::other(format!("no answer: {beginning:?}")))?;
    let is_chunked = beginning.to_ascii_lowercase().contains("\r\ntransfer-encoding: chunked\r\n");
    let is_whole = !is_chunked || end.ends_with(b"\r\n0\r\n\r\n");
    Ok(Outcome { status, beginning, is_whole, elapsed: start.elapsed() })
}

/// What those see who publish and ask for health meanwhile.
#[derive(Debug, Clone, Default)]
pub struct Others {
    posts: Vec<Duration>,
    health: Vec<Duration>,
}

impl Others {
    /// The latency of a log below which so many of a hundred are.
    pub fn post_percentile(&self, percent: usize) -> Duration {
        percentile(&self.posts, percent)
    }

    /// Likewise of a look at `/healthz/live`.
    pub fn health_percentile(&self, percent: usize) -> Duration {
        percentile(&self.health, percent)
    }
}

impl fmt::Display for Others {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let posts = |percent| self.post_percentile(percent);
        let health = |percent| self.health_percentile(percent);
        write!(
            formatter,
            "{} logs, POST /ttl p50 {:.1?}, p99 {:.1?}; GET /healthz/live p50 {:.1?}, p99 {:.1?}",
            self.posts.len(),
            posts(50),
            posts(99),
            health(50),
            health(99)
        )
    }
}

fn percentile(durations: &[Duration], percent: usize) -> Duration {
    let mut durations = durations.to_vec();
    durations.sort_unstable();
    durations.get(durations.len().saturating_sub(1) * percent / 100).copied().unwrap_or_default()
}

/// Publishes and asks for health, as others do, for so long.
pub fn others_for(server: &Server, duration: Duration) -> Others {
    let until = Instant::now() + duration;
    others_while(server, || Instant::now() < until)
}

fn others_while(server: &Server, goes_on: impl Fn() -> bool) -> Others {
    let client = server.client();
    let mut others = Others::default();
    while goes_on() {
        let log = interaction_log(NEXT_LOG.fetch_add(1, Ordering::Relaxed));
        let start = Instant::now();
        assert_eq!(client.publish(&log).status, 201);
        others.posts.push(start.elapsed());
        let start = Instant::now();
        assert_eq!(client.get("/healthz/live").status, 200);
        others.health.push(start.elapsed());
        thread::sleep(Duration::from_millis(10));
    }
    others
}

/// An attack with all hostile queries from many connections.
#[derive(Debug)]
pub struct Attack {
    /// What was asked and how it was answered.
    pub outcomes: Vec<(&'static str, Outcome)>,
    /// What others saw meanwhile.
    pub others: Others,
}

impl fmt::Display for Attack {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slowest = self.outcomes.iter().map(|(_, outcome)| outcome.elapsed).max().unwrap_or_default();
        write!(
            formatter,
            "{} hostile queries, the slowest answer after {slowest:.2?};",
            self.outcomes.len()
        )?;
        for status in [200, 422, 503, 504] {
            let count = self.outcomes.iter().filter(|(_, outcome)| outcome.status == status).count();
            write!(formatter, " {count} × {status},")?;
        }
        write!(formatter, " {}", self.others)
    }
}

/// Asks all hostile queries, again and again, from fifty connections at once.
pub fn attack(server: &Server, duration: Duration) -> Attack {
    let queries = hostile_queries();
    let until = Instant::now() + duration;
    let over = AtomicBool::new(false);
    let attack = |attacker: usize| {
        let mut outcomes = Vec::new();
        for (name, query) in queries.iter().cycle().skip(attacker * 7) {
            if Instant::now() >= until {
                break;
            }
            let outcome = ask_and_discard(server.address(), query).expect("an answer");
            if outcome.status == 503 {
                thread::sleep(PAUSE);
            }
            outcomes.push((*name, outcome));
        }
        outcomes
    };
    let attack = &attack;
    thread::scope(|scope| {
        let others = scope.spawn(|| others_while(server, || !over.load(Ordering::Relaxed)));
        let attackers: Vec<_> =
            (0..ATTACKERS).map(|attacker| scope.spawn(move || attack(attacker))).collect();
        let outcomes: Vec<_> =
            attackers.into_iter().flat_map(|attacker| attacker.join().expect("outcomes")).collect();
        over.store(true, Ordering::Relaxed);
        Attack { outcomes, others: others.join().expect("figures") }
    })
}
