//! Who said it: the logs that assert a triple.

use std::{
    collections::{BTreeSet, HashMap},
    time::{Duration, Instant},
};

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
/// Assertions are added to a page until their terms and robots are so long, in bytes: a triple may have a megabyte, and a
/// thousand logs may say it.
const PAGE_BYTES_MAX: usize = 4 << 20;
/// After so many steps through the index the clock is looked at.
const STEPS_PER_LOOK: u32 = 256;

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
    /// It took longer than a view of the graph may be used. The caller can ask for less.
    #[error("it took longer than {0:?} to find who said it")]
    Deadline(Duration),
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
    /// Lists who asserts the triples of a pattern. Blocks on the disk. It holds one of the views that there may be at once,
    /// and no longer than they may be held: then a page ends early.
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
        let _slot = self.inner.views.take().ok_or(ReadError::Busy)?;
        let mut clock = Clock::new(self.inner.options.view_duration_max);
        let snapshot = self.snapshot()?;
        let page = AssertionPage { assertions: Vec::new(), next_offset: None };
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
        let mut walk = Walk { request, page, passed: 0, bytes: 0, robots: HashMap::new() };
        match self.walk(&snapshot, pattern, &mut clock, &mut walk) {
            Err(WhyError::Deadline(_)) if !walk.page.assertions.is_empty() => {
                walk.page.next_offset = Some(walk.passed - 1);
            }
            ended => ended?,
        }
        Ok(walk.page)
    }

    /// Goes through the assertions until the page is full.
    fn walk(
        &self,
        snapshot: &Snapshot,
        [subject, predicate, object]: [Option<TermId>; 3],
        clock: &mut Clock,
        walk: &mut Walk<'_>,
    ) -> Result<(), WhyError> {
        for triple in snapshot.triples(subject, predicate, object)? {
            let triple = triple?;
            for log in snapshot.logs_of(triple)? {
                let log = log?;
                if !walk.pass(clock)? {
                    continue;
                }
                if walk.is_full() {
                    return Ok(());
                }
                let said = (named_log(snapshot, log)?, Some(log));
                self.add(snapshot, triple, said, clock, walk)?;
            }
            for log_id in self.erased_that_said(snapshot, triple)? {
                if !walk.pass(clock)? {
                    continue;
                }
                if walk.is_full() {
                    return Ok(());
                }
                self.add(snapshot, triple, (log_id, None), clock, walk)?;
            }
        }
        Ok(())
    }

    /// The logs that said a triple and are erased.
    fn erased_that_said(&self, snapshot: &Snapshot, triple: IdTriple) -> Result<Vec<Uuid>, WhyError> {
        let [subject, predicate, object] = triple;
        let hash =
            triple_hash([known(snapshot, subject)?, known(snapshot, predicate)?, known(snapshot, object)?]);
        Ok(self.reader().erased_that_said(hash).map_err(ReadError::from)?)
    }

    fn add(
        &self,
        snapshot: &Snapshot,
        triple: IdTriple,
        (log_id, log): (Uuid, Option<TermId>),
        clock: &mut Clock,
        walk: &mut Walk<'_>,
    ) -> Result<(), WhyError> {
        let robots = match log {
            None => Vec::new(),
            Some(log) => match walk.robots.get(&log) {
                Some(known) => known.clone(),
                None => {
                    let found = robots(snapshot, log, clock)?;
                    walk.robots.insert(log, found.clone());
                    found
                }
            },
        };
        let assertion = self.assertion(snapshot, triple, log_id, robots)?;
        walk.bytes += assertion.triple.iter().chain(&assertion.robots).map(String::len).sum::<usize>();
        walk.page.assertions.push(assertion);
        Ok(())
    }

    fn assertion(
        &self,
        snapshot: &Snapshot,
        triple: IdTriple,
        log_id: Uuid,
        robots: Vec<String>,
    ) -> Result<Assertion, WhyError> {
        let stored = self.reader().entry(log_id).map_err(ReadError::from)?;
        let stored = stored.ok_or_else(|| {
            ReadError::Storage(format!("the graph has a log {log_id}, the journal has not"))
        })?;
        let [subject, predicate, object] = triple;
        let text = |id| Ok::<_, IndexError>(to_oxrdf(known(snapshot, id)?).to_string());
        Ok(Assertion { triple: [text(subject)?, text(predicate)?, text(object)?], stored, robots })
    }
}

/// A page that is being filled.
struct Walk<'r> {
    request: &'r WhyRequest,
    page: AssertionPage,
    /// Assertions come by so far.
    passed: u64,
    bytes: usize,
    /// Of the logs of this page: most say more than one of its triples.
    robots: HashMap<TermId, Vec<String>>,
}

impl Walk<'_> {
    /// Comes by one more; whether it is not passed over.
    fn pass(&mut self, clock: &mut Clock) -> Result<bool, WhyError> {
        self.passed += 1;
        clock.look()?;
        Ok(self.passed > self.request.offset)
    }

    /// Whether the page has no room for the assertion that was come by, which then begins the next one.
    fn is_full(&mut self) -> bool {
        let is_full =
            self.page.assertions.len() >= self.request.limit as usize || self.bytes >= PAGE_BYTES_MAX;
        if is_full {
            self.page.next_offset = Some(self.passed - 1);
        }
        is_full
    }
}

/// Until when the graph may be read.
struct Clock {
    deadline: Instant,
    duration_max: Duration,
    steps: u32,
}

impl Clock {
    fn new(duration_max: Duration) -> Self {
        Self { deadline: Instant::now() + duration_max, duration_max, steps: 0 }
    }

    fn look(&mut self) -> Result<(), WhyError> {
        self.steps = self.steps.wrapping_add(1);
        let is_late = self.steps.is_multiple_of(STEPS_PER_LOOK) && Instant::now() >= self.deadline;
        if is_late { Err(WhyError::Deadline(self.duration_max)) } else { Ok(()) }
    }
}

fn known(snapshot: &Snapshot, id: TermId) -> Result<TermRef<'_>, IndexError> {
    snapshot.term(id)?.ok_or(IndexError::Damaged("a term is missing"))
}

fn named_log(snapshot: &Snapshot, log: TermId) -> Result<Uuid, IndexError> {
    log_id(known(snapshot, log)?).ok_or(IndexError::Damaged("a log has no id"))
}

/// The robots that a log is about. The log is read from end to end, which is as long as a log may be: by the predicate, the
/// whole graph might have to be.
fn robots(snapshot: &Snapshot, log: TermId, clock: &mut Clock) -> Result<Vec<String>, WhyError> {
    let id = |iri| snapshot.id_of(TermRef::Iri(iri));
    let (performed_by, kind, class) = (id(WAS_PERFORMED_BY)?, id(RDF_TYPE)?, id(ROBOT)?);
    let mut robots = BTreeSet::new();
    for triple in snapshot.triples_of_log(log, None, None, None)? {
        clock.look()?;
        let [subject, predicate, object] = triple?;
        if Some(predicate) == performed_by {
            robots.insert(object);
        } else if Some(predicate) == kind && Some(object) == class {
            robots.insert(subject);
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
    // The time that parsing takes grows with the square of the prefixes.
    for (prefix, iri) in prefixes.iter().filter(|(prefix, _)| text.contains(&format!("{prefix}:"))) {
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
