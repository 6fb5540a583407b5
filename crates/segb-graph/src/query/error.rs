//! Why a query has no answer.

use std::{borrow::Cow, time::Duration};

use serde::{Deserialize, Serialize};

/// Why a query was not answered. Every text may be shown to the caller, except where it says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[non_exhaustive]
pub enum QueryError {
    /// The text is no SPARQL 1.1 query; the payload tells line, column and what was expected, on one line.
    #[error("Invalid SPARQL syntax: {0}")]
    Syntax(String),
    /// It is an update. The graph is changed by logs only.
    #[error("Update queries are not allowed for this request.")]
    Update,
    /// It starts with no word that a query starts with.
    #[error("Query must start with SELECT/CONSTRUCT/ASK/DESCRIBE or an update operation.")]
    UnknownForm,
    /// The text is longer than allowed.
    #[error("The query has {bytes} bytes; {bytes_max} are allowed.")]
    TooLong {
        /// Its length.
        bytes: usize,
        /// The longest allowed.
        bytes_max: usize,
    },
    /// Brackets or prefix operators are nested deeper than allowed.
    #[error("The query is nested deeper than {nesting_max} levels.")]
    TooNested {
        /// The deepest allowed.
        nesting_max: usize,
    },
    /// Planning or running it would take more than allowed, whatever the data; the payload tells why.
    #[error("The query is too complex: {0}.")]
    TooComplex(Cow<'static, str>),
    /// It has a SERVICE clause. No query leaves the server.
    #[error("SERVICE is not allowed: queries run on the data of this server only.")]
    Service,
    /// The caller takes no format in which an answer of this form can be written.
    #[error("The answer of this query cannot be written in any of the accepted formats.")]
    NotAcceptable,
    /// Too many queries wait or run. The caller may send it again a little later.
    #[error("Too many queries are waiting. Try again in a moment.")]
    Busy,
    /// It took longer than allowed.
    #[error("The query took longer than {0:?} and was stopped.")]
    Deadline(Duration),
    /// It needed more memory than allowed.
    #[error("The query needed more than {bytes_max} bytes of memory and was stopped.")]
    Memory {
        /// How much it may have.
        bytes_max: u64,
    },
    /// The process that worked on it ended, and not because of the query as far as is known. The caller may send it
    /// again.
    #[error("The process that worked on the query ended unexpectedly. Try again.")]
    ProcessLost,
    /// No process can be started to work on it. The caller may send it again later.
    #[error("No query can be worked on at the moment. Try again in a moment.")]
    NoProcess,
    /// The answer has more solutions or triples than allowed.
    #[error("The answer has more than {0} rows. Add a LIMIT or narrow the query.")]
    TooManyRows(u64),
    /// The answer has more bytes than allowed.
    #[error("The answer is larger than {0} bytes. Add a LIMIT or narrow the query.")]
    AnswerTooLarge(u64),
    /// The answer holds something that the format has no way to write.
    #[error("The answer has {what}, which {format} cannot express; {advice}.")]
    NotRepresentable {
        /// The name of the format.
        format: Cow<'static, str>,
        /// What it is.
        what: String,
        /// Which format to ask for instead.
        advice: Cow<'static, str>,
    },
    /// The evaluation failed because of the query.
    #[error("The query cannot be evaluated: {0}")]
    Evaluation(String),
    /// The graph index is still catching up with the journal.
    #[error("The graph is not ready: {applied} of {total} entries are applied.")]
    NotReady {
        /// Entries that are in the graph.
        applied: u64,
        /// Entries in the journal.
        total: u64,
    },
    /// The store is closing or closed.
    #[error("The store is closed.")]
    Closed,
    /// The index cannot be read; the text is for the operator, not for the caller.
    #[error("{0}")]
    Storage(String),
}
