//! Shared events by the server, and without it.

use std::time::{Duration, Instant};

use segb_auth::Role;
use segb_client::*;
use segb_tests::{ServerBuilder, token};

use super::{free_address, randomness, stand_in::StandIn};

fn robot(id: &str) -> Logger {
    Logger::new(LoggerOptions::new("https://robots.example/", id), randomness()).expect("a logger")
}

fn event(text: &str) -> SharedEvent {
    let at = parse_time("2026-01-31T10:00:00Z").expect("a time");
    SharedEvent::new("human_utterance", at).subject("human/ana").text(text).modality("speech")
}

fn resolver(address: &str) -> SharedContextResolver {
    SharedContextResolver::new(ConnectionOptions::new(format!("http://{address}"))).expect("a resolver")
}

#[test]
fn two_robots_use_one_name() {
    let server = ServerBuilder::learning().start();
    let resolver = resolver(server.address());
    let (mut ari, mut tiago) = (robot("ari"), robot("tiago"));
    let (first, trouble) = ari.shared_event_with(event("Good morning"), &resolver).expect("a name");
    assert_eq!(trouble, None);
    let (second, _) = tiago.shared_event_with(event("good morning!"), &resolver).expect("a name");
    assert_eq!(first, second);
    assert!(tiago.turtle().contains(first.as_str().rsplit('/').next().expect("a name")));
    let pending = resolver.resolve_in_background(
        event("Good morning"),
        Some(ari.resolve("human/ana").expect("an IRI")),
        Some(ari.robot().clone()),
    );
    let resolution = pending.wait().expect("an answer");
    assert_eq!((resolution.status, resolution.iri), (ContextStatus::Matched, first));
    let stats = server.client().get("/shared-context/stats").json();
    assert!(stats["active_contexts"].as_u64().expect("a number") >= 1);
}

#[test]
fn without_an_answer_the_name_is_the_local_one() {
    let protected = ServerBuilder::protected().start();
    let local = robot("ari").shared_event(event("hi")).expect("a name");
    let busy = StandIn::with_status("503 Busy", "", r#"{"detail":"later"}"#);
    let other = StandIn::with_status("200 OK", "", "{}");
    for (address, says) in [
        (free_address(), "cannot be reached"),
        (protected.address().to_owned(), "401"),
        (busy.address.clone(), "try again later"),
        (other.address.clone(), "has no name for the event"),
    ] {
        let (name, trouble) =
            robot("tiago").shared_event_with(event("hi"), &resolver(&address)).expect("a name");
        assert_eq!(name, local);
        let trouble = trouble.expect("a reason").to_string();
        assert!(trouble.contains(says), "{trouble}");
    }
    let options = ConnectionOptions::new(format!("http://{}", protected.address()));
    let options = options.with_token(Some(token("ari", &[Role::Logger])));
    let resolver = SharedContextResolver::new(options).expect("a resolver");
    let (name, trouble) = robot("ari").shared_event_with(event("hi"), &resolver).expect("a name");
    assert_eq!(trouble, None);
    assert_ne!(name, local);
}

#[test]
fn a_server_that_does_not_answer_is_not_asked_again_at_once() {
    let slow = StandIn::answering("", Duration::from_secs(3_600));
    let mut options = ConnectionOptions::new(format!("http://{}", slow.address));
    options.timeout = Duration::from_millis(100);
    let resolver = SharedContextResolver::new(options).expect("a resolver");
    let mut robot = robot("ari");
    let (_, trouble) = robot.shared_event_with(event("one"), &resolver).expect("a name");
    assert!(matches!(trouble, Some(ResolveError::Call(CallError::TimedOut { .. }))), "{trouble:?}");
    let start = Instant::now();
    for number in 0..100 {
        let (_, trouble) = robot.shared_event_with(event(&number.to_string()), &resolver).expect("a name");
        assert!(matches!(trouble, Some(ResolveError::Paused { .. })), "{trouble:?}");
    }
    assert!(start.elapsed() < Duration::from_secs(5));
    assert_eq!(slow.requests(), 1);
    let blank = SharedEvent::new(" ", parse_time("2026-01-31T10:00:00Z").expect("a time"));
    assert_eq!(resolver.resolve(&blank, None, None), Err(ResolveError::BlankKind));
}
