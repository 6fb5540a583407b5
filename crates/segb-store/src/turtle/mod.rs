//! Turtle in: a received document becomes a list of distinct terms and triples, or an error that says where.

mod parse;
mod scan;

pub(crate) use parse::{LogTerm, parse_any};
pub use parse::{ParsedLog, TurtleError};
