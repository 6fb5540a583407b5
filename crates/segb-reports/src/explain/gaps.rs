//! What is missing to understand what happened.

use super::{
    Direction, Gap, GapCode, Relation, Step,
    step::told,
    walk::{Visit, Walk},
};
use crate::{ReportError, graph::Graph, problem::ProblemCode, resource::Kind};

/// Gaps named in one explanation.
const GAPS_MAX: usize = 200;

/// The gaps, in the order in which the walk came by them: the nearest first.
pub(super) fn find(graph: &Graph<'_>, walk: &Walk, steps: &[Step]) -> Result<Vec<Gap>, ReportError> {
    let mut gaps = Vec::new();
    for (visit, step) in walk.visits.iter().zip(steps) {
        if gaps.len() >= GAPS_MAX {
            break;
        }
        // Of what only came of it, it was not looked at what else led to it.
        if visit.is_followed_back || visit.direction == Direction::Forward {
            find_in_step(graph, walk, visit, step, &mut gaps)?;
        }
    }
    Ok(gaps)
}

fn find_in_step(
    graph: &Graph<'_>,
    walk: &Walk,
    visit: &Visit,
    step: &Step,
    gaps: &mut Vec<Gap>,
) -> Result<(), ReportError> {
    let mut gap = |code, message: String| gaps.push(Gap { code, iri: step.id.clone(), message });
    let name = told(&step.resource.label);
    let led =
        |wanted: &[Relation]| walk.relations_to(visit.id).iter().any(|relation| wanted.contains(relation));
    let kind = step.resource.kind;
    if visit.is_followed_back {
        match kind {
            Kind::Activity if !has_reason(graph, visit, &led)? => gap(
                GapCode::NoTrigger,
                format!("No trigger is recorded for “{name}”: nothing says why it happened."),
            ),
            Kind::Message | Kind::Emotion | Kind::State if !led(&[Relation::Produced, Relation::Part]) => {
                gap(GapCode::NoOrigin, format!("It is not recorded which activity “{name}” comes from."))
            }
            Kind::Model if !led(&[Relation::Produced]) => {
                gap(GapCode::NoRun, format!("Nothing is recorded about how the model “{name}” was made."))
            }
            _ => {}
        }
    }
    if kind == Kind::Activity && step.performer.is_none() {
        gap(GapCode::NoPerformer, format!("It is not recorded who performed “{name}”."));
    }
    if matches!(kind, Kind::Activity | Kind::State) && step.start.is_none() && step.end.is_none() {
        gap(GapCode::NoTime, format!("It is not recorded when “{name}” was."));
    }
    if step.problems.iter().any(|problem| {
        problem.code == ProblemCode::NothingKnown && problem.iri.as_ref() == step.resource.iri.as_ref()
    }) {
        gap(GapCode::NothingKnown, format!("“{name}” is named, but no log says anything about it."));
    }
    Ok(())
}

/// Whether anything says why an activity happened. Listening and noticing people begin with what is heard or seen; how a
/// model was made needs no reason here.
fn has_reason(
    graph: &Graph<'_>,
    visit: &Visit,
    led: &impl Fn(&[Relation]) -> bool,
) -> Result<bool, ReportError> {
    use Relation::{Derived, Influenced, Observed, Produced, Requested, Triggered};
    if led(&[Triggered, Requested, Derived, Influenced, Produced]) {
        return Ok(true);
    }
    let words = &graph.words;
    if graph.is_a(visit.id, words.mls_run)? {
        return Ok(true);
    }
    let perceives =
        graph.is_a(visit.id, words.listening_event)? || graph.is_a(visit.id, words.detected_human_event)?;
    Ok(perceives && led(&[Observed]))
}
