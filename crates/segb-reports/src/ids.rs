//! Sets of ids, and columns: all triples of one predicate.

use std::{cell::RefCell, collections::HashMap};

use segb_graph::index::TermId;
use segb_journal::Timestamp;

use crate::{ReportError, graph::Graph};

/// A set of ids as one bit for each id there is: ids are given out without gaps.
#[derive(Debug, Default, Clone)]
pub(crate) struct IdSet {
    bits: Vec<u64>,
}

impl IdSet {
    pub(crate) fn insert(&mut self, id: TermId) {
        let (word, bit) = place(id);
        if self.bits.len() <= word {
            self.bits.resize(word + 1, 0);
        }
        if let Some(bits) = self.bits.get_mut(word) {
            *bits |= bit;
        }
    }

    pub(crate) fn contains(&self, id: TermId) -> bool {
        let (word, bit) = place(id);
        self.bits.get(word).is_some_and(|bits| bits & bit != 0)
    }

    pub(crate) fn remove(&mut self, id: TermId) {
        let (word, bit) = place(id);
        if let Some(bits) = self.bits.get_mut(word) {
            *bits &= !bit;
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.bits.iter().map(|bits| bits.count_ones() as usize).sum()
    }
}

impl FromIterator<TermId> for IdSet {
    fn from_iter<I: IntoIterator<Item = TermId>>(ids: I) -> Self {
        let mut set = Self::default();
        ids.into_iter().for_each(|id| set.insert(id));
        set
    }
}

fn place(id: TermId) -> (usize, u64) {
    let number = id.as_u64();
    ((number / 64) as usize, 1 << (number % 64))
}

/// The triples of one predicate, by subject or, if it is [inverse](Self::inverse), by object. Reading a predicate from
/// end to end and sorting it costs a fraction of looking up each of its subjects.
#[derive(Debug, Default)]
pub(crate) struct Column {
    pairs: Vec<(TermId, TermId)>,
    /// The earliest of the times of those that have many: it is asked for again with each thing that has a part in them.
    earliest: RefCell<HashMap<TermId, Option<Timestamp>>>,
}

/// So many times are read again each time.
const TIMES_READ_AGAIN_MAX: usize = 4;

impl Column {
    /// By subject; only of the subjects in `keep`.
    pub(crate) fn read(
        graph: &Graph<'_>,
        predicate: TermId,
        keep: Option<&IdSet>,
    ) -> Result<Self, ReportError> {
        Self::collect(graph, predicate, keep, |[subject, _, object]| (subject, object))
    }

    /// By object; only of the objects in `keep`.
    pub(crate) fn inverse(
        graph: &Graph<'_>,
        predicate: TermId,
        keep: Option<&IdSet>,
    ) -> Result<Self, ReportError> {
        Self::collect(graph, predicate, keep, |[subject, _, object]| (object, subject))
    }

    fn collect(
        graph: &Graph<'_>,
        predicate: TermId,
        keep: Option<&IdSet>,
        order: impl Fn([TermId; 3]) -> (TermId, TermId),
    ) -> Result<Self, ReportError> {
        let mut pairs = Vec::new();
        for triple in graph.view().triples(None, Some(predicate), None)? {
            let pair = order(triple?);
            if keep.is_none_or(|keep| keep.contains(pair.0)) {
                graph.keep(&mut pairs, pair)?;
            }
        }
        pairs.sort_unstable();
        Ok(Self { pairs, earliest: RefCell::default() })
    }

    pub(crate) fn of(&self, id: TermId) -> impl Iterator<Item = TermId> + '_ {
        let start = self.pairs.partition_point(|(key, _)| *key < id);
        self.pairs.iter().skip(start).take_while(move |(key, _)| *key == id).map(|(_, value)| *value)
    }

    pub(crate) fn first(&self, id: TermId) -> Option<TermId> {
        self.of(id).next()
    }

    pub(crate) fn has(&self, id: TermId) -> bool {
        self.first(id).is_some()
    }

    pub(crate) fn has_pair(&self, id: TermId, value: TermId) -> bool {
        self.pairs.binary_search(&(id, value)).is_ok()
    }

    pub(crate) fn pairs(&self) -> impl Iterator<Item = (TermId, TermId)> + '_ {
        self.pairs.iter().copied()
    }

    /// The earliest of the values that are times.
    pub(crate) fn earliest(&self, graph: &Graph<'_>, id: TermId) -> Result<Option<Timestamp>, ReportError> {
        if self.of(id).nth(TIMES_READ_AGAIN_MAX).is_none() {
            return graph.earliest(self.of(id));
        }
        if let Some(known) = self.earliest.borrow().get(&id) {
            return Ok(*known);
        }
        let earliest = graph.earliest(self.of(id))?;
        self.earliest.borrow_mut().insert(id, earliest);
        Ok(earliest)
    }
}
