//! What the logger refuses, what it says about that, and that the server takes what it makes.

use segb_client::*;
use segb_tests::ServerBuilder;

use super::{calls, calls_corpus, randomness};

fn logger() -> Logger {
    Logger::new(LoggerOptions::new("https://robots.example/ari/", "ari"), randomness()).expect("a logger")
}

fn moment() -> Timestamp {
    parse_time("2026-01-31T10:00:00Z").expect("a time")
}

#[test]
fn the_server_takes_every_log_that_the_logger_makes() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    for (name, calls) in calls_corpus::corpus() {
        let turtle = calls::make(&calls).unwrap_or_else(|error| panic!("{name}: {error}"));
        let reply = client.publish(&turtle);
        assert_eq!(reply.status, 201, "{name}: {}\n{turtle}", reply.text());
    }
}

#[test]
fn a_full_log_is_valid_by_the_rules_of_the_server() {
    let server = ServerBuilder::learning().start();
    for name in
        ["registering", "activities", "messages and observations", "emotions", "states", "shared events"]
    {
        let corpus = calls_corpus::corpus();
        let (_, calls) = corpus.iter().find(|(found, _)| *found == name).expect(name);
        let turtle = calls::make(calls).expect("a log");
        let reply = server.client().post_json("/ttl/validate", &serde_json::json!({ "ttl_content": turtle }));
        assert_eq!(reply.json()["valid"], true, "{name}: {}", reply.text());
    }
}

/// A refused call leaves the log as it was, and says what to do.
fn refused(what: &str, says: &str, call: impl FnOnce(&mut Logger) -> Result<Iri, LogError>) {
    let mut log = logger();
    log.log_activity(Activity::new(ActivityKind::Decision).id("one").started_at(moment()))
        .expect("an activity");
    let before = log.turtle();
    let error = call(&mut log).expect_err(what).to_string();
    assert!(error.contains(says), "{what}: {error}");
    assert_eq!(log.turtle(), before, "{what}: something is left");
    // And the log can be gone on with.
    log.log_message(Message::new("x").id("after")).expect("a message");
    assert!(log.turtle().contains("message/after"));
}

#[test]
fn bad_input_is_refused_with_what_to_do() {
    let annotation = |intensity, confidence| {
        let score = EmotionScore::new(EmotionCategory::Fear, intensity).confidence(confidence);
        EmotionAnnotation::new("a").target("b").emotion(score)
    };
    for (intensity, confidence, says) in [
        (1.01, 0.5, "the intensity of an emotion is 1.01, and has to be from 0 to 1"),
        (-0.1, 0.5, "from 0 to 1"),
        (0.5, 7.0, "the confidence in an emotion is 7"),
        (f64::NAN, 0.5, "leave it out if it is not known"),
        (0.5, f64::INFINITY, "not a number that can be logged"),
    ] {
        refused("an emotion", says, |log| log.log_emotion(annotation(intensity, confidence)));
    }
    refused("a blank human", "the id of a human is blank", |log| log.register_human(" ", None, None));
    refused("a blank name", "the first name is blank", |log| log.register_human("a", Some("\t"), None));
    refused("a bad homepage", "percent-encode", |log| log.register_human("a", None, Some("my page")));
    refused("a blank model", "the id of a model is blank", |log| log.register_model(Model::new("")));
    refused("a blank activity", "the id of an activity is blank", |log| {
        log.log_activity(Activity::new(ActivityKind::Decision).id(""))
    });
    refused("another start", "already has another start", |log| {
        let later = parse_time("2026-01-31T10:00:01Z").expect("a time");
        log.log_activity(Activity::new(ActivityKind::Decision).id("one").label("new").started_at(later))
    });
    refused("a battery of 120", "the battery level is 120, and has to be from 0 to 100", |log| {
        log.log_robot_state(RobotState::new(moment()).battery_level(120.0))
    });
    refused("a property without a number", "the value of a property", |log| {
        log.log_robot_state(RobotState::new(moment()).custom("x", f64::NAN))
    });
    refused("an unknown prefix", "For an IRI like urn:… use Iri::new", |log| {
        log.log_message(Message::new("x").sender("urn:ana"))
    });
    refused("no language tag", "examples are en, es", |log| {
        log.log_message(Message::new("x").language("english!"))
    });
    refused("a human message", "oro:InitialMessage", |log| {
        log.log_message(Message::new("x").message_type("oro:InitialMessage"))
    });
    refused("a blank event", "the kind of a shared event is blank", |log| {
        log.shared_event(SharedEvent::new(" ", moment()))
    });
    refused("an event with two fragments", "not an absolute IRI", |log| {
        let event = SharedEvent::new("k", moment()).modality("speech");
        log.shared_event_named(event, "https://events.example/#1")
    });
    refused("half a merge", "not Turtle", |log| {
        log.merge_turtle("<urn:a> <urn:b> <urn:c> . <urn:a>").map(|()| log.robot().clone())
    });
}

#[test]
fn a_logger_is_not_made_of_bad_options() {
    let refused = |change: &dyn Fn(&mut LoggerOptions), says: &str| {
        let mut options = LoggerOptions::new("https://robots.example/", "ari");
        change(&mut options);
        let error = Logger::new(options, randomness()).expect_err(says).to_string();
        assert!(error.contains(says), "{error}");
    };
    refused(&|options| options.base_namespace = " ".into(), "the base namespace is blank");
    refused(&|options| options.base_namespace = "robots".into(), "not an absolute IRI");
    refused(&|options| options.robot_id = String::new(), "the id of the robot is blank");
    refused(&|options| options.robot_name = Some(" ".into()), "the name of the robot is blank");
    refused(&|options| options.default_language = String::new(), "not a language tag");
    refused(&|options| options.namespace_prefix = "!".into(), "the prefix of the namespace is blank");
    refused(&|options| options.namespace_prefix = "PROV".into(), "already taken by the vocabulary");
}

#[test]
fn times_without_an_offset_are_refused() {
    for naive in ["2026-01-31T10:00:00", "2026-01-31 10:00:00.5", "2026-01-31"] {
        let error = parse_time(naive).expect_err(naive);
        assert!(matches!(error, TimeError::Naive { .. }), "{naive}: {error}");
        assert!(error.to_string().contains("add Z if it is UTC"), "{error}");
    }
    for none in ["", "yesterday", "2026-02-30T10:00:00Z", "10:00", "2026-01-31T25:00:00Z"] {
        assert!(matches!(parse_time(none), Err(TimeError::Malformed { .. })), "{none}");
    }
    let clock = std::time::UNIX_EPOCH + std::time::Duration::from_millis(1_500);
    assert_eq!(from_system_time(clock).expect("a time").to_string(), "1970-01-01T00:00:01.500000Z");
}

#[test]
fn a_taken_log_begins_anew_with_the_robot() {
    let mut log = logger();
    let empty = log.turtle();
    log.log_message(Message::new("one").id("one")).expect("a message");
    let first = log.take_turtle().expect("a log");
    assert!(first.contains("message/one"));
    assert_eq!(log.turtle(), empty);
    assert!(!log.is_empty());
}

#[test]
fn the_same_randomness_makes_the_same_document() {
    let make = || {
        let mut next = 0_u8;
        let count: Randomness = Box::new(move |bytes| {
            next += 1;
            bytes.fill(next);
        });
        let mut log =
            Logger::new(LoggerOptions::new("https://robots.example/", "ari"), count).expect("a logger");
        log.log_message(Message::new("one")).expect("a message");
        log.log_activity(Activity::new(ActivityKind::Decision)).expect("an activity");
        log.turtle()
    };
    assert_eq!(make(), make());
}
