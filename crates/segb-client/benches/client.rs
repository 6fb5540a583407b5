//! How long it takes to build a log of fifty triples, and to put logs into a queue on disk.
//!
//! `cargo bench -p segb-client`. The directory of the queue is made in `SEGB_BENCH_DIR`, or the target directory.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot be made ends here")]

use std::{hint::black_box, path::PathBuf, time::Duration};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rand::{Rng, SeedableRng, rngs::SmallRng};
use segb_client::*;

fn randomness() -> Randomness {
    let mut generator = SmallRng::seed_from_u64(7);
    Box::new(move |bytes| generator.fill_bytes(bytes))
}

/// A person says something, the robot works out what she feels, and answers: 50 triples.
fn interaction(log: &mut Logger, at: Timestamp) -> Result<(), LogError> {
    let ana = log.register_human("ana", Some("Ana"), None)?;
    let heard = log.log_activity(Activity::new(ActivityKind::Listening).started_at(at).ended_at(at))?;
    let request = log.log_message(
        Message::new("Could you tell me something uplifting from the news?")
            .language("en")
            .message_type("oro:InitialMessage")
            .generated_by_activity(&heard)
            .sender(&ana),
    )?;
    let analysis = log.log_activity(
        Activity::new(ActivityKind::EmotionAnalysis).started_at(at).triggered_by_activity(&heard),
    )?;
    let joy = EmotionScore::new(EmotionCategory::Happiness, 0.8).confidence(0.9);
    log.log_emotion(EmotionAnnotation::new(&analysis).target(&ana).emotion(joy))?;
    let robot = log.robot().clone();
    log.log_message(Message::new("A dog was rescued today.").previous_message(&request).sender(robot))?;
    Ok(())
}

fn building(criterion: &mut Criterion) {
    let options = LoggerOptions::new("https://robots.example/ari/", "ari");
    let mut log = Logger::new(options, randomness()).unwrap();
    let at = parse_time("2026-01-31T10:00:00Z").unwrap();
    interaction(&mut log, at).unwrap();
    assert!((48..=55).contains(&log.len()), "{} triples", log.len());
    log.take_turtle().unwrap();
    criterion.bench_function("build and serialise a log of 50 triples", |bencher| {
        bencher.iter(|| {
            interaction(&mut log, at).unwrap();
            black_box(log.take_turtle().unwrap())
        });
    });
}

fn queueing(criterion: &mut Criterion) {
    let options = LoggerOptions::new("https://robots.example/ari/", "ari");
    let mut log = Logger::new(options, randomness()).unwrap();
    interaction(&mut log, parse_time("2026-01-31T10:00:00Z").unwrap()).unwrap();
    let turtle = log.take_turtle().unwrap();
    let mut group = criterion.benchmark_group("put a log into the queue on disk");
    group.throughput(Throughput::Elements(1)).measurement_time(Duration::from_secs(4));
    for (name, sync) in [
        ("synced within 200 ms", SyncPolicy::Within(Duration::from_millis(200))),
        ("each synced", SyncPolicy::EachLog),
    ] {
        let parent = std::env::var_os("SEGB_BENCH_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")), PathBuf::from);
        let directory = tempfile::tempdir_in(parent).unwrap();
        // Nobody listens there: everything stays in the queue.
        let mut options = PublisherOptions::new(ConnectionOptions::new("http://127.0.0.1:9"));
        options.queue.directory = Some(directory.path().join("queue"));
        options.queue.logs_max = usize::MAX;
        options.queue.bytes_max = u64::MAX;
        options.queue.sync = sync;
        let publisher = Publisher::start(options, randomness()).unwrap();
        group.bench_function(name, |bencher| {
            bencher.iter(|| drop(publisher.publish(&turtle).unwrap()));
        });
    }
    group.finish();
}

criterion_group!(benches, building, queueing);
criterion_main!(benches);
