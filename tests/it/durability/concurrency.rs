//! Many callers at once.

use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use segb_tests::{START_ENTRIES, ServerBuilder, interaction_log};

use super::{
    audit::Auditor,
    documents::document,
    posting::{Memory, post},
};

/// Generous: an unoptimised build on a machine that does other things as well.
const NOT_HELD_UP: Duration = Duration::from_secs(3);

#[test]
fn fifty_clients_at_once_all_get_201() {
    let (server, memory) = (ServerBuilder::learning().start(), Memory::default());
    let start = Instant::now();
    thread::scope(|scope| {
        for client_number in 0..50 {
            let (client, memory) = (server.client(), &memory);
            scope.spawn(move || {
                for number in 0..8 {
                    memory.must_post(&client, interaction_log(client_number * 100 + number));
                }
            });
        }
    });
    eprintln!("400 logs of 50 clients in {:?}", start.elapsed());
    assert_eq!(memory.acknowledged.lock().unwrap().len(), 400);
    Auditor::default().check(&server.client(), &memory);
}

#[test]
fn delete_all_among_inserts_leaves_journal_and_graph_in_agreement() {
    let (server, memory) = (ServerBuilder::learning().start(), Memory::default());
    thread::scope(|scope| {
        for client_number in 0..6 {
            let (client, memory) = (server.client(), &memory);
            scope.spawn(move || {
                for number in 0..25 {
                    let number = client_number * 1_000 + number;
                    let large = number % 10 == 0;
                    memory.must_post(
                        &client,
                        if large { document(number, 3_000, 20) } else { interaction_log(number) },
                    );
                }
            });
        }
        for _ in 0..2 {
            let (client, memory) = (server.client(), &memory);
            scope.spawn(move || {
                for _ in 0..10 {
                    memory.clear(&client);
                    thread::sleep(Duration::from_millis(20));
                }
            });
        }
    });
    let entries = Auditor::default().check(&server.client(), &memory);
    assert!(entries.iter().filter(|entry| entry.kind == "graph_cleared").count() > 2);
    assert!(!server.stderr().contains("ERROR"), "{}", server.stderr());
}

#[test]
fn small_logs_do_not_wait_for_a_very_large_one() {
    let server = ServerBuilder::learning()
        .set("SEGB_BODY_BYTES_MAX", "40000000")
        .set("SEGB_TRIPLES_MAX", "250000")
        .start();
    let memory = Memory::default();
    let large = document(1, 200_000, 70);
    assert!(large.len() > 20_000_000, "{}", large.len());
    let (mut slowest, mut sent) = (Duration::ZERO, 0);
    let took = thread::scope(|scope| {
        let (client, memory) = (server.client(), &memory);
        let large = scope.spawn(move || {
            let start = Instant::now();
            memory.must_post(&client, large);
            start.elapsed()
        });
        let client = server.client();
        while !large.is_finished() {
            let start = Instant::now();
            memory.must_post(&client, interaction_log(sent));
            slowest = slowest.max(start.elapsed());
            sent += 1;
        }
        large.join().unwrap()
    });
    eprintln!(
        "20 MB and 200 000 triples took {took:?}; {sent} small logs meanwhile, the slowest took {slowest:?}"
    );
    assert!(sent > 3 && slowest < NOT_HELD_UP, "{sent} small logs, the slowest took {slowest:?}");
    server.wait_until_ready();
    assert_eq!(
        memory.acknowledged.lock().unwrap().iter().filter(|log| log.triple_count == 200_000).count(),
        1
    );
    Auditor::default().check(&server.client(), &memory);
}

#[test]
fn who_finds_the_queue_full_is_told_when_to_come_back() {
    let server = ServerBuilder::learning().set("SEGB_QUEUE_LOGS_MAX", "1").start();
    let (memory, refused) = (Memory::default(), AtomicUsize::new(0));
    thread::scope(|scope| {
        for client_number in 0..24 {
            let (client, memory, refused) = (server.client(), &memory, &refused);
            scope.spawn(move || {
                for number in 0..6 {
                    let log = document(client_number * 100 + number, 200, 20);
                    loop {
                        let reply = memory.post(&client, log.clone()).unwrap();
                        if reply.status == 201 {
                            break;
                        }
                        assert_eq!(reply.status, 503, "{}", reply.text());
                        assert!(reply.header("retry-after").parse::<u64>().unwrap() >= 1);
                        refused.fetch_add(1, Ordering::Relaxed);
                        thread::sleep(Duration::from_millis(3));
                    }
                }
            });
        }
    });
    eprintln!("{} refusals", refused.load(Ordering::Relaxed));
    assert!(refused.load(Ordering::Relaxed) > 0, "the queue was never full");
    let entries = Auditor::default().check(&server.client(), &memory);
    assert_eq!(entries.len(), START_ENTRIES + 24 * 6, "a refused log is not stored");
}

#[test]
fn an_export_that_nobody_reads_holds_up_no_log() {
    let (server, memory) = (ServerBuilder::learning().start(), Memory::default());
    // More than the buffers of two sockets.
    for number in 0..10 {
        memory.must_post(&server.client(), document(number, 5_000, 300));
    }
    let mut slow = TcpStream::connect(server.address()).unwrap();
    let request = format!(
        "GET /events HTTP/1.1\r\nHost: {}\r\nAccept: application/n-triples\r\n\r\n",
        server.address()
    );
    slow.write_all(request.as_bytes()).unwrap();
    let mut first = [0; 1_024];
    slow.read_exact(&mut first).unwrap();
    assert!(first.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&first));
    for number in 0..50 {
        let start = Instant::now();
        assert_eq!(post(&server.client(), &interaction_log(number)).status, 201);
        assert!(start.elapsed() < NOT_HELD_UP, "{:?}", start.elapsed());
    }
    // It was one moment of the graph, and it is still being sent.
    let marker = post(&server.client(), "<urn:later> <urn:p> <urn:o> .");
    assert_eq!(marker.status, 201);
    slow.write_all(b"GET /healthz/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut rest = Vec::new();
    slow.read_to_end(&mut rest).unwrap();
    let rest = String::from_utf8_lossy(&rest);
    assert!(rest.len() > 10_000_000, "{} bytes", rest.len());
    assert!(rest.contains("{\"live\":true}"), "the export came to its proper end");
    assert!(!rest.contains("<urn:later>"), "an export shows one moment");
}
