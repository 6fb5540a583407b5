//! What it costs that queries run in processes, and what it is good for.

use std::{
    cell::Cell,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use segb_tests::{Server, ServerBuilder, attack, interaction_log, numbers_log, others_for, percent_encode};

use super::{Arguments, CHAIN, Connection, body, grow, settle, triples};

/// Each server is asked so many times in a round, the one after the other.
const ASKED_A_ROUND: usize = 200;
const ROUNDS: usize = 20;
/// How often a process is killed to see how long the next one takes.
const STARTS: usize = 20;

/// Compares a server whose queries run in processes with one where they run in threads: both have the same graph.
pub(super) fn measure(arguments: &Arguments) {
    let directory = tempfile::tempdir().expect("a directory");
    let (one, other) = (directory.path().join("processes"), directory.path().join("threads"));
    let mut next = 0;
    let mut server = ServerBuilder::learning().data_dir(&one).start();
    grow(&server, arguments, &mut next);
    settle(&server);
    server.terminate();
    copy(&one, &other);
    let processes = ServerBuilder::learning().data_dir(&one).start();
    let threads = ServerBuilder::learning().set("SEGB_QUERY_PROCESSES", "0").data_dir(&other).start();
    processes.wait_until_ready();
    threads.wait_until_ready();
    println!("# queries in processes and in threads, {} triples, alternating", triples(&processes));
    // Five patterns and ten rows.
    let (patterns, _) = CHAIN.split_once("ORDER BY").expect("an order");
    let small = format!("/query?query={}", percent_encode(&format!("{patterns} LIMIT 10")));
    compare("five patterns, ten rows", &processes, &threads, &|connection| {
        let (status, answer) = connection.send("GET", &small, "Accept: text/csv\r\n", &[]);
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&answer));
        assert_eq!(answer.iter().filter(|byte| **byte == b'\n').count(), 11, "rows and a header");
    });
    compare("ASK {}", &processes, &threads, &|connection| {
        assert_eq!(connection.send("GET", "/query?query=ASK%7B%7D", "Accept: text/csv\r\n", &[]).1, b"true");
    });
    let number = Cell::new(next);
    compare("POST /ttl", &processes, &threads, &|connection| {
        connection.publish(&body(number.get()));
        number.set(number.get() + 1);
    });
    starts(&processes);
}

fn compare(what: &str, processes: &Server, threads: &Server, ask: &dyn Fn(&mut Connection)) {
    let mut connections = [Connection::open(processes), Connection::open(threads)];
    let mut latencies = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for (connection, latencies) in connections.iter_mut().zip(&mut latencies) {
            for _ in 0..ASKED_A_ROUND {
                let start = Instant::now();
                ask(connection);
                latencies.push(start.elapsed());
            }
        }
    }
    let [processes, threads] = latencies.map(|mut latencies: Vec<Duration>| {
        latencies.sort_unstable();
        let at = |percent: usize| latencies[(latencies.len() - 1) * percent / 100];
        (at(50), at(99))
    });
    let ratio = processes.0.as_secs_f64() / threads.0.as_secs_f64();
    println!(
        "{what}: p50 {:.0?} in processes, {:.0?} in threads, ratio {ratio:.3}; p99 {:.0?} and {:.0?}",
        processes.0, threads.0, processes.1, threads.1
    );
}

/// How long a process takes to be ready.
fn starts(server: &Server) {
    let mut durations = Vec::new();
    for _ in 0..STARTS {
        let before = server.metric("segb_query_processes_started_total");
        let id = server.query_processes().pop().expect("a process").to_string();
        let killed = Command::new("kill").args(["-KILL", &id]).status();
        assert!(killed.expect("kill").success());
        while server.metric("segb_query_processes_started_total") == before {
            std::thread::sleep(Duration::from_millis(20));
        }
        let text = server.client().get("/metrics").text();
        let seconds =
            text.lines().find_map(|line| line.strip_prefix("segb_query_process_start_last_seconds "));
        durations.push(seconds.and_then(|seconds| seconds.parse::<f64>().ok()).expect("a number"));
    }
    durations.sort_by(f64::total_cmp);
    let (median, most) = (durations[STARTS / 2] * 1e3, durations[STARTS - 1] * 1e3);
    println!("a process is ready after {median:.1} ms, at most {most:.1} ms");
}

fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-r").args([from, to]).status();
    assert!(copied.expect("cp").success());
}

/// What others notice while hostile queries are asked from all sides.
pub(super) fn measure_attack(seconds: u64) {
    let server = ServerBuilder::learning()
        .set("SEGB_QUERY_SECONDS_MAX", "5")
        .wrapped(&["prlimit", "--data=3221225472"])
        .start();
    let client = server.client();
    assert_eq!(client.publish(&numbers_log(5_000)).status, 201);
    for number in 0..100 {
        assert_eq!(client.publish(&interaction_log(number)).status, 201);
    }
    let own_kb = || server.status_kb("RssAnon:").expect("a /proc");
    println!("# hostile queries for {seconds} s, deadline 5 s, {} triples", triples(&server));
    let quiet = others_for(&server, Duration::from_secs(10));
    let before = own_kb();
    println!("quiet: {quiet}");
    let attack = attack(&server, Duration::from_secs(seconds));
    println!("attacked: {attack}");
    let ratio = attack.others.post_percentile(99).as_secs_f64() / quiet.post_percentile(99).as_secs_f64();
    println!("POST /ttl p99 attacked / quiet: {ratio:.2}");
    std::thread::sleep(Duration::from_millis(500));
    println!("the server's own memory: {before} kB before, {} kB half a second after", own_kb());
    let ticks = server.cpu_ticks();
    std::thread::sleep(Duration::from_secs(1));
    let ticks = server.cpu_ticks().zip(ticks).map(|(after, before)| after - before);
    println!("its processor time in the second after that: {ticks:?} ticks of 10 ms");
    let text = client.get("/metrics").text();
    let ended = |line: &&str| line.starts_with("segb_query_processes_ended_total");
    text.lines().filter(ended).for_each(|line| println!("{line}"));
}
