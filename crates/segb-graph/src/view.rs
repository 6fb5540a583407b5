//! Reading the graph by pattern, for programs that compute over it instead of asking SPARQL.

use std::{
    cell::Cell,
    collections::HashMap,
    time::{Duration, Instant},
};

use uuid::Uuid;

use crate::{
    index::{IdTriple, IndexError, Snapshot, TermId, Triples, words},
    slots::Slot,
    term::{TermRef, blank_label, log_id, parse_blank_label},
};

const ALTERNATE_OF: &str = "http://www.w3.org/ns/prov#alternateOf";

/// After so many reads the clock is looked at.
const READS_PER_LOOK: u32 = 1_024;

/// Why the graph cannot be read, or not to the end.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum GraphError {
    /// It cannot be read; the text is for the operator.
    #[error("{0}")]
    Storage(String),
    /// The reading took longer than the store allows.
    #[error("the graph was read for longer than {0:?}")]
    Deadline(Duration),
}

impl From<IndexError> for GraphError {
    fn from(error: IndexError) -> Self {
        Self::Storage(error.to_string())
    }
}

/// The graph as it was at one moment. While a view is held, room that logs freed is not used again, so there is a
/// number of views that can be had at once, and a deadline after which a view only gives errors. It blocks on the disk.
///
/// Terms are numbers here: intern the few that are looked for with [`id_of`](Self::id_of), walk over triples of ids, and
/// decode with [`term`](Self::term) what goes into an answer.
pub struct GraphView {
    snapshot: Snapshot,
    is_ours: Box<IsOurs>,
    deadline: Instant,
    duration_max: Duration,
    reads: Cell<u32>,
    /// Held, not read.
    _slot: Slot,
}

/// Whether the entry with this id is the word of whoever keeps the graph, and not a log that somebody sent.
pub type IsOurs = dyn Fn(Uuid) -> Result<bool, GraphError> + Send;

impl std::fmt::Debug for GraphView {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("GraphView").field("snapshot", &self.snapshot).finish_non_exhaustive()
    }
}

impl GraphView {
    /// A view that may be used for `duration_max` and holds `slot` as long as it lives. `is_ours` is asked about the
    /// logs that say that shared contexts were merged.
    pub fn new(snapshot: Snapshot, duration_max: Duration, slot: Slot, is_ours: Box<IsOurs>) -> Self {
        let deadline = Instant::now() + duration_max;
        Self { snapshot, is_ours, deadline, duration_max, reads: Cell::new(0), _slot: slot }
    }

    /// The id of a term, if the graph has it. That some log mentioned it once does not mean that one still does.
    ///
    /// # Errors
    /// [`GraphError`].
    pub fn id_of(&self, term: TermRef<'_>) -> Result<Option<TermId>, GraphError> {
        Ok(self.snapshot.id_of(term)?)
    }

    /// The id of an IRI, or of a blank node by the name that exports give it (`_:s1b2`).
    ///
    /// # Errors
    /// [`GraphError`].
    pub fn resource(&self, name: &str) -> Result<Option<TermId>, GraphError> {
        match name.strip_prefix("_:") {
            None => self.id_of(TermRef::Iri(name)),
            Some(label) => match parse_blank_label(label) {
                Some((sequence, number)) => self.id_of(TermRef::Blank { sequence, number }),
                None => Ok(None),
            },
        }
    }

    /// The term with this id.
    ///
    /// # Errors
    /// [`GraphError`]; also for an id that is not from this view.
    pub fn term(&self, id: TermId) -> Result<TermRef<'_>, GraphError> {
        self.look_at_the_clock()?;
        Ok(self.snapshot.term(id)?.ok_or(IndexError::Damaged("a term is missing"))?)
    }

    /// The IRI, the name of a blank node as exports write it, or the text of a literal.
    ///
    /// # Errors
    /// As [`term`](Self::term).
    pub fn name(&self, id: TermId) -> Result<String, GraphError> {
        Ok(match self.term(id)? {
            TermRef::Iri(iri) => iri.to_owned(),
            TermRef::Blank { sequence, number } => format!("_:{}", blank_label(sequence, number)),
            TermRef::Literal { lexical, .. } | TermRef::LangLiteral { lexical, .. } => lexical.to_owned(),
        })
    }

    /// The triples that fit, each once however many logs assert it. In the order of the ids: of the parts that are not
    /// given the one that stands first in subject, predicate, object; but with a predicate and no subject by object
    /// first, and with an object only by subject first.
    ///
    /// # Errors
    /// [`GraphError`], at once or in an item.
    pub fn triples(
        &self,
        subject: Option<TermId>,
        predicate: Option<TermId>,
        object: Option<TermId>,
    ) -> Result<GraphTriples<'_>, GraphError> {
        self.look_at_the_clock()?;
        Ok(GraphTriples { triples: self.snapshot.triples(subject, predicate, object)?, view: self })
    }

    /// The ids of the logs that assert a triple, in the order in which they were received, at most `max`.
    ///
    /// # Errors
    /// [`GraphError`].
    pub fn logs_of(&self, triple: [TermId; 3], max: usize) -> Result<Vec<Uuid>, GraphError> {
        self.snapshot.logs_of(triple)?.take(max).map(|log| self.log_id(log?)).collect()
    }

    /// The shared contexts that were merged, each with the one that took its place, both as terms of the graph:
    /// `prov:alternateOf` where an entry about a merge asserts it. What robots say with that word is their affair.
    ///
    /// # Errors
    /// [`GraphError`].
    pub fn merged_contexts(&self) -> Result<HashMap<TermId, TermId>, GraphError> {
        let mut merged = HashMap::new();
        let mut is_ours: HashMap<TermId, bool> = HashMap::new();
        let Some(alternate_of) = self.id_of(TermRef::Iri(ALTERNATE_OF))? else { return Ok(merged) };
        for triple in self.triples(None, Some(alternate_of), None)? {
            let triple @ [source, _, target] = triple?;
            for log in self.snapshot.logs_of(triple)? {
                self.look_at_the_clock()?;
                let log = log?;
                let ours = match is_ours.get(&log) {
                    Some(ours) => *ours,
                    None => {
                        self.check_deadline()?;
                        let ours = (self.is_ours)(self.log_id(log)?)?;
                        is_ours.insert(log, ours);
                        ours
                    }
                };
                if ours {
                    merged.insert(source, target);
                    break;
                }
            }
        }
        Ok(merged)
    }

    /// Texts that have all the words of `query`, the last of which may be the beginning of a word, at most `max`; and
    /// whether there may be more. Case and what stands between words do not matter.
    ///
    /// # Errors
    /// [`GraphError`].
    pub fn texts_with(&self, query: &str, max: usize) -> Result<(Vec<TermId>, bool), GraphError> {
        self.check_deadline()?;
        let last = query.split(|character: char| !character.is_alphanumeric()).rfind(|run| !run.is_empty());
        let Some(start) = last.and_then(|run| words(run).pop_first()) else { return Ok((Vec::new(), false)) };
        let mut whole = words(query);
        whole.remove(&start);
        let whole: Vec<String> = whole.into_iter().collect();
        let found = self.snapshot.texts_with(&whole, &start, max)?;
        Ok((found.ids, found.is_cut))
    }

    /// IRIs that start with a text and are subject or object of a triple, at most `max`, in the order of their
    /// characters. Only IRIs of up to 480 bytes are found.
    ///
    /// # Errors
    /// [`GraphError`].
    pub fn iris_starting(&self, start: &str, max: usize) -> Result<Vec<TermId>, GraphError> {
        self.check_deadline()?;
        Ok(self.snapshot.iris_starting(start, max)?)
    }

    /// The predicates that the graph uses, at most `max`, by their first appearance.
    ///
    /// # Errors
    /// [`GraphError`].
    pub fn predicates(&self, max: usize) -> Result<Vec<TermId>, GraphError> {
        Ok(self.snapshot.predicates(max)?)
    }

    /// The different objects of a predicate, at most `max`, by their first appearance.
    ///
    /// # Errors
    /// [`GraphError`].
    pub fn objects_of(&self, predicate: TermId, max: usize) -> Result<Vec<TermId>, GraphError> {
        Ok(self.snapshot.objects_of(predicate, max)?)
    }

    /// How many triples the graph has.
    ///
    /// # Errors
    /// [`GraphError`].
    pub fn triple_count(&self) -> Result<u64, GraphError> {
        Ok(self.snapshot.triple_count()?)
    }

    /// How many logs the graph is made of.
    ///
    /// # Errors
    /// [`GraphError`].
    pub fn log_count(&self) -> Result<u64, GraphError> {
        Ok(self.snapshot.log_count()?)
    }

    /// For long work between two reads.
    ///
    /// # Errors
    /// [`GraphError::Deadline`].
    pub fn check_deadline(&self) -> Result<(), GraphError> {
        if Instant::now() >= self.deadline { Err(GraphError::Deadline(self.duration_max)) } else { Ok(()) }
    }

    /// For short work that comes again and again: as [`check_deadline`](Self::check_deadline), once in many times.
    ///
    /// # Errors
    /// [`GraphError::Deadline`].
    pub fn look_at_the_clock(&self) -> Result<(), GraphError> {
        let reads = self.reads.get().wrapping_add(1);
        self.reads.set(reads);
        if reads.is_multiple_of(READS_PER_LOOK) { self.check_deadline() } else { Ok(()) }
    }

    fn log_id(&self, log: TermId) -> Result<Uuid, GraphError> {
        Ok(log_id(self.term(log)?).ok_or(IndexError::Damaged("a log has no id"))?)
    }
}

/// Triples of a [`GraphView`].
pub struct GraphTriples<'v> {
    triples: Triples<'v>,
    view: &'v GraphView,
}

impl std::fmt::Debug for GraphTriples<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("GraphTriples").finish_non_exhaustive()
    }
}

impl Iterator for GraphTriples<'_> {
    type Item = Result<IdTriple, GraphError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Err(error) = self.view.look_at_the_clock() {
            return Some(Err(error));
        }
        Some(self.triples.next()?.map_err(GraphError::from))
    }
}
