//! What a witness is asked and what it answers (C2SP tlog-witness, "add-checkpoint"). It remembers one tree head for
//! each log and cosigns only what continues it, so that a log cannot show different trees to different people.
//!
//! The decision is a function of the request and of what was remembered; the caller makes it atomic:
//!
//! 1. [`AddCheckpoint::parse`] the body; find the log by [`AddCheckpoint::origin`].
//! 2. In one transaction: read what was last cosigned for it, [`decide`], store [`Accepted::head`].
//! 3. Only then [`Accepted::cosign`] and answer. A crash before that costs the log one repetition.

mod answer;
mod decision;
mod request;

pub use answer::{Answer, BadAnswer};
pub use decision::{Accepted, Refusal, WatchedLog, decide};
pub use request::{AddCheckpoint, NewAddCheckpointError, ParseAddCheckpointError};
