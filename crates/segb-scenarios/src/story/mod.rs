//! The stories.

mod export;
mod interaction;
mod report_ready;
mod shared;

use std::fmt;

use crate::{
    ScenarioError,
    stage::{Options, Stage, Summary},
};

/// A story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Story {
    /// 01: a person asks one robot, which asks another.
    Interaction,
    /// 02: a person asks for uplifting news, gets an exam headline, and better news after an apology.
    ReportReady,
    /// 03: two robots hear one sentence, and the server knows that it is one.
    Matched,
    /// 04: two robots hear something alike, and a person has to decide.
    Ambiguous(Decision),
    /// 05: a document is checked, stored and read back.
    Export,
}

/// What a person decides about an ambiguous event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is the same event.
    Accept,
    /// It is another.
    Reject,
    /// Nothing yet: it is left to whoever opens the page.
    None,
}

impl fmt::Display for Story {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Interaction => "01: one interaction of two robots",
            Self::ReportReady => "02: uplifting news",
            Self::Matched => "03: two robots hear one sentence",
            Self::Ambiguous(_) => "04: two robots hear something alike",
            Self::Export => "05: check, store, read back",
        })
    }
}

/// Tells a story to a server. `tell` gets a line for each step.
///
/// # Errors
/// [`ScenarioError`]; what was told before stays in the journal.
pub fn play(story: Story, options: Options, tell: &mut dyn FnMut(&str)) -> Result<Summary, ScenarioError> {
    let mut stage = Stage::new(options, tell)?;
    stage.say(&format!("Scenario {story}"));
    match story {
        Story::Interaction => interaction::play(&mut stage)?,
        Story::ReportReady => report_ready::play(&mut stage)?,
        Story::Matched => shared::play_matched(&mut stage)?,
        Story::Ambiguous(decision) => shared::play_ambiguous(&mut stage, decision)?,
        Story::Export => export::play(&mut stage)?,
    }
    Ok(stage.summary)
}

/// Empties the graph of the server. The journal keeps everything.
///
/// # Errors
/// [`ScenarioError`].
pub fn reset(server: &segb_client::Connection, user: &str) -> Result<String, ScenarioError> {
    let body = serde_json::json!({ "user": user }).to_string();
    let answer = server.post("/ttl/delete_all", &body)?.success()?;
    let answer: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    Ok(answer["message"].as_str().unwrap_or("The graph is empty.").to_owned())
}
