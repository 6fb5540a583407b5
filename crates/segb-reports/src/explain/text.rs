//! The explanation in plain sentences.

use std::collections::HashMap;

use super::{CauseLink, Explanation, Relation, Step, step::told};
use crate::resource::Kind;

/// Causes told of one step, and steps told of as having come of one.
const CAUSES_MAX: usize = 20;

pub(super) fn tell(explanation: &Explanation) -> String {
    let mut text = String::new();
    let mut line = |line: &str| {
        text.push_str(line);
        text.push('\n');
    };
    let asked = &explanation.resource;
    line(&format!("Why: “{}” ({})", told(&asked.label), asked.kind.as_str()));
    line(&told(asked.iri.as_deref().unwrap_or_default()));
    let (part, happened): (Vec<&Step>, Vec<&Step>) =
        explanation.steps.iter().partition(|step| takes_part(step) && step.id != asked_id(explanation));
    let numbers: HashMap<&str, usize> =
        happened.iter().enumerate().map(|(place, step)| (step.id.as_str(), place + 1)).collect();
    let labels: HashMap<&str, String> =
        explanation.steps.iter().map(|step| (step.id.as_str(), told(&step.resource.label))).collect();
    let mut causes: HashMap<&str, Vec<&CauseLink>> = HashMap::new();
    for link in &explanation.links {
        causes.entry(&link.effect).or_default().push(link);
    }
    line("");
    line("What happened, in order:");
    for (place, step) in happened.iter().enumerate() {
        line("");
        let mark = if step.id == asked_id(explanation) { "  <- this is what was asked about" } else { "" };
        let none = Vec::new();
        let of_step = causes.get(step.id.as_str()).unwrap_or(&none);
        let follows = of_step
            .iter()
            .any(|link| numbers.get(link.cause.as_str()).is_some_and(|number| *number <= place));
        line(&format!("{}. {}: {}{mark}", place + 1, when(step, follows), step.sentence));
        let because = reasons(of_step, &numbers, &labels);
        if !because.is_empty() {
            line(&format!("   {because}"));
        }
        for problem in &step.problems {
            line(&format!("   Odd: {}.", told(&problem.message)));
        }
        line(&format!("   {}", recorded(step)));
    }
    if !part.is_empty() {
        line("");
        line("Who and what took part:");
        for step in part {
            line(&format!("* {} {}", step.sentence, told(step.resource.iri.as_deref().unwrap_or_default())));
        }
    }
    line("");
    if explanation.gaps.is_empty() {
        line("Nothing is missing that is looked for.");
    } else {
        line("What is missing:");
        explanation.gaps.iter().for_each(|gap| line(&format!("* {}", gap.message)));
    }
    if let Some(cut) = &explanation.cut {
        let at: Vec<&str> =
            cut.at.iter().map(|id| labels.get(id.as_str()).map_or(id.as_str(), String::as_str)).collect();
        line("");
        line(&format!("This is not all. {} It goes on behind: {}.", cut.message, at.join(", ")));
    }
    line("");
    line(
        "Each log can be read at /logs/<log id>/payload; its proof says that it is in the journal, unchanged.",
    );
    text
}

fn asked_id(explanation: &Explanation) -> &str {
    let asked = explanation.steps.iter().find(|step| step.distance == 0);
    asked.map(|step| step.id.as_str()).unwrap_or_default()
}

/// People, robots, models and the like are told of at the end.
fn takes_part(step: &Step) -> bool {
    step.resource.kind.is_hub() && step.resource.kind != Kind::Event
}

/// The time of a step; of one without a time, whether it comes after another.
fn when(step: &Step, follows: bool) -> String {
    match (step.start, step.end) {
        (Some(time), _) | (None, Some(time)) => {
            // 2026-01-31T10:00:00.000000Z
            let text = time.to_string();
            let (day, clock) = text.split_once('T').unwrap_or((&text, ""));
            let clock = clock.get(..12).unwrap_or(clock);
            format!("{day} {clock} UTC")
        }
        (None, None) if follows => "then".to_owned(),
        (None, None) => "at a time that is not recorded".to_owned(),
    }
}

/// What led to a step, in one line.
fn reasons(links: &[&CauseLink], numbers: &HashMap<&str, usize>, labels: &HashMap<&str, String>) -> String {
    let mut sentences = Vec::new();
    for (relation, before) in [
        (Relation::Triggered, "It was triggered by"),
        (Relation::Requested, "It was asked for by"),
        (Relation::Produced, "It was produced by"),
        (Relation::Derived, "It was made from"),
        (Relation::Input, "It used"),
        (Relation::Model, "It used the model"),
        (Relation::Step, "On the way to it there was"),
        (Relation::Part, "It is a part of"),
        (Relation::Influenced, "It was influenced by"),
        (Relation::Observed, "It is about"),
    ] {
        let of_relation: Vec<&&CauseLink> = links.iter().filter(|link| link.relation == relation).collect();
        let mut named: Vec<(usize, String)> = of_relation
            .iter()
            .map(|link| {
                let label = labels.get(link.cause.as_str()).map_or(link.cause.as_str(), String::as_str);
                match numbers.get(link.cause.as_str()) {
                    Some(number) => (*number, format!("step {number} (“{label}”)")),
                    None => (usize::MAX, format!("“{label}”")),
                }
            })
            .collect();
        named.sort_unstable();
        let more = named.len().saturating_sub(CAUSES_MAX);
        let mut named: Vec<String> = named.into_iter().take(CAUSES_MAX).map(|(_, name)| name).collect();
        if more > 0 {
            named.push(format!("{more} more"));
        }
        if !named.is_empty() {
            sentences.push(format!("{before} {}.", joined(&named)));
        }
    }
    sentences.join(" ")
}

fn joined(names: &[String]) -> String {
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

fn recorded(step: &Step) -> String {
    let first = step.logs.first();
    match (first, step.logs.len()) {
        (None, _) => "No log says what it is.".to_owned(),
        (Some(log), 1) => format!("Recorded in log {}; proof: {}", log.log_id, log.proof),
        (Some(log), count) => {
            format!("Recorded in {count} logs or more, first in {}; proof: {}", log.log_id, log.proof)
        }
    }
}
