//! The server log: one line an event,
//! `2026-01-31 10:00:00 | INFO | segb.server | rid=<request id> actor=<actor> ip=<origin> | <message>`,
//! how it is written and how its end is read.

mod line;
mod tail;

pub use line::{Level, LogEntry, write_record};
pub use tail::{ROTATED_FILES_MAX, TailFilter, tail};

/// The logger that the lines about requests name.
pub const TARGET: &str = "segb.server";
