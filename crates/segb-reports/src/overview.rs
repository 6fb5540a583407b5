//! The first thing to show.

use std::collections::HashMap;

use segb_graph::{index::TermId, view::GraphView};
use segb_journal::{EntryKind, Timestamp};
use segb_store::{EntryFilter, Store};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Filter, ReportError, Resource,
    activities::Activities,
    filter::Scope,
    graph::Graph,
    ids::IdSet,
    participants::{Meetings, Span},
    problem::{Problem, Problems},
    robot_states,
};

/// Robots, humans and types of activities shown.
const LIST_MAX: usize = 100;
/// Hours of receipt looked at.
const HOURS: i64 = 168;
const HOUR_US: i64 = 3_600_000_000;
/// The latest logs.
const LATEST_LOGS: u32 = 10;

/// What there is.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Overview {
    /// Triples in the graph.
    pub triples: u64,
    /// Logs and other entries that the graph is made of.
    pub log_count: u64,
    /// Entries in the journal, which never shrinks.
    pub journal_entries: u64,
    /// When the first activity was that fits.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub first_time: Option<Timestamp>,
    /// When the last one was.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_time: Option<Timestamp>,
    /// How many there are of each kind.
    pub counts: Counts,
    /// The busiest robots, and others that performed activities.
    pub robots: Vec<Busy>,
    /// The humans with most activities.
    pub humans: Vec<Busy>,
    /// What kinds of activities there were, the most frequent first.
    pub activity_types: Vec<TypeCount>,
    /// When logs were received: hours that had any.
    pub logs_per_hour: Vec<HourCount>,
    /// The last logs, newest first.
    pub latest_logs: Vec<LatestLog>,
    /// Activities without a time. With a time in the filter they are left out.
    pub without_time: usize,
    /// What is odd.
    pub problems: Vec<Problem>,
}

/// How many there are of each kind in the whole graph; of activities those that fit the filter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Counts {
    /// Typed `oro:Robot`.
    pub robots: usize,
    /// Typed `oro:Human`, `foaf:Person` or `prov:Person`, and no robots.
    pub humans: usize,
    /// Performed, or typed `segb:LoggedActivity`.
    pub activities: usize,
    /// Typed `schema:Message`.
    pub messages: usize,
    /// Named by `onyx:hasEmotion`.
    pub emotions: usize,
    /// States of robots.
    pub states: usize,
    /// Typed `schema:Event`, merged ones as one.
    pub events: usize,
    /// Typed `mls:Model`.
    pub models: usize,
}

/// Somebody, and how many activities they had a part in.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Busy {
    /// Who.
    pub resource: Resource,
    /// How many activities.
    pub activities: u64,
    /// When the first was.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub first_time: Option<Timestamp>,
    /// When the last was.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_time: Option<Timestamp>,
}

/// Activities of one type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TypeCount {
    /// The type.
    pub iri: Option<String>,
    /// Its name.
    pub label: String,
    /// How many activities have it.
    pub count: usize,
}

/// Logs received in one hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HourCount {
    /// When the hour begins.
    #[schema(value_type = String, format = DateTime)]
    pub hour: Timestamp,
    /// How many logs.
    pub logs: u64,
}

/// One of the latest logs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LatestLog {
    /// Its id.
    pub log_id: Uuid,
    /// Its place in the journal.
    pub sequence: u64,
    /// When it was received.
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Timestamp,
    /// Who sent it.
    pub actor: String,
    /// How many triples it has.
    pub triple_count: u64,
}

/// What there is, also in an empty graph. The journal is read a moment later than the graph.
///
/// # Errors
/// [`ReportError`].
pub fn overview(store: &Store, view: &GraphView, filter: &Filter) -> Result<Overview, ReportError> {
    let graph = Graph::open(view)?;
    let scope = Scope::of(filter, &graph)?;
    let mut meetings = Meetings::default();
    let activities = Activities::read(&graph, &scope, &mut meetings)?;
    let types = Types::read(&graph, &activities)?;
    let mut span = Span::default();
    activities.wanted.iter().for_each(|activity| span.add(activity.time));
    let mut problems = Problems::default();
    activities.note_cut(&graph, &mut problems)?;
    let (latest_logs, logs_per_hour) = received(store, filter)?;
    let journal_entries = store
        .entries(&EntryFilter { limit: 1, ..EntryFilter::default() })?
        .entries
        .first()
        .map_or(0, |last| last.entry.sequence + 1);
    Ok(Overview {
        triples: view.triple_count()?,
        log_count: view.log_count()?,
        journal_entries,
        first_time: span.first,
        last_time: span.last,
        counts: count(&graph, &activities, &types)?,
        robots: busiest(&graph, meetings.robots, &mut problems)?,
        humans: busiest(&graph, meetings.humans, &mut problems)?,
        activity_types: activity_types(&graph, types)?,
        logs_per_hour,
        latest_logs,
        without_time: activities.without_time,
        problems: problems.into_list(),
    })
}

/// What the types say, all of it in one pass.
#[derive(Default)]
struct Types {
    messages: usize,
    models: usize,
    events: IdSet,
    /// Of the activities that fit.
    activities: Vec<(TermId, usize)>,
}

impl Types {
    fn read(graph: &Graph<'_>, activities: &Activities) -> Result<Self, ReportError> {
        let words = &graph.words;
        let ids: IdSet = activities.wanted.iter().map(|activity| activity.id).collect();
        let mut types = Self::default();
        // They come type by type.
        let mut of_class = (TermId::ABSENT, 0);
        for triple in graph.view().triples(None, Some(words.a), None)? {
            let [subject, _, class] = triple?;
            types.messages += usize::from(class == words.message);
            types.models += usize::from(class == words.mls_model);
            if class == words.event {
                types.events.insert(graph.canonical(subject));
            }
            if class != of_class.0 {
                types.end_class(graph, of_class)?;
                of_class = (class, 0);
            }
            of_class.1 += usize::from(ids.contains(subject));
        }
        types.end_class(graph, of_class)?;
        Ok(types)
    }

    fn end_class(&mut self, graph: &Graph<'_>, (class, count): (TermId, usize)) -> Result<(), ReportError> {
        let is_too_general = class == graph.words.logged_activity || class == graph.words.prov_activity;
        if count > 0 && !is_too_general {
            graph.keep(&mut self.activities, (class, count))?;
        }
        Ok(())
    }
}

fn count(graph: &Graph<'_>, activities: &Activities, types: &Types) -> Result<Counts, ReportError> {
    let mut emotions = IdSet::default();
    for triple in graph.view().triples(None, Some(graph.words.has_emotion), None)? {
        let [_, _, emotion] = triple?;
        emotions.insert(emotion);
    }
    let anything = Filter::default();
    Ok(Counts {
        robots: graph.robots.len(),
        humans: graph.humans.len(),
        activities: activities.wanted.len(),
        messages: types.messages,
        emotions: emotions.len(),
        states: robot_states::find(graph, &Scope::of(&anything, graph)?, false)?.0.len(),
        events: types.events.len(),
        models: types.models,
    })
}

fn busiest(
    graph: &Graph<'_>,
    spans: HashMap<TermId, Span>,
    problems: &mut Problems,
) -> Result<Vec<Busy>, ReportError> {
    graph.reserve(spans.len() * size_of::<(TermId, Span)>())?;
    let mut spans: Vec<(TermId, Span)> = spans.into_iter().collect();
    spans.sort_unstable_by_key(|(id, span)| (std::cmp::Reverse(span.activities), *id));
    let mut busiest = Vec::with_capacity(spans.len().min(LIST_MAX));
    for (id, Span { activities, first, last }) in spans.into_iter().take(LIST_MAX) {
        let resource = graph.resource(id, problems)?;
        busiest.push(Busy { resource, activities, first_time: first, last_time: last });
    }
    Ok(busiest)
}

fn activity_types(graph: &Graph<'_>, types: Types) -> Result<Vec<TypeCount>, ReportError> {
    let mut counts = types.activities;
    counts.sort_unstable_by_key(|(class, count)| (std::cmp::Reverse(*count), *class));
    let mut most = Vec::with_capacity(counts.len().min(LIST_MAX));
    for (class, count) in counts.into_iter().take(LIST_MAX) {
        most.push(TypeCount { iri: graph.iri(class)?, label: graph.label(class)?, count });
    }
    Ok(most)
}

/// The latest logs, and the hours before the last of them, or before the end that was asked for.
fn received(store: &Store, filter: &Filter) -> Result<(Vec<LatestLog>, Vec<HourCount>), ReportError> {
    let entries = store.entries(&EntryFilter {
        since: filter.since,
        until: filter.until,
        kind: Some(EntryKind::LogReceived),
        limit: LATEST_LOGS,
        ..EntryFilter::default()
    })?;
    let latest: Vec<LatestLog> = entries
        .entries
        .into_iter()
        .map(|stored| LatestLog {
            log_id: stored.entry.log_id,
            sequence: stored.entry.sequence,
            received_at: stored.entry.received_at,
            actor: stored.entry.actor,
            triple_count: stored.triple_count,
        })
        .collect();
    let Some(last) = latest.iter().map(|log| log.received_at).max() else {
        return Ok((latest, Vec::new()));
    };
    let end = filter.until.map_or(last.as_unix_us() + 1, |until| until.as_unix_us());
    let first_hour = (last.as_unix_us().div_euclid(HOUR_US) - HOURS + 1) * HOUR_US;
    let start = filter.since.map_or(first_hour, |since| since.as_unix_us().max(first_hour));
    let (Ok(start), Ok(end)) = (Timestamp::from_unix_us(start), Timestamp::from_unix_us(end)) else {
        return Ok((latest, Vec::new()));
    };
    let hours = store.logs_per_hour(start, end)?;
    Ok((latest, hours.into_iter().map(|(hour, logs)| HourCount { hour, logs }).collect()))
}
