//! The names by which an explanation tells what it is about.

use segb_graph::index::TermId;

use crate::{ReportError, graph::Graph};

/// By which links name a resource.
pub(super) fn id_of(graph: &Graph<'_>, id: TermId) -> Result<String, ReportError> {
    Ok(match graph.iri(id)? {
        Some(iri) => iri,
        None => format!("\"{}\"", graph.full_text(id)?),
    })
}
