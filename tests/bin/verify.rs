//! `segb-verify journal` on a large journal of real logs.

use std::{path::Path, process::Command, time::Instant};

use rusqlite::Connection;
use segb_tests::{ServerBuilder, binary};

use crate::insert_many;

/// Logs that are held ready in memory at once.
const AT_ONCE: u64 = 2_000;

/// Makes a journal through a server and checks it a few times, the first time with whatever the page cache holds.
pub fn measure(count: u64, clients: u64) {
    let mut server = ServerBuilder::learning().start();
    let mut next = 0;
    while next < count {
        let at_once = AT_ONCE.min(count - next);
        insert_many(&server, clients, &mut next, at_once);
    }
    server.terminate();
    let journal = server.data_dir().join("journal.sqlite3");
    let size = std::fs::metadata(&journal).expect("a journal").len();
    println!("a journal of {} entries, {} MB", entries(&journal), size >> 20);
    for _ in 0..3 {
        verify(&journal);
    }
}

fn entries(journal: &Path) -> i64 {
    let journal = Connection::open(journal).expect("a journal");
    journal.query_row("SELECT count(*) FROM entries", [], |row| row.get(0)).expect("a number")
}

fn verify(journal: &Path) {
    let before = children_cpu_ticks();
    let start = Instant::now();
    let output = Command::new(binary("segb-verify")).args(["journal", "--json"]).arg(journal).output();
    let (output, seconds) = (output.expect("the program runs"), start.elapsed().as_secs_f64());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let entries = report["journal"]["entries"].as_u64().expect("a number") as f64;
    let cpu =
        children_cpu_ticks().zip(before).map_or(f64::NAN, |(after, before)| (after - before) as f64 / 100.0);
    println!(
        "segb-verify journal: {seconds:.2} s, {:.0} entries/s; {:.0} entries for a second of one core",
        entries / seconds,
        entries / cpu
    );
}

/// Processor time of programs that were waited for, in clock ticks of 10 ms; none where there is no /proc.
fn children_cpu_ticks() -> Option<u64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = stat.rsplit_once(") ")?;
    fields.split(' ').skip(13).take(2).map(|field| field.parse::<u64>().ok()).sum()
}
