//! What is told about one resource.

use segb_graph::{index::TermId, term::TermRef};

use super::{Detail, LogProof, Step, name::id_of, proofs, walk::Visit};
use crate::{
    ReportError, Resource,
    activities::preferred,
    graph::{Graph, cut},
    problem::Problems,
    resource::Kind,
    robot_states::read_properties,
};

/// Emotions told of one result.
const EMOTIONS_MAX: usize = 20;
/// The longest text in a sentence, in characters.
const TOLD_CHARS_MAX: usize = 500;

/// The last segment of a type → what who did it did. The first that fits is told.
const VERBS: [(&str, &str); 9] = [
    ("EmotionAnalysis", "analysed emotions"),
    ("EmotionRecognitionEvent", "recognised emotions"),
    ("ListeningEvent", "listened"),
    ("DecisionMakingAction", "made a decision"),
    ("ResponseAction", "responded"),
    ("ResponseEvent", "responded"),
    ("DetectedHumanEvent", "noticed a person"),
    ("HumanDetectionEvent", "noticed a person"),
    ("Run", "ran a machine-learning task"),
];

pub(super) fn read(graph: &Graph<'_>, visit: &Visit) -> Result<Step, ReportError> {
    let words = &graph.words;
    let mut problems = Problems::default();
    let resource = graph.resource(visit.id, &mut problems)?;
    let types = graph.objects(visit.id, words.a)?;
    let mut step = Step {
        id: id_of(graph, visit.id)?,
        direction: visit.direction,
        distance: visit.distance,
        types: graph.iris(&types, &mut problems)?,
        start: None,
        end: None,
        text: None,
        language: None,
        performer: None,
        details: Vec::new(),
        sentence: String::new(),
        logs: logs(graph, visit.id)?,
        problems: Vec::new(),
        resource,
    };
    if step.resource.kind != Kind::Literal {
        read_time(graph, visit.id, &mut step, &mut problems)?;
        read_performer(graph, visit.id, &mut step, &mut problems)?;
    }
    step.sentence = match step.resource.kind {
        Kind::Activity => activity(graph, visit.id, &step)?,
        Kind::Message => message(graph, visit.id, &mut step, &mut problems)?,
        Kind::Emotion => emotion(graph, visit.id, &mut step, &mut problems)?,
        Kind::State => state(graph, visit.id, &mut step, &mut problems)?,
        Kind::Event => event(graph, visit.id, &mut step, &mut problems)?,
        Kind::Model => model(graph, visit.id, &mut step, &mut problems)?,
        Kind::Evaluation => evaluation(graph, visit.id, &mut step)?,
        Kind::Setting => setting(graph, visit.id, &mut step)?,
        _ => other(&step.resource),
    };
    step.problems = problems.into_list();
    Ok(step)
}

fn read_time(
    graph: &Graph<'_>,
    id: TermId,
    step: &mut Step,
    problems: &mut Problems,
) -> Result<(), ReportError> {
    step.start = graph.time(id, graph.words.started_at, problems)?;
    step.end = graph.time(id, graph.words.ended_at, problems)?;
    if step.start.is_none() && step.end.is_none() {
        step.start = graph.time(id, graph.words.generated_at, problems)?;
    }
    Ok(())
}

/// Who performed an activity, sent a message, or was in a state.
fn read_performer(
    graph: &Graph<'_>,
    id: TermId,
    step: &mut Step,
    problems: &mut Problems,
) -> Result<(), ReportError> {
    let words = &graph.words;
    for predicate in
        [words.was_performed_by, words.was_associated_with, words.sender, words.was_attributed_to]
    {
        let performers = graph.objects(id, predicate)?;
        if let Some(performer) = preferred(&performers, &graph.robots) {
            step.performer = Some(graph.resource(performer, problems)?);
            return Ok(());
        }
    }
    Ok(())
}

/// The logs that say that it is what it is.
fn logs(graph: &Graph<'_>, id: TermId) -> Result<Vec<LogProof>, ReportError> {
    let words = &graph.words;
    if matches!(graph.view().term(id)?, TermRef::Literal { .. } | TermRef::LangLiteral { .. }) {
        return Ok(Vec::new());
    }
    let types = graph.objects(id, words.a)?;
    let too_general = [words.prov_activity, words.prov_entity, words.prov_agent, words.logged_activity];
    let telling = types.iter().find(|class| !too_general.contains(class)).or(types.first());
    let triple = match telling {
        Some(class) => Some([id, words.a, *class]),
        None => graph.view().triples(Some(id), None, None)?.next().transpose()?,
    };
    Ok(triple.map(|triple| graph.logs(triple)).transpose()?.map(proofs).unwrap_or_default())
}

fn activity(graph: &Graph<'_>, id: TermId, step: &Step) -> Result<String, ReportError> {
    let mut names = Vec::new();
    for class in graph.telling_types(id)? {
        names.push(graph.label(class)?);
    }
    let known = VERBS.iter().find(|(class, _)| names.iter().any(|name| name == class));
    let verb = match (known, names.first()) {
        (Some((_, verb)), _) => (*verb).to_owned(),
        (None, Some(name)) => format!("did something of the kind {}", told(name)),
        (None, None) => "did something".to_owned(),
    };
    let who = step.performer.as_ref().map_or_else(|| "Somebody unknown".to_owned(), |who| told(&who.label));
    Ok(format!("{who} {verb} (“{}”).", told(&step.resource.label)))
}

fn message(
    graph: &Graph<'_>,
    id: TermId,
    step: &mut Step,
    problems: &mut Problems,
) -> Result<String, ReportError> {
    if let Some((text, language)) = graph.text(id, graph.words.text, problems)? {
        (step.text, step.language) = (Some(text), language);
    }
    let text = match &step.text {
        Some(text) => format!(": “{}”", told(text)),
        None => format!(" something (“{}”) that was not recorded.", told(&step.resource.label)),
    };
    Ok(match &step.performer {
        Some(sender) => format!("{} said{text}", told(&sender.label)),
        None => format!("Somebody unknown said{text}"),
    })
}

/// An emotion, or a result that has some.
fn emotion(
    graph: &Graph<'_>,
    id: TermId,
    step: &mut Step,
    problems: &mut Problems,
) -> Result<String, ReportError> {
    let mut emotions = graph.objects(id, graph.words.has_emotion)?;
    let is_result = !emotions.is_empty();
    if !is_result {
        emotions = vec![id];
    }
    let mut found = Vec::new();
    for emotion in emotions.into_iter().take(EMOTIONS_MAX) {
        found.push(one_emotion(graph, emotion, step, problems)?);
    }
    let mut whose = Vec::new();
    for target in graph.objects(id, graph.words.has_target)?.into_iter().take(EMOTIONS_MAX) {
        whose.push(told(&graph.label(target)?));
    }
    let what = found.join(", ");
    Ok(match (is_result, whose.is_empty()) {
        (true, false) => format!("It was found that {} felt {what}.", whose.join(" and ")),
        (true, true) => format!("It was found that somebody felt {what}."),
        (false, false) => format!("{} felt {what}.", whose.join(" and ")),
        (false, true) => format!("An emotion: {what}."),
    })
}

fn one_emotion(
    graph: &Graph<'_>,
    emotion: TermId,
    step: &mut Step,
    problems: &mut Problems,
) -> Result<String, ReportError> {
    let words = &graph.words;
    let mut detail = |name: &str, value: &str| {
        step.details.push(Detail { name: name.to_owned(), value: value.to_owned() });
    };
    let category = match graph.objects(emotion, words.emotion_category)?.first() {
        Some(category) => graph.category(*category, problems)?.label,
        None => "something that was not named".to_owned(),
    };
    detail("category", &category);
    let mut figures = Vec::new();
    for (name, predicate) in [("intensity", words.emotion_intensity), ("confidence", words.confidence)] {
        if let Some(value) = graph.objects(emotion, predicate)?.first() {
            let value = graph.full_text(*value)?;
            detail(name, &value);
            figures.push(format!("{name} {}", told(&value)));
        }
    }
    let figures = if figures.is_empty() { String::new() } else { format!(" ({})", figures.join(", ")) };
    Ok(format!("{}{figures}", told(&category)))
}

fn state(
    graph: &Graph<'_>,
    id: TermId,
    step: &mut Step,
    problems: &mut Problems,
) -> Result<String, ReportError> {
    let mut said = Vec::new();
    let mut place = String::new();
    if let Some(location) = graph.objects(id, graph.words.at_location)?.first() {
        let name = graph.label(*location)?;
        place = format!(" at {}", told(&name));
        step.details.push(Detail { name: "location".to_owned(), value: name });
    }
    for property in read_properties(graph, id, problems)? {
        let number = property.number.map(|number| number.to_string());
        let value = number.or(property.value).unwrap_or_default();
        let value = property.unit.map_or(value.clone(), |unit| format!("{value} {unit}"));
        said.push(format!("{} {}", told(&property.name), told(&value)));
        step.details.push(Detail { name: property.name, value });
    }
    let who = step.performer.as_ref().map_or_else(|| "A robot".to_owned(), |who| told(&who.label));
    let what = if said.is_empty() { String::new() } else { format!(" with {}", said.join(", ")) };
    Ok(format!("{who} was{place}{what} (“{}”).", told(&step.resource.label)))
}

fn event(
    graph: &Graph<'_>,
    id: TermId,
    step: &mut Step,
    problems: &mut Problems,
) -> Result<String, ReportError> {
    for name in graph.aliases(id) {
        if step.text.is_none()
            && let Some((text, language)) = graph.text(name, graph.words.description, problems)?
        {
            (step.text, step.language) = (Some(text), language);
        }
        if step.start.is_none() {
            step.start = graph.event_time(name)?;
        }
    }
    let text = step.text.as_ref().map(|text| format!(": “{}”", told(text))).unwrap_or_default();
    Ok(format!("An event that robots may share, “{}”{text}.", told(&step.resource.label)))
}

fn model(
    graph: &Graph<'_>,
    id: TermId,
    step: &mut Step,
    problems: &mut Problems,
) -> Result<String, ReportError> {
    let version = graph.text(id, graph.words.version, problems)?.map(|(version, _)| version);
    let told_version =
        version.as_ref().map(|version| format!(", version {}", told(version))).unwrap_or_default();
    step.details.extend(version.map(|value| Detail { name: "version".to_owned(), value }));
    Ok(format!("The model “{}”{told_version}.", told(&step.resource.label)))
}

fn evaluation(graph: &Graph<'_>, id: TermId, step: &mut Step) -> Result<String, ReportError> {
    let mut values = Vec::new();
    for value in graph.objects(id, graph.words.mls_value)?.into_iter().take(EMOTIONS_MAX) {
        let value = graph.full_text(value)?;
        values.push(told(&value));
        step.details.push(Detail { name: "value".to_owned(), value });
    }
    let values = if values.is_empty() { "without a value".to_owned() } else { values.join(", ") };
    Ok(format!("The evaluation “{}”: {values}.", told(&step.resource.label)))
}

fn setting(graph: &Graph<'_>, id: TermId, step: &mut Step) -> Result<String, ReportError> {
    let name = match graph.objects(id, graph.words.specified_by)?.first() {
        Some(parameter) => graph.label(*parameter)?,
        None => step.resource.label.clone(),
    };
    let value = match graph.objects(id, graph.words.mls_value)?.first() {
        Some(value) => graph.full_text(*value)?,
        None => return Ok(format!("The setting “{}”.", told(&name))),
    };
    let sentence = format!("The setting “{}”: {}.", told(&name), told(&value));
    step.details.push(Detail { name, value });
    Ok(sentence)
}

fn other(resource: &Resource) -> String {
    let label = told(&resource.label);
    match resource.kind {
        Kind::Robot => format!("The robot {label}."),
        Kind::Human => format!("{label}, a person."),
        Kind::Dataset => format!("The data set “{label}”."),
        Kind::Location => format!("The place “{label}”."),
        Kind::Observation => format!("The observation “{label}”."),
        Kind::Agent => format!("{label}, who can act."),
        Kind::Literal => format!("The text “{label}”, where something else was expected."),
        Kind::Entity => format!("Something called “{label}”."),
        _ => format!("“{label}”, about which it is not said what it is."),
    }
}

/// A text from a log as it may stand in a sentence: on one line, not too long, and without what terminals obey or what
/// turns the direction of the text around it.
pub(super) fn told(text: &str) -> String {
    let harmless = |c: char| {
        !c.is_control()
            && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}')
            && !('\u{202a}'..='\u{202e}').contains(&c)
            && !('\u{2066}'..='\u{2069}').contains(&c)
    };
    let plain: String = text.chars().map(|c| if harmless(c) { c } else { ' ' }).collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    cut(&words.join(" "), TOLD_CHARS_MAX).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn told_texts_obey_nobody() {
        assert_eq!(told("a\u{1b}[31m\nb\tc"), "a [31m b c");
        assert_eq!(told("a\u{202e}b\u{2066}c"), "a b c");
        assert_eq!(told(&"x".repeat(501)).chars().count(), 501);
    }
}
