//! Each report on the story, against answers worked out by hand from its script, and against SPARQL.

use serde_json::{Value, json};

use super::{STORY, codes, lines, report, rows, select, sorted, story};

const ANA: &str = "https://robots.example/story/human/ana";
const ARI: &str = "https://robots.example/story/robot/ari";
const TIAGO: &str = "https://robots.example/story/robot/tiago";
const T: &str = "2026-01-31T10";

#[test]
fn participants() {
    let server = story();
    let answer = report(&server.client(), "participants", &[]);
    let found =
        lines(rows(&answer), &["/participant/kind", "/participant/label", "/activities", "/first_time"]);
    assert_eq!(
        found,
        [
            &format!("human Ana 12 {T}:00:00.000000Z"),
            "robot ARI 14 2026-01-30T10:00:00.000000Z",
            &format!("robot TIAGo 1 {T}:00:31.000000Z"),
        ]
    );
    let [ana, ari, tiago] = rows(&answer).as_slice() else { panic!("three rows") };
    let links = |row: &Value| {
        lines(row["linked"].as_array().expect("links"), &["/resource/iri", "/via", "/activities"])
    };
    assert_eq!(links(ana), [r#"robot/ari ["event","speech"] 11"#, r#"robot/tiago ["event","ownership"] 1"#]);
    assert_eq!(links(ari), [r#"human/ana ["event","speech"] 11"#]);
    assert_eq!(links(tiago), [r#"human/ana ["event","ownership"] 1"#]);
    assert_eq!(ari["linked"][0]["last_time"], format!("{T}:10:55.000000Z"));
    assert_eq!(ari["peers"][0]["resource"]["iri"], TIAGO);
    assert_eq!(ari["peers"][0]["humans"], json!([ANA]));
    assert_eq!(tiago["peers"][0]["resource"]["iri"], ARI);
    assert_eq!((&ana["peers"], &ari["owners"]), (&json!([]), &json!([])));
    assert_eq!(tiago["owners"][0]["label"], "Ana");
    for row in rows(&answer) {
        assert_eq!(row["problems"], json!([]));
        assert!(!row["logs"].as_array().expect("logs").is_empty());
    }

    let pairs = select(
        &server.client(),
        &["r", "h"],
        "?r a oro:Robot . ?h a oro:Human . ?a segb:wasPerformedBy ?r .
         { ?a schema:about/schema:about ?h } UNION { ?a segb:wasRequestedBy ?h } UNION { ?r oro:belongsTo ?h }
         UNION { ?a oro:hasSpeaker ?r ; oro:hasListener ?h } UNION { ?a oro:hasSpeaker ?h ; oro:hasListener ?r }",
    );
    assert_eq!(pairs, ["robot/ari human/ana", "robot/tiago human/ana"]);
}

#[test]
fn participants_by_robot_and_time() {
    let server = story();
    let client = server.client();
    let answer = report(&client, "participants", &[("robot", TIAGO)]);
    assert_eq!(lines(rows(&answer), &["/participant/label", "/activities"]), ["Ana 1", "TIAGo 1"]);
    let early = report(&client, "participants", &[("until", "2026-01-31T10:00:10Z")]);
    assert_eq!(lines(rows(&early), &["/participant/label", "/activities"]), ["Ana 1", "ARI 3", "TIAGo 0"]);
}

#[test]
fn ml_usage() {
    let server = story();
    let answer = report(&server.client(), "ml-usage", &[]);
    let found = lines(
        rows(&answer),
        &[
            "/start",
            "/activity/iri",
            "/performer/label",
            "/model/label",
            "/version",
            "/runs/0/run/label",
            "/runs/0/datasets/0/label",
            "/runs/0/evaluations/0/value",
        ],
    );
    assert_eq!(
        found,
        [
            format!(
                "{T}:00:10.000000Z activity/hear_request ARI Speech recogniser 1.4 train_speech Voices 0.94"
            ),
            format!("{T}:00:13.000000Z activity/choose_headline ARI Dialogue policy - - - -"),
            format!(
                "{T}:00:25.000000Z activity/hear_shock ARI Speech recogniser 1.4 train_speech Voices 0.94"
            ),
            format!(
                "{T}:00:28.000000Z activity/analyse_shock ARI Emotion recogniser 2.3 train_feelings Faces 0.91"
            ),
            format!(
                "{T}:00:31.000000Z activity/tiago_analyses TIAGo Emotion recogniser 2.3 train_feelings Faces 0.91"
            ),
            format!("{T}:00:32.000000Z activity/decide_to_apologise ARI Dialogue policy - - - -"),
            format!("{T}:00:55.000000Z activity/hear_joy ARI Speech recogniser 1.4 train_speech Voices 0.94"),
            format!(
                "{T}:00:57.000000Z activity/analyse_joy ARI Emotion recogniser 2.3 train_feelings Faces 0.91"
            ),
        ]
    );
    assert_eq!(rows(&answer)[0]["types"], json!(["http://kb.openrobots.org#ListeningEvent"]));
    assert_eq!(rows(&answer)[0]["runs"][0]["evaluations"][0]["evaluation"]["label"], "word-accuracy");
    assert_eq!(codes(&rows(&answer)[1]), ["no_run"]);
    assert_eq!(codes(&rows(&answer)[0]), [""; 0]);
    let pairs = sorted(lines(rows(&answer), &["/activity/iri", "/model/iri"]));
    assert_eq!(pairs, select(&server.client(), &["a", "m"], "?a segb:usedMLModel ?m"));

    let of_ana = report(&server.client(), "ml-usage", &[("human", ANA)]);
    assert_eq!(of_ana["total"], 7, "deciding to apologise is linked to nobody");
    let of_tiago =
        report(&server.client(), "ml-usage", &[("robot", TIAGO), ("since", "2026-01-31T10:00:31Z")]);
    assert_eq!(of_tiago["total"], 1);
}

#[test]
fn emotions() {
    let server = story();
    let answer = report(&server.client(), "emotions", &[]);
    let found = lines(
        rows(&answer),
        &[
            "/time",
            "/time_source",
            "/activity/label",
            "/performer/label",
            "/target/label",
            "/target/kind",
            "/category/label",
            "/intensity",
            "/confidence",
            "/event/iri",
        ],
    );
    assert_eq!(
        sorted(found),
        [
            format!("{T}:00:28.000000Z start analyse_shock ARI Ana human fear 0.82 0.9 event:ana_is_shocked"),
            format!(
                "{T}:00:28.000000Z start analyse_shock ARI Ana human sadness 0.35 0.6 event:ana_is_shocked"
            ),
            format!(
                "{T}:00:31.000000Z end tiago_analyses TIAGo Ana human fear 0.77 - event:ana_is_shocked_tiago"
            ),
            format!(
                "{T}:00:57.000000Z start analyse_joy ARI Ana human happiness 0.88 0.95 event:ana_is_glad"
            ),
        ]
    );
    let triggers = |place: usize| {
        let row = &rows(&answer)[place];
        lines(
            row["triggers"].as_array().expect("triggers"),
            &["/relation", "/resource/iri", "/text", "/language"],
        )
    };
    assert_eq!(
        triggers(0),
        [
            "triggered_by_activity activity/hear_shock - -",
            "triggered_by_entity message/shock Oh no, my exam! en"
        ]
    );
    assert!(triggers(2).is_empty());
    assert_eq!(triggers(3), ["triggered_by_entity message/joy ¡Qué alegría! es"]);
    assert!(rows(&answer).iter().all(|row| codes(row).is_empty()), "{answer}");

    let expected = select(
        &server.client(),
        &["a", "r", "e", "t", "c", "i"],
        "?a a onyx:EmotionAnalysis, segb:LoggedActivity ; schema:about/a schema:Event ; segb:producedEntityResult ?r .
         ?r oa:hasTarget ?t ; onyx:hasEmotion ?e . ?e onyx:hasEmotionCategory ?c ; onyx:hasEmotionIntensity ?i
         FILTER NOT EXISTS { ?r oa:hasTarget ?other FILTER (?other != ?t) }",
    );
    let ours = lines(
        rows(&answer),
        &["/activity/iri", "/result/iri", "/emotion", "/target/iri", "/category/iri", "/intensity"],
    );
    assert_eq!(sorted(ours), expected);

    // Over all rows, also where the page has one of them.
    let page = report(&server.client(), "emotions", &[("limit", "1")]);
    assert_eq!(page["distribution"], answer["distribution"]);
    let found = lines(
        page["distribution"].as_array().expect("categories"),
        &["/category/label", "/category/kind", "/count", "/mean_intensity"],
    );
    assert_eq!(found[0], "fear category 2 0.795");
    assert_eq!(sorted(found[1..].to_vec()), ["happiness category 1 0.88", "sadness category 1 0.35"]);
    let by_tiago = report(&server.client(), "emotions", &[("robot", TIAGO)]);
    assert_eq!(
        lines(by_tiago["distribution"].as_array().expect("categories"), &["/category/label", "/count"]),
        ["fear 1"]
    );
}

#[test]
fn extreme_emotions() {
    let server = story();
    let client = server.client();
    let answer = report(&client, "extreme-emotions", &[]);
    assert_eq!(
        lines(rows(&answer), &["/intensity", "/category/label"]),
        ["0.88 happiness", "0.82 fear", "0.77 fear"]
    );
    assert_eq!(answer["threshold"], 0.75);
    let categories = answer["categories"].as_array().expect("categories");
    assert_eq!(lines(categories, &["/category/label", "/count"]), ["fear 2", "happiness 1"]);
    let distribution = answer["distribution"].as_array().expect("categories");
    assert_eq!(
        lines(distribution, &["/category/label", "/count", "/mean_intensity"]),
        ["fear 2 0.795", "happiness 1 0.88"]
    );

    let stronger = report(&client, "extreme-emotions", &[("threshold", "0.8"), ("limit", "1")]);
    assert_eq!((&stronger["total"], &stronger["next_offset"]), (&json!(2), &json!(1)));
    assert_eq!(stronger["categories"].as_array().map(Vec::len), Some(2), "over all rows");
    let by_tiago = report(&client, "extreme-emotions", &[("robot", TIAGO)]);
    assert_eq!(lines(rows(&by_tiago), &["/intensity"]), ["0.77"]);
}

#[test]
fn robot_states() {
    let server = story();
    let answer = report(&server.client(), "robot-states", &[]);
    assert_eq!(
        lines(
            rows(&answer),
            &["/time", "/state/iri", "/robot/label", "/location/iri", "/source/label", "/note"]
        ),
        [
            format!("{T}:00:00.000000Z state/ari_1 ARI living_room notice_ana -"),
            format!("{T}:00:31.000000Z state/tiago_1 TIAGo kitchen tiago_analyses charging soon"),
            format!("{T}:00:45.000000Z state/ari_2 ARI living_room tell_rescue -"),
            format!("{T}:01:00.000000Z state/tiago_2 TIAGo living_room - -"),
            format!("{T}:11:00.000000Z state/ari_3 ARI dock - -"),
        ]
    );
    let properties = |place: usize| {
        lines(
            rows(&answer)[place]["properties"].as_array().expect("properties"),
            &["/name", "/number", "/unit"],
        )
    };
    assert_eq!(
        properties(0),
        ["autonomy_mode - -", "battery_level 87.0 PERCENT", "mission_phase - -", "network_status - -"]
    );
    assert_eq!(rows(&answer)[0]["properties"][0]["value"], "autonomous");
    assert_eq!(properties(4), ["battery_level 80.0 PERCENT", "charging - -"]);
    let states = select(
        &server.client(),
        &["s", "r"],
        "?s a prov:Entity ; prov:wasAttributedTo ?r ; prov:atLocation ?l . ?r a oro:Robot",
    );
    assert_eq!(sorted(lines(rows(&answer), &["/state/iri", "/robot/iri"])), states);
    assert_eq!(report(&server.client(), "robot-states", &[("robot", TIAGO)])["total"], 2);
    assert_eq!(report(&server.client(), "robot-states", &[("human", ANA)])["total"], 5);
}

#[test]
fn displacement() {
    let server = story();
    let client = server.client();
    let answer = report(&client, "displacement", &[]);
    assert_eq!(
        lines(rows(&answer), &["/robot/label", "/samples", "/untimed_samples", "/changes", "/locations"]),
        ["ARI 3 0 1 2", "TIAGo 2 0 1 2"]
    );
    let path = |place: usize| {
        lines(
            rows(&answer)[place]["path"].as_array().expect("a path"),
            &["/location/label", "/first_time", "/last_time", "/samples", "/state"],
        )
    };
    assert_eq!(
        path(0),
        [
            format!("living_room {T}:00:00.000000Z {T}:00:45.000000Z 2 state/ari_1"),
            format!("dock {T}:11:00.000000Z {T}:11:00.000000Z 1 state/ari_3"),
        ]
    );
    assert_eq!(
        lines(rows(&answer)[1]["path"].as_array().expect("a path"), &["/location/label"]),
        ["kitchen", "living_room"]
    );
    let late = report(&client, "displacement", &[("since", "2026-01-31T10:05:00Z")]);
    assert_eq!(lines(rows(&late), &["/robot/label", "/samples", "/changes"]), ["ARI 1 0"]);
}

#[test]
fn conversations() {
    let server = story();
    let answer = report(&server.client(), "conversations", &[]);
    assert_eq!(
        lines(
            rows(&answer),
            &[
                "/robot/label",
                "/human/label",
                "/start",
                "/end",
                "/duration_seconds",
                "/message_count",
                "/by_robot",
                "/by_human",
                "/languages"
            ],
        ),
        [
            format!(r#"ARI Ana {T}:00:10.000000Z {T}:00:55.000000Z 45.0 6 3 3 ["en","es"]"#),
            format!(r#"ARI Ana {T}:10:55.000000Z {T}:10:55.000000Z 0.0 1 0 1 ["en"]"#),
        ]
    );
    let said = lines(
        rows(&answer)[0]["messages"].as_array().expect("messages"),
        &["/speaker", "/sender/label", "/activity/label", "/text"],
    );
    assert_eq!(
        said,
        [
            "human Ana hear_request Can you tell me some uplifting news?",
            "robot ARI read_headline The final exam is moved forward to next Monday!",
            "human Ana hear_shock Oh no, my exam!",
            "robot ARI apology I am sorry, that was not uplifting at all.",
            "robot ARI tell_rescue Firefighters rescued twelve puppies from a flooded farm.",
            "human Ana hear_joy ¡Qué alegría!",
        ]
    );
    let messages: Vec<Value> =
        rows(&answer).iter().flat_map(|row| row["messages"].as_array().expect("messages")).cloned().collect();
    let expected = select(
        &server.client(),
        &["m", "a", "s", "text"],
        "?m a schema:Message ; prov:wasGeneratedBy ?a ; schema:sender ?s ; schema:text ?text . ?a segb:wasPerformedBy ?r",
    );
    assert_eq!(
        sorted(lines(&messages, &["/message/iri", "/activity/iri", "/sender/iri", "/text"])),
        expected
    );
    assert_eq!(report(&server.client(), "conversations", &[("robot", TIAGO)])["total"], 0);
    let second =
        report(&server.client(), "conversations", &[("since", "2026-01-31T10:05:00Z"), ("human", ANA)]);
    assert_eq!(second["total"], 1);
}

#[test]
fn overview() {
    let server = story();
    let answer = report(&server.client(), "overview", &[]);
    assert_eq!(
        answer["counts"],
        json!({ "robots": 2, "humans": 1, "activities": 15, "messages": 7, "emotions": 4, "states": 5, "events": 6,
                "models": 3 })
    );
    let mut types = lines(answer["activity_types"].as_array().expect("types"), &["/label", "/count"]);
    assert_eq!(types.first().map(String::as_str), Some("ListeningEvent 4"));
    types.sort_unstable();
    assert_eq!(
        types,
        [
            "DecisionMakingAction 2",
            "DetectedHumanEvent 1",
            "EmotionAnalysis 3",
            "ListeningEvent 4",
            "ResponseAction 3",
            "Run 2"
        ]
    );
    assert_eq!(
        lines(answer["robots"].as_array().expect("robots"), &["/resource/label", "/activities"]),
        ["ARI 14", "TIAGo 1"]
    );
    assert_eq!(answer["last_time"], format!("{T}:10:55.000000Z"));
    let triples = select(&server.client(), &["n"], "{ SELECT (COUNT(*) AS ?n) { ?s ?p ?o } }");
    assert_eq!(answer["triples"].to_string(), triples[0]);
    let logs = server.client().get("/logs?kind=log_received").json();
    let logs = logs["entries"].as_array().expect("entries");
    assert_eq!(answer["log_count"], logs.len());
    assert_eq!(answer["latest_logs"][0]["log_id"], logs[0]["log_id"]);
    let hours = answer["logs_per_hour"].as_array().expect("hours").iter();
    assert_eq!(hours.map(|hour| hour["logs"].as_u64().expect("a number")).sum::<u64>(), logs.len() as u64);

    let of_tiago = report(&server.client(), "overview", &[("robot", TIAGO)]);
    assert_eq!((&of_tiago["counts"]["activities"], &of_tiago["counts"]["messages"]), (&json!(1), &json!(7)));
}

#[test]
fn rows_lead_to_the_logs_that_said_so() {
    let server = story();
    let client = server.client();
    let answer = report(&client, "emotions", &[]);
    for row in rows(&answer) {
        for log in row["logs"].as_array().expect("logs") {
            let log = log.as_str().expect("an id");
            let turtle = client.get(&format!("/logs/{log}/payload")).text();
            let emotion = row["emotion"].as_str().expect("an IRI");
            assert!(
                turtle.contains(&format!("onyx:hasEmotion <{emotion}>")) || turtle.contains(emotion),
                "{turtle}"
            );
            assert_eq!(client.get(&format!("/logs/{log}/proof")).status, 200);
        }
    }
    assert!(STORY.ends_with('/'));
}

#[test]
fn pages_are_the_whole() {
    let server = story();
    let client = server.client();
    for name in [
        "participants",
        "ml-usage",
        "emotions",
        "extreme-emotions",
        "robot-states",
        "displacement",
        "conversations",
    ] {
        let whole = report(&client, name, &[]);
        let (mut paged, mut offset) = (Vec::new(), json!(0));
        while let Some(number) = offset.as_u64() {
            let page = report(&client, name, &[("limit", "2"), ("offset", &number.to_string())]);
            assert_eq!(page["total"], whole["total"]);
            paged.extend(rows(&page).clone());
            offset = page["next_offset"].clone();
        }
        assert_eq!(&paged, rows(&whole), "{name}");
        assert_eq!(report(&client, name, &[("offset", "1000")])["rows"], json!([]), "{name}");
    }
}
