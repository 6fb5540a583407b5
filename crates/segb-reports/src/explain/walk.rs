//! The walk over the graph: breadth first, nearest first in both directions, each resource once, within bounds.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use segb_graph::index::TermId;

use super::{
    CauseLink, Cut, CutBy, Direction, ExplainRequest, Relation, name::id_of, proofs, relation, relation::Rule,
};
use crate::{ReportError, graph::Graph, json, resource::Kind};

/// Links followed from one resource by one predicate.
const LINKS_OF_ONE_MAX: usize = 200;
/// Links in one explanation.
const LINKS_MAX: usize = 10_000;
/// Resources named in a [`Cut`].
const CUT_AT_MAX: usize = 10;
/// Logs named for one link.
const LOGS_MAX: usize = 10;

/// A resource that the walk came by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Visit {
    pub(super) id: TermId,
    pub(super) distance: usize,
    pub(super) direction: Direction,
    /// Whether all is known that led to it.
    pub(super) is_followed_back: bool,
}

/// A link that the walk came by.
#[derive(Debug, Clone, Copy)]
struct Found {
    cause: TermId,
    effect: TermId,
    rule: Rule,
    triple: [TermId; 3],
}

/// That a triple says a relation.
type Said = (Relation, [TermId; 3]);

/// Where the walk came.
#[derive(Debug, Default)]
pub(super) struct Walk {
    pub(super) visits: Vec<Visit>,
    places: HashMap<TermId, usize>,
    /// Cause and effect → what says so.
    links: BTreeMap<(TermId, TermId), Vec<Said>>,
    relations: HashMap<TermId, Vec<Relation>>,
    link_count: usize,
    cut: Option<(CutBy, Vec<TermId>)>,
    /// Of these not all is known that led to them.
    incomplete: HashSet<TermId>,
}

impl Walk {
    pub(super) fn from(
        graph: &Graph<'_>,
        root: TermId,
        request: &ExplainRequest,
    ) -> Result<Self, ReportError> {
        let rules = relation::rules(&graph.words);
        let mut walk = Self::default();
        walk.visit(root, 0, Direction::Itself);
        let mut queue = VecDeque::from([(root, Direction::Back, 0), (root, Direction::Forward, 0)]);
        let mut queued: HashSet<(TermId, bool)> = HashSet::from([(root, true), (root, false)]);
        while let Some((id, direction, distance)) = queue.pop_front() {
            let is_back = direction == Direction::Back;
            for found in walk.neighbours(graph, &rules, id, is_back, distance == 0)? {
                let other = if is_back { found.cause } else { found.effect };
                let is_new = !walk.places.contains_key(&other);
                if is_new && distance >= request.depth {
                    walk.cut_at(CutBy::Depth, id);
                    continue;
                }
                if is_new && walk.visits.len() >= request.steps_max {
                    walk.cut_at(CutBy::Steps, id);
                    continue;
                }
                if !walk.link(&found) {
                    walk.cut_at(CutBy::Links, id);
                    continue;
                }
                walk.visit(other, distance + 1, direction);
                if distance < request.depth && queued.insert((other, is_back)) {
                    queue.push_back((other, direction, distance + 1));
                }
            }
            if is_back
                && !walk.incomplete.contains(&id)
                && let Some(place) = walk.places.get(&id)
            {
                let visit = walk.visits.get_mut(*place);
                visit.into_iter().for_each(|visit| visit.is_followed_back = true);
            }
        }
        Ok(walk)
    }

    fn visit(&mut self, id: TermId, distance: usize, direction: Direction) {
        if let Some(visit) = self.places.get(&id).and_then(|place| self.visits.get_mut(*place)) {
            if visit.direction != Direction::Itself && visit.direction != direction {
                visit.direction = Direction::Both;
            }
            return;
        }
        self.places.insert(id, self.visits.len());
        self.visits.push(Visit { id, distance, direction, is_followed_back: false });
    }

    /// Whether there was room for it.
    fn link(&mut self, found: &Found) -> bool {
        let pair = (found.cause, found.effect);
        let says = self.links.get(&pair).map_or(&[][..], Vec::as_slice);
        let said = (found.rule.relation, found.triple);
        if says.contains(&said) {
            return true;
        }
        if self.link_count >= LINKS_MAX || says.len() >= LINKS_OF_ONE_MAX {
            return false;
        }
        self.links.entry(pair).or_default().push(said);
        self.relations.entry(found.effect).or_default().push(found.rule.relation);
        self.link_count += 1;
        true
    }

    fn cut_at(&mut self, by: CutBy, id: TermId) {
        self.incomplete.insert(id);
        let (_, at) = self.cut.get_or_insert_with(|| (by, Vec::new()));
        if at.len() < CUT_AT_MAX && !at.contains(&id) {
            at.push(id);
        }
    }

    /// What led to a resource, or came of it.
    fn neighbours(
        &mut self,
        graph: &Graph<'_>,
        rules: &[Rule],
        id: TermId,
        is_back: bool,
        is_root: bool,
    ) -> Result<Vec<Found>, ReportError> {
        let kind = graph.kind(id)?;
        let mut all = Vec::new();
        for rule in rules.iter().filter(|rule| is_followed(kind, rule.relation, is_back, is_root)) {
            for name in graph.aliases(id) {
                // The other end of the triple, where this end is the object or the subject.
                let this_is_subject = rule.object_is_cause == is_back;
                let mut others = match this_is_subject {
                    true => graph.objects_up_to(name, rule.predicate, LINKS_OF_ONE_MAX + 1)?,
                    false => graph.subjects_up_to(rule.predicate, name, LINKS_OF_ONE_MAX + 1)?,
                };
                if others.len() > LINKS_OF_ONE_MAX {
                    others.truncate(LINKS_OF_ONE_MAX);
                    self.cut_at(CutBy::Links, id);
                }
                for other in others {
                    let triple = match this_is_subject {
                        true => [name, rule.predicate, other],
                        false => [other, rule.predicate, name],
                    };
                    let other = graph.canonical(other);
                    let (cause, effect) = if is_back { (other, id) } else { (id, other) };
                    all.push(Found { cause, effect, rule: *rule, triple });
                }
            }
        }
        Ok(all)
    }

    /// The links between the steps that are shown, with all that says them, as many as have room; and whether these are all.
    pub(super) fn read_links(
        &self,
        graph: &Graph<'_>,
        steps_shown: usize,
        mut room_bytes: usize,
    ) -> Result<(Vec<CauseLink>, bool), ReportError> {
        let mut links = Vec::new();
        let is_shown = |id: &TermId| self.places.get(id).is_some_and(|place| *place < steps_shown);
        for ((cause, effect), says) in &self.links {
            if !is_shown(cause) || !is_shown(effect) {
                continue;
            }
            if room_bytes == 0 {
                return Ok((links, false));
            }
            let (mut predicates, mut logs) = (BTreeSet::new(), Vec::new());
            for (_, triple @ [_, predicate, _]) in says {
                predicates.extend(graph.iri(*predicate)?);
                for log in graph.logs(*triple)? {
                    if !logs.contains(&log) && logs.len() < LOGS_MAX {
                        logs.push(log);
                    }
                }
            }
            let Some(relation) = says.iter().map(|(relation, _)| *relation).min() else { continue };
            let link = CauseLink {
                cause: id_of(graph, *cause)?,
                effect: id_of(graph, *effect)?,
                relation,
                predicates: predicates.into_iter().collect(),
                logs: proofs(logs),
            };
            room_bytes = room_bytes.saturating_sub(json::bytes(&link));
            links.push(link);
        }
        Ok((links, true))
    }

    /// How what led to a resource belongs to it.
    pub(super) fn relations_to(&self, effect: TermId) -> &[Relation] {
        self.relations.get(&effect).map_or(&[], Vec::as_slice)
    }

    pub(super) fn cut(&self, graph: &Graph<'_>) -> Result<Option<Cut>, ReportError> {
        let Some((by, at)) = &self.cut else { return Ok(None) };
        let message = match by {
            CutBy::Steps => "There are more steps than were asked for.",
            CutBy::Depth => "There is more, further away than was asked for.",
            CutBy::Links => "There are more links than are shown.",
        };
        let at = at.iter().map(|id| id_of(graph, *id)).collect::<Result<_, _>>()?;
        Ok(Some(Cut { by: *by, message: message.to_owned(), at }))
    }
}

/// What has a part in very much is an end: nobody learns anything from all that a person or a model had a part in.
fn is_followed(kind: Kind, relation: Relation, is_back: bool, is_root: bool) -> bool {
    let is_somebody =
        matches!(kind, Kind::Robot | Kind::Human | Kind::Agent | Kind::Literal | Kind::Category);
    if is_somebody {
        return false;
    }
    if !is_back {
        return if kind.is_hub() { is_root } else { relation.leads_forward() };
    }
    match kind {
        Kind::Model | Kind::Dataset | Kind::Evaluation => relation == Relation::Produced,
        Kind::Event => relation == Relation::Observed,
        Kind::Location | Kind::Setting => false,
        _ => true,
    }
}
