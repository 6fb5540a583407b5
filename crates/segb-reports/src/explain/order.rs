//! The order in which things happened.

use std::collections::HashMap;

use segb_journal::Timestamp;

use super::{CauseLink, Direction, Relation, Step};
use crate::{
    problem::{Problem, ProblemCode},
    resource::Kind,
};

fn own_time(step: &Step) -> Option<Timestamp> {
    step.start.or(step.end)
}

/// What took part, but did not happen.
fn is_timeless(step: &Step) -> bool {
    step.resource.kind.is_hub() && step.resource.kind != Kind::Event
}

/// Marks what starts before what triggered it, or what it was made of.
pub(super) fn note_effects_before_causes(steps: &mut [Step], links: &[CauseLink]) {
    let places: HashMap<String, usize> =
        steps.iter().enumerate().map(|(place, step)| (step.id.clone(), place)).collect();
    for link in links.iter().filter(|link| matches!(link.relation, Relation::Triggered | Relation::Derived)) {
        let (Some(cause), Some(effect)) = (places.get(&link.cause), places.get(&link.effect)) else {
            continue;
        };
        let times = steps.get(*cause).and_then(own_time).zip(steps.get(*effect).and_then(own_time));
        let Some((cause_time, effect_time)) = times else { continue };
        if effect_time < cause_time
            && let (Some(cause), Some(effect)) =
                (steps.get(*cause).map(|cause| cause.resource.label.clone()), steps.get_mut(*effect))
        {
            effect.problems.push(Problem {
                code: ProblemCode::EffectBeforeCause,
                message: format!("it starts before “{cause}”, which led to it"),
                iri: effect.resource.iri.clone(),
            });
        }
    }
}

/// By time. What has none comes after the last of what led to it, where that has one; what took part without happening
/// comes first; what nothing places comes last, from the farthest back to the farthest forward.
pub(super) fn sort(steps: &mut [Step], links: &[CauseLink]) {
    let placed = placed(steps, links);
    let key = |step: &Step| {
        let away = i64::try_from(step.distance).unwrap_or(i64::MAX);
        let away = match step.direction {
            Direction::Back => -away,
            _ => away,
        };
        match placed.get(&step.id) {
            _ if is_timeless(step) => (0, None, 0, away),
            Some((time, rank)) => (1, Some(*time), *rank, away),
            None => (2, None, 0, away),
        }
    };
    steps.sort_by_cached_key(|step| (key(step), step.id.clone()));
}

/// A time for each step that has one or follows from one that has, and how many links it follows by.
fn placed(steps: &[Step], links: &[CauseLink]) -> HashMap<String, (Timestamp, usize)> {
    let places: HashMap<&str, usize> =
        steps.iter().enumerate().map(|(place, step)| (step.id.as_str(), place)).collect();
    // By numbers: names may be long, and are looked up very often.
    let place = |id: &String| places.get(id.as_str()).copied();
    let links: Vec<(usize, usize)> =
        links.iter().filter_map(|link| place(&link.cause).zip(place(&link.effect))).collect();
    let timeless: Vec<bool> = steps.iter().map(is_timeless).collect();
    let mut placed: Vec<Option<(Timestamp, usize)>> =
        steps.iter().map(|step| own_time(step).map(|time| (time, 0))).collect();
    // Each round places at least one more, or is the last.
    loop {
        let mut new: HashMap<usize, (Timestamp, usize)> = HashMap::new();
        for &(cause, effect) in &links {
            let is_open = timeless.get(effect) == Some(&false) && placed.get(effect) == Some(&None);
            if let Some(Some((time, rank))) = placed.get(cause).filter(|_| is_open) {
                let at = (*time, rank + 1);
                let latest = new.entry(effect).or_insert(at);
                *latest = at.max(*latest);
            }
        }
        if new.is_empty() {
            let names = steps.iter().map(|step| step.id.clone());
            return names.zip(placed).filter_map(|(id, at)| Some((id, at?))).collect();
        }
        for (effect, at) in new {
            placed.get_mut(effect).into_iter().for_each(|placed| *placed = Some(at));
        }
    }
}
