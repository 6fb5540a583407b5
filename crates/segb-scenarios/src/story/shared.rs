//! 03 and 04: two robots observe something, and the server says whether it is one event.

use segb_client::{
    Activity, ActivityKind, ContextStatus, Iri, Logger, Message, Observation, Resolution, SharedEvent,
};
use serde::Deserialize;

use super::Decision;
use crate::{ScenarioError, stage::Stage};

pub fn play_matched(stage: &mut Stage<'_>) -> Result<(), ScenarioError> {
    let text = "ARI, TIAGo, who of you can show me the news?";
    let subject = subject(stage);
    let first = observe(stage, ("ari", "ARI"), &subject, 0, text)?;
    let second = observe(stage, ("tiago", "TIAGo"), &subject, 400, text)?;
    if second.status != ContextStatus::Matched || second.iri != first.iri {
        return Err(unexpected("matched", &second));
    }
    stage.summary.notes.push(format!("both robots use {}", second.iri));
    Ok(())
}

pub fn play_ambiguous(stage: &mut Stage<'_>, decision: Decision) -> Result<(), ScenarioError> {
    let subject = subject(stage);
    let first =
        observe(stage, ("ari", "ARI"), &subject, 0, "Could you bring me the red cup from the kitchen?")?;
    let second = observe(stage, ("tiago", "TIAGo"), &subject, 700, "Could you bring me the red cup?")?;
    if second.status != ContextStatus::Ambiguous {
        return Err(unexpected("ambiguous", &second));
    }
    let case = pending_case(stage, &second.iri)?;
    let path = format!("/shared-context/review/{}", case.case_id);
    match decision {
        Decision::None => {
            stage.summary.notes.push(format!("the review case {} waits for a person", case.case_id));
        }
        Decision::Accept => {
            let target = serde_json::json!({ "target_context_uri": first.iri.as_str() }).to_string();
            stage.server.post(&format!("{path}/accept"), &target)?.success()?;
            stage.summary.notes.push(format!("{} was accepted: one event, {}", case.case_id, first.iri));
        }
        Decision::Reject => {
            stage.server.post(&format!("{path}/reject"), "{}")?.success()?;
            stage.summary.notes.push(format!("{} was rejected: two events", case.case_id));
        }
    }
    Ok(())
}

/// Somebody whom only this story knows, so that it finds no events of other stories.
fn subject(stage: &Stage<'_>) -> String {
    format!("https://robots.example/lab/human/{}", stage.id("visitor"))
}

fn observe(
    stage: &mut Stage<'_>,
    (id, name): (&str, &str),
    subject: &str,
    at_ms: i64,
    text: &str,
) -> Result<Resolution, ScenarioError> {
    let mut robot = stage.robot(id, name)?;
    let at = stage.at(at_ms)?;
    let event = SharedEvent::new("human_utterance", at).subject(subject).text(text).modality("speech");
    let resolution = stage.resolver.resolve(&event, None, Some(robot.robot()))?;
    let (status, confidence) = (resolution.status, resolution.confidence);
    stage.say(&format!("  {name} heard “{text}”: {status:?}, confidence {confidence:.2}"));
    let shared = robot.shared_event_named(event, resolution.iri.clone())?;
    log_hearing(stage, &mut robot, (id, text), subject, &shared, at_ms)?;
    stage.publish(&format!("what {name} heard"), &mut robot)?;
    Ok(resolution)
}

fn log_hearing(
    stage: &Stage<'_>,
    robot: &mut Logger,
    (id, text): (&str, &str),
    subject: &str,
    shared: &Iri,
    at_ms: i64,
) -> Result<(), ScenarioError> {
    let hearing = robot.log_activity(
        Activity::new(ActivityKind::Listening)
            .id(stage.id(&format!("{id}_hears")))
            .started_at(stage.at(at_ms)?)
            .ended_at(stage.at(at_ms + 1_500)?)
            .related_shared_event(shared),
    )?;
    robot.log_message(
        Message::new(text)
            .id(stage.id(&format!("{id}_message")))
            .language("en")
            .message_type("oro:InitialMessage")
            .generated_by_activity(&hearing)
            .sender(subject),
    )?;
    robot.log_observation(
        Observation::new()
            .id(stage.id(&format!("{id}_observation")))
            .label("What was heard")
            .generated_by_activity(&hearing)
            .related_shared_event(shared)
            .confidence(0.9),
    )?;
    Ok(())
}

#[derive(Deserialize)]
struct Pending {
    pending_cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    case_id: String,
    source_context_uri: String,
}

fn pending_case(stage: &Stage<'_>, source: &Iri) -> Result<Case, ScenarioError> {
    let answer = stage.server.get("/shared-context/review/pending", None)?.success()?;
    let malformed =
        |error: serde_json::Error| ScenarioError::Unexpected(format!("the list of review cases: {error}"));
    let pending: Pending = serde_json::from_slice(&answer.body).map_err(malformed)?;
    let found = pending.pending_cases.into_iter().find(|case| case.source_context_uri == source.as_str());
    found.ok_or_else(|| ScenarioError::Unexpected(format!("there is no review case about {source}")))
}

fn unexpected(wanted: &str, found: &Resolution) -> ScenarioError {
    ScenarioError::Unexpected(format!(
        "the server says {:?} with confidence {:.2}, and the story needs {wanted}: has it heard the story with this seed \
         before, or other settings for shared contexts? Try another seed",
        found.status, found.confidence
    ))
}
