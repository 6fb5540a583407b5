//! The real program, run as a user runs it.

#![expect(clippy::unwrap_used, reason = "the helpers of tests fail by panicking, as tests do")]

mod harness;
mod prompt;
mod secrets;
mod tokens;
mod usage;
