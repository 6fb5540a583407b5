//! Where robots went.

use std::collections::{BTreeMap, btree_map::Entry};

use segb_graph::{index::TermId, view::GraphView};
use segb_journal::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Filter, Page, ReportError, Resource,
    filter::Scope,
    graph::Graph,
    ids::IdSet,
    problem::{Problem, ProblemCode, Problems},
    resource::Kind,
    robot_states::{State, find},
};

/// Stays shown of one robot.
const STAYS_MAX: usize = 1_000;

/// Where one robot went.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Displacement {
    /// The robot.
    pub robot: Resource,
    /// States with a location and a time.
    pub samples: usize,
    /// States with a location and no time, which are in no path.
    pub untimed_samples: usize,
    /// How often the location differs from the one before.
    pub changes: usize,
    /// How many different locations there are.
    pub locations: usize,
    /// The stays, in order.
    pub path: Vec<Stay>,
    /// What is odd.
    pub problems: Vec<Problem>,
}

/// Consecutive samples at one location.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Stay {
    /// Where.
    pub location: Resource,
    /// When the first sample was.
    #[schema(value_type = String, format = DateTime)]
    pub first_time: Timestamp,
    /// When the last sample was.
    #[schema(value_type = String, format = DateTime)]
    pub last_time: Timestamp,
    /// How many samples.
    pub samples: usize,
    /// The first of them.
    pub state: Option<String>,
    /// The logs that say where it was.
    pub logs: Vec<Uuid>,
}

/// Consecutive samples before they are read in full.
struct FoundStay {
    location: TermId,
    first_time: Timestamp,
    last_time: Timestamp,
    samples: usize,
    state: TermId,
}

#[derive(Default)]
struct Track {
    samples: Vec<(Timestamp, TermId, TermId)>,
    untimed: usize,
}

/// One row for each robot with a state that has a location, by label.
///
/// # Errors
/// [`ReportError`].
pub fn displacement(view: &GraphView, filter: &Filter) -> Result<Page<Displacement>, ReportError> {
    let graph = Graph::open(view)?;
    let scope = Scope::of(filter, &graph)?;
    let (states, _) = find(&graph, &scope, false)?;
    let (mut tracks, mut without_time): (BTreeMap<TermId, Track>, usize) = (BTreeMap::new(), 0);
    for State { robot, time, id, location } in states {
        let Some(location) = location else { continue };
        let track = match tracks.entry(robot) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                graph.reserve(2 * size_of::<(TermId, Track)>())?;
                new.insert(Track::default())
            }
        };
        match time {
            None => {
                track.untimed += 1;
                without_time += 1;
            }
            Some(time) if scope.wants_time(Some(time)) => {
                graph.keep(&mut track.samples, (time, id, location))?;
            }
            Some(_) => {}
        }
    }
    let mut rows = Vec::new();
    for (robot, mut track) in tracks {
        // With a time in the filter, a robot without a sample then has no row.
        if track.samples.is_empty() && !scope.wants_time(None) {
            continue;
        }
        track.samples.sort_unstable();
        graph.keep(&mut rows, (graph.sort_label(robot)?, robot, track))?;
    }
    rows.sort_unstable_by(|(one, first, _), (other, second, _)| (one, first).cmp(&(other, second)));
    Page::of(&graph, filter, &rows, without_time, |(_, robot, track)| read(&graph, *robot, track))
}

fn read(graph: &Graph<'_>, id: TermId, track: &Track) -> Result<Displacement, ReportError> {
    let mut problems = Problems::default();
    let robot = graph.resource(id, &mut problems)?;
    if robot.kind != Kind::Robot && robot.kind != Kind::Literal {
        let message = format!("“{}” is not typed as a robot", robot.label);
        problems.note(ProblemCode::UntypedRobot, message, robot.iri.as_deref());
    }
    if track.untimed > 0 {
        let message = format!("{} states with a location have no time", track.untimed);
        problems.note(ProblemCode::NoTime, message, robot.iri.as_deref());
    }
    let (stays, stays_count) = stays(&track.samples);
    if stays_count > STAYS_MAX {
        let message = format!("there are more stays than the {STAYS_MAX} shown");
        problems.note(ProblemCode::ListCut, message, robot.iri.as_deref());
    }
    let mut path = Vec::with_capacity(stays.len());
    for stay in &stays {
        if !graph.has_room_for("stays", &mut problems) {
            break;
        }
        // CSV names the robot in each of its records.
        graph.spend_resource(&robot);
        path.push(Stay {
            location: graph.named(stay.location, Kind::Location, &mut problems)?,
            first_time: stay.first_time,
            last_time: stay.last_time,
            samples: stay.samples,
            state: graph.iri(stay.state)?,
            logs: graph.logs([stay.state, graph.words.at_location, stay.location])?,
        });
    }
    let locations: IdSet = track.samples.iter().map(|(_, _, location)| *location).collect();
    Ok(Displacement {
        robot,
        samples: track.samples.len(),
        untimed_samples: track.untimed,
        changes: stays_count.saturating_sub(1),
        locations: locations.len(),
        path,
        problems: problems.into_list(),
    })
}

/// The stays that are shown, and how many there are.
fn stays(samples: &[(Timestamp, TermId, TermId)]) -> (Vec<FoundStay>, usize) {
    let at_one_place = || samples.chunk_by(|(_, _, one), (_, _, next)| one == next);
    let stay = |samples: &[(Timestamp, TermId, TermId)]| {
        let (&(first_time, state, location), &(last_time, ..)) = (samples.first()?, samples.last()?);
        Some(FoundStay { location, first_time, last_time, samples: samples.len(), state })
    };
    (at_one_place().take(STAYS_MAX).filter_map(stay).collect(), at_one_place().count())
}
