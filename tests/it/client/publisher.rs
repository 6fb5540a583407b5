//! Sending, waiting, trying again.

use std::{
    fs,
    time::{Duration, Instant},
};

use segb_auth::Role;
use segb_client::*;
use segb_tests::{SECRET, ServerBuilder, interaction_log, token, token_with};
use tempfile::TempDir;

use super::{PATIENCE, free_address, numbered, numbers, options, publisher, stand_in::StandIn, wait_until};
use crate::durability::Tmpfs;

fn in_directory(address: &str, directory: &TempDir) -> PublisherOptions {
    let mut options = options(address);
    options.queue.directory = Some(directory.path().join("queue"));
    options
}

#[test]
fn a_log_gets_its_receipt_by_waiting_or_awaiting() {
    let server = ServerBuilder::learning().start();
    let mut options = options(server.address());
    options.user = Some("ari".to_owned());
    let publisher = publisher(options);
    let waited = publisher.publish(&interaction_log(1)).expect("room").wait().expect("a receipt");
    assert!(waited.triple_count > 40 && !waited.is_repeated);
    let entry = server.client().get(&format!("/logs/{}", waited.log_id)).json();
    assert_eq!(entry["actor"], "ari");
    assert_eq!(entry["sequence"], waited.sequence);
    let pending = publisher.publish(&numbered(2)).expect("room");
    let awaited = actix_like_block_on(pending).expect("a receipt");
    assert_eq!(awaited.sequence, waited.sequence + 1);
    assert_eq!(publisher.status().delivered, 2);
    publisher.close(PATIENCE).expect("nothing waits");
}

/// Any executor will do; this one parks the thread.
fn actix_like_block_on<F: Future + Unpin>(mut future: F) -> F::Output {
    struct Unpark(std::thread::Thread);
    impl std::task::Wake for Unpark {
        fn wake(self: std::sync::Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = std::sync::Arc::new(Unpark(std::thread::current())).into();
    let mut context = std::task::Context::from_waker(&waker);
    loop {
        match std::pin::Pin::new(&mut future).poll(&mut context) {
            std::task::Poll::Ready(value) => return value,
            std::task::Poll::Pending => std::thread::park(),
        }
    }
}

#[test]
fn logs_wait_while_the_server_is_away_and_keep_their_order() {
    let directory = TempDir::new().expect("a directory");
    let mut server = ServerBuilder::learning()
        .set("SEGB_PORT", free_address().rsplit(':').next().expect("a port"))
        .start();
    let publisher = publisher(in_directory(server.address(), &directory));
    let mut published = 0;
    for _round in 0..3 {
        for _ in 0..20 {
            publisher.publish(&numbered(published)).expect("room");
            published += 1;
        }
        server.kill();
        for _ in 0..20 {
            publisher.publish(&numbered(published)).expect("room");
            published += 1;
        }
        let status = wait_until(&publisher, "in trouble", |status| status.trouble.is_some());
        assert!(status.waiting_logs >= 20, "{status:?}");
        assert!(
            matches!(status.trouble, Some(Trouble::NoAnswer(CallError::Unreachable { .. }))),
            "{status:?}"
        );
        let left = publisher.flush(Duration::from_millis(20)).expect_err("the server is away").to_string();
        assert!(left.contains("logs still wait") && left.contains("is the server running there"), "{left}");
        server = server.restart();
        publisher.flush(PATIENCE).expect("the server is back");
    }
    assert_eq!(numbers(&server), (0..published).collect::<Vec<_>>());
    assert_eq!(publisher.status().trouble, None);
    publisher.close(PATIENCE).expect("nothing waits");
    let left: Vec<String> = fs::read_dir(directory.path().join("queue"))
        .expect("a directory")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .filter(|name| name.ends_with(".logs"))
        .collect();
    assert!(left.len() <= 1, "{left:?}");
}

#[test]
fn publishing_does_not_wait_for_a_server_that_does_not_answer() {
    let slow = StandIn::answering("", Duration::from_secs(3_600));
    let publisher = publisher(options(&slow.address));
    let mut slowest = Duration::ZERO;
    for number in 0..1_000 {
        let start = Instant::now();
        publisher.publish(&numbered(number)).expect("room");
        slowest = slowest.max(start.elapsed());
    }
    // Far below any timeout, and far above what a busy machine may take for it.
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
    let start = Instant::now();
    drop(publisher);
    assert!(start.elapsed() < Duration::from_secs(2), "nor does dropping it");
}

#[test]
fn an_answer_that_takes_too_long_is_a_trouble() {
    let slow = StandIn::answering("", Duration::from_secs(3_600));
    let mut options = options(&slow.address);
    options.connection.timeout = Duration::from_millis(100);
    let publisher = publisher(options);
    drop(publisher.publish(&numbered(1)).expect("room"));
    let status = wait_until(&publisher, "in trouble", |status| status.trouble.is_some());
    let Some(Trouble::NoAnswer(error @ CallError::TimedOut { .. })) = status.trouble else {
        panic!("{status:?}")
    };
    assert!(error.to_string().contains("did not answer within 100 ms"), "{error}");
    wait_until(&publisher, "tried again", |_| slow.requests() >= 3);
}

#[test]
fn another_publisher_goes_on_with_what_waits() {
    let directory = TempDir::new().expect("a directory");
    let first = publisher(in_directory(&free_address(), &directory));
    let pending = first.publish(&numbered(0)).expect("room");
    for number in 1..500 {
        drop(first.publish(&interaction_log(number)).expect("room"));
    }
    let second = Publisher::start(in_directory(&free_address(), &directory), super::randomness());
    let error = second.expect_err("in use").to_string();
    assert!(error.contains("in use by another publisher"), "{error}");
    let left = first.close(Duration::from_millis(50)).expect_err("nobody is there");
    assert_eq!(left.logs, 500);
    assert_eq!(pending.wait(), Err(DeliveryError::Closed));

    let server = ServerBuilder::learning().start();
    let second = publisher(in_directory(server.address(), &directory));
    second.flush(PATIENCE).expect("the server is there");
    assert_eq!(second.status().delivered, 500);
    let page = server.client().get("/logs?kind=log_received&limit=1000").json();
    assert_eq!(page["entries"].as_array().expect("entries").len(), 500);
}

#[test]
fn a_full_queue_refuses_new_logs_and_keeps_the_old_ones() {
    let directory = TempDir::new().expect("a directory");
    for by_bytes in [false, true] {
        let mut options = in_directory(&free_address(), &directory);
        options.queue.directory = options.queue.directory.map(|path| path.join(by_bytes.to_string()));
        match by_bytes {
            false => options.queue.logs_max = 5,
            true => options.queue.bytes_max = 600,
        }
        let full = publisher(options.clone());
        let mut accepted = 0;
        let error = loop {
            match full.publish(&numbered(accepted)) {
                Ok(_) => accepted += 1,
                Err(error) => break error,
            }
        };
        assert!(matches!(error, PublishError::Full { .. }), "{error}");
        let text = error.to_string();
        assert!(
            text.contains("the queue is full with") && text.contains("see that it is reachable"),
            "{text}"
        );
        assert!((4..=6).contains(&accepted), "{accepted}");
        drop(full);
        let server = ServerBuilder::learning().start();
        options.connection = ConnectionOptions::new(format!("http://{}", server.address()));
        let again = publisher(options);
        again.flush(PATIENCE).expect("the server is there");
        drop(again.publish(&numbered(accepted)).expect("room again").wait().expect("a receipt"));
        assert_eq!(numbers(&server), (0..=accepted).collect::<Vec<_>>());
    }
}

#[test]
fn a_full_disk_is_told_and_loses_nothing_that_was_accepted() {
    let Some(disk) = Tmpfs::mount("size=2m") else { return };
    let mut options = options(&free_address());
    options.queue.directory = Some(disk.path().join("queue"));
    let first = publisher(options.clone());
    drop(first.publish(&numbered(0)).expect("room"));
    disk.fill(20_000);
    let mut accepted = 1;
    let error = loop {
        match first.publish(&format!("{}# {}", numbered(accepted), "x".repeat(3_000))) {
            Ok(_) => accepted += 1,
            Err(error) => break error,
        }
        assert!(accepted < 1_000, "the disk does not become full");
    };
    assert!(matches!(error, PublishError::Disk(_)), "{error}");
    assert!(error.to_string().contains("make room on the disk, then publish the log again"), "{error}");
    assert!(first.publish(&format!("{}# {}", numbered(accepted), "x".repeat(30_000))).is_err());
    disk.drop_ballast();
    for number in accepted..accepted + 10 {
        drop(first.publish(&numbered(number)).expect("room again"));
    }
    drop(first);
    let server = ServerBuilder::learning().start();
    options.connection = ConnectionOptions::new(format!("http://{}", server.address()));
    let second = publisher(options);
    second.flush(PATIENCE).expect("the server is there");
    assert_eq!(second.status().damaged, 0);
    let page = server.client().get("/logs?kind=log_received&limit=1000").json();
    assert_eq!(page["entries"].as_array().expect("entries").len() as u64, accepted + 10);
}

#[test]
fn a_directory_that_is_none_is_named() {
    let directory = TempDir::new().expect("a directory");
    let file = directory.path().join("file");
    fs::write(&file, "").expect("a file");
    let mut options = options(&free_address());
    options.queue.directory = Some(file.clone());
    let error = Publisher::start(options, super::randomness()).expect_err("a file").to_string();
    assert!(
        error.contains(file.to_str().expect("UTF-8")) && error.contains("a directory that this user"),
        "{error}"
    );
}

#[test]
fn a_damaged_log_is_counted_and_the_others_are_sent() {
    let directory = TempDir::new().expect("a directory");
    let first = publisher(in_directory(&free_address(), &directory));
    for number in 0..5 {
        drop(first.publish(&numbered(number)).expect("room"));
    }
    drop(first);
    let queue = directory.path().join("queue");
    let segment = queue.join(format!("{:020}.logs", 0));
    let text = fs::read_to_string(&segment).expect("a segment");
    let damaged = text.replacen("<urn:said> 2 ", "<urn:said> 9 ", 1);
    assert_ne!(damaged, text);
    // And a line that was being written when the power went.
    fs::write(&segment, format!("{damaged}0123456789abcdef 00")).expect("a segment");
    fs::write(queue.join("sent"), "what?").expect("a note");
    let server = ServerBuilder::learning().start();
    let second = publisher(in_directory(server.address(), &directory));
    second.flush(PATIENCE).expect("the server is there");
    assert_eq!(numbers(&server), [0, 1, 3, 4]);
    assert_eq!(second.status().damaged, 1);
    assert!(queue.join(format!("{:020}.damaged", 0)).exists(), "it is kept");
}

#[test]
fn a_log_that_the_server_refuses_is_set_aside() {
    let directory = TempDir::new().expect("a directory");
    let server = ServerBuilder::learning().start();
    let publisher = publisher(in_directory(server.address(), &directory));
    let refused = publisher.publish("<urn:a> <urn:b> .").expect("room");
    let good = publisher.publish(&numbered(1)).expect("room");
    let error = refused.wait().expect_err("not Turtle");
    assert!(matches!(&error, DeliveryError::Refused(refusal) if refusal.status == 422), "{error}");
    assert!(error.to_string().contains("line 1"), "{error}");
    good.wait().expect("a receipt");
    let kept = fs::read_to_string(directory.path().join("queue/refused").join(format!("{:020}.json", 0)));
    let kept: serde_json::Value = serde_json::from_str(&kept.expect("it is kept")).expect("JSON");
    assert_eq!(kept["request"]["ttl_content"], "<urn:a> <urn:b> .");
    assert_eq!(publisher.status().refused, 1);

    for (blank, says) in [("", "blank"), (" \n", "blank")] {
        assert!(publisher.publish(blank).expect_err("blank").to_string().contains(says));
    }
    let large = "#".repeat(9 << 20) + "#";
    let error = publisher.publish(&large).expect_err("too large").to_string();
    assert!(error.contains("publish several smaller ones"), "{error}");
}

#[test]
fn a_refused_token_keeps_the_logs_until_there_is_another() {
    let server = ServerBuilder::protected().start();
    let good = token("ari", &[Role::Logger]);
    let cases = [
        (None, 401, "the token is missing, expired or not of this server"),
        (Some(token_with(SECRET, "ari", &[Role::Logger], 7_200)), 401, "get a new one (SEGB_API_TOKEN)"),
        (Some(token_with(&SECRET.to_uppercase(), "ari", &[Role::Logger], 0)), 401, "Invalid Token"),
        (Some(token("ana", &[Role::Auditor])), 403, "sending logs needs the role logger"),
    ];
    for (number, (bad, status, says)) in (0..).zip(cases) {
        let mut options = options(server.address());
        options.retry = RetryPolicy { first: Duration::from_secs(600), longest: Duration::from_secs(600) };
        options.connection = options.connection.with_token(bad);
        let publisher = publisher(options);
        let pending = publisher.publish(&numbered(number)).expect("room");
        let seen = wait_until(&publisher, "in trouble", |status| status.trouble.is_some());
        let Some(Trouble::Token(refusal)) = &seen.trouble else { panic!("{seen:?}") };
        assert_eq!(refusal.status, status);
        assert!(refusal.to_string().contains(says), "{refusal}");
        assert_eq!(seen.waiting_logs, 1);
        publisher.set_token(Some(&good)).expect("a token");
        // At once, whatever the pause is.
        assert_eq!(pending.wait().expect("a receipt").triple_count, 1);
    }
}

#[test]
fn what_the_server_cannot_do_now_is_tried_again_and_a_log_it_fails_on_is_not_for_ever() {
    let busy = StandIn::with_status("503 Busy", "Retry-After: 3600\r\n", r#"{"detail":"too much waits"}"#);
    let patient = publisher(options(&busy.address));
    drop(patient.publish(&numbered(1)).expect("room"));
    let status = wait_until(&patient, "in trouble", |status| status.trouble.is_some());
    assert!(status.trouble.expect("trouble").to_string().contains("try again later (503: too much waits)"));
    assert_eq!(busy.requests(), 1, "it does what the server asks for");

    let broken = StandIn::with_status("500 Oops", "", r#"{"detail":"Internal Server Error"}"#);
    let insistent = publisher(options(&broken.address));
    let error = insistent.publish(&numbered(1)).expect("room").wait().expect_err("500");
    assert!(matches!(error, DeliveryError::Refused(ref refusal) if refusal.status == 500), "{error}");
    assert_eq!(broken.requests(), 8);
}

#[test]
fn options_that_cannot_be_used_are_refused_with_what_to_do() {
    for (url, says) in [
        ("", "is not the address of a server"),
        ("segb.example", "it is like https://segb.example"),
        ("ftp://segb.example", "is not the address"),
        ("http://", "is not the address"),
        ("http://a/?b", "is not the address"),
    ] {
        let error = Connection::new(ConnectionOptions::new(url)).expect_err(url).to_string();
        assert!(error.contains(says), "{error}");
    }
    let with_token =
        |token: &str| ConnectionOptions::new("http://127.0.0.1:1").with_token(Some(token.to_owned()));
    let error = Connection::new(with_token("two\nlines")).expect_err("two lines").to_string();
    assert!(error.contains("copy it again") && !error.contains("two"), "{error}");
    assert!(!format!("{:?}", with_token("hush")).contains("hush"));
    let mut options = ConnectionOptions::new("https://127.0.0.1:1");
    options.authorities_pem = Some(b"not PEM".to_vec());
    assert!(Connection::new(options).expect_err("no PEM").to_string().contains("they have to be in PEM"));
    let publisher = publisher(self::options("127.0.0.1:1"));
    assert!(publisher.set_token(Some("ä")).is_err());
}
