//! What is asked, and what is answered.

use serde::{Deserialize, Serialize};

use super::{GraphFormat, SolutionsFormat};
use crate::stream::ByteStream;

/// One query, as plain data.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryRequest {
    /// The SPARQL text.
    pub text: String,
    /// `default-graph-uri` of the SPARQL protocol. If this or `named_graphs` has an entry, the two of them replace the
    /// FROM clauses of the text.
    pub default_graphs: Vec<String>,
    /// `named-graph-uri` of the SPARQL protocol.
    pub named_graphs: Vec<String>,
    /// The format of the answer if it is a SELECT or ASK; none if the caller takes none of them.
    pub solutions: Option<SolutionsFormat>,
    /// The format of the answer if it is a CONSTRUCT or DESCRIBE; none if the caller takes none of them.
    pub graph: Option<GraphFormat>,
}

/// The form of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum QueryKind {
    /// SELECT
    Select,
    /// CONSTRUCT
    Construct,
    /// ASK
    Ask,
    /// DESCRIBE
    Describe,
    /// INSERT, DELETE, LOAD, CLEAR and so on: never run.
    Update,
    /// None of these.
    Unknown,
}

impl QueryKind {
    /// The name in the wire contract, lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Select => "select",
            Self::Construct => "construct",
            Self::Ask => "ask",
            Self::Describe => "describe",
            Self::Update => "update",
            Self::Unknown => "unknown",
        }
    }
}

/// What a check of a query found. Nothing was evaluated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryCheck {
    /// Whether the query would be run.
    pub valid: bool,
    /// Its form, as far as it can be told.
    pub kind: QueryKind,
    /// A sentence for the person who wrote it.
    pub message: String,
}

/// The answer of a query.
#[derive(Debug)]
pub struct QueryAnswer {
    /// The form of the query.
    pub kind: QueryKind,
    /// What goes into the `Content-Type` header.
    pub media_type: &'static str,
    /// The bytes; possibly none at all, as for a SELECT without solutions written as Turtle.
    pub body: ByteStream,
}
