//! The same list of calls for the Rust client: what `calls.py` does for the Python package.

use segb_client::*;
use serde_json::Value as Json;

use super::randomness;

/// Makes the calls; gives the log as Turtle.
pub fn make(calls: &[Json]) -> Result<String, LogError> {
    let mut caller = Caller { log: new(&calls[0])?, results: Vec::new() };
    caller.results.push(Some(caller.log.robot().clone()));
    for call in &calls[1..] {
        let result = caller.call(call)?;
        caller.results.push(result);
    }
    Ok(caller.log.turtle())
}

fn new(call: &Json) -> Result<Logger, LogError> {
    let mut options = LoggerOptions::new(text(&call["base_namespace"]), text(&call["robot_id"]));
    options.robot_name = optional(call, "robot_name");
    if let Some(language) = optional(call, "default_language") {
        options.default_language = language;
    }
    if let Some(prefix) = optional(call, "namespace_prefix") {
        options.namespace_prefix = prefix;
    }
    let truth = |name: &str, default| call[name].as_bool().unwrap_or(default);
    options.compact_resource_ids = truth("compact_resource_ids", false);
    options.prov_redundant = truth("emit_prov_redundant", true);
    options.strict_result_typing = truth("strict_result_typing", false);
    if let Some(policy) = call.get("shared_event_policy") {
        options.shared_events.namespace = optional(policy, "namespace");
        options.shared_events.time_bucket_seconds = number(&policy["time_bucket_seconds"]) as u32;
    }
    Logger::new(options, randomness())
}

struct Caller {
    log: Logger,
    results: Vec<Option<Iri>>,
}

/// Sets the options that are given: `apply!(caller, call, builder, one: text "label" label, …)`.
macro_rules! apply {
    ($self:ident, $call:ident, $builder:ident; $($how:ident $name:literal $method:ident),* $(,)?) => {
        $(apply!(@ $how $self, $call, $builder, $name, $method);)*
    };
    (@ text $self:ident, $call:ident, $builder:ident, $name:literal, $method:ident) => {
        if let Some(value) = optional($call, $name) {
            $builder = $builder.$method(value);
        }
    };
    (@ term $self:ident, $call:ident, $builder:ident, $name:literal, $method:ident) => {
        if let Some(value) = $self.optional_term($call, $name) {
            $builder = $builder.$method(value);
        }
    };
    (@ terms $self:ident, $call:ident, $builder:ident, $name:literal, $method:ident) => {
        for value in items($call, $name) {
            let value = $self.term(value);
            $builder = $builder.$method(value);
        }
    };
    (@ time $self:ident, $call:ident, $builder:ident, $name:literal, $method:ident) => {
        if let Some(value) = $call.get($name) {
            $builder = $builder.$method(time(value));
        }
    };
    (@ number $self:ident, $call:ident, $builder:ident, $name:literal, $method:ident) => {
        if let Some(value) = $call.get($name) {
            $builder = $builder.$method(number(value));
        }
    };
}

impl Caller {
    fn call(&mut self, call: &Json) -> Result<Option<Iri>, LogError> {
        let method = text(&call["call"]);
        match method.as_str() {
            "register_robot" => {
                let robot = self.optional_term(call, "robot_uri").unwrap_or_else(|| self.log.robot().into());
                let owner = self.optional_term(call, "owner");
                self.log.register_robot(robot, optional(call, "robot_name").as_deref(), owner)?;
                Ok(Some(self.log.robot().clone()))
            }
            "register_human" => {
                let (name, page) = (optional(call, "first_name"), optional(call, "homepage"));
                self.log.register_human(&text(&call["human_id"]), name.as_deref(), page.as_deref()).map(Some)
            }
            "register_ml_model" => self.model(call).map(Some),
            "register_dataset" => {
                let mut dataset = Dataset::new(text(&call["dataset_id"]));
                apply!(self, call, dataset; text "label" label, text "comment" comment);
                self.log.register_dataset(dataset).map(Some)
            }
            "register_model_evaluation" => {
                let mut evaluation = Evaluation::new(text(&call["evaluation_id"]), number(&call["value"]));
                apply!(self, call, evaluation; text "label" label, text "comment" comment);
                self.log.register_evaluation(evaluation).map(Some)
            }
            "log_activity" => self.activity(call).map(Some),
            "log_message" => self.message(call).map(Some),
            "log_observation" => self.observation(call).map(Some),
            "log_emotion_annotation" => self.emotion(call).map(Some),
            "log_robot_state" => self.state(call).map(Some),
            "get_shared_event_uri" | "resolve_shared_event" => self.event(call).map(Some),
            "resource_uri" => self.log.resource_iri(&text(&call["a"]), call["b"].as_str()).map(Some),
            "resolve_term" => self.log.resolve(self.term(&call["a"])).map(Some),
            "merge_turtle" => self.log.merge_turtle(&text(&call["ttl_content"])).map(|()| None),
            _ => self.link(&method, call).map(|()| None),
        }
    }

    fn link(&mut self, method: &str, call: &Json) -> Result<(), LogError> {
        let (a, b) = (self.term(&call["a"]), self.term(&call["b"]));
        match method {
            "link_triggered_activity" => self.log.link_triggered_activity(a, b),
            "link_triggered_entity" => self.log.link_triggered_entity(a, b),
            "link_intermediate_activity" => self.log.link_intermediate_activity(a, b),
            "link_influence" => self.log.link_influence(a, b),
            "link_entity_result" => self.log.link_entity_result(a, b),
            "link_activity_model" => self.log.link_activity_model(a, b),
            "link_ml_run_input" => self.log.link_ml_run_input(a, b),
            "link_ml_run_output" => self.log.link_ml_run_output(a, b),
            "link_activity_to_shared_event" => self.log.link_activity_to_shared_event(a, b),
            "link_observation_to_shared_event" => {
                self.log.link_observation_to_shared_event(a, b, call["confidence"].as_f64())
            }
            _ => panic!("no method {method}"),
        }
    }

    fn model(&mut self, call: &Json) -> Result<Iri, LogError> {
        let mut model = Model::new(text(&call["model_id"]));
        apply!(self, call, model; text "label" label, text "version" version, term "provider" provider,
            text "endpoint" endpoint, text "comment" comment);
        for (name, value) in members(call, "characteristics") {
            model = model.characteristic(name, literal(value));
        }
        self.log.register_model(model)
    }

    fn activity(&mut self, call: &Json) -> Result<Iri, LogError> {
        let mut activity = Activity::new(text(&call["activity_kind"]).parse()?);
        apply!(self, call, activity; text "activity_id" id, text "label" label, terms "extra_types" extra_type,
            terms "related_shared_events" related_shared_event, term "performer" performer,
            time "started_at" started_at, time "ended_at" ended_at,
            term "triggered_by_activity" triggered_by_activity, term "triggered_by_entity" triggered_by_entity,
            terms "triggered_by_entities" triggered_by_entity,
            terms "intermediate_activities" intermediate_activity, terms "used_entities" used_entity,
            terms "used_models" used_model, terms "produced_entity_results" produced_entity,
            terms "produced_activity_results" produced_activity);
        for usage in items(call, "model_usages") {
            let mut made = ModelUsage::new(self.term(&usage["model"]));
            apply!(self, usage, made; term "implementation" implementation, text "software_label" software_label,
                text "software_version" software_version);
            for (name, value) in members(usage, "parameters") {
                made = made.parameter(name, literal(value));
            }
            activity = activity.model_usage(made);
        }
        self.log.log_activity(activity)
    }

    fn message(&mut self, call: &Json) -> Result<Iri, LogError> {
        let mut message = Message::new(text(&call["text_"]));
        apply!(self, call, message; text "message_id" id, text "language" language,
            terms "message_types" message_type, term "generated_by_activity" generated_by_activity,
            term "previous_message" previous_message, term "sender" sender);
        self.log.log_message(message)
    }

    fn observation(&mut self, call: &Json) -> Result<Iri, LogError> {
        let mut observation = Observation::new();
        apply!(self, call, observation; text "observation_id" id, text "label" label,
            terms "observation_types" observation_type, term "generated_by_activity" generated_by_activity,
            term "related_shared_event" related_shared_event, number "confidence" confidence);
        if call["mark_as_result"] == true {
            observation = observation.as_result();
        }
        self.log.log_observation(observation)
    }

    fn emotion(&mut self, call: &Json) -> Result<Iri, LogError> {
        let mut annotation = EmotionAnnotation::new(self.term(&call["source_activity"]));
        apply!(self, call, annotation; text "annotation_id" id, terms "targets" target,
            term "emotion_model" emotion_model);
        for score in items(call, "emotions") {
            let category = match &score["category"] {
                Json::String(name) => name.parse()?,
                other => EmotionCategory::Other(self.term(other)),
            };
            let mut made = EmotionScore::new(category, number(&score["intensity"]));
            apply!(self, score, made; number "confidence" confidence);
            annotation = annotation.emotion(made);
        }
        self.log.log_emotion(annotation)
    }

    fn state(&mut self, call: &Json) -> Result<Iri, LogError> {
        let snapshot = &call["snapshot"];
        let mut state = RobotState::new(time(&snapshot["timestamp"]));
        apply!(self, call, state; text "state_id" id, term "source_activity" source_activity);
        apply!(self, snapshot, state; number "battery_level" battery_level, text "autonomy_mode" autonomy_mode,
            text "mission_phase" mission_phase, number "cpu_load" cpu_load, number "memory_load" memory_load,
            text "network_status" network_status, term "location" location, text "note" note);
        for (name, value) in members(snapshot, "custom") {
            state = state.custom(name, literal(value));
        }
        self.log.log_robot_state(state)
    }

    fn event(&mut self, call: &Json) -> Result<Iri, LogError> {
        let mut event = SharedEvent::new(text(&call["event_kind"]), time(&call["observed_at"]));
        apply!(self, call, event; term "subject" subject, text "text" text, text "modality" modality,
            text "shared_event_namespace" namespace, terms "event_types" event_type, text "event_id" event_id);
        if let Some(seconds) = call["time_bucket_seconds"].as_u64() {
            event = event.time_bucket_seconds(seconds as u32);
        }
        match self.optional_term(call, "resolved") {
            Some(name) => self.log.shared_event_named(event, name),
            None => self.log.shared_event(event),
        }
    }

    fn term(&self, value: &Json) -> Term {
        if let Some(iri) = value["iri"].as_str() {
            return Iri::new(iri).expect("an IRI of the corpus").into();
        }
        let text = text(value);
        match text.strip_prefix('$').and_then(|number| number.parse::<usize>().ok()) {
            Some(number) => self.results[number].clone().expect("a call with a result").into(),
            None => text.into(),
        }
    }

    fn optional_term(&self, call: &Json, name: &str) -> Option<Term> {
        call.get(name).map(|value| self.term(value))
    }
}

fn text(value: &Json) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

fn optional(call: &Json, name: &str) -> Option<String> {
    call.get(name).map(text)
}

fn number(value: &Json) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

fn time(value: &Json) -> Timestamp {
    parse_time(&text(&value["time"])).expect("a time of the corpus")
}

fn items<'j>(call: &'j Json, name: &str) -> impl Iterator<Item = &'j Json> {
    call.get(name).and_then(Json::as_array).into_iter().flatten()
}

fn members<'j>(call: &'j Json, name: &str) -> impl Iterator<Item = (&'j String, &'j Json)> {
    call.get(name).and_then(Json::as_object).into_iter().flatten()
}

fn literal(value: &Json) -> Value {
    match value {
        Json::Bool(truth) => (*truth).into(),
        Json::String(text) => text.as_str().into(),
        Json::Number(number) => match number.as_i64() {
            Some(integer) => integer.into(),
            None => number.as_f64().expect("a number").into(),
        },
        other => Value::Time(time(other)),
    }
}
