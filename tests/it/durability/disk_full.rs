//! A disk without room, or none that can be written to.

use std::{
    fs,
    time::{Duration, Instant},
};

use segb_tests::{Client, Reply, Server, ServerBuilder, interaction_log};
use tempfile::TempDir;

use super::{audit::Auditor, documents::document, posting::Memory, tmpfs::Tmpfs};

/// Journal, index and server log on one small disk.
fn builder(disk: &Tmpfs) -> ServerBuilder {
    ServerBuilder::learning()
        .data_dir(&disk.path().join("data"))
        .set("SERVER_LOG_DIR", disk.path().join("logs").to_str().unwrap())
}

fn assert_refusal(reply: &Reply) {
    assert!(matches!(reply.status, 507 | 503), "{}: {}", reply.status, reply.text());
    assert!(reply.detail().contains("disk is full"), "{}", reply.detail());
}

fn assert_reads_go_on(client: &Client) {
    for path in
        ["/events", "/logs", "/query?query=ASK%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D", "/metrics", "/healthz/live"]
    {
        let reply = client.get(path);
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    }
}

/// Sends until a log is refused; how many were taken before.
fn post_until_refused(client: &Client, memory: &Memory, mut document: impl FnMut(u64) -> String) -> u64 {
    for number in 0..3_000 {
        let reply = memory.post(client, document(number)).unwrap();
        if reply.status != 201 {
            assert_refusal(&reply);
            return number;
        }
    }
    panic!("the disk does not become full");
}

/// Sends until a log is taken again, by the same process.
fn assert_writes_resume(server: &Server, memory: &Memory, document: &str) {
    let start = Instant::now();
    loop {
        let reply = memory.post(&server.client(), document.to_owned()).unwrap();
        if reply.status == 201 {
            return eprintln!("writes resumed after {:?}", start.elapsed());
        }
        assert_refusal(&reply);
        assert!(start.elapsed() < Duration::from_secs(10), "writes do not resume:\n{}", server.stderr());
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn assert_survives_kill(mut server: Server, memory: &Memory) {
    server.wait_until_ready();
    Auditor::default().check(&server.client(), memory);
    server.kill();
    let server = server.restart();
    server.wait_until_ready();
    Auditor::default().check(&server.client(), memory);
}

#[test]
fn a_full_disk_refuses_logs_and_nothing_else() {
    let Some(disk) = Tmpfs::mount("size=24m") else {
        return;
    };
    let memory = Memory::default();
    let server = builder(&disk).start();
    let client = server.client();
    for number in 0..30 {
        memory.must_post(&client, interaction_log(number));
    }
    for round in 0..3 {
        disk.fill(round * 20_000);
        // Large and small in turn: what has no room for the one may have it for the other.
        let taken = post_until_refused(&client, &memory, |number| match number % 2 {
            0 => document(10_000 * (round + 1) + number, 20, 2_000),
            _ => interaction_log(10_000 * (round + 1) + number),
        });
        eprintln!("{taken} logs taken on the full disk");
        for number in 0..10 {
            let reply = memory.post(&client, document(7_000 + number, 50, 4_000)).unwrap();
            assert_refusal(&reply);
        }
        assert_reads_go_on(&client);
        disk.drop_ballast();
        assert_writes_resume(&server, &memory, &interaction_log(90_000 + round));
    }
    assert_survives_kill(server, &memory);
}

#[test]
fn a_disk_filled_by_logs_alone_keeps_them_all() {
    let Some(disk) = Tmpfs::mount("size=16m") else {
        return;
    };
    let memory = Memory::default();
    let mut server = builder(&disk).start();
    let taken = post_until_refused(&server.client(), &memory, |number| document(number, 100, 1_000));
    assert!(taken > 10, "{taken}");
    // What is small may still fit; all of it together does not.
    post_until_refused(&server.client(), &memory, interaction_log);
    assert_reads_go_on(&server.client());
    server.kill();

    // It may or may not start without room, but it says why.
    match builder(&disk).try_start() {
        Ok(mut server) => {
            assert_eq!(server.client().get("/logs").status, 200);
            server.kill();
        }
        Err(log) => {
            eprintln!("no start on a full disk:\n{log}");
            assert!(
                log.contains("No space left") || log.contains("full") || log.contains("no room"),
                "{log}"
            );
        }
    }
    let remount =
        std::process::Command::new("mount").args(["-o", "remount,size=40m"]).arg(disk.path()).status();
    assert!(remount.unwrap().success());
    let server = server.restart();
    server.wait_until_ready();
    Auditor::default().check(&server.client(), &memory);
    assert_writes_resume(&server, &memory, &interaction_log(90_000));
}

#[test]
fn an_index_without_room_follows_when_there_is_room() {
    let Some(disk) = Tmpfs::mount("size=64m") else {
        return;
    };
    let memory = Memory::default();
    let server = builder(&disk).start();
    let client = server.client();
    // Makes the write-ahead log long; it is used again from its start afterwards.
    memory.must_post(&client, document(1, 8, 900_000));
    memory.must_post(&client, document(2, 8, 900_000));
    memory.must_post(&client, interaction_log(1));
    disk.fill(0);
    // Compresses well, so the journal finds room for it where the index does not.
    let wide: String = (0..6_000).map(|n| format!("<urn:s:{n}> <urn:p> {n} .\n")).collect();
    let reply = memory.post(&client, wide).unwrap();
    assert_eq!(reply.status, 201, "it is in the journal: {}", reply.text());
    let reply = memory.post(&client, interaction_log(2)).unwrap();
    assert_refusal(&reply);
    assert_eq!(client.get("/healthz/ready").status, 503);
    assert!(client.get("/metrics").text().contains("segb_index_behind_entries 1\n"));
    assert_reads_go_on(&client);
    disk.drop_ballast();
    assert_writes_resume(&server, &memory, &interaction_log(3));
    server.wait_until_ready();
    assert!(client.get("/metrics").text().contains("segb_index_behind_entries 0\n"));
    assert_survives_kill(server, &memory);
}

#[test]
fn half_a_graph_is_not_shown_when_a_rebuild_runs_out_of_room() {
    // Room for the graph, and for the index of words, which grows when the graph is complete.
    let Some(disk) = Tmpfs::mount("size=240m") else {
        return;
    };
    let memory = Memory::default();
    let mut server = builder(&disk).start();
    for number in 0..60 {
        memory.must_post(&server.client(), document(number, 3_000, 20));
    }
    assert!(server.terminate().success());
    fs::remove_dir_all(disk.path().join("data/graph")).unwrap();
    disk.fill(6 << 20);
    let server = server.restart();
    let client = server.client();
    let start = Instant::now();
    loop {
        let reply = memory.post(&client, interaction_log(1_000)).unwrap();
        let read = client.get("/events");
        assert_eq!(read.status, 503, "half a graph is shown");
        if reply.status != 201 {
            assert_refusal(&reply);
            break;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "the disk does not become full");
    }
    assert_eq!(client.get("/events").status, 503);
    assert_eq!(client.get("/logs").status, 200);
    disk.drop_ballast();
    assert_writes_resume(&server, &memory, &interaction_log(1_001));
    assert_eq!(client.get("/healthz/ready").status, 503, "logs are taken while the rest is being made");
    assert_survives_kill(server, &memory);
}

#[test]
fn a_data_directory_that_cannot_be_one_is_named() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "not a directory").unwrap();
    let log = ServerBuilder::learning().data_dir(&file).try_start().expect_err("a file");
    assert!(log.contains("the data directory") && log.contains(file.to_str().unwrap()), "{log}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "not a directory");

    let other = directory.path().join("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("journal.sqlite3"), "not a journal, but long enough to be looked at").unwrap();
    let log = ServerBuilder::learning().data_dir(&other).try_start().expect_err("not a journal");
    assert!(log.contains("journal"), "{log}");

    let Some(disk) = Tmpfs::mount("size=1m,ro") else {
        return;
    };
    let log = ServerBuilder::learning().data_dir(disk.path()).try_start().expect_err("read-only");
    assert!(log.contains("the data directory") && log.contains("Read-only"), "{log}");
}
