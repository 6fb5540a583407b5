//! What a robot written in Rust uses: it builds logs in the vocabulary of SEGB ([`Logger`]), sends them without ever
//! waiting for the server ([`Publisher`]), asks for the names of shared events ([`SharedContextResolver`]), and checks
//! what the server promises ([`Receipt`]). It starts threads of its own, but needs no asynchronous runtime: what takes
//! time gives a [`Pending`], which can be awaited in any runtime, or waited for. It knows no environment, no clock of the
//! day and no source of randomness: those come in as arguments. It knows no storage of the server.
//!
//! ```no_run
//! use segb_client::*;
//!
//! let options = LoggerOptions::new("https://robots.example/ari/", "ari");
//! let mut log = Logger::new(options, Box::new(|bytes| rand::fill(bytes)))?;
//! let ana = log.register_human("ana", Some("Ana"), None)?;
//! let heard = log.log_activity(
//!     Activity::new(ActivityKind::Listening).started_at(parse_time("2026-01-31T10:00:00Z")?),
//! )?;
//! log.log_message(
//!     Message::new("Good morning!")
//!         .language("en")
//!         .message_type("oro:InitialMessage")
//!         .generated_by_activity(&heard)
//!         .sender(&ana),
//! )?;
//!
//! let connection = ConnectionOptions::new("http://127.0.0.1:5000");
//! let mut options = PublisherOptions::new(connection);
//! options.queue.directory = Some("/var/lib/robot/segb-queue".into());
//! let publisher = Publisher::start(options, Box::new(|bytes| rand::fill(bytes)))?;
//! let pending = publisher.publish(&log.take_turtle()?)?; // returns at once
//! let receipt = pending.wait()?; // only who wants to know waits; or `pending.await?`
//! println!("entry {} of the journal", receipt.sequence);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod connection;
mod error;
mod graph;
mod kinds;
mod logger;
mod pending;
mod publisher;
mod queue;
mod receipt;
mod resolver;
mod term;
mod time;
mod turtle;
mod value;
mod vocabulary;

pub use connection::{Answer, CallError, Connection, ConnectionOptions, OptionsError, Refusal, SendError};
pub use error::{LogError, TimeError};
pub use kinds::{ActivityKind, EmotionCategory};
pub use logger::{
    Activity, Dataset, EmotionAnnotation, EmotionScore, Evaluation, Logger, LoggerOptions, Message, Model,
    ModelUsage, Observation, RobotState, SharedEvent, SharedEventPolicy,
};
pub use pending::Pending;
pub use publisher::{
    DeliveryError, PublishError, Publisher, PublisherOptions, RetryPolicy, StartError, Status, StillWaiting,
    Trouble,
};
pub use queue::{QueueOptions, SyncPolicy};
pub use receipt::{Proof, Receipt, ReceiptError};
pub use resolver::{ContextStatus, Resolution, ResolveError, SharedContextResolver};
pub use segb_journal::{Hash, Timestamp, note::Verifier};
pub use term::{Iri, Term};
pub use time::{from_system_time, parse_time};
pub use value::Value;

/// Fills bytes that nobody can guess, for example `Box::new(|bytes| rand::fill(bytes))`.
pub type Randomness = Box<dyn FnMut(&mut [u8]) + Send>;

/// The examples of the page for robots compile.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/robots.md")]
struct RobotsPage;
