//! Calls that both clients make: every method, every option, and values that somebody thought up to break them.

use serde_json::{Value as Json, json};

/// How most lists begin.
pub fn new() -> Json {
    json!({"call": "new", "base_namespace": "https://robots.example/ari", "robot_id": "ARI 1"})
}

fn at(text: &str) -> Json {
    json!({ "time": text })
}

/// Name and calls.
pub fn corpus() -> Vec<(&'static str, Vec<Json>)> {
    let mut corpus = options();
    corpus.extend([
        ("registering", registering()),
        ("activities", activities()),
        ("activities without redundant triples", with(json!({"emit_prov_redundant": false}), activities())),
        ("activities, compact and strict", with(
            json!({"compact_resource_ids": true, "strict_result_typing": true, "namespace_prefix": "2 Lab!"}),
            activities(),
        )),
        ("messages and observations", messages()),
        ("messages, strict", with(json!({"strict_result_typing": true, "emit_prov_redundant": false}), messages())),
        ("emotions", emotions()),
        ("emotions, compact", with(json!({"compact_resource_ids": true, "emit_prov_redundant": false}), emotions())),
        ("states", states()),
        ("states, compact", with(json!({"compact_resource_ids": true, "strict_result_typing": true}), states())),
        ("links", links()),
        ("links without redundant triples", with(json!({"emit_prov_redundant": false}), links())),
        ("shared events", shared_events()),
        ("shared events by policy", with(
            json!({"shared_event_policy": {"is": "policy", "namespace": "https://events.example/of", "time_bucket_seconds": 60},
                "default_language": "es"}),
            shared_events(),
        )),
        ("merged Turtle", merged()),
    ]);
    corpus.extend(hostile_texts());
    corpus.extend(numbers());
    corpus
}

/// The same calls after another beginning.
fn with(options: Json, mut calls: Vec<Json>) -> Vec<Json> {
    let more = options.as_object().expect("options").clone();
    calls[0].as_object_mut().expect("a call").extend(more);
    calls
}

fn options() -> Vec<(&'static str, Vec<Json>)> {
    let named = json!({"robot_name": "ARI \"the first\"", "default_language": "pt-BR"});
    let base = |base: &str| vec![json!({"call": "new", "base_namespace": base, "robot_id": "r"})];
    vec![
        ("a robot", vec![new()]),
        ("a robot with a name", with(named, vec![new()])),
        ("compact ids", with(json!({"compact_resource_ids": true}), vec![new()])),
        ("an id without letters of ASCII", with(json!({"robot_id": "ロボット"}), vec![new()])),
        ("an id of many things", with(json!({"robot_id": "  __A-b/c.d#é 9__ "}), vec![new()])),
        ("a namespace with a slash", base("https://robots.example/a/")),
        ("a namespace with a hash", base("https://robots.example/a#")),
        ("a namespace with white space around", base(" \u{1c}https://robots.example/a \n")),
        ("a namespace that is no http", base("urn:robots:")),
        ("a namespace beyond ASCII", base("https://robots.example/señor/")),
        ("a prefix of many things", with(json!({"namespace_prefix": " __Lab 7__é "}), vec![new()])),
    ]
}

fn registering() -> Vec<Json> {
    vec![
        new(),
        json!({"call": "register_human", "human_id": "Ana María"}),
        json!({"call": "register_human", "human_id": "bo", "first_name": "Bo", "homepage": "https://bo.example/?a=b#c"}),
        json!({"call": "register_robot", "robot_uri": "https://other.example/tiago", "robot_name": "TIAGo", "owner": "$1"}),
        json!({"call": "register_robot", "robot_name": "TIAGo 2", "owner": "foaf:Organization"}),
        json!({"call": "register_robot", "robot_uri": "local.name"}),
        json!({"call": "register_ml_model", "model_id": "GPT 5"}),
        json!({"call": "register_ml_model", "model_id": "m2", "label": "Two", "version": "1.0", "provider": "Example Inc.",
            "endpoint": "https://models.example/v1", "comment": "Of two",
            "characteristics": {"layers": 12, "size": 7.5, "open": true, "licence": "MIT", "made": {"time": "2026-01-31T10:00:00Z"}}}),
        json!({"call": "register_ml_model", "model_id": "m3", "provider": " https://provider.example/ ", "endpoint": "localhost:9000"}),
        json!({"call": "register_ml_model", "model_id": "m4", "provider": {"iri": "urn:provider:4"}}),
        json!({"call": "register_ml_model", "model_id": "m5", "provider": "schema:Thing"}),
        json!({"call": "register_dataset", "dataset_id": "faces"}),
        json!({"call": "register_dataset", "dataset_id": "voices", "label": "Voices", "comment": "Of many"}),
        json!({"call": "register_model_evaluation", "evaluation_id": "accuracy", "value": 0.875}),
        json!({"call": "register_model_evaluation", "evaluation_id": "loss", "value": 12, "label": "Loss", "comment": "Less is more"}),
        json!({"call": "resource_uri", "a": "room", "b": "Kitchen 2"}),
        json!({"call": "resource_uri", "a": " big room ".replace(' ', "_"), "b": "x"}),
        json!({"call": "resource_uri", "a": "room"}),
        json!({"call": "resolve_term", "a": "schema:name"}),
        json!({"call": "link_influence", "a": "$15", "b": "$16"}),
        json!({"call": "link_influence", "a": "$17", "b": "$18"}),
    ]
}

fn activities() -> Vec<Json> {
    let mut calls = vec![new()];
    for kind in [
        "listening",
        "decision",
        "response",
        "emotion_recognition",
        "emotion_analysis",
        "human_detection",
        "ml_run",
    ] {
        calls.push(json!({"call": "log_activity", "activity_kind": kind, "activity_id": kind}));
    }
    calls.extend([
        json!({"call": "log_activity", "activity_kind": " Emotion-Recognition "}),
        json!({"call": "log_activity", "activity_kind": "decision", "activity_id": "Everything!",
            "extra_types": ["oro:ListeningEvent", "prov:Activity", {"iri": "urn:class"}, "https://x.example/C", "Local", "oro:ListeningEvent"],
            "label": "All of it", "related_shared_events": ["https://events.example/1", "e2"], "performer": "$0",
            "started_at": at("2026-01-31T10:00:00+01:00"), "ended_at": at("2026-01-31T10:00:00.123456-05:30"),
            "triggered_by_activity": "$1", "triggered_by_entity": "m1", "triggered_by_entities": ["m2", "m1", "$2"],
            "intermediate_activities": ["$3", "$4"], "used_entities": ["u1", "u2"], "used_models": ["model/x", "$0"],
            "produced_entity_results": ["p1", "p2"], "produced_activity_results": ["pa"],
            "model_usages": [
                {"is": "usage", "model": "model/x"},
                {"is": "usage", "model": "model/y", "parameters": {"Learning Rate": 1e-5, "layers": 3, "fast": false, "name": "n"}},
                {"is": "usage", "model": "model/z", "software_label": "Tool Box", "software_version": "2.0"},
                {"is": "usage", "model": "model/w", "implementation": "impl/w", "software_version": "3"},
                {"is": "usage", "model": "model/v", "implementation": {"iri": "urn:impl:v"}, "parameters": {"日本": 1}},
            ]}),
        json!({"call": "log_activity", "activity_kind": "decision", "activity_id": "everything", "label": "again",
            "started_at": at("2026-01-31T09:00:00Z")}),
        json!({"call": "log_activity", "activity_kind": "response", "performer": "somebody", "started_at": at("1969-12-31T23:59:59.999999Z")}),
        json!({"call": "log_activity", "activity_kind": "response", "activity_id": "ぶ"}),
    ]);
    calls
}

fn messages() -> Vec<Json> {
    vec![
        new(),
        json!({"call": "log_activity", "activity_kind": "listening", "activity_id": "a"}),
        json!({"call": "log_message", "text_": "Hello"}),
        json!({"call": "log_message", "text_": ""}),
        json!({"call": "log_message", "text_": "¿Qué tal?", "message_id": "M 1", "language": "ES-mx",
            "message_types": ["oro:InitialMessage", "schema:Comment", "oro:InitialMessage"], "generated_by_activity": "$1",
            "previous_message": "$2", "sender": "human/ana"}),
        json!({"call": "log_message", "text_": "x", "generated_by_activity": "unknown", "previous_message": {"iri": "urn:m"}, "sender": "$0"}),
        json!({"call": "log_observation"}),
        json!({"call": "log_observation", "observation_id": "o", "label": "Seen", "observation_types": ["sosa:Observation", "O"],
            "generated_by_activity": "$1", "related_shared_event": "https://events.example/1", "confidence": 0.5, "mark_as_result": true}),
        json!({"call": "log_observation", "observation_id": "p", "related_shared_event": "e", "confidence": 1}),
        json!({"call": "log_observation", "related_shared_event": "e"}),
    ]
}

fn emotions() -> Vec<Json> {
    let score =
        |category: Json, intensity: f64| json!({"is": "score", "category": category, "intensity": intensity});
    let mut calls = vec![new()];
    calls.push(json!({"call": "log_emotion_annotation", "source_activity": "a", "targets": [], "emotions": [score(json!("happiness"), 0.5)]}));
    let categories = [
        "happy",
        "SAD",
        " Angry ",
        "afraid",
        "scared",
        "fear",
        "disgusted",
        "surprised",
        "big6_anger",
        "emoml:big6_disgust",
        "emoml:other",
        "https://emotions.example/calm",
        "schema:Thing",
    ];
    let scores: Vec<Json> = categories.iter().map(|category| score(json!(category), 0.25)).collect();
    calls.push(json!({"call": "log_emotion_annotation", "source_activity": "b", "targets": ["human/ana", {"iri": "urn:m"}, "human/ana"],
        "emotions": scores, "annotation_id": "All Of Them", "emotion_model": "https://emotions.example/model"}));
    calls.push(json!({"call": "log_emotion_annotation", "source_activity": {"iri": "urn:a"}, "targets": ["t"], "emotions": [
        {"is": "score", "category": {"iri": "urn:emotion"}, "intensity": 0, "confidence": 1},
        {"is": "score", "category": "sadness", "intensity": 1, "confidence": 0.1},
        {"is": "score", "category": "surprise", "intensity": 1e-7, "confidence": 0.30000000000000004},
    ]}));
    calls
}

fn states() -> Vec<Json> {
    let state = |fields: Json| {
        let mut snapshot = json!({"is": "state", "timestamp": at("2026-01-31T10:00:00.5Z")});
        snapshot.as_object_mut().expect("fields").extend(fields.as_object().expect("fields").clone());
        json!({"call": "log_robot_state", "snapshot": snapshot})
    };
    let full = state(json!({
        "battery_level": 0.82, "autonomy_mode": "autonomous", "mission_phase": "greeting", "cpu_load": 34.5, "memory_load": 1,
        "network_status": "", "location": "living_room", "note": "All is well",
        "custom": {"volume": 7, "speed (m/s)": 0.25, "muted": false, "song": "Für Elise", "since": {"time": "2026-01-31T10:00:00Z"}, "数": 1},
    }));
    let mut named = full.clone();
    named["state_id"] = json!("State 1");
    named["source_activity"] = json!("measuring");
    vec![
        new(),
        state(json!({})),
        full,
        named,
        state(json!({"battery_level": 0, "cpu_load": 1, "memory_load": 1.0000001})),
        state(json!({"battery_level": 100, "cpu_load": 250, "location": "https://places.example/hall"})),
        state(json!({"location": {"iri": "urn:place"}, "battery_level": 0.29})),
        state(json!({"location": "schema:Place"})),
    ]
}

fn links() -> Vec<Json> {
    let mut calls = vec![new()];
    for method in [
        "link_triggered_activity",
        "link_triggered_entity",
        "link_intermediate_activity",
        "link_influence",
        "link_entity_result",
        "link_activity_model",
        "link_ml_run_input",
        "link_ml_run_output",
        "link_activity_to_shared_event",
        "link_observation_to_shared_event",
    ] {
        calls.push(json!({"call": method, "a": "activity/1", "b": "thing"}));
        calls.push(json!({"call": method, "a": {"iri": "urn:a"}, "b": "https://b.example/"}));
    }
    calls.push(json!({"call": "link_observation_to_shared_event", "a": "o", "b": "e", "confidence": 0.75}));
    calls
}

fn shared_events() -> Vec<Json> {
    let event = |fields: Json| {
        let mut call = json!({"call": "get_shared_event_uri", "event_kind": "human_utterance", "observed_at": at("2026-01-31T10:00:07.9Z")});
        call.as_object_mut().expect("fields").extend(fields.as_object().expect("fields").clone());
        call
    };
    vec![
        new(),
        event(json!({})),
        event(json!({"subject": "human/ana", "text": " Hello \u{a0}THERE,\n Ana ", "modality": " Speech "})),
        event(
            json!({"subject": {"iri": "urn:ana"}, "text": "ΣΊΣΥΦΟΣ İstanbul", "event_types": ["schema:Action", "E"]}),
        ),
        event(json!({"event_kind": " Human\tUtterance ", "modality": "vision", "event_id": "Door 7 opens"})),
        event(json!({"event_id": "Door 7 opens", "text": "another", "subject": "x"})),
        event(json!({"event_kind": "発話", "text": "やあ"})),
        event(json!({"modality": "音声"})),
        event(json!({"text": "", "modality": "  "})),
        event(json!({"time_bucket_seconds": 60, "shared_event_namespace": "https://other.example/events"})),
        event(json!({"time_bucket_seconds": 3600, "observed_at": at("2026-01-31T23:59:59+09:00")})),
        event(json!({"observed_at": at("1969-12-31T23:59:59.5Z")})),
        event(json!({"observed_at": at("1969-12-31T23:59:58.5Z"), "time_bucket_seconds": 7})),
        event(
            json!({"resolved": "https://gsi.upm.es/segb/shared-events/human_utterance_1", "text": "hi", "modality": "speech"}),
        ),
        event(
            json!({"resolved": "https://gsi.upm.es/segb/shared-events/human_utterance_1", "text": "other", "subject": "s", "event_id": "K 1"}),
        ),
        event(
            json!({"resolved": {"iri": "urn:event"}, "shared_event_namespace": "https://n.example/", "event_types": ["T"]}),
        ),
        json!({"call": "resolve_shared_event", "event_kind": "k", "observed_at": at("2026-01-31T10:00:07Z"), "time_bucket_seconds": 1,
            "shared_event_namespace": "https://m.example/"}),
        json!({"call": "log_activity", "activity_kind": "listening", "activity_id": "l", "related_shared_events": ["$1", "$2"]}),
        json!({"call": "link_observation_to_shared_event", "a": "observation/o", "b": "$2", "confidence": 0.9}),
    ]
}

fn merged() -> Vec<Json> {
    vec![
        new(),
        json!({"call": "register_human", "human_id": "ana"}),
        json!({"call": "merge_turtle", "ttl_content": "@prefix p: <urn:p:> .\n[] a p:C ; p:list (1 2.5 true \"x\"@en-GB [ p:q 'y' ]) .\n_:b1 p:r _:b1 ."}),
        json!({"call": "merge_turtle", "ttl_content": "_:b1 <urn:p:r> \"\"\"a\nb\\\"\\\\\"\"\"^^<urn:t> ."}),
        json!({"call": "register_human", "human_id": "ana", "first_name": "Ana"}),
    ]
}

/// Texts in every place where a text can be.
fn hostile_texts() -> Vec<(&'static str, Vec<Json>)> {
    let texts = [
        ("quotes", "\"\"\" ' \\\" \\ \\u0041 \\n"),
        ("white space", "a\tb\r\nc\u{b}\u{c}\u{85}\u{a0}\u{2028}\u{2029}\u{3000}d"),
        ("control characters", "\u{1}\u{7}\u{8}\u{1b}\u{1c}\u{1f}\u{7f}\u{80}\u{9f}x"),
        ("beyond the first plane", "😀 \u{10ffff} \u{e000} \u{fffd} \u{202e}abc"),
        ("Turtle", "> . } ] ; <urn:x> a <urn:y> . # \" @en ^^xsd:int"),
        ("combining", "e\u{301} ﷽ ß ſ İ ı K"),
        ("SQL and JSON", "'); DROP TABLE entries;-- {\"a\":[]} ${x} %s {}"),
    ];
    let calls = |text: &str| {
        vec![
            with(json!({"robot_name": text}), vec![new()]).remove(0),
            json!({"call": "register_human", "human_id": format!("h {text}"), "first_name": text}),
            json!({"call": "register_ml_model", "model_id": format!("m {text}"), "label": text, "version": text, "endpoint": text,
                "comment": text, "characteristics": {text: text}}),
            json!({"call": "register_dataset", "dataset_id": format!("d {text}"), "label": text, "comment": text}),
            json!({"call": "log_activity", "activity_kind": "decision", "activity_id": format!("a {text}"), "label": text,
                "model_usages": [{"is": "usage", "model": "m", "parameters": {text: text}, "software_label": text, "software_version": text}]}),
            json!({"call": "log_message", "text_": text, "message_id": format!("m {text}")}),
            json!({"call": "log_observation", "label": text}),
            json!({"call": "log_robot_state", "snapshot": {"is": "state", "timestamp": at("2026-01-31T10:00:00Z"), "autonomy_mode": text,
                "note": text, "custom": {text: text}}}),
            json!({"call": "get_shared_event_uri", "event_kind": format!("k {text}"), "observed_at": at("2026-01-31T10:00:00Z"),
                "text": text, "modality": text}),
        ]
    };
    texts.into_iter().map(|(name, text)| (name, calls(text))).collect()
}

/// Numbers that are spelled in many ways.
fn numbers() -> Vec<(&'static str, Vec<Json>)> {
    let mut calls = vec![new()];
    for (place, number) in [
        0.1,
        1e-4,
        1e-5,
        123_456.789,
        1e15,
        1e16,
        1.5e300,
        5e-324,
        -0.0,
        -2.5e-9,
        1.0 / 3.0,
        9_007_199_254_740_993.0,
    ]
    .into_iter()
    .enumerate()
    {
        calls.push(json!({"call": "register_model_evaluation", "evaluation_id": format!("e{place}"), "value": number}));
    }
    calls.push(json!({"call": "register_ml_model", "model_id": "m", "characteristics":
        {"least": i64::MIN, "greatest": i64::MAX, "zero": 0, "real": 2.0}}));
    vec![("numbers", calls)]
}

/// A call after [`new`] that neither takes.
pub fn refused_by_both() -> Vec<(&'static str, Json)> {
    let now = at("2026-01-31T10:00:00Z");
    vec![
        ("an unknown prefix", json!({"call": "link_influence", "a": "nobody:knows", "b": "x"})),
        ("a prefix alone", json!({"call": "link_influence", "a": "schema:", "b": "x"})),
        ("a blank term", json!({"call": "link_influence", "a": " ", "b": "x"})),
        ("a term that gives no IRI", json!({"call": "link_influence", "a": "a b", "b": "x"})),
        ("an IRI with a quote", json!({"call": "link_influence", "a": "https://x.example/\"", "b": "x"})),
        (
            "no emotions",
            json!({"call": "log_emotion_annotation", "source_activity": "a", "targets": [], "emotions": []}),
        ),
        (
            "no emotion of the six",
            json!({"call": "log_emotion_annotation", "source_activity": "a", "targets": [],
            "emotions": [{"is": "score", "category": "emoml:big6_boredom", "intensity": 0.5}]}),
        ),
        (
            "no emotion at all",
            json!({"call": "log_emotion_annotation", "source_activity": "a", "targets": [],
            "emotions": [{"is": "score", "category": "bored", "intensity": 0.5}]}),
        ),
        ("an unknown kind", json!({"call": "log_activity", "activity_kind": "sleeping"})),
        (
            "a person without language",
            json!({"call": "log_message", "text_": "x", "message_types": ["oro:InitialMessage"]}),
        ),
        ("a language that is none", json!({"call": "log_message", "text_": "x", "language": "en_US"})),
        ("confidence in nothing", json!({"call": "log_observation", "confidence": 0.5})),
        (
            "a blank kind of event",
            json!({"call": "get_shared_event_uri", "event_kind": " ", "observed_at": now}),
        ),
        (
            "a bucket of nothing",
            json!({"call": "get_shared_event_uri", "event_kind": "k", "observed_at": now, "time_bucket_seconds": 0}),
        ),
        ("Turtle that is none", json!({"call": "merge_turtle", "ttl_content": "<urn:a> <urn:b> ."})),
        ("blank Turtle", json!({"call": "merge_turtle", "ttl_content": " "})),
    ]
}
