//! What only the fuzz targets in `tests/fuzz` call: pieces that have no entry of their own from outside.

use oxrdf::{NamedOrBlankNode, Term, Triple};

use crate::{
    limits::QueryLimits,
    query::{self, GraphFormat, GraphWriter, QueryCheck},
    term::to_oxrdf,
    turtle::ParsedLog,
};

/// Says what a query is and whether it would be run, on the calling thread, which needs a stack of
/// [`query_stack_bytes`].
pub fn check_query(text: &str, limits: &QueryLimits) -> QueryCheck {
    query::check_query(text, limits)
}

/// The stack on which any text within these limits can be checked.
pub fn query_stack_bytes(limits: &QueryLimits) -> usize {
    query::stack_bytes(limits)
}

/// A log as an export of a graph with nothing else in it would write it; nothing if the format cannot express it.
pub fn write(log: &ParsedLog, format: GraphFormat) -> Option<Vec<u8>> {
    let mut writer = GraphWriter::new(format, log.prefixes(), Vec::new()).ok()?;
    for triple in log.term_triples() {
        let [subject, predicate, object] = triple.map(to_oxrdf);
        let subject: NamedOrBlankNode = match subject {
            Term::NamedNode(node) => node.into(),
            Term::BlankNode(node) => node.into(),
            Term::Literal(_) => return None,
        };
        let Term::NamedNode(predicate) = predicate else { return None };
        writer.write(Triple::new(subject, predicate, object).as_ref()).ok()?;
    }
    writer.finish().ok()
}
