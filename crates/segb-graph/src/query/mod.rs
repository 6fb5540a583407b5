//! Queries over the graph: SPARQL 1.1 Query, on a snapshot, within limits.
//!
//! A request goes to the `runner`, and from there to a process or a thread. There its text is scanned, parsed and checked,
//! and then evaluated over a view of the graph index (`dataset`), while its answer leaves in chunks, from a process in
//! frames.

mod answer;
#[cfg(target_os = "linux")]
mod confine;
mod dataset;
mod depth;
mod error;
mod evaluate;
mod failure;
mod format;
#[doc(hidden)]
pub mod frame;
mod graph;
mod jobs;
mod limits;
mod processes;
mod rdf_xml;
mod request;
mod runner;
mod scan;
#[cfg(target_os = "linux")]
mod serve;
mod solutions;
mod syntax;
#[cfg(test)]
mod tests;
mod threads;
mod turtle;
mod xml;

pub use error::QueryError;
pub(crate) use failure::Failure;
pub use format::{GraphFormat, SolutionsFormat};
pub(crate) use graph::GraphWriter;
pub(crate) use limits::stack_bytes;
pub use processes::{ProcessFigures, QueryProgram};
pub use request::{QueryAnswer, QueryCheck, QueryKind, QueryRequest};
pub use runner::{QueriedGraph, QueryFigures, QueryRunner, QuerySettings};
#[cfg(target_os = "linux")]
pub use serve::{ServeError, serve};
pub(crate) use syntax::check_query;
pub use turtle::prefix_document;
