//! 02: María asks for uplifting news; a headline about an exam frightens her; ARI notices, apologises, and tells of a
//! rescued dog.

use segb_client::{
    Activity, ActivityKind, Dataset, EmotionAnnotation, EmotionCategory, EmotionScore, Evaluation, Iri,
    Logger, Message, Model, ModelUsage, RobotState, SharedEvent,
};

use crate::{ScenarioError, stage::Stage};

/// The models that ARI uses.
struct Models {
    speech: Iri,
    emotion: Iri,
    news: Iri,
}

pub fn play(stage: &mut Stage<'_>) -> Result<(), ScenarioError> {
    let mut ari = stage.robot("ari", "ARI")?;
    let models = register(stage, &mut ari)?;
    state(stage, &mut ari, "before", 0, 0.82, "greeting", "living_room")?;
    let maria = ari.register_human("maria", Some("María"), None)?;

    let asks = "Hi ARI! Could you tell me something uplifting from the news?";
    let asked = event(stage, &mut ari, &maria, ("human_utterance", "request", 2_000), asks)?;
    let request = hear(stage, &mut ari, &models, &maria, ("request", 2_000, asks), &asked, None)?;
    let headline = answer(
        stage,
        &mut ari,
        &models,
        ("headline", 5_000, "ARI picks the most read headline"),
        "The university moves all final exams forward: they begin next Monday.",
        (&request, &asked),
    )?;
    let frightened =
        event(stage, &mut ari, &maria, ("human_reaction", "fear", 9_500), "María is frightened")?;
    let fear = feel(
        stage,
        &mut ari,
        &models,
        &maria,
        ("fear", 9_500, "María's voice and face show fear"),
        &[(EmotionCategory::Fear, 0.78, 0.91), (EmotionCategory::Sadness, 0.31, 0.74)],
        (&headline, &frightened),
    )?;
    let apology = answer(
        stage,
        &mut ari,
        &models,
        ("apology", 12_000, "ARI notices that the headline frightened her, and apologises"),
        "I am sorry, María. You asked for something uplifting, and that was not. Let me look for better news.",
        (&fear, &frightened),
    )?;
    let rescue = answer(
        stage,
        &mut ari,
        &models,
        ("rescue", 16_000, "ARI looks for good news only"),
        "Firefighters have rescued a dog that was trapped on a frozen lake. It is well, and home with its family.",
        (&apology, &frightened),
    )?;
    let thanks = "Oh, how lovely! Thank you, ARI.";
    let thanked = event(stage, &mut ari, &maria, ("human_utterance", "thanks", 22_000), thanks)?;
    let reply = hear(stage, &mut ari, &models, &maria, ("thanks", 22_000, thanks), &thanked, Some(&rescue))?;
    feel(
        stage,
        &mut ari,
        &models,
        &maria,
        ("joy", 24_500, "María smiles"),
        &[(EmotionCategory::Happiness, 0.86, 0.94), (EmotionCategory::Surprise, 0.22, 0.63)],
        (&reply, &thanked),
    )?;
    state(stage, &mut ari, "after", 27_000, 0.79, "conversation", "living_room")?;
    state(stage, &mut ari, "docked", 240_000, 0.78, "charging", "corridor")
}

fn register(stage: &mut Stage<'_>, ari: &mut Logger) -> Result<Models, ScenarioError> {
    let speech = ari.register_model(
        Model::new("speech_to_text")
            .label("Speech recognition")
            .version("3.1")
            .provider("Example Speech")
            .characteristic("word error rate", 0.061),
    )?;
    let emotion = ari.register_model(
        Model::new("emotion_recogniser")
            .label("Emotion recognition from voice and face")
            .version("2.4")
            .provider("Example University")
            .comment("Six basic emotions, with an intensity and a confidence each"),
    )?;
    let news = ari.register_model(
        Model::new("news_reader")
            .label("News selection and wording")
            .version("2026-01")
            .provider("Example Language Models")
            .endpoint("https://models.example/v1/news"),
    )?;
    let faces = ari.register_dataset(
        Dataset::new("faces_and_voices")
            .label("Faces and voices, 2025")
            .comment("12 000 clips of 400 persons"),
    )?;
    let training = ari.log_activity(
        Activity::new(ActivityKind::MlRun)
            .id(stage.id("evaluation_run"))
            .label("Evaluation of the emotion recogniser")
            .started_at(stage.at(-86_400_000)?)
            .ended_at(stage.at(-86_100_000)?)
            .used_model(&emotion),
    )?;
    ari.link_ml_run_input(&training, &faces)?;
    for (id, label, value) in [
        ("emotion_accuracy", "accuracy", 0.87),
        ("emotion_fairness", "worst accuracy of any age group", 0.81),
    ] {
        let evaluation = ari.register_evaluation(Evaluation::new(id, value).label(label))?;
        ari.link_ml_run_output(&training, &evaluation)?;
    }
    stage.publish("ARI's models, what they were tested on, and how well they did", ari)?;
    Ok(Models { speech, emotion, news })
}

/// How ARI is: its battery varies a little.
fn state(
    stage: &mut Stage<'_>,
    ari: &mut Logger,
    id: &str,
    at_ms: i64,
    battery: f64,
    phase: &str,
    place: &str,
) -> Result<(), ScenarioError> {
    let battery = stage.about(battery);
    ari.log_robot_state(
        RobotState::new(stage.at(at_ms)?)
            .id(stage.id(&format!("state_{id}")))
            .battery_level(battery)
            .cpu_load(0.34)
            .memory_load(0.52)
            .autonomy_mode("autonomous")
            .mission_phase(phase)
            .network_status("connected")
            .location(place)
            .custom("volume", 7),
    )?;
    stage.publish(&format!("ARI's state: {phase}, in the {}", place.replace('_', " ")), ari)
}

/// What María says or does: what ARI does because of it is about this, which links it to her. Nobody else observes it,
/// so that the server need not be asked for its name.
fn event(
    stage: &Stage<'_>,
    ari: &mut Logger,
    maria: &Iri,
    (kind, id, at_ms): (&str, &str, i64),
    text: &str,
) -> Result<Iri, ScenarioError> {
    let id = stage.id(&format!("{kind}_{id}"));
    let event = SharedEvent::new(kind, stage.at(at_ms)?).event_id(id).subject(maria).text(text);
    Ok(ari.shared_event(event)?)
}

/// María says something.
fn hear(
    stage: &mut Stage<'_>,
    ari: &mut Logger,
    models: &Models,
    maria: &Iri,
    (id, at_ms, text): (&str, i64, &str),
    said: &Iri,
    previous: Option<&Iri>,
) -> Result<Iri, ScenarioError> {
    let confidence = stage.about(0.95);
    let usage =
        ModelUsage::new(&models.speech).parameter("confidence", confidence).parameter("language", "en");
    let hearing = ari.log_activity(
        Activity::new(ActivityKind::Listening)
            .id(stage.id(&format!("listening_{id}")))
            .label("ARI listens to María")
            .started_at(stage.at(at_ms)?)
            .ended_at(stage.at(at_ms + 1_900)?)
            .related_shared_event(said)
            .model_usage(usage),
    )?;
    let mut message = Message::new(text)
        .id(stage.id(&format!("message_{id}")))
        .language("en")
        .message_type("oro:InitialMessage")
        .generated_by_activity(&hearing)
        .sender(maria);
    if let Some(previous) = previous {
        message = message.previous_message(previous);
    }
    let message = ari.log_message(message)?;
    stage.publish(&format!("María: “{text}”"), ari)?;
    Ok(message)
}

/// ARI decides and says something.
fn answer(
    stage: &mut Stage<'_>,
    ari: &mut Logger,
    models: &Models,
    (id, at_ms, why): (&str, i64, &str),
    text: &str,
    (because, about): (&Iri, &Iri),
) -> Result<Iri, ScenarioError> {
    let deciding = ari.log_activity(
        Activity::new(ActivityKind::Decision)
            .id(stage.id(&format!("decision_{id}")))
            .label(why)
            .started_at(stage.at(at_ms)?)
            .ended_at(stage.at(at_ms + 600)?)
            .triggered_by_entity(because)
            .related_shared_event(about)
            .model_usage(ModelUsage::new(&models.news).parameter("temperature", 0.2)),
    )?;
    let responding = ari.log_activity(
        Activity::new(ActivityKind::Response)
            .id(stage.id(&format!("response_{id}")))
            .label("ARI speaks")
            .started_at(stage.at(at_ms + 700)?)
            .ended_at(stage.at(at_ms + 3_600)?)
            .triggered_by_activity(&deciding)
            .triggered_by_entity(because)
            .related_shared_event(about),
    )?;
    let robot = ari.robot().clone();
    let message = ari.log_message(
        Message::new(text)
            .id(stage.id(&format!("message_{id}")))
            .message_type("oro:ResponseMessage")
            .generated_by_activity(&responding)
            .previous_message(because)
            .sender(robot),
    )?;
    stage.publish(&format!("ARI: “{text}”"), ari)?;
    Ok(message)
}

/// ARI works out what María feels; intensities and confidences vary a little.
fn feel(
    stage: &mut Stage<'_>,
    ari: &mut Logger,
    models: &Models,
    maria: &Iri,
    (id, at_ms, label): (&str, i64, &str),
    emotions: &[(EmotionCategory, f64, f64)],
    (because, about): (&Iri, &Iri),
) -> Result<Iri, ScenarioError> {
    let seeing = ari.log_activity(
        Activity::new(ActivityKind::EmotionRecognition)
            .id(stage.id(&format!("recognition_{id}")))
            .label(label)
            .started_at(stage.at(at_ms)?)
            .ended_at(stage.at(at_ms + 400)?)
            .related_shared_event(about)
            .triggered_by_entity(because),
    )?;
    let analysing = ari.log_activity(
        Activity::new(ActivityKind::EmotionAnalysis)
            .id(stage.id(&format!("analysis_{id}")))
            .label("What María feels")
            .started_at(stage.at(at_ms + 450)?)
            .ended_at(stage.at(at_ms + 900)?)
            .related_shared_event(about)
            .triggered_by_activity(&seeing)
            .used_entity(because)
            .used_model(&models.emotion),
    )?;
    // One target: who feels. What made her feel so is what the analysis was triggered by.
    let mut annotation =
        EmotionAnnotation::new(&analysing).id(stage.id(&format!("emotion_{id}"))).target(maria);
    for (category, intensity, confidence) in emotions {
        let (intensity, confidence) = (stage.about(*intensity), stage.about(*confidence));
        annotation =
            annotation.emotion(EmotionScore::new(category.clone(), intensity).confidence(confidence));
    }
    let annotation = ari.log_emotion(annotation)?;
    stage.publish(label, ari)?;
    Ok(annotation)
}
