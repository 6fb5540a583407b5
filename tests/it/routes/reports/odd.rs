//! Data that is incomplete or odd is shown and marked, and never makes a report fail.

use segb_tests::{Client, ServerBuilder};
use serde_json::{Value, json};

use super::{codes, lines, publish, report, rows};

const PREFIXES: &str = "@prefix ex: <urn:ex:> . @prefix mls: <http://www.w3.org/ns/mls#> .
    @prefix oa: <http://www.w3.org/ns/oa#> . @prefix onyx: <http://www.gsi.upm.es/ontologies/onyx/ns#> .
    @prefix oro: <http://kb.openrobots.org#> . @prefix prov: <http://www.w3.org/ns/prov#> .
    @prefix schema: <http://schema.org/> . @prefix segb: <http://www.gsi.upm.es/ontologies/segb/ns#> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .";

fn told(turtle: &str) -> (segb_tests::Server, Client) {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    publish(&client, &format!("{PREFIXES} {turtle}"));
    (server, client)
}

/// The codes of the row that a JSON pointer leads to a value in.
fn codes_of<'a>(answer: &'a Value, pointer: &str, value: &str) -> Vec<&'a str> {
    let is_it = |row: &&Value| {
        row.pointer(pointer).and_then(Value::as_str).is_some_and(|found| found.starts_with(value))
    };
    codes(rows(answer).iter().find(is_it).unwrap_or_else(|| panic!("{value} is not in {answer}")))
}

#[test]
fn participants_that_are_hard_to_tell() {
    let (_server, client) = told(
        "ex:r a oro:Robot, oro:Human ; schema:name \"R2\", \"R1\" . ex:h a prov:Person .
         ex:a segb:wasPerformedBy ex:unknown_robot, \"robot\", [ ] ; segb:wasRequestedBy ex:h .",
    );
    let answer = report(&client, "participants", &[]);
    let kinds = lines(rows(&answer), &["/participant/kind"]);
    assert_eq!(kinds, ["human", "robot", "unknown", "literal", "unknown"].map(str::to_owned), "{answer}");
    assert_eq!(codes_of(&answer, "/participant/label", "R1"), ["robot_and_human", "several_labels"]);
    assert_eq!(
        codes_of(&answer, "/participant/iri", "urn:ex:unknown_robot"),
        ["nothing_known", "untyped_robot"]
    );
    assert_eq!(codes_of(&answer, "/participant/iri", "_:"), ["nothing_known", "untyped_robot"]);
    assert_eq!(codes_of(&answer, "/participant/label", "robot"), ["literal_resource", "untyped_robot"]);
    assert_eq!(rows(&answer)[0]["linked"], json!([]), "only robots are linked");
    let of_blank = rows(&answer)
        .iter()
        .filter_map(|row| row["participant"]["iri"].as_str())
        .find(|iri| iri.starts_with("_:"));
    let only = report(&client, "participants", &[("robot", of_blank.expect("a blank node"))]);
    assert_eq!(only["total"], 1);
}

#[test]
fn models_without_a_history() {
    let (_server, client) = told(
        "ex:a segb:usedMLModel ex:m, \"a model\" ; prov:startedAtTime \"noon\" .
         ex:run mls:hasOutput ex:m, ex:e ; mls:hasInput ex:s, ex:d . ex:s a mls:HyperParameterSetting .
         ex:e a mls:ModelEvaluation ; mls:hasValue \"very good\", 0.5 .",
    );
    let answer = report(&client, "ml-usage", &[]);
    assert_eq!((&answer["total"], &answer["without_time"]), (&json!(2), &json!(2)));
    let codes = codes_of(&answer, "/model/iri", "urn:ex:m");
    for code in
        ["no_time", "time_invalid", "no_performer", "not_logged_activity", "run_not_typed", "value_invalid"]
    {
        assert!(codes.contains(&code), "{code}: {codes:?}");
    }
    let row = rows(&answer).iter().find(|row| row["model"]["iri"] == "urn:ex:m").expect("the model");
    assert_eq!(lines(row["runs"][0]["datasets"].as_array().expect("datasets"), &["/iri"]), ["urn:ex:d"]);
    let mut values = lines(row["runs"][0]["evaluations"].as_array().expect("values"), &["/value", "/text"]);
    values.sort_unstable();
    assert_eq!(values, ["- very good", "0.5 0.5"]);
    assert!(codes_of(&answer, "/model/label", "a model").contains(&"literal_resource"));
    let timed = report(&client, "ml-usage", &[("since", "1970-01-01T00:00:00Z")]);
    assert_eq!((&timed["total"], &timed["without_time"]), (&json!(0), &json!(2)), "left out, and counted");
}

#[test]
fn emotions_that_are_incomplete() {
    let (_server, client) = told(
        "ex:h a oro:Human . ex:r a oro:Robot .
         ex:none a onyx:EmotionAnalysis ; segb:producedEntityResult ex:nothing .
         ex:two a onyx:EmotionAnalysis ; prov:generated ex:result2 .
         ex:result2 oa:hasTarget ex:h, ex:r ; onyx:hasEmotion ex:e2 .
         ex:e2 onyx:hasEmotionIntensity \"high\", 2.5 ; onyx:hasEmotionCategory ex:joy, ex:fear ; onyx:algorithmConfidence ex:sure .
         ex:zero a onyx:EmotionAnalysis, segb:LoggedActivity ; segb:producedEntityResult ex:result0 ;
            prov:generated ex:result2 ; segb:wasPerformedBy ex:h ; schema:about ex:h ;
            prov:startedAtTime \"2026-01-31T10:00:00\"^^xsd:dateTime, \"2026-01-31T09:00:00Z\"^^xsd:dateTime .
         ex:result0 onyx:hasEmotion ex:e0 .
         ex:good a onyx:EmotionAnalysis ; segb:producedEntityResult ex:result1 .
         ex:result1 oa:hasTarget ex:h ; onyx:hasEmotion ex:e1, \"joy\" . ex:e1 onyx:hasEmotionIntensity \"0.75\" .",
    );
    let answer = report(&client, "emotions", &[]);
    let has = |label: &str, wanted: &[&str]| {
        let codes = codes_of(&answer, "/activity/label", label);
        for code in wanted {
            assert!(codes.contains(code), "{label} {code}: {codes:?}");
        }
    };
    has("none", &["no_emotion", "no_event", "no_performer", "no_time", "not_logged_activity"]);
    has(
        "two",
        &[
            "several_targets",
            "intensity_invalid",
            "intensity_out_of_range",
            "several_categories",
            "several_intensities",
            "confidence_invalid",
        ],
    );
    has(
        "zero",
        &[
            "no_target",
            "no_event",
            "performer_is_human",
            "several_times",
            "time_without_zone",
            "no_intensity",
            "no_category",
        ],
    );
    assert_eq!(answer["total"], 5);
    assert_eq!(rows(&answer)[0]["time"], "2026-01-31T09:00:00.000000Z", "those with a time come first");
    let distribution = answer["distribution"].as_array().expect("categories");
    let figures = lines(distribution, &["/category/label", "/count", "/mean_intensity"]);
    assert_eq!(figures.len(), 2, "{figures:?}");
    assert_eq!(figures[0], "- 4 0.75", "the mean is of those that have an intensity");
    assert!(figures[1].ends_with(" 1 2.5"), "of several categories one counts: {figures:?}");
    let extreme = report(&client, "extreme-emotions", &[]);
    assert_eq!(
        lines(rows(&extreme), &["/emotion", "/intensity"]),
        ["urn:ex:e1 0.75"],
        "from the threshold on"
    );
    assert_eq!(extreme["categories"], json!([{ "category": null, "count": 1 }]));
}

#[test]
fn states_that_are_incomplete() {
    let (_server, client) = told(
        "ex:r a oro:Robot . ex:h a oro:Human .
         ex:s1 prov:wasAttributedTo ex:r ; prov:atLocation ex:a, ex:b .
         ex:s2 prov:wasAttributedTo ex:stranger ; prov:atLocation \"the hall\" ;
            prov:generatedAtTime \"2026-01-31T10:00:00Z\"^^xsd:dateTime .
         ex:s3 a prov:Entity ; prov:wasAttributedTo ex:r ; schema:additionalProperty [ schema:value 1, 2 ], \"full\" .
         ex:of_human prov:wasAttributedTo ex:h ; prov:atLocation ex:a .
         ex:message a schema:Message ; prov:wasAttributedTo ex:r ; schema:additionalProperty ex:p .",
    );
    let answer = report(&client, "robot-states", &[]);
    assert_eq!(answer["total"], 3, "{answer}");
    assert_eq!(codes_of(&answer, "/state/iri", "urn:ex:s1"), ["no_time", "not_entity", "several_locations"]);
    let stranger = codes_of(&answer, "/state/iri", "urn:ex:s2");
    assert!(stranger.contains(&"untyped_robot") && stranger.contains(&"literal_resource"), "{stranger:?}");
    assert_eq!(codes_of(&answer, "/state/iri", "urn:ex:s3"), ["no_location", "no_time"]);
    let s3 = rows(&answer).iter().find(|row| row["state"]["iri"] == "urn:ex:s3").expect("s3");
    assert_eq!(s3["properties"].as_array().map(Vec::len), Some(3));
    let paths = report(&client, "displacement", &[]);
    assert_eq!(
        lines(rows(&paths), &["/robot/label", "/samples", "/untimed_samples"]),
        ["r 0 1", "stranger 1 0"]
    );
    assert_eq!(
        rows(&paths)[1]["path"][0]["location"],
        json!({ "iri": null, "label": "the hall", "kind": "literal" })
    );
}

#[test]
fn conversations_in_which_much_is_missing() {
    let (_server, client) = told(
        "ex:r a oro:Robot ; oro:belongsTo ex:h . ex:h a oro:Human . ex:r2 a oro:Robot .
         ex:m1 a schema:Message ; schema:text \"b\", \"a\" ; prov:wasGeneratedBy ex:act1 . ex:act1 segb:wasPerformedBy ex:r .
         ex:m2 a schema:Message ; schema:text \"hi\"@es ; schema:sender ex:h, ex:r2 ; prov:wasGeneratedBy ex:act1, ex:act2 .
         ex:act2 segb:wasPerformedBy ex:r, ex:stranger ; prov:startedAtTime \"2026-01-31T10:00:00Z\"^^xsd:dateTime .
         ex:m3 a schema:Message ; schema:text ex:iri ; prov:wasAttributedTo ex:r ; prov:wasGeneratedBy ex:act3 .
         ex:act3 segb:wasPerformedBy ex:r ; prov:startedAtTime \"2026-01-31T10:01:59Z\"^^xsd:dateTime .
         ex:m4 a schema:Message ; schema:text \"later\" ; schema:sender ex:r ; prov:wasGeneratedBy ex:act4 .
         ex:act4 segb:wasPerformedBy ex:r ; prov:startedAtTime \"2026-01-31T10:03:59Z\"^^xsd:dateTime .
         ex:silent a schema:Message ; prov:wasGeneratedBy ex:act3 .
         ex:alone a schema:Message ; schema:text \"is anybody there?\" ; schema:sender ex:r2 ; prov:wasGeneratedBy ex:act5 .
         ex:act5 segb:wasPerformedBy ex:r2 ; oro:hasListener ex:h .",
    );
    let answer = report(&client, "conversations", &[]);
    let sessions =
        lines(rows(&answer), &["/robot/label", "/start", "/message_count", "/by_robot", "/by_human"]);
    assert_eq!(
        sessions,
        [
            "r 2026-01-31T10:00:00.000000Z 2 1 1",
            // Two minutes of silence, to the second.
            "r 2026-01-31T10:03:59.000000Z 1 1 0",
            "r - 1 0 0",
        ],
        "{answer}"
    );
    assert_eq!(answer["without_time"], 1);
    let message = |session: usize, place: usize| &rows(&answer)[session]["messages"][place];
    assert_eq!(
        (&message(0, 0)["sender"]["label"], codes(message(0, 0))),
        (&json!("h"), vec!["several_senders"])
    );
    assert_eq!(message(0, 1)["text"], "urn:ex:iri");
    assert_eq!((&message(2, 0)["speaker"], &message(2, 0)["text"]), (&json!("unknown"), &json!("a")));
    assert_eq!(codes(message(2, 0)), ["no_sender", "no_time", "several_texts"]);
}

#[test]
fn long_texts_are_cut_and_large_lists_bounded() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let text = "é".repeat(20_000);
    let mut turtle = format!(
        "{PREFIXES} ex:r a oro:Robot . ex:h a oro:Human ; schema:name \"{text}\" .
         ex:m1 a schema:Message ; schema:text \"{text}\" ; schema:sender ex:r ; prov:wasGeneratedBy ex:a .
         ex:m2 a schema:Message ; schema:text \"yes\" ; schema:sender ex:h ; prov:wasGeneratedBy ex:a .
         ex:a segb:wasPerformedBy ex:r ; oro:hasSpeaker ex:r ; oro:hasListener ex:h .
         ex:an a onyx:EmotionAnalysis ; segb:producedEntityResult ex:result . ex:result onyx:hasEmotion ex:e ; oa:hasTarget ex:h .\n"
    );
    for number in 0..5_000 {
        turtle.push_str(&format!("ex:an segb:triggeredByEntity ex:t{number} . ex:x{number} a oro:Human ; oro:p ex:r . \
                                  ex:b{number} segb:wasPerformedBy ex:r ; segb:wasRequestedBy ex:x{number} .\n"));
    }
    publish(&client, &turtle);
    let answer = report(&client, "conversations", &[]);
    let message = &rows(&answer)[0]["messages"].as_array().expect("messages")[0];
    assert_eq!(
        (message["text"].as_str().map(|text| text.chars().count()), codes(message)),
        (Some(10_001), vec!["no_time", "text_cut"])
    );
    assert_eq!(rows(&answer)[0]["human"]["label"].as_str().map(|label| label.chars().count()), Some(301));
    let emotions = report(&client, "emotions", &[]);
    assert_eq!(rows(&emotions)[0]["triggers"].as_array().map(Vec::len), Some(20));
    assert!(codes(&rows(&emotions)[0]).contains(&"list_cut"));
    let participants = report(&client, "participants", &[("robot", "urn:ex:r"), ("limit", "10000")]);
    let robot =
        rows(&participants).iter().find(|row| row["participant"]["kind"] == "robot").expect("the robot");
    assert_eq!((robot["linked"].as_array().map(Vec::len), codes(robot)), (Some(100), vec!["list_cut"]));
    assert_eq!(participants["total"], 5_002);
}
