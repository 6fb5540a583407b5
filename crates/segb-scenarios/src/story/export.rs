//! 05: a document with mistakes is checked, a right one is stored, and everything is read back.

use segb_client::{Activity, ActivityKind, Message};
use serde::Deserialize;

use crate::{ScenarioError, stage::Stage};

/// An intensity of 7, and a time that is none.
const MISTAKES: &str = "@prefix onyx: <http://www.gsi.upm.es/ontologies/onyx/ns#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
<urn:example:emotion> a onyx:Emotion ; onyx:hasEmotionIntensity 7 .
<urn:example:activity> a prov:Activity ; prov:startedAtTime \"yesterday\" .
";

#[derive(Deserialize)]
struct Validation {
    valid: bool,
    issues: Vec<Issue>,
}

#[derive(Deserialize)]
struct Issue {
    code: String,
    message: String,
}

pub fn play(stage: &mut Stage<'_>) -> Result<(), ScenarioError> {
    let mistakes = validate(stage, MISTAKES)?;
    stage.say(&format!("  a document with mistakes: valid is {}", mistakes.valid));
    for issue in &mistakes.issues {
        stage.say(&format!("    {}: {}", issue.code, issue.message));
    }
    if mistakes.valid {
        return Err(ScenarioError::Unexpected(
            "the server finds nothing wrong with an intensity of 7".to_owned(),
        ));
    }

    let mut ari = stage.robot("ari", "ARI")?;
    let greeting = ari.log_activity(
        Activity::new(ActivityKind::Response)
            .id(stage.id("greeting"))
            .started_at(stage.at(0)?)
            .ended_at(stage.at(900)?),
    )?;
    let robot = ari.robot().clone();
    let text = format!("Welcome to the laboratory, group {}!", stage.id("visitors"));
    let message = Message::new(text.as_str()).id(stage.id("welcome")).generated_by_activity(&greeting);
    ari.log_message(message.sender(robot))?;
    let turtle = ari.take_turtle()?;
    let checked = validate(stage, &turtle)?;
    stage.say(&format!("  ARI's document: valid is {}", checked.valid));
    if !checked.valid {
        return Err(ScenarioError::Unexpected("the server finds ARI's document wrong".to_owned()));
    }
    stage.publish_turtle("ARI welcomes visitors", &turtle, ari.robot().as_str())?;

    let graph = stage.server.get("/events", Some("text/turtle"))?.success()?.text();
    if !graph.contains(&text) {
        return Err(ScenarioError::Unexpected("the export has not what was just stored".to_owned()));
    }
    let (bytes, lines) = (graph.len(), graph.lines().count());
    stage.say(&format!("  the whole graph as Turtle: {lines} lines, {bytes} bytes, with ARI's words"));
    Ok(())
}

fn validate(stage: &Stage<'_>, turtle: &str) -> Result<Validation, ScenarioError> {
    let body = serde_json::json!({ "ttl_content": turtle }).to_string();
    let answer = stage.server.post("/ttl/validate", &body)?.success()?;
    serde_json::from_slice(&answer.body)
        .map_err(|error| ScenarioError::Unexpected(format!("the answer to /ttl/validate: {error}")))
}
