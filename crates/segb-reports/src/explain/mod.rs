//! Why did the robot do this? From a resource back to what led to it, and forward to what it caused.
//!
//! The [`walk`] goes over the links that [`relation`] knows, within bounds; each resource it comes by becomes a [`step`];
//! [`order`] puts them as they happened; [`gaps`] says what is missing; [`text`] tells it in sentences.

mod gaps;
mod name;
mod order;
mod relation;
mod step;
mod text;
mod walk;

use segb_graph::view::GraphView;
use segb_journal::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

pub use relation::Relation;

use crate::{
    ReportError, Resource,
    graph::Graph,
    json,
    problem::{Problem, ProblemCode},
    resource::Kind,
};

/// Steps in one explanation, in bytes as JSON writes them; the last may go beyond it.
const STEPS_BYTES_MAX: usize = 12 << 20;
/// Links in one explanation, likewise.
const LINKS_BYTES_MAX: usize = 12 << 20;

/// What to explain, and how far to go.
#[derive(Debug, Clone)]
pub struct ExplainRequest {
    /// An IRI, or the `_:` name of a blank node.
    pub resource: String,
    /// So many links away at most.
    pub depth: usize,
    /// So many steps at most.
    pub steps_max: usize,
}

/// How something came about, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Explanation {
    /// What was asked about.
    pub resource: Resource,
    /// It and what is before and after it, in the order things happened.
    pub steps: Vec<Step>,
    /// What led to what.
    pub links: Vec<CauseLink>,
    /// What is missing to understand it.
    pub gaps: Vec<Gap>,
    /// Whether there is more.
    pub cut: Option<Cut>,
}

/// One resource that has a part in it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Step {
    /// By which links name it.
    pub id: String,
    /// The resource.
    pub resource: Resource,
    /// On which side of what was asked about it is.
    pub direction: Direction,
    /// How many links away.
    pub distance: usize,
    /// All its types.
    pub types: Vec<String>,
    /// When it started, or was made.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub start: Option<Timestamp>,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub end: Option<Timestamp>,
    /// What a message says, or an event is described as.
    pub text: Option<String>,
    /// The language of the text.
    pub language: Option<String>,
    /// Who performed or sent it.
    pub performer: Option<Resource>,
    /// What it says besides.
    pub details: Vec<Detail>,
    /// All of that for people.
    pub sentence: String,
    /// The logs that say that it is what it is.
    pub logs: Vec<LogProof>,
    /// What is odd.
    pub problems: Vec<Problem>,
}

/// A name and a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Detail {
    /// What.
    pub name: String,
    /// How much, or which.
    pub value: String,
}

/// On which side of what was asked about a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// It is what was asked about.
    #[serde(rename = "self")]
    Itself,
    /// It led to it.
    Back,
    /// It came of it.
    Forward,
    /// Both, in a circle.
    Both,
}

/// That one step led to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CauseLink {
    /// The [`Step::id`] of the one.
    pub cause: String,
    /// The [`Step::id`] of the other.
    pub effect: String,
    /// How.
    pub relation: Relation,
    /// The predicates that say so.
    pub predicates: Vec<String>,
    /// The logs that assert it.
    pub logs: Vec<LogProof>,
}

/// A log, and where the proof is that it is in the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LogProof {
    /// Its id.
    pub log_id: Uuid,
    /// The path of the proof.
    pub proof: String,
}

/// Something that is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Gap {
    /// What kind of thing, for programs.
    pub code: GapCode,
    /// The [`Step::id`] it is about.
    pub iri: String,
    /// The same for people.
    pub message: String,
}

/// What kind of thing is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GapCode {
    /// Nothing says why an activity happened.
    NoTrigger,
    /// No activity is known that produced it.
    NoOrigin,
    /// Nobody is known to have performed an activity.
    NoPerformer,
    /// It is not known when it was.
    NoTime,
    /// Nothing is known about how a model was made.
    NoRun,
    /// It is named, and no log says anything about it.
    NothingKnown,
}

/// That there is more than is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Cut {
    /// Which bound was met first.
    pub by: CutBy,
    /// The same for people.
    pub message: String,
    /// Steps behind which there is more, at most ten.
    pub at: Vec<String>,
}

/// A bound on an explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CutBy {
    /// [`ExplainRequest::steps_max`]
    Steps,
    /// [`ExplainRequest::depth`]
    Depth,
    /// Links of one step, or of all.
    Links,
}

/// Explains a resource.
///
/// # Errors
/// [`ReportError::UnknownResource`] if no triple of the graph has it as its subject or object; others as all reports.
pub fn explain(view: &GraphView, request: &ExplainRequest) -> Result<Explanation, ReportError> {
    let graph = Graph::open(view)?;
    let unknown = || ReportError::UnknownResource(request.resource.clone());
    let root = view.resource(&request.resource)?.ok_or_else(unknown)?;
    let is_subject = view.triples(Some(root), None, None)?.next().transpose()?.is_some();
    if !is_subject && view.triples(None, None, Some(root))?.next().transpose()?.is_none() {
        return Err(unknown());
    }
    let root = graph.canonical(root);
    let walk = walk::Walk::from(&graph, root, request)?;
    let (mut steps, mut steps_bytes) = (Vec::new(), 0);
    for visit in &walk.visits {
        if steps_bytes >= STEPS_BYTES_MAX {
            break;
        }
        graph.begin_row();
        let step = step::read(&graph, visit)?;
        steps_bytes += json::bytes(&step);
        steps.push(step);
    }
    let (links, are_all_links) = walk.read_links(&graph, steps.len(), LINKS_BYTES_MAX)?;
    order::note_effects_before_causes(&mut steps, &links);
    let gaps = gaps::find(&graph, &walk, &steps)?;
    let mut cut = walk.cut(&graph)?;
    if steps.len() < walk.visits.len() || !are_all_links {
        cut = Some(too_long(&steps, are_all_links));
    }
    order::sort(&mut steps, &links);
    let mut resource = graph.resource(root, &mut crate::problem::Problems::default())?;
    if let Some(step) = steps.iter_mut().find(|step| step.direction == Direction::Itself) {
        if matches!(resource.kind, Kind::Robot | Kind::Human | Kind::Agent) {
            step.problems.push(Problem {
                code: ProblemCode::NotAnEvent,
                message: format!(
                    "“{}” did not happen: ask about an activity, a message, an emotion or a state",
                    resource.label
                ),
                iri: resource.iri.clone(),
            });
        }
        resource = step.resource.clone();
    }
    Ok(Explanation { resource, steps, links, gaps, cut })
}

/// That there is more text than an answer has room for. The farthest steps are missing.
fn too_long(steps: &[Step], are_all_links: bool) -> Cut {
    let (by, what) = if are_all_links { (CutBy::Steps, "steps") } else { (CutBy::Links, "links") };
    let message = format!("There are more {what}, whose texts are too long for one answer.");
    Cut { by, message, at: steps.last().map(|step| step.id.clone()).into_iter().collect() }
}

impl Explanation {
    /// The same in plain sentences, in the order things happened.
    #[must_use]
    pub fn to_text(&self) -> String {
        text::tell(self)
    }
}

fn proofs(logs: Vec<Uuid>) -> Vec<LogProof> {
    logs.into_iter().map(|log_id| LogProof { log_id, proof: format!("/logs/{log_id}/proof") }).collect()
}
