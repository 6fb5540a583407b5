//! The terms and triples of one document, each once, within the limits.

use std::collections::{HashMap, HashSet};

use oxrdf::NamedNodeRef;
use sophia::api::term::{SimpleTerm, Term};

use crate::{
    limits::TurtleLimits,
    term::{TermRef, shortened},
};

/// Why the parser was stopped from within.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error("{0}")]
    Limit(String),
    #[error("{0}")]
    Unsupported(&'static str),
    #[error("invalid IRI <{0}>")]
    InvalidIri(String),
}

impl Refusal {
    /// How what is refused begins in the document, to be looked for on its line.
    pub(super) fn needle(&self) -> Option<String> {
        match self {
            Self::Limit(_) | Self::Unsupported(_) => None,
            Self::InvalidIri(iri) => Some(format!("<{}", iri.trim_end_matches('…'))),
        }
    }
}

/// A term of one log, before its place in the journal is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LogTerm {
    /// The stored form of an IRI or literal.
    Encoded(Box<[u8]>),
    /// The blank node with this number, from 0 in order of first appearance.
    Blank(u32),
}

/// The distinct terms and triples seen so far.
#[derive(Default)]
pub(super) struct Content {
    pub(super) terms: Vec<LogTerm>,
    /// Identity of an IRI or literal → place in `terms`.
    known: HashMap<Box<[u8]>, u32>,
    /// Label of a blank node → place in `terms`.
    blanks: HashMap<Box<str>, u32>,
    pub(super) triples: InOrder,
    triples_seen: usize,
    buffer: Vec<u8>,
}

impl Content {
    pub(super) fn add<T: Term>(&mut self, triple: [T; 3], limits: &TurtleLimits) -> Result<(), Refusal> {
        self.triples_seen += 1;
        if self.triples_seen > limits.triples_max {
            return Err(Refusal::Limit(format!("more than {} triples", limits.triples_max)));
        }
        let [subject, predicate, object] = triple;
        let triple = [
            self.place(subject.as_simple(), limits)?,
            self.place(predicate.as_simple(), limits)?,
            self.place(object.as_simple(), limits)?,
        ];
        self.triples.insert(triple);
        Ok(())
    }

    fn place(&mut self, term: SimpleTerm<'_>, limits: &TurtleLimits) -> Result<u32, Refusal> {
        match &term {
            SimpleTerm::Iri(iri) => {
                check_length("an IRI", iri.as_str(), limits.iri_bytes_max)?;
                self.place_encoded(TermRef::Iri(iri.as_str()))
            }
            SimpleTerm::BlankNode(label) => Ok(self.place_blank(label.as_str())),
            SimpleTerm::LiteralDatatype(lexical, datatype) => {
                check_length("a literal", lexical, limits.literal_bytes_max)?;
                check_length("an IRI", datatype.as_str(), limits.iri_bytes_max)?;
                self.place_encoded(TermRef::Literal { lexical, datatype: datatype.as_str() })
            }
            SimpleTerm::LiteralLanguage(lexical, language, None) => {
                check_length("a literal", lexical, limits.literal_bytes_max)?;
                self.place_encoded(TermRef::LangLiteral { lexical, language: language.as_str() })
            }
            SimpleTerm::LiteralLanguage(_, _, Some(_)) => {
                Err(Refusal::Unsupported("a base direction is RDF 1.2; this server takes Turtle 1.1"))
            }
            SimpleTerm::Triple(_) => {
                Err(Refusal::Unsupported("a triple term is RDF 1.2; this server takes Turtle 1.1"))
            }
            SimpleTerm::Variable(_) => Err(Refusal::Unsupported("a variable is no term of Turtle")),
        }
    }

    fn place_encoded(&mut self, term: TermRef<'_>) -> Result<u32, Refusal> {
        let mut lower_case = String::new();
        self.buffer.clear();
        term.identity(&mut lower_case).encode(&mut self.buffer);
        if let Some(place) = self.known.get(self.buffer.as_slice()) {
            return Ok(*place);
        }
        check_iri(term)?;
        let identity: Box<[u8]> = self.buffer.as_slice().into();
        self.buffer.clear();
        term.encode(&mut self.buffer);
        let place = push(&mut self.terms, LogTerm::Encoded(self.buffer.as_slice().into()));
        self.known.insert(identity, place);
        Ok(place)
    }

    fn place_blank(&mut self, label: &str) -> u32 {
        if let Some(place) = self.blanks.get(label) {
            return *place;
        }
        let place = push(&mut self.terms, LogTerm::Blank(self.blanks.len() as u32));
        self.blanks.insert(label.into(), place);
        place
    }
}

/// The number of triples is limited, and so is that of terms: three for each.
fn push(terms: &mut Vec<LogTerm>, term: LogTerm) -> u32 {
    terms.push(term);
    (terms.len() - 1) as u32
}

/// The parser lets some IRIs pass that are none: names whose two parts do not make one, ports that are no number. Such
/// an IRI could not be asked for, and an export with it could not be read.
fn check_iri(term: TermRef<'_>) -> Result<(), Refusal> {
    let (TermRef::Iri(iri) | TermRef::Literal { datatype: iri, .. }) = term else {
        return Ok(());
    };
    match NamedNodeRef::new(iri) {
        Ok(_) => Ok(()),
        Err(_) => Err(Refusal::InvalidIri(shortened(iri, 120).into_owned())),
    }
}

fn check_length(what: &str, text: &str, bytes_max: usize) -> Result<(), Refusal> {
    if text.len() <= bytes_max {
        return Ok(());
    }
    Err(Refusal::Limit(format!("{what} of {} bytes, more than the {bytes_max} that are allowed", text.len())))
}

/// A set that remembers the order of insertion.
#[derive(Default)]
pub(super) struct InOrder {
    pub(super) order: Vec<[u32; 3]>,
    known: HashSet<[u32; 3]>,
}

impl InOrder {
    fn insert(&mut self, triple: [u32; 3]) {
        if self.known.insert(triple) {
            self.order.push(triple);
        }
    }
}
