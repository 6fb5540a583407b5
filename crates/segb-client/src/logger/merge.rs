//! Turtle from elsewhere in the same log.

use oxrdf::{NamedOrBlankNode, Term as RdfTerm};
use oxttl::TurtleParser;

use super::Logger;
use crate::{
    LogError,
    graph::{Literal, Node},
    term::is_blank,
};

impl Logger {
    /// Adds the triples of a Turtle document. Its blank nodes are not those of documents that were merged before.
    ///
    /// # Errors
    /// [`LogError::Blank`], [`LogError::Turtle`].
    pub fn merge_turtle(&mut self, turtle: &str) -> Result<(), LogError> {
        if is_blank(turtle) {
            return Err(LogError::Blank { what: "the document" });
        }
        // What is unique here also is where several logs are joined.
        let scope = self.random_id();
        self.atomically(|log| {
            for triple in TurtleParser::new().for_slice(turtle.as_bytes()) {
                let triple = triple.map_err(|error| LogError::Turtle(error.to_string()))?;
                let subject = match triple.subject {
                    NamedOrBlankNode::NamedNode(iri) => Node::Iri(iri.into_string().into()),
                    NamedOrBlankNode::BlankNode(node) => blank(&scope, node.as_str()),
                };
                let predicate = Node::Iri(triple.predicate.into_string().into());
                log.graph.add(subject, predicate, object(&scope, triple.object)?);
            }
            Ok(())
        })
    }
}

fn blank(scope: &str, label: &str) -> Node {
    Node::Blank(format!("b{scope}{label}"))
}

fn object(scope: &str, term: RdfTerm) -> Result<Node, LogError> {
    // Not a match: whether there are triples about triples is a feature that others turn on.
    if let RdfTerm::NamedNode(iri) = term {
        return Ok(Node::Iri(iri.into_string().into()));
    }
    if let RdfTerm::BlankNode(node) = term {
        return Ok(blank(scope, node.as_str()));
    }
    let RdfTerm::Literal(literal) = term else {
        return Err(LogError::Turtle("triples about triples cannot be merged".to_owned()));
    };
    let text = literal.value().to_owned();
    let datatype = literal.datatype().as_str();
    Ok(Node::Literal(match literal.language() {
        Some(language) => Literal::in_language(text, language.to_owned()),
        None if datatype == crate::vocabulary::xsd::STRING => {
            Literal { text, language: None, datatype: None }
        }
        None => Literal { text, language: None, datatype: Some(datatype.to_owned().into()) },
    }))
}
