//! Which neighbours are wanted: by what they are, when they happened and who took part.

use std::collections::HashMap;

use segb_graph::index::TermId;
use segb_journal::Timestamp;

use super::NeighboursRequest;
use crate::{ReportError, filter::ids_of, graph::Graph, ids::IdSet};

/// Objects read of one neighbour to find who takes part in it.
const OBJECTS_MAX: usize = 200;

/// The conditions of a request, in the ids of one view.
pub(super) struct Wanted<'r> {
    request: &'r NeighboursRequest,
    participants: Option<IdSet>,
    known: HashMap<TermId, bool>,
}

impl<'r> Wanted<'r> {
    pub(super) fn of(graph: &Graph<'_>, request: &'r NeighboursRequest) -> Result<Self, ReportError> {
        let participants = ids_of(graph, &request.participants)?;
        Ok(Self { request, participants, known: HashMap::new() })
    }

    /// Whether there is any condition.
    pub(super) fn is_strict(&self) -> bool {
        self.participants.is_some() || self.has_time() || !self.request.kinds.is_empty()
    }

    fn has_time(&self) -> bool {
        self.request.since.is_some() || self.request.until.is_some()
    }

    /// Whether a neighbour fits all conditions.
    pub(super) fn has(&mut self, graph: &Graph<'_>, id: TermId) -> Result<bool, ReportError> {
        if let Some(known) = self.known.get(&id) {
            return Ok(*known);
        }
        let fits =
            self.has_kind(graph, id)? && self.is_in_time(graph, id)? && self.has_participant(graph, id)?;
        self.known.insert(id, fits);
        Ok(fits)
    }

    fn has_kind(&self, graph: &Graph<'_>, id: TermId) -> Result<bool, ReportError> {
        Ok(self.request.kinds.is_empty() || self.request.kinds.contains(&graph.kind(id)?))
    }

    /// What has no time, such as a place or a person, is at any time.
    fn is_in_time(&self, graph: &Graph<'_>, id: TermId) -> Result<bool, ReportError> {
        let NeighboursRequest { since, until, .. } = self.request;
        if !self.has_time() {
            return Ok(true);
        }
        let Some(time) = moment(graph, id)? else { return Ok(true) };
        Ok(since.is_none_or(|since| time >= since) && until.is_none_or(|until| time < until))
    }

    /// In what names no person and no robot, such as a model, everybody may take part.
    fn has_participant(&self, graph: &Graph<'_>, id: TermId) -> Result<bool, ReportError> {
        let Some(wanted) = &self.participants else { return Ok(true) };
        let found = participants(graph, id)?;
        Ok(found.is_empty() || found.iter().any(|agent| wanted.contains(*agent)))
    }
}

/// When something happened: its own time, else that of what made it.
fn moment(graph: &Graph<'_>, id: TermId) -> Result<Option<Timestamp>, ReportError> {
    let words = &graph.words;
    let own = own_moment(graph, id, &[words.started_at, words.ended_at, words.generated_at])?;
    if own.is_some() {
        return Ok(own);
    }
    for activity in makers(graph, id)? {
        let made = own_moment(graph, activity, &[words.started_at, words.ended_at])?;
        if made.is_some() {
            return Ok(made);
        }
    }
    Ok(None)
}

fn own_moment(graph: &Graph<'_>, id: TermId, words: &[TermId]) -> Result<Option<Timestamp>, ReportError> {
    for word in words {
        let time = graph.earliest(graph.objects(id, *word)?.into_iter())?;
        if time.is_some() {
            return Ok(time);
        }
    }
    Ok(None)
}

/// The activities that made something.
fn makers(graph: &Graph<'_>, id: TermId) -> Result<Vec<TermId>, ReportError> {
    let words = &graph.words;
    let mut makers = graph.objects(id, words.was_generated_by)?;
    if makers.is_empty() {
        makers = graph.subjects(words.produced_entity, id)?;
    }
    if makers.is_empty() {
        makers = graph.subjects(words.generated, id)?;
    }
    Ok(makers)
}

/// The people and robots that something names, and those that the events are about that it is about; if there are none,
/// those of what made it.
fn participants(graph: &Graph<'_>, id: TermId) -> Result<Vec<TermId>, ReportError> {
    if is_agent(graph, id) {
        return Ok(vec![id]);
    }
    let mut agents = named(graph, id)?;
    for event in graph.objects(id, graph.words.about)? {
        agents.extend(graph.objects(event, graph.words.about)?.into_iter().filter(|id| is_agent(graph, *id)));
    }
    if agents.is_empty() {
        for activity in makers(graph, id)? {
            agents.extend(named(graph, activity)?);
        }
    }
    Ok(agents)
}

fn named(graph: &Graph<'_>, id: TermId) -> Result<Vec<TermId>, ReportError> {
    let mut agents = Vec::new();
    for triple in graph.view().triples(Some(id), None, None)?.take(OBJECTS_MAX) {
        let [_, _, object] = triple?;
        if is_agent(graph, object) && !agents.contains(&object) {
            agents.push(object);
        }
    }
    Ok(agents)
}

fn is_agent(graph: &Graph<'_>, id: TermId) -> bool {
    graph.robots.contains(id) || graph.humans.contains(id)
}
