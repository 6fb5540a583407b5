//! Limits on what comes in. The defaults are the documented defaults of the server's settings.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Limits on one Turtle document. A document over a limit is refused as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TurtleLimits {
    /// Bytes of the document.
    pub document_bytes_max: usize,
    /// Triples in the document, before equal ones are counted once.
    pub triples_max: usize,
    /// Open `[` and `(` at any one place.
    pub nesting_max: usize,
    /// Bytes of one IRI.
    pub iri_bytes_max: usize,
    /// Bytes of one literal's lexical form.
    pub literal_bytes_max: usize,
    /// Prefix declarations; parsing time grows with their square.
    pub prefixes_max: usize,
}

impl TurtleLimits {
    /// None: for what was accepted once, or is our own.
    pub const NONE: Self = Self {
        document_bytes_max: usize::MAX,
        triples_max: usize::MAX,
        nesting_max: usize::MAX,
        iri_bytes_max: usize::MAX,
        literal_bytes_max: usize::MAX,
        prefixes_max: usize::MAX,
    };
}

impl Default for TurtleLimits {
    fn default() -> Self {
        Self {
            document_bytes_max: 10 << 20,
            triples_max: 200_000,
            nesting_max: 128,
            iri_bytes_max: 4 << 10,
            literal_bytes_max: 1 << 20,
            prefixes_max: 1_000,
        }
    }
}

/// Limits on one SPARQL query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryLimits {
    /// Bytes of the query text.
    pub text_bytes_max: usize,
    /// Open `{`, `(` and `[`, and operators in front of one expression, at any one place.
    pub nesting_max: usize,
    /// From the moment a query is handed in to the last byte of its answer.
    pub duration_max: Duration,
    /// Solutions or triples in one answer.
    pub rows_max: u64,
    /// Bytes in one answer.
    pub answer_bytes_max: u64,
    /// Queries evaluated at once, each by a process or thread of its own.
    pub at_once: usize,
    /// Memory that the evaluation of one query may take, in bytes, where processes work on queries.
    pub memory_bytes_max: u64,
    /// Queries that may wait until another one ends; one more is refused as [`QueryError::Busy`](crate::query::QueryError).
    pub waiting_max: usize,
}

impl Default for QueryLimits {
    fn default() -> Self {
        Self {
            text_bytes_max: 256 << 10,
            nesting_max: 128,
            duration_max: Duration::from_secs(30),
            rows_max: 1_000_000,
            answer_bytes_max: 1 << 30,
            at_once: 2,
            memory_bytes_max: 1 << 30,
            waiting_max: 64,
        }
    }
}
