//! Who said it: the logs that assert a triple.

use std::collections::BTreeSet;

use oxrdf::{NamedNode, Term};
use segb_graph::{
    index::{IdTriple, IndexError, Snapshot, TermId},
    limits::TurtleLimits,
    term::{TermRef, from_oxrdf, log_id, shortened, to_oxrdf},
    turtle::{ParsedLog, parse_any},
};
use uuid::Uuid;

use crate::{erasure::triple_hash, journal::StoredEntry, read::ReadError, store::Store};

const RDF_TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const ROBOT: &str = "http://kb.openrobots.org#Robot";
const WAS_PERFORMED_BY: &str = "http://www.gsi.upm.es/ontologies/segb/ns#wasPerformedBy";

/// The longest term that may be asked for, in bytes.
const TERM_BYTES_MAX: usize = 64 << 10;
/// Robots named for one log.
const ROBOTS_MAX: usize = 20;

/// Which assertions to list. A term is an IRI, bare or in angle brackets, a prefixed name with a prefix that some log
/// declared, a literal as Turtle writes it, or a blank node as exports name it.
#[derive(Debug, Clone, Default)]
pub struct WhyRequest {
    /// Of this subject.
    pub subject: Option<String>,
    /// Of this predicate.
    pub predicate: Option<String>,
    /// Of this object.
    pub object: Option<String>,
    /// So many are passed over.
    pub offset: u64,
    /// At most so many are listed.
    pub limit: u32,
}

/// That a log says a triple.
#[derive(Debug, Clone, PartialEq)]
pub struct Assertion {
    /// Subject, predicate and object as N-Triples write them.
    pub triple: [String; 3],
    /// The log; if it is erased, it said so.
    pub stored: StoredEntry,
    /// The IRIs of the robots that the log is about: those that performed its activities, and those that it says are
    /// robots. None of an erased log.
    pub robots: Vec<String>,
}

/// Some assertions: triples in the order of the index, for each the logs in the order of receipt, erased ones last.
#[derive(Debug, Clone, PartialEq)]
pub struct AssertionPage {
    /// The assertions.
    pub assertions: Vec<Assertion>,
    /// [`WhyRequest::offset`] of the next page; none on the last.
    pub next_offset: Option<u64>,
}

/// Why nothing is listed.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum WhyError {
    /// The request names no term. The caller's mistake.
    #[error("at least one of subject, predicate and object is needed")]
    NoTerm,
    /// A term cannot be read. The caller's mistake.
    #[error("{text:?} is {why}")]
    BadTerm {
        /// `subject`, `predicate` or `object`.
        position: &'static str,
        /// The term.
        text: String,
        /// What it is not.
        why: &'static str,
    },
    /// The graph cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl From<IndexError> for WhyError {
    fn from(error: IndexError) -> Self {
        Self::Read(error.into())
    }
}

impl Store {
    /// Lists who asserts the triples of a pattern. Blocks on the disk.
    ///
    /// # Errors
    /// [`WhyError`].
    pub fn why(&self, request: &WhyRequest) -> Result<AssertionPage, WhyError> {
        let terms =
            [("subject", &request.subject), ("predicate", &request.predicate), ("object", &request.object)];
        if terms.iter().all(|(_, text)| text.is_none()) {
            return Err(WhyError::NoTerm);
        }
        let prefixes = self.prefixes();
        let snapshot = self.snapshot()?;
        let mut page = AssertionPage { assertions: Vec::new(), next_offset: None };
        let mut pattern: [Option<TermId>; 3] = [None; 3];
        let mut unknown = false;
        for ((position, text), place) in terms.into_iter().zip(&mut pattern) {
            let Some(text) = text else { continue };
            let term = read_term(position, text, &prefixes)?;
            *place = from_oxrdf(&term).map(|term| snapshot.id_of(term)).transpose()?.flatten();
            unknown |= place.is_none();
        }
        if unknown {
            return Ok(page);
        }
        let mut passed = 0;
        let [subject, predicate, object] = pattern;
        for triple in snapshot.triples(subject, predicate, object)? {
            let triple = triple?;
            for log in self.logs_that_said(&snapshot, triple)? {
                passed += 1;
                if passed <= request.offset {
                    continue;
                }
                if page.assertions.len() >= request.limit as usize {
                    page.next_offset = Some(passed - 1);
                    return Ok(page);
                }
                page.assertions.push(self.assertion(&snapshot, triple, log)?);
            }
        }
        Ok(page)
    }

    /// The logs that say a triple, then those that said it and are erased.
    fn logs_that_said(
        &self,
        snapshot: &Snapshot,
        triple: IdTriple,
    ) -> Result<Vec<(Uuid, Option<TermId>)>, WhyError> {
        let mut logs = Vec::new();
        for log in snapshot.logs_of(triple)? {
            let log = log?;
            logs.push((named_log(snapshot, log)?, Some(log)));
        }
        let [subject, predicate, object] = triple;
        let hash =
            triple_hash([known(snapshot, subject)?, known(snapshot, predicate)?, known(snapshot, object)?]);
        let erased = self.reader().erased_that_said(hash).map_err(ReadError::from)?;
        logs.extend(erased.into_iter().map(|log_id| (log_id, None)));
        Ok(logs)
    }

    fn assertion(
        &self,
        snapshot: &Snapshot,
        triple: IdTriple,
        (log_id, log): (Uuid, Option<TermId>),
    ) -> Result<Assertion, WhyError> {
        let stored = self.reader().entry(log_id).map_err(ReadError::from)?;
        let stored = stored.ok_or_else(|| {
            ReadError::Storage(format!("the graph has a log {log_id}, the journal has not"))
        })?;
        let [subject, predicate, object] = triple;
        let text = |id| Ok::<_, IndexError>(to_oxrdf(known(snapshot, id)?).to_string());
        Ok(Assertion {
            triple: [text(subject)?, text(predicate)?, text(object)?],
            stored,
            robots: log.map_or(Ok(Vec::new()), |log| robots(snapshot, log))?,
        })
    }
}

fn known(snapshot: &Snapshot, id: TermId) -> Result<TermRef<'_>, IndexError> {
    snapshot.term(id)?.ok_or(IndexError::Damaged("a term is missing"))
}

fn named_log(snapshot: &Snapshot, log: TermId) -> Result<Uuid, IndexError> {
    log_id(known(snapshot, log)?).ok_or(IndexError::Damaged("a log has no id"))
}

/// The robots that a log is about.
fn robots(snapshot: &Snapshot, log: TermId) -> Result<Vec<String>, IndexError> {
    let id = |iri| snapshot.id_of(TermRef::Iri(iri));
    let mut robots = BTreeSet::new();
    if let Some(performed_by) = id(WAS_PERFORMED_BY)? {
        for triple in snapshot.triples_of_log(log, None, Some(performed_by), None)? {
            let [_, _, robot] = triple?;
            robots.insert(robot);
        }
    }
    if let (Some(kind), Some(robot)) = (id(RDF_TYPE)?, id(ROBOT)?) {
        for triple in snapshot.triples_of_log(log, None, Some(kind), Some(robot))? {
            let [robot, _, _] = triple?;
            robots.insert(robot);
        }
    }
    let mut names = Vec::new();
    for robot in robots {
        if let TermRef::Iri(iri) = known(snapshot, robot)? {
            names.push(iri.to_owned());
        }
        if names.len() == ROBOTS_MAX {
            break;
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// Reads a term as a caller writes it.
fn read_term(position: &'static str, text: &str, prefixes: &[(String, String)]) -> Result<Term, WhyError> {
    let text = text.trim();
    let bad = |why| WhyError::BadTerm { position, text: shortened(text, 100).into_owned(), why };
    if text.len() > TERM_BYTES_MAX {
        return Err(bad("too long"));
    }
    if let Some(label) = text.strip_prefix("_:") {
        let node = oxrdf::BlankNode::new(label).map_err(|_| bad("no blank node"))?;
        return Ok(node.into());
    }
    if is_bare_iri(text, prefixes) {
        return NamedNode::new(text).map(Term::from).map_err(|_| bad("no IRI"));
    }
    let mut document = String::new();
    for (prefix, iri) in prefixes {
        document.push_str(&format!("@prefix {prefix}: <{iri}> .\n"));
    }
    let (before, after) = match position {
        "subject" => ("", " <urn:p> <urn:o>"),
        "predicate" => ("<urn:s> ", " <urn:o>"),
        _ => ("<urn:s> <urn:p> ", ""),
    };
    document.push_str(&format!("{before}{text}{after} ."));
    let what = "neither an IRI nor a literal in quotes, and its prefix, if it has one, is in no log";
    let log = parse_any(document.into_bytes(), &TurtleLimits::NONE).map_err(|_| bad(what))?;
    one_term(&log, position).ok_or_else(|| bad("not one term"))
}

/// Whether a text is an IRI without brackets, and not a name with a known prefix.
fn is_bare_iri(text: &str, prefixes: &[(String, String)]) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    let is_prefix = prefixes.iter().any(|(prefix, _)| prefix == scheme);
    is_scheme && (!is_prefix || rest.starts_with("//"))
}

/// The term at a position of the only triple, if the others are the ones that we put there.
fn one_term(log: &ParsedLog, position: &str) -> Option<Term> {
    let mut triples = log.term_triples();
    let (Some([subject, predicate, object]), None) = (triples.next(), triples.next()) else {
        return None;
    };
    let (term, expected) = match position {
        "subject" => (subject, [(predicate, "urn:p"), (object, "urn:o")]),
        "predicate" => (predicate, [(subject, "urn:s"), (object, "urn:o")]),
        _ => (object, [(subject, "urn:s"), (predicate, "urn:p")]),
    };
    let ours = expected.into_iter().all(|(term, iri)| term == TermRef::Iri(iri));
    (ours && !matches!(term, TermRef::Blank { .. })).then(|| to_oxrdf(term))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_read_as_people_write_them() {
        let prefixes =
            [("ex".to_owned(), "http://example/".to_owned()), (String::new(), "urn:empty:".to_owned())];
        let read = |position, text| read_term(position, text, &prefixes).map(|term| term.to_string()).ok();
        for (text, expected) in [
            ("http://example/a", "<http://example/a>"),
            (" <urn:a> ", "<urn:a>"),
            ("urn:a", "<urn:a>"),
            ("ex:a", "<http://example/a>"),
            (":a", "<urn:empty:a>"),
            ("\"hola\"@es", "\"hola\"@es"),
            ("'x'", "\"x\""),
            ("1", "\"1\"^^<http://www.w3.org/2001/XMLSchema#integer>"),
            ("true", "\"true\"^^<http://www.w3.org/2001/XMLSchema#boolean>"),
            ("\"1\"^^ex:t", "\"1\"^^<http://example/t>"),
            ("_:s1b2", "_:s1b2"),
            ("a", ""),
            ("hello world", ""),
            ("other:a", "<other:a>"),
            ("<urn:a", ""),
            ("<relative>", ""),
            ("\"a\" . <urn:s> <urn:p> \"b\"", ""),
            ("\"a\" . <urn:x> <urn:y> <urn:z>", ""),
            ("[]", ""),
            ("( 1 )", ""),
            ("\"a\", \"b\"", ""),
            ("", ""),
        ] {
            assert_eq!(read("object", text).unwrap_or_default(), expected, "{text}");
        }
        assert_eq!(read("predicate", "a").unwrap_or_default(), format!("<{RDF_TYPE}>"));
        assert_eq!(read("subject", "ex:s").unwrap_or_default(), "<http://example/s>");
        assert_eq!(read("subject", "\"text\""), None);
        assert_eq!(read("predicate", "<urn:q> <urn:o>, <urn:r>"), None);
    }
}
