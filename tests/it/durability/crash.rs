//! kill -9 at any moment.

use std::{
    path::Path,
    process::Stdio,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::Duration,
};

use segb_tests::{Server, ServerBuilder, interaction_log};
use tempfile::TempDir;

use super::{
    audit::Auditor,
    documents::{Random, document},
    posting::Memory,
};

const ROUNDS: usize = 14;
const CLIENTS: u64 = 4;

static NEXT: AtomicU64 = AtomicU64::new(0);

fn next_document(large: bool) -> String {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    if large { document(number, 4_000, 40) } else { interaction_log(number) }
}

/// Lets clients send until the server is killed, some time between the first request and `life`.
fn post_until_killed(server: &mut Server, memory: &Memory, random: &mut Random, life: Duration) {
    let clear_after = (random.below(3) == 0).then(|| Duration::from_millis(random.below(150)));
    thread::scope(|scope| {
        for client_number in 0..CLIENTS {
            let client = server.client();
            scope.spawn(move || {
                memory.keep_posting(&client, |count| next_document(client_number == 0 && count % 3 == 0));
            });
        }
        if let Some(after) = clear_after {
            let client = server.client();
            scope.spawn(move || {
                thread::sleep(after);
                memory.clear(&client);
            });
        }
        thread::sleep(life);
        server.kill();
    });
}

/// Starts the server and kills it before it is up, some times.
fn kill_while_starting(builder: &ServerBuilder, directory: &Path, random: &mut Random) {
    for _ in 0..2 {
        let mut child =
            builder.command(directory, &[]).stdin(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(random.below(40)));
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

#[test]
fn what_got_a_201_survives_kill_9_and_nothing_is_there_by_half() {
    let directory = TempDir::new().unwrap();
    let builder = ServerBuilder::learning().data_dir(&directory.path().join("data"));
    let (memory, mut auditor) = (Memory::default(), Auditor::default());
    let mut random = Random::of_this_run();
    let mut acknowledged = 0;
    for round in 0..ROUNDS {
        let mut server = builder.clone().start();
        let life = Duration::from_millis(20 + random.below(400));
        post_until_killed(&mut server, &memory, &mut random, life);
        if round % 3 == 2 {
            // Everything has to be made anew, and that is killed as well.
            std::fs::remove_dir_all(directory.path().join("data/graph")).unwrap();
        }
        kill_while_starting(&builder, directory.path(), &mut random);
        let mut server = builder.clone().start();
        server.wait_until_ready();
        auditor.check(&server.client(), &memory);
        acknowledged = memory.acknowledged.lock().unwrap().len();
        if round % 2 == 0 {
            server.kill();
        } else {
            assert!(server.terminate().success());
        }
    }
    let server = builder.start();
    server.wait_until_ready();
    let entries = Auditor::default().check(&server.client(), &memory);
    eprintln!("{ROUNDS} kills, {acknowledged} logs acknowledged, {} entries", entries.len());
    assert!(acknowledged > ROUNDS, "the rounds were too short to show anything");
}
