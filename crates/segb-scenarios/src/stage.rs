//! What every story needs: robots, moments, a server to tell it to.

use rand::{Rng, RngExt, SeedableRng, rngs::StdRng};
use segb_client::{
    Connection, ConnectionOptions, Logger, LoggerOptions, Randomness, SharedContextResolver, Timestamp,
};

use crate::ScenarioError;

/// The namespace of all that the stories name.
const NAMESPACE: &str = "https://robots.example/lab/";

/// How a story is told.
pub struct Options {
    /// The server.
    pub server: ConnectionOptions,
    /// What decides about ids and numbers. The same seed tells the same story.
    pub seed: u64,
    /// When the story begins.
    pub start: Timestamp,
    /// For the keys by which the server knows a log that is sent again. Not of the seed: a story that is told twice is
    /// stored twice.
    pub keys: Randomness,
}

/// What was told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// How many logs were stored.
    pub logs: u64,
    /// How many triples they assert, each log counted for itself.
    pub triples: u64,
    /// What else there is to know, a line each.
    pub notes: Vec<String>,
}

pub(crate) struct Stage<'t> {
    pub server: Connection,
    pub resolver: SharedContextResolver,
    pub summary: Summary,
    rng: StdRng,
    start: Timestamp,
    keys: Randomness,
    /// Part of every id, so that stories do not mix.
    run: String,
    tell: &'t mut dyn FnMut(&str),
}

impl<'t> Stage<'t> {
    pub fn new(options: Options, tell: &'t mut dyn FnMut(&str)) -> Result<Self, ScenarioError> {
        let mut rng = StdRng::seed_from_u64(options.seed);
        let run = format!("{:06x}", rng.random_range(0..1_u32 << 24));
        Ok(Self {
            resolver: SharedContextResolver::new(options.server.clone())?,
            server: Connection::new(options.server)?,
            summary: Summary::default(),
            rng,
            start: options.start,
            keys: options.keys,
            run,
            tell,
        })
    }

    /// A robot with an empty log.
    pub fn robot(&mut self, id: &str, name: &str) -> Result<Logger, ScenarioError> {
        robot(id, name, self.rng.next_u64())
    }

    /// An id of this story.
    pub fn id(&self, name: &str) -> String {
        format!("{name}_{}", self.run)
    }

    /// So many milliseconds after the beginning.
    pub fn at(&self, offset_ms: i64) -> Result<Timestamp, ScenarioError> {
        after(self.start, offset_ms)
    }

    /// A number that varies with the seed by a hundredth or two.
    pub fn about(&mut self, number: f64) -> f64 {
        let varied = number + self.rng.random_range(-0.02..0.02);
        (varied.clamp(0.0, 1.0) * 100.0).round() / 100.0
    }

    /// Says what happens.
    pub fn say(&mut self, line: &str) {
        (self.tell)(line);
    }

    /// Sends what a robot has logged.
    pub fn publish(&mut self, what: &str, log: &mut Logger) -> Result<(), ScenarioError> {
        let turtle = log.take_turtle()?;
        self.publish_turtle(what, &turtle, log.robot().as_str())
    }

    pub fn publish_turtle(&mut self, what: &str, turtle: &str, user: &str) -> Result<(), ScenarioError> {
        let mut bytes = [0; 16];
        (self.keys)(&mut bytes);
        let key = uuid::Builder::from_random_bytes(bytes).into_uuid().to_string();
        let receipt = self.server.send_log(turtle, Some(user), &key, None)?;
        self.summary.logs += 1;
        self.summary.triples += receipt.triple_count;
        let (sequence, triples) = (receipt.sequence, receipt.triple_count);
        self.say(&format!("  entry {sequence}: {what} ({triples} triples)"));
        Ok(())
    }
}

/// A robot with an empty log, whose ids come from the seed.
pub(crate) fn robot(id: &str, name: &str, seed: u64) -> Result<Logger, ScenarioError> {
    let mut options = LoggerOptions::new(NAMESPACE, id);
    options.robot_name = Some(name.to_owned());
    options.namespace_prefix = "lab".to_owned();
    let mut rng = StdRng::seed_from_u64(seed);
    Ok(Logger::new(options, Box::new(move |bytes| rng.fill_bytes(bytes)))?)
}

/// So many milliseconds after a moment.
pub(crate) fn after(moment: Timestamp, offset_ms: i64) -> Result<Timestamp, ScenarioError> {
    let unix_us = moment.as_unix_us().saturating_add(offset_ms.saturating_mul(1_000));
    Timestamp::from_unix_us(unix_us).map_err(|_| {
        ScenarioError::Unexpected(format!("{moment} and {offset_ms} ms is beyond all calendars"))
    })
}
