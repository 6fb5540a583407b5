//! Queries over the graph: SPARQL 1.1 Query, on a snapshot, within limits.
//!
//! A request goes to a thread of the [`runner`]. There its text is [scanned](scan) and [parsed](syntax), its algebra
//! [weighed](complexity), and then it is [evaluated](evaluate) over a [view](dataset) of the graph index, while its
//! [answer](answer) leaves in chunks. This module knows nothing of HTTP, of the journal and of who asks.

mod answer;
mod complexity;
mod dataset;
mod error;
mod evaluate;
mod failure;
mod format;
mod graph;
mod limits;
mod rdf_xml;
mod request;
mod runner;
mod scan;
mod solutions;
mod syntax;
#[cfg(test)]
mod tests;
mod turtle;
mod xml;

pub use error::QueryError;
pub(crate) use failure::Failure;
pub use format::{GraphFormat, SolutionsFormat};
pub(crate) use graph::GraphWriter;
pub use request::{QueryAnswer, QueryCheck, QueryKind, QueryRequest};
pub use runner::QueryRunner;
pub use turtle::prefix_document;
