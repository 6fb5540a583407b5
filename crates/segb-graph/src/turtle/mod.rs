//! Turtle in: a received document becomes a list of distinct terms and triples, or an error that says where.

mod content;
mod error;
mod parse;
mod scan;

pub(crate) use content::LogTerm;
pub use error::TurtleError;
pub use parse::{ParsedLog, parse_any};
