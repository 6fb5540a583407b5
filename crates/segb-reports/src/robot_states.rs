//! How robots were, and where.

use segb_graph::{index::TermId, view::GraphView};
use segb_journal::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Filter, Page, ReportError, Resource,
    activities::Activities,
    filter::Scope,
    graph::Graph,
    ids::{Column, IdSet},
    participants::Meetings,
    problem::{Problem, ProblemCode, Problems},
    resource::Kind,
};

/// Properties shown of one state.
const PROPERTIES_MAX: usize = 100;

/// A state of a robot.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RobotState {
    /// The state.
    pub state: Resource,
    /// The robot it is attributed to.
    pub robot: Resource,
    /// When it was so.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub time: Option<Timestamp>,
    /// Where it was.
    pub location: Option<Resource>,
    /// What else was so, by name.
    pub properties: Vec<StateProperty>,
    /// `rdfs:comment`
    pub note: Option<String>,
    /// The activity that produced the state.
    pub source: Option<Resource>,
    /// The logs that attribute the state to the robot.
    pub logs: Vec<Uuid>,
    /// What is odd.
    pub problems: Vec<Problem>,
}

/// A property of a state.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct StateProperty {
    /// `schema:propertyID`, else the label.
    pub name: String,
    /// `schema:value` as it was logged.
    pub value: Option<String>,
    /// The same as a number.
    pub number: Option<f64>,
    /// `schema:unitCode`
    pub unit: Option<String>,
}

/// A state before it is read in full.
#[derive(Debug, Clone, Copy)]
pub(crate) struct State {
    pub(crate) robot: TermId,
    pub(crate) time: Option<Timestamp>,
    pub(crate) id: TermId,
    pub(crate) location: Option<TermId>,
}

/// One row for each state, by time.
///
/// # Errors
/// [`ReportError`].
pub fn robot_states(view: &GraphView, filter: &Filter) -> Result<Page<RobotState>, ReportError> {
    let graph = Graph::open(view)?;
    let (mut states, without_time) = find(&graph, &Scope::of(filter, &graph)?, true)?;
    states.sort_unstable_by_key(|state| (state.time.is_none(), state.time, state.robot, state.id));
    Page::of(&graph, filter, &states, without_time, |state| read(&graph, state))
}

/// The states that fit, and how many of all have no time. Only with `by_time` the filter's times are looked at.
pub(crate) fn find(
    graph: &Graph<'_>,
    scope: &Scope<'_>,
    by_time: bool,
) -> Result<(Vec<State>, usize), ReportError> {
    let words = &graph.words;
    let located = Column::read(graph, words.at_location, None)?;
    let mut candidates: IdSet = located.pairs().map(|(state, _)| state).collect();
    for triple in graph.view().triples(None, Some(words.additional_property), None)? {
        let [subject, ..] = triple?;
        candidates.insert(subject);
    }
    for triple in graph.view().triples(None, Some(words.a), Some(words.message))? {
        let [message, ..] = triple?;
        candidates.remove(message);
    }
    let attributed = Column::read(graph, words.was_attributed_to, Some(&candidates))?;
    let generated = Column::read(graph, words.generated_at, Some(&candidates))?;
    let met = robots_that_met(graph, scope)?;
    let (mut states, mut without_time) = (Vec::new(), 0);
    for (id, robot) in attributed.pairs() {
        let fits = scope.wants_robot(Some(robot)) && met.as_ref().is_none_or(|met| met.contains(robot));
        if !fits || graph.humans.contains(robot) {
            continue;
        }
        let time = generated.earliest(graph, id)?;
        without_time += usize::from(time.is_none());
        if !by_time || scope.wants_time(time) {
            graph.keep(&mut states, State { robot, time, id, location: located.first(id) })?;
        }
    }
    Ok((states, without_time))
}

/// The robots that are linked to the humans who are asked for; none if nobody is.
fn robots_that_met(graph: &Graph<'_>, scope: &Scope<'_>) -> Result<Option<IdSet>, ReportError> {
    if !scope.names_humans() {
        return Ok(None);
    }
    let mut meetings = Meetings::with_pairs();
    Activities::read(graph, &scope.at_any_time(), &mut meetings)?;
    Ok(Some(meetings.linked_robots()))
}

fn read(graph: &Graph<'_>, found: &State) -> Result<RobotState, ReportError> {
    let words = &graph.words;
    let mut problems = Problems::default();
    let mut state = graph.resource(found.id, &mut problems)?;
    state.kind = Kind::State;
    let iri = state.iri.clone();
    if !graph.is_a(found.id, words.prov_entity)? {
        problems.note(ProblemCode::NotEntity, "the state is not typed prov:Entity", iri.as_deref());
    }
    let robot = graph.resource(found.robot, &mut problems)?;
    if robot.kind != Kind::Robot && robot.kind != Kind::Literal {
        let message = format!("“{}” is not typed as a robot", robot.label);
        problems.note(ProblemCode::UntypedRobot, message, robot.iri.as_deref());
    }
    if graph.time(found.id, words.generated_at, &mut problems)?.is_none() {
        problems.note(ProblemCode::NoTime, "the state has no time", iri.as_deref());
    }
    let location = read_location(graph, found, &mut problems)?;
    let mut source = None;
    for producing in [words.produced_entity, words.generated] {
        if source.is_none() {
            source = graph.subjects(producing, found.id)?.first().copied();
        }
    }
    if source.is_none() {
        source = graph.objects(found.id, words.was_generated_by)?.first().copied();
    }
    Ok(RobotState {
        state,
        robot,
        time: found.time,
        location,
        properties: read_properties(graph, found.id, &mut problems)?,
        note: graph.text(found.id, words.comment, &mut problems)?.map(|(text, _)| text),
        source: source.map(|source| graph.resource(source, &mut problems)).transpose()?,
        logs: graph.logs([found.id, words.was_attributed_to, found.robot])?,
        problems: problems.into_list(),
    })
}

fn read_location(
    graph: &Graph<'_>,
    state: &State,
    problems: &mut Problems,
) -> Result<Option<Resource>, ReportError> {
    let iri = graph.iri(state.id)?;
    let count = graph.objects(state.id, graph.words.at_location)?.len();
    if count > 1 {
        let message = format!("the state has {count} locations, of which one is shown");
        problems.note(ProblemCode::SeveralLocations, message, iri.as_deref());
    }
    let Some(location) = state.location else {
        problems.note(ProblemCode::NoLocation, "the state has no location", iri.as_deref());
        return Ok(None);
    };
    Ok(Some(graph.named(location, Kind::Location, problems)?))
}

/// What a state says besides its location.
pub(crate) fn read_properties(
    graph: &Graph<'_>,
    state: TermId,
    problems: &mut Problems,
) -> Result<Vec<StateProperty>, ReportError> {
    let words = &graph.words;
    let found = graph.objects(state, words.additional_property)?;
    let mut is_cut = found.len() > PROPERTIES_MAX;
    let mut properties = Vec::with_capacity(found.len().min(PROPERTIES_MAX));
    for property in found.into_iter().take(PROPERTIES_MAX) {
        let mut unread = Problems::default();
        let name = match graph.text(property, words.property_id, &mut unread)? {
            Some((name, _)) => name,
            None => graph.label(property)?,
        };
        let unit = graph.text(property, words.unit_code, &mut unread)?.map(|(unit, _)| unit);
        let values = graph.objects(property, words.value)?;
        if properties.len() >= PROPERTIES_MAX || !graph.has_room() {
            is_cut = true;
            break;
        }
        if values.is_empty() {
            properties.push(StateProperty {
                name: name.clone(),
                value: None,
                number: None,
                unit: unit.clone(),
            });
        }
        for value in values {
            if properties.len() >= PROPERTIES_MAX || !graph.has_room() {
                is_cut = true;
                break;
            }
            graph.spend(&name);
            unit.iter().for_each(|unit| graph.spend(unit));
            let (value, number) = (Some(graph.full_text(value)?), graph.number(value)?);
            properties.push(StateProperty { name: name.clone(), value, number, unit: unit.clone() });
        }
    }
    properties.sort_by(|one, other| (&one.name, &one.value).cmp(&(&other.name, &other.value)));
    if is_cut {
        let message = format!("there are more properties than the {} shown", properties.len());
        problems.note(ProblemCode::ListCut, message, graph.iri(state)?.as_deref());
    }
    Ok(properties)
}
