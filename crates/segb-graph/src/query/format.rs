//! The formats of answers.

use serde::{Deserialize, Serialize};

/// How the solutions of a SELECT and the truth value of an ASK are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SolutionsFormat {
    /// One blank node a row, as clients of the Python service expect it (wire contract, section 5).
    Turtle,
    /// SPARQL 1.1 Query Results JSON.
    Json,
    /// SPARQL Query Results XML.
    Xml,
    /// SPARQL 1.1 Query Results CSV: values only, no types.
    Csv,
    /// SPARQL 1.1 Query Results TSV.
    Tsv,
}

impl SolutionsFormat {
    /// What goes into the `Content-Type` header.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Turtle => "text/turtle; charset=utf-8",
            Self::Json => "application/sparql-results+json",
            Self::Xml => "application/sparql-results+xml",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Tsv => "text/tab-separated-values; charset=utf-8",
        }
    }
}

/// How a graph is written: the answer of a CONSTRUCT or DESCRIBE, and an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum GraphFormat {
    /// Turtle, with the prefixes seen on logs.
    Turtle,
    /// N-Triples.
    NTriples,
    /// RDF/XML. Some graphs cannot be written so: see [`QueryError::NotRepresentable`](super::QueryError).
    RdfXml,
    /// JSON-LD 1.0, expanded.
    JsonLd,
}

impl GraphFormat {
    /// What goes into the `Content-Type` header.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Turtle => "text/turtle; charset=utf-8",
            Self::NTriples => "application/n-triples",
            Self::RdfXml => "application/rdf+xml",
            Self::JsonLd => "application/ld+json",
        }
    }
}

/// How one answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AnswerFormat {
    /// Of a SELECT or ASK.
    Solutions(SolutionsFormat),
    /// Of a CONSTRUCT or DESCRIBE.
    Graph(GraphFormat),
}

impl AnswerFormat {
    /// What goes into the `Content-Type` header.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Solutions(format) => format.media_type(),
            Self::Graph(format) => format.media_type(),
        }
    }
}
