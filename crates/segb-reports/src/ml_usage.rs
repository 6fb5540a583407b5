//! Which models were used, by whom, and what is known about how they were made.

use segb_graph::{index::TermId, view::GraphView};
use segb_journal::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Filter, Page, ReportError, Resource,
    filter::Scope,
    graph::Graph,
    ids::{Column, IdSet},
    links::Links,
    problem::{Problem, ProblemCode, Problems},
    time::Times,
};

/// Runs shown of one model.
const RUNS_MAX: usize = 10;
/// Inputs and evaluations shown of one run.
const RUN_PARTS_MAX: usize = 50;

/// That an activity used a model.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MlUsage {
    /// The activity.
    pub activity: Resource,
    /// Its types, other than `segb:LoggedActivity` and `prov:Activity`.
    pub types: Vec<String>,
    /// Who performed it.
    pub performer: Option<Resource>,
    /// Its start, else its end.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub start: Option<Timestamp>,
    /// The model.
    pub model: Resource,
    /// `schema:version` of the model.
    pub version: Option<String>,
    /// What has the model as its output.
    pub runs: Vec<MlRun>,
    /// The logs that say that the activity used the model.
    pub logs: Vec<Uuid>,
    /// What is odd.
    pub problems: Vec<Problem>,
}

/// How a model came to be.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MlRun {
    /// The run.
    pub run: Resource,
    /// Its inputs, but for settings.
    pub datasets: Vec<Resource>,
    /// Its outputs that are evaluations, with each value.
    pub evaluations: Vec<MlEvaluation>,
}

/// What a model was found to be worth.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MlEvaluation {
    /// The evaluation.
    pub evaluation: Resource,
    /// The value, if it is a number.
    pub value: Option<f64>,
    /// The value as it was logged.
    pub text: Option<String>,
}

struct Usage {
    time: Option<Timestamp>,
    activity: TermId,
    model: TermId,
}

/// One row for each activity and model, by time.
///
/// # Errors
/// [`ReportError`].
pub fn ml_usage(view: &GraphView, filter: &Filter) -> Result<Page<MlUsage>, ReportError> {
    let graph = Graph::open(view)?;
    let scope = Scope::of(filter, &graph)?;
    let used = Column::read(&graph, graph.words.used_ml_model, None)?;
    let activities: IdSet = used.pairs().map(|(activity, _)| activity).collect();
    let times = Times::read(&graph, Some(&activities))?;
    let links = Links::read(&graph, Some(&activities))?;
    let (mut usages, mut without_time) = (Vec::new(), 0);
    // The models of an activity are next to each other.
    let mut last = (TermId::ABSENT, false, None);
    for (activity, model) in used.pairs() {
        if last.0 != activity {
            let fits = fits(&graph, &scope, &links, activity)?;
            last = (activity, fits, times.moment(&graph, activity)?);
        }
        let (_, fits, time) = last;
        if !fits {
            continue;
        }
        without_time += usize::from(time.is_none());
        if scope.wants_time(time) {
            graph.keep(&mut usages, Usage { time, activity, model })?;
        }
    }
    usages.sort_unstable_by_key(|usage| (usage.time.is_none(), usage.time, usage.activity, usage.model));
    Page::of(&graph, filter, &usages, without_time, |usage| read(&graph, usage))
}

fn fits(graph: &Graph<'_>, scope: &Scope<'_>, links: &Links, activity: TermId) -> Result<bool, ReportError> {
    let by_robot =
        !scope.names_robots() || links.performed.of(activity).any(|robot| scope.wants_robot(Some(robot)));
    if !by_robot || !scope.names_humans() {
        return Ok(by_robot);
    }
    // Of any of its robots: another than the one that is asked for may be linked to the human.
    links.has_any(graph, &scope.of_any_robot(), activity)
}

fn read(graph: &Graph<'_>, usage: &Usage) -> Result<MlUsage, ReportError> {
    let words = &graph.words;
    let mut problems = Problems::default();
    let activity = graph.resource(usage.activity, &mut problems)?;
    let iri = activity.iri.clone();
    if graph.activity_time(usage.activity, &mut problems)?.is_none() {
        problems.note(ProblemCode::NoTime, "the activity has no time", iri.as_deref());
    }
    if !graph.is_a(usage.activity, words.logged_activity)? {
        let message = "the activity is not typed segb:LoggedActivity";
        problems.note(ProblemCode::NotLoggedActivity, message, iri.as_deref());
    }
    let model = graph.resource(usage.model, &mut problems)?;
    Ok(MlUsage {
        types: graph.iris(&graph.telling_types(usage.activity)?, &mut problems)?,
        performer: graph.performer(usage.activity, &mut problems)?,
        start: usage.time,
        version: graph.text(usage.model, words.version, &mut problems)?.map(|(text, _)| text),
        runs: read_runs(graph, usage.model, &model, &mut problems)?,
        logs: graph.logs([usage.activity, words.used_ml_model, usage.model])?,
        activity,
        model,
        problems: problems.into_list(),
    })
}

fn read_runs(
    graph: &Graph<'_>,
    model: TermId,
    described: &Resource,
    problems: &mut Problems,
) -> Result<Vec<MlRun>, ReportError> {
    let found = graph.subjects(graph.words.has_output, model)?;
    if found.is_empty() {
        let message = format!("no run has the model “{}” as its output", described.label);
        problems.note(ProblemCode::NoRun, message, described.iri.as_deref());
    }
    if found.len() > RUNS_MAX {
        let message = format!("there are more runs than the {RUNS_MAX} shown");
        problems.note(ProblemCode::ListCut, message, described.iri.as_deref());
    }
    let mut runs = Vec::new();
    for run in found.into_iter().take(RUNS_MAX) {
        if !graph.has_room_for("runs", problems) {
            break;
        }
        runs.push(read_run(graph, run, problems)?);
    }
    Ok(runs)
}

fn read_run(graph: &Graph<'_>, id: TermId, problems: &mut Problems) -> Result<MlRun, ReportError> {
    let words = &graph.words;
    let run = graph.resource(id, problems)?;
    if !graph.is_a(id, words.mls_run)? {
        let message = format!("“{}” has a model as its output and is not typed mls:Run", run.label);
        problems.note(ProblemCode::RunNotTyped, message, run.iri.as_deref());
    }
    let mut datasets = Vec::new();
    for input in graph.objects(id, words.has_input)?.into_iter().take(RUN_PARTS_MAX) {
        if !graph.is_a(input, words.mls_setting)? && graph.has_room_for("data sets", problems) {
            datasets.push(graph.resource(input, problems)?);
        }
    }
    let mut evaluations = Vec::new();
    for output in graph.objects(id, words.has_output)? {
        if evaluations.len() < RUN_PARTS_MAX && graph.is_a(output, words.mls_evaluation)? {
            read_evaluation(graph, output, &mut evaluations, problems)?;
        }
    }
    Ok(MlRun { run, datasets, evaluations })
}

fn read_evaluation(
    graph: &Graph<'_>,
    id: TermId,
    evaluations: &mut Vec<MlEvaluation>,
    problems: &mut Problems,
) -> Result<(), ReportError> {
    let evaluation = graph.resource(id, problems)?;
    let values = graph.objects(id, graph.words.mls_value)?;
    if values.is_empty() {
        let message = format!("the evaluation “{}” has no value", evaluation.label);
        problems.note(ProblemCode::ValueInvalid, message, evaluation.iri.as_deref());
        evaluations.push(MlEvaluation { evaluation: evaluation.clone(), value: None, text: None });
    }
    for value in values.into_iter().take(RUN_PARTS_MAX) {
        if !graph.has_room_for("evaluations", problems) {
            break;
        }
        graph.spend_resource(&evaluation);
        let (number, text) = (graph.number(value)?, graph.full_text(value)?);
        if number.is_none() {
            let message = format!("the value “{}” is no number", graph.short_text(value)?);
            problems.note(ProblemCode::ValueInvalid, message, evaluation.iri.as_deref());
        }
        evaluations.push(MlEvaluation { evaluation: evaluation.clone(), value: number, text: Some(text) });
    }
    Ok(())
}
