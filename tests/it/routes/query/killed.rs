//! Queries run in processes that can be killed. Whatever becomes of one, the server goes on.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    thread,
    time::{Duration, Instant},
};

use segb_tests::{
    Outcome, Server, ServerBuilder, ask_and_discard, attack, binary, hostile_queries, interaction_log,
    numbers_log, others_for, require_tool,
};

/// For each query.
const DEADLINE: Duration = Duration::from_secs(1);
/// For the answer to arrive after that, on a machine that does much else.
const MARGIN: Duration = Duration::from_secs(1);

const ENDLESS: &str = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }";

/// Two query processes, of which none may take more than a quarter of a gigabyte, and a server that would not survive
/// what they may.
fn attacked() -> Server {
    let builder = ServerBuilder::learning()
        .set("SEGB_QUERY_SECONDS_MAX", "1")
        .set("SEGB_QUERY_MEMORY_BYTES_MAX", "268435456")
        .wrapped(&["prlimit", "--data=3221225472"]);
    let server = builder.start();
    let client = server.client();
    assert_eq!(client.publish(&numbers_log(2_000)).status, 201);
    for number in 0..20 {
        assert_eq!(client.publish(&interaction_log(number)).status, 201);
    }
    server
}

fn check(name: &str, outcome: &Outcome) {
    let Outcome { status, beginning, is_whole, elapsed } = outcome;
    assert!(*elapsed < DEADLINE + MARGIN, "{name}: {elapsed:?}");
    assert!(matches!(status, 200 | 422 | 503 | 504), "{name}: {beginning:.500}");
    assert!(*is_whole || *status == 200, "{name}: {beginning:.500}");
}

/// Processor time of the server and its query processes over half a second.
fn ticks_in_half_a_second(server: &Server) -> u64 {
    let ticks = |server: &Server| {
        let of = |id: u32| {
            let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
            let fields = stat.rsplit_once(") ").map(|(_, fields)| fields.to_owned()).unwrap_or_default();
            fields.split(' ').skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>()
        };
        let processes: u64 = server.query_processes().into_iter().map(of).sum();
        processes + server.cpu_ticks().expect("a /proc")
    };
    let before = ticks(server);
    thread::sleep(Duration::from_millis(500));
    ticks(server).saturating_sub(before)
}

/// Memory of the server that is not the map, in kB.
fn own_kb(server: &Server) -> u64 {
    server.status_kb("RssAnon").expect("a /proc")
}

/// What is left after an attack: the memory that there was, an idle processor, the same server, and an answer.
fn check_recovered(server: &Server, own_kb_before: u64) {
    thread::sleep(Duration::from_millis(500));
    let ticks = ticks_in_half_a_second(server);
    assert!(ticks < 25, "{ticks} ticks of 10 ms in half a second");
    let own_kb_after = own_kb(server);
    assert!(own_kb_after < own_kb_before + (50 << 10), "{own_kb_before} kB before, {own_kb_after} kB after");
    for id in server.query_processes() {
        let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let kb = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap_or("0 kB");
        let kb: u64 = kb.trim().trim_end_matches(" kB").parse().expect("a number");
        assert!(kb < 80 << 10, "an idle process holds {kb} kB");
    }
    assert_eq!(server.client().query("ASK {}", "text/csv").text(), "true");
}

#[test]
fn each_hostile_query_ends_in_time_and_leaves_nothing() {
    if !require_tool("prlimit", &["--version"]) {
        return;
    }
    let server = attacked();
    let before = own_kb(&server);
    for (name, query) in hostile_queries() {
        let outcome = ask_and_discard(server.address(), &query).expect("an answer");
        check(name, &outcome);
        let slot = Instant::now();
        assert_eq!(server.client().query("ASK {}", "text/csv").text(), "true", "after {name}");
        assert!(slot.elapsed() < Duration::from_millis(500), "after {name}: {:?}", slot.elapsed());
    }
    check_recovered(&server, before);
}

/// How long the attack from all sides lasts; `load -- --hostile 120` goes on for longer.
const ATTACK: Duration = Duration::from_secs(10);

#[test]
fn all_hostile_queries_at_once_disturb_nobody_else() {
    if !require_tool("prlimit", &["--version"]) {
        return;
    }
    let server = attacked();
    let quiet = others_for(&server, Duration::from_secs(2));
    let before = own_kb(&server);
    let attack = attack(&server, ATTACK);
    println!("quiet: {quiet}\nattacked: {attack}");
    assert!(attack.outcomes.len() > 50, "{attack}");
    attack.outcomes.iter().for_each(|(name, outcome)| check(name, outcome));
    assert!(attack.others.health_percentile(90) < Duration::from_millis(250), "{attack}");
    check_recovered(&server, before);
}

#[test]
fn who_asked_hears_that_a_process_was_killed_or_stopped() {
    let server = ServerBuilder::learning().set("SEGB_QUERY_SECONDS_MAX", "20").start();
    assert_eq!(server.client().publish(&numbers_log(2_000)).status, 201);
    let signal = |name: &str| {
        for id in server.query_processes() {
            let sent = std::process::Command::new("kill").args([format!("-{name}"), id.to_string()]).status();
            assert!(sent.expect("kill").success());
        }
    };
    for (name, lost) in [("KILL", 3), ("STOP", 6)] {
        let outcome = thread::scope(|scope| {
            let asked = scope.spawn(|| ask_and_discard(server.address(), ENDLESS).expect("an answer"));
            thread::sleep(Duration::from_millis(300));
            signal(name);
            asked.join().expect("an answer")
        });
        assert_eq!(outcome.status, 503, "{name}: {}", outcome.beginning);
        assert!(
            outcome.beginning.to_ascii_lowercase().contains("\r\nretry-after: "),
            "{}",
            outcome.beginning
        );
        assert!(outcome.elapsed < Duration::from_secs(2), "{name}: {:?}", outcome.elapsed);
        // Those that had nothing to do are replaced without a word.
        for _ in 0..4 {
            assert_eq!(server.client().query("ASK {}", "text/csv").text(), "true", "after {name}");
        }
        let start = Instant::now();
        while server.metric("segb_query_processes_ended_total{reason=\"lost\"}") != lost
            || server.metric("segb_query_processes") != 3
        {
            assert!(start.elapsed() < Duration::from_secs(10), "{}", server.client().get("/metrics").text());
            thread::sleep(Duration::from_millis(50));
        }
    }
}

#[test]
fn without_processes_who_asks_hears_it_and_logs_are_taken() {
    let directory = tempfile::tempdir().expect("a directory");
    let program = directory.path().join("segb-server");
    fs::copy(binary("segb-server"), &program).expect("a copy");
    let permit = |mode| fs::set_permissions(&program, fs::Permissions::from_mode(mode)).expect("a mode");
    let server = ServerBuilder::learning().program(&program).start();
    permit(0o600);
    for id in server.query_processes() {
        let killed = std::process::Command::new("kill").args(["-KILL", &id.to_string()]).status();
        assert!(killed.expect("kill").success());
    }
    let client = server.client();
    let wait_for = |status: u16| {
        let start = Instant::now();
        while client.query("ASK {}", "text/csv").status != status {
            assert!(start.elapsed() < Duration::from_secs(20), "no {status}");
            thread::sleep(Duration::from_millis(50));
        }
    };
    wait_for(503);
    let reply = client.query("ASK {}", "text/csv");
    assert_eq!(reply.detail(), "No query can be worked on at the moment. Try again in a moment.");
    assert_eq!(client.publish("<urn:a> <urn:b> <urn:c> .").status, 201);
    assert_eq!(client.get("/healthz/live").status, 200);
    assert!(server.metric("segb_query_processes_failed_total") > 0);
    permit(0o700);
    wait_for(200);
}

/// What a query process may read and do, as the system sees it.
#[test]
fn a_query_process_has_nothing_that_it_does_not_need() {
    let server = ServerBuilder::protected().set("SEGB_QUERY_MEMORY_BYTES_MAX", "268435456").start();
    let processes = server.query_processes();
    assert_eq!(processes.len(), 3);
    for id in processes {
        let read = |name: &str| fs::read_to_string(format!("/proc/{id}/{name}")).expect("a /proc");
        let status = read("status");
        assert!(status.contains("Seccomp:\t2\n") && status.contains("NoNewPrivs:\t1\n"), "{status}");
        assert_eq!(read("environ"), "", "the secret is not in it");
        let limits = read("limits");
        let data = limits.lines().find(|line| line.starts_with("Max data size")).expect("a limit");
        let data: u64 =
            data.split_whitespace().nth(3).and_then(|bytes| bytes.parse().ok()).expect("a number");
        assert!((256 << 20..512 << 20).contains(&data), "{limits}");
        assert!(limits.contains("Max core file size        0                    0 "), "{limits}");
        let mut open: Vec<String> = Vec::new();
        for file in fs::read_dir(format!("/proc/{id}/fd")).expect("a /proc").flatten() {
            let target = fs::read_link(file.path()).expect("a link");
            open.push(target.to_string_lossy().rsplit('/').next().unwrap_or_default().to_owned());
        }
        open.retain(|name| !name.starts_with("socket:") && !name.starts_with("pipe:"));
        open.sort();
        open.dedup();
        assert_eq!(open, ["data.mdb", "lock.mdb", "null", "statm"]);
    }
}
