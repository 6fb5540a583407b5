//! 01: Ana asks ARI for her glasses; ARI cannot fetch them and asks TIAGo.

use segb_client::{Activity, ActivityKind, Message};

use crate::{ScenarioError, stage::Stage};

pub fn play(stage: &mut Stage<'_>) -> Result<(), ScenarioError> {
    let (mut ari, mut tiago) = (stage.robot("ari", "ARI")?, stage.robot("tiago", "TIAGo")?);
    let ana = ari.register_human("ana", Some("Ana"), None)?;

    let hearing = ari.log_activity(
        Activity::new(ActivityKind::Listening)
            .id(stage.id("ari_listens"))
            .label("ARI listens to Ana")
            .started_at(stage.at(0)?)
            .ended_at(stage.at(1_800)?),
    )?;
    let request = ari.log_message(
        Message::new("ARI, where are my glasses? Could somebody bring them to me?")
            .id(stage.id("request"))
            .language("en")
            .message_type("oro:InitialMessage")
            .generated_by_activity(&hearing)
            .sender(&ana),
    )?;
    let deciding = ari.log_activity(
        Activity::new(ActivityKind::Decision)
            .id(stage.id("ari_decides"))
            .label("ARI decides to ask TIAGo, which has an arm")
            .started_at(stage.at(1_900)?)
            .ended_at(stage.at(2_300)?)
            .triggered_by_activity(&hearing)
            .triggered_by_entity(&request),
    )?;
    let asking = ari.log_activity(
        Activity::new(ActivityKind::Response)
            .id(stage.id("ari_asks"))
            .label("ARI asks TIAGo")
            .started_at(stage.at(2_400)?)
            .ended_at(stage.at(4_000)?)
            .triggered_by_activity(&deciding),
    )?;
    let order = ari.log_message(
        Message::new("TIAGo, please bring the glasses from the kitchen table to Ana.")
            .id(stage.id("order"))
            .message_type("oro:ResponseMessage")
            .generated_by_activity(&asking)
            .previous_message(&request)
            .sender(ari.robot().clone()),
    )?;
    stage.publish("Ana asks ARI for her glasses, ARI asks TIAGo", &mut ari)?;

    let hearing = tiago.log_activity(
        Activity::new(ActivityKind::Listening)
            .id(stage.id("tiago_listens"))
            .label("TIAGo listens to ARI")
            .started_at(stage.at(2_400)?)
            .ended_at(stage.at(4_000)?)
            .triggered_by_activity(&asking)
            .used_entity(&order),
    )?;
    let answering = tiago.log_activity(
        Activity::new(ActivityKind::Response)
            .id(stage.id("tiago_answers"))
            .label("TIAGo says that it goes")
            .started_at(stage.at(4_200)?)
            .ended_at(stage.at(5_500)?)
            .triggered_by_activity(&hearing)
            .triggered_by_entity(&order),
    )?;
    tiago.log_message(
        Message::new("I am on my way, Ana. Two minutes.")
            .id(stage.id("promise"))
            .message_type("oro:ResponseMessage")
            .generated_by_activity(&answering)
            .previous_message(&order)
            .sender(tiago.robot().clone()),
    )?;
    stage.publish("TIAGo hears ARI and goes", &mut tiago)
}
