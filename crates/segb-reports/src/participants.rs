//! Who met whom.

use std::collections::{BTreeMap, HashMap};

use segb_graph::{index::TermId, view::GraphView};
use segb_journal::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Filter, Page, ReportError, Resource,
    activities::{Activities, CUT_LINKS},
    filter::Scope,
    graph::Graph,
    ids::IdSet,
    links::{Link, Via},
    problem::{Problem, ProblemCode, Problems},
    resource::Kind,
};

/// Links, peers and owners shown of one participant.
const LIST_MAX: usize = 100;

/// A human, a robot, or whoever performed an activity without being typed.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Participant {
    /// Who.
    pub participant: Resource,
    /// Of a human the robots, of a robot the humans that it is linked to.
    pub linked: Vec<Linked>,
    /// Of a robot the other robots that are linked to the same human.
    pub peers: Vec<Peer>,
    /// Of a robot whom it belongs to.
    pub owners: Vec<Resource>,
    /// Of a robot the activities it performed, of a human those that are linked.
    pub activities: u64,
    /// When the first of them was.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub first_time: Option<Timestamp>,
    /// When the last of them was.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_time: Option<Timestamp>,
    /// The logs that say what kind of participant it is.
    pub logs: Vec<Uuid>,
    /// What is odd.
    pub problems: Vec<Problem>,
}

/// The other side of a link.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Linked {
    /// Who.
    pub resource: Resource,
    /// How they are linked.
    pub via: Vec<Via>,
    /// By how many activities.
    pub activities: u64,
    /// When the first of them was.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub first_time: Option<Timestamp>,
    /// When the last of them was.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_time: Option<Timestamp>,
    /// The logs that assert what makes the first link.
    pub logs: Vec<Uuid>,
}

/// A robot that is linked to the same human.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Peer {
    /// The robot.
    pub resource: Resource,
    /// The IRIs of the humans.
    pub humans: Vec<String>,
}

/// A number of activities and when they were.
#[derive(Debug, Default, Clone)]
pub(crate) struct Span {
    pub(crate) activities: u64,
    pub(crate) first: Option<Timestamp>,
    pub(crate) last: Option<Timestamp>,
}

impl Span {
    pub(crate) fn add(&mut self, time: Option<Timestamp>) {
        self.activities += 1;
        let Some(time) = time else { return };
        self.first = Some(self.first.map_or(time, |first| first.min(time)));
        self.last = Some(self.last.map_or(time, |last| last.max(time)));
    }
}

#[derive(Debug)]
struct LinkFacts {
    /// Each of [`VIAS`], whether it is so.
    via: [bool; VIAS.len()],
    span: Span,
    triple: [TermId; 3],
}

const VIAS: [Via; 4] = [Via::Event, Via::Request, Via::Ownership, Via::Speech];

/// What tables take for an entry beyond its size, at the most.
const ENTRY_FACTOR: usize = 2;

/// All that links say, counted.
#[derive(Debug, Default)]
pub(crate) struct Meetings {
    /// Robot and human; none where nobody asks who met whom.
    links: Option<BTreeMap<(TermId, TermId), LinkFacts>>,
    pub(crate) robots: HashMap<TermId, Span>,
    pub(crate) humans: HashMap<TermId, Span>,
    /// Robots of which not all links count.
    cut: IdSet,
}

impl Meetings {
    /// With who met whom, which may be very many pairs.
    pub(crate) fn with_pairs() -> Self {
        Self { links: Some(BTreeMap::new()), ..Self::default() }
    }

    /// Adds one activity.
    pub(crate) fn add(
        &mut self,
        graph: &Graph<'_>,
        scope: &Scope<'_>,
        performers: impl Iterator<Item = TermId>,
        time: Option<Timestamp>,
        links: &[Link],
        is_cut: bool,
    ) -> Result<(), ReportError> {
        for performer in performers.filter(|performer| scope.wants_robot(Some(*performer))) {
            add(graph, &mut self.robots, performer, time)?;
            if is_cut {
                self.cut.insert(performer);
            }
        }
        let mut last_pair = None;
        for link in links {
            let Some(pairs) = &mut self.links else { break };
            if !pairs.contains_key(&(link.robot, link.human)) {
                graph.reserve(ENTRY_FACTOR * size_of::<((TermId, TermId), LinkFacts)>())?;
            }
            let new = || LinkFacts { via: [false; VIAS.len()], span: Span::default(), triple: link.triple };
            let facts = pairs.entry((link.robot, link.human)).or_insert_with(new);
            VIAS.iter().zip(&mut facts.via).for_each(|(via, is_so)| *is_so |= *via == link.via);
            if last_pair.replace((link.robot, link.human)) != Some((link.robot, link.human)) {
                facts.span.add(time);
            }
        }
        let mut met: Vec<TermId> = links.iter().map(|link| link.human).collect();
        met.sort_unstable();
        met.dedup();
        met.into_iter().try_for_each(|human| add(graph, &mut self.humans, human, time))
    }

    /// The pairs that met, by robot.
    fn pairs(&self) -> impl Iterator<Item = (TermId, TermId)> + '_ {
        self.links.iter().flat_map(BTreeMap::keys).copied()
    }

    fn humans_of(&self, robot: TermId) -> impl Iterator<Item = TermId> + '_ {
        let of_robot = self.links.iter().flat_map(move |links| links.range((robot, TermId::ABSENT)..));
        of_robot.take_while(move |((other, _), _)| *other == robot).map(|((_, human), _)| *human)
    }

    /// The robots that are linked to a human.
    pub(crate) fn linked_robots(&self) -> IdSet {
        self.pairs().map(|(robot, _)| robot).collect()
    }
}

fn add(
    graph: &Graph<'_>,
    spans: &mut HashMap<TermId, Span>,
    id: TermId,
    time: Option<Timestamp>,
) -> Result<(), ReportError> {
    if !spans.contains_key(&id) {
        graph.reserve(ENTRY_FACTOR * size_of::<(TermId, Span)>())?;
    }
    spans.entry(id).or_default().add(time);
    Ok(())
}

/// For each human the robots linked to them; for each robot the humans, and the other robots linked to the same human.
///
/// # Errors
/// [`ReportError`].
pub fn participants(view: &GraphView, filter: &Filter) -> Result<Page<Participant>, ReportError> {
    let graph = Graph::open(view)?;
    let scope = Scope::of(filter, &graph)?;
    let mut meetings = Meetings::with_pairs();
    let activities = Activities::read(&graph, &scope, &mut meetings)?;
    let everybody = everybody(&graph, &scope, &meetings)?;
    let by_human = by_human(&graph, &meetings)?;
    Page::of(&graph, filter, &everybody, activities.without_time, |(_, _, id)| {
        read(&graph, &meetings, &by_human, *id)
    })
}

/// Humans, robots, then others that performed something; each by label.
fn everybody(
    graph: &Graph<'_>,
    scope: &Scope<'_>,
    meetings: &Meetings,
) -> Result<Vec<(u8, Box<str>, TermId)>, ReportError> {
    let met: Option<IdSet> = (scope.names_robots() || scope.names_humans())
        .then(|| meetings.pairs().flat_map(|(robot, human)| [robot, human]).collect());
    let is_shown = |id: TermId| {
        let Some(met) = &met else { return true };
        let is_named = if graph.humans.contains(id) {
            scope.names_humans() && scope.wants_human(Some(id))
        } else {
            scope.names_robots() && scope.wants_robot(Some(id))
        };
        is_named || met.contains(id)
    };
    let mut ids: Vec<TermId> = Vec::new();
    for id in meetings.robots.keys().copied().filter(|id| is_shown(*id)) {
        graph.keep(&mut ids, id)?;
    }
    for class in [graph.words.human, graph.words.foaf_person, graph.words.prov_person, graph.words.robot] {
        for triple in graph.view().triples(None, Some(graph.words.a), Some(class))? {
            let [id, ..] = triple?;
            if is_shown(id) {
                graph.keep(&mut ids, id)?;
            }
        }
    }
    ids.sort_unstable();
    ids.dedup();
    let mut everybody = Vec::new();
    for id in ids {
        let group = match (graph.humans.contains(id), graph.robots.contains(id)) {
            (true, _) => 0,
            (_, true) => 1,
            _ => 2,
        };
        graph.keep(&mut everybody, (group, graph.sort_label(id)?, id))?;
    }
    everybody.sort_unstable();
    Ok(everybody)
}

fn by_human(graph: &Graph<'_>, meetings: &Meetings) -> Result<HashMap<TermId, Vec<TermId>>, ReportError> {
    let mut robots: HashMap<TermId, Vec<TermId>> = HashMap::new();
    for (robot, human) in meetings.pairs() {
        let of_human = robots.entry(human).or_default();
        if of_human.is_empty() {
            graph.reserve(ENTRY_FACTOR * size_of::<(TermId, Vec<TermId>)>())?;
        }
        graph.keep(of_human, robot)?;
    }
    Ok(robots)
}

fn read(
    graph: &Graph<'_>,
    meetings: &Meetings,
    by_human: &HashMap<TermId, Vec<TermId>>,
    id: TermId,
) -> Result<Participant, ReportError> {
    let mut problems = Problems::default();
    let participant = graph.resource(id, &mut problems)?;
    let none = Vec::new();
    let (mut linked, mut peers, mut owners) = (Vec::new(), Vec::new(), Vec::new());
    let is_human = participant.kind == Kind::Human;
    if is_human {
        let robots = by_human.get(&id).unwrap_or(&none);
        for robot in robots.iter().take(LIST_MAX) {
            if !graph.has_room_for("robots", &mut problems) {
                break;
            }
            linked.push(read_link(graph, meetings, (*robot, id), *robot, &mut problems)?);
        }
        note_cut(robots.len(), "robots", &mut problems);
    } else {
        // One more than are shown, to see whether there are.
        let humans: Vec<TermId> = meetings.humans_of(id).take(LIST_MAX + 1).collect();
        for human in humans.iter().take(LIST_MAX) {
            if !graph.has_room_for("humans", &mut problems) {
                break;
            }
            linked.push(read_link(graph, meetings, (id, *human), *human, &mut problems)?);
        }
        note_cut(humans.len(), "humans", &mut problems);
        peers = read_peers(graph, by_human, &humans, id, &mut problems)?;
        for owner in graph.objects(id, graph.words.belongs_to)?.into_iter().take(LIST_MAX) {
            if !graph.has_room_for("owners", &mut problems) {
                break;
            }
            owners.push(graph.resource(owner, &mut problems)?);
        }
    }
    if meetings.cut.contains(id) {
        problems.note(ProblemCode::ListCut, CUT_LINKS, participant.iri.as_deref());
    }
    let spans = if is_human { &meetings.humans } else { &meetings.robots };
    let span = spans.get(&id).cloned().unwrap_or_default();
    if !matches!(participant.kind, Kind::Human | Kind::Robot) {
        let message = format!("“{}” performed activities and is not typed as a robot", participant.label);
        problems.note(ProblemCode::UntypedRobot, message, participant.iri.as_deref());
    }
    Ok(Participant {
        participant,
        linked,
        peers,
        owners,
        activities: span.activities,
        first_time: span.first,
        last_time: span.last,
        logs: logs_of_kind(graph, id)?,
        problems: problems.into_list(),
    })
}

fn read_link(
    graph: &Graph<'_>,
    meetings: &Meetings,
    pair: (TermId, TermId),
    other: TermId,
    problems: &mut Problems,
) -> Result<Linked, ReportError> {
    let resource = graph.resource(other, problems)?;
    let Some(LinkFacts { via, span, triple }) = meetings.links.as_ref().and_then(|links| links.get(&pair))
    else {
        let (via, logs) = (Vec::new(), Vec::new());
        return Ok(Linked { resource, via, activities: 0, first_time: None, last_time: None, logs });
    };
    Ok(Linked {
        resource,
        via: VIAS.into_iter().zip(via).filter_map(|(via, is_so)| is_so.then_some(via)).collect(),
        activities: span.activities,
        first_time: span.first,
        last_time: span.last,
        logs: graph.logs(*triple)?,
    })
}

fn read_peers(
    graph: &Graph<'_>,
    by_human: &HashMap<TermId, Vec<TermId>>,
    humans: &[TermId],
    robot: TermId,
    problems: &mut Problems,
) -> Result<Vec<Peer>, ReportError> {
    let mut shared: BTreeMap<TermId, Vec<TermId>> = BTreeMap::new();
    'humans: for human in humans.iter().take(LIST_MAX) {
        for peer in by_human.get(human).into_iter().flatten().filter(|peer| **peer != robot) {
            if shared.len() == LIST_MAX && !shared.contains_key(peer) {
                note_cut(LIST_MAX + 1, "peers", problems);
                break 'humans;
            }
            shared.entry(*peer).or_default().push(*human);
        }
    }
    let mut peers = Vec::with_capacity(shared.len());
    for (peer, humans) in shared {
        if !graph.has_room_for("peers", problems) {
            break;
        }
        let resource = graph.resource(peer, problems)?;
        peers.push(Peer { resource, humans: graph.iris(&humans, problems)? });
    }
    Ok(peers)
}

fn note_cut(length: usize, what: &str, problems: &mut Problems) {
    if length > LIST_MAX {
        problems.note(ProblemCode::ListCut, format!("there are more {what} than the {LIST_MAX} shown"), None);
    }
}

fn logs_of_kind(graph: &Graph<'_>, id: TermId) -> Result<Vec<Uuid>, ReportError> {
    let words = &graph.words;
    for class in [words.robot, words.human, words.foaf_person, words.prov_person] {
        if graph.is_a(id, class)? {
            return graph.logs([id, words.a, class]);
        }
    }
    Ok(Vec::new())
}
