//! Shared contexts that were merged count as one; what robots say with the same word does not merge anything.

use segb_tests::{Client, ServerBuilder};
use serde_json::{Value, json};

use super::{lines, publish, report, rows};

/// Asks for the URI of an event.
fn resolve(client: &Client, text: &str, second: u32) -> String {
    let observation = json!({
        "event_kind": "human_utterance", "observed_at": format!("2026-01-31T10:00:{second:02}Z"), "text": text,
        "subject_uri": "urn:ana"
    });
    let reply = client.post_json("/shared-context/resolve", &observation);
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["shared_context_uri"].as_str().expect("a URI").to_owned()
}

fn analysis(robot: &str, event: &str, says_about: bool) -> String {
    let about = if says_about { format!("<{event}> schema:about <urn:ana> .") } else { String::new() };
    format!(
        "@prefix oa: <http://www.w3.org/ns/oa#> . @prefix onyx: <http://www.gsi.upm.es/ontologies/onyx/ns#> .
         @prefix oro: <http://kb.openrobots.org#> . @prefix schema: <http://schema.org/> .
         @prefix prov: <http://www.w3.org/ns/prov#> .
         @prefix segb: <http://www.gsi.upm.es/ontologies/segb/ns#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
         <urn:{robot}> a oro:Robot . <urn:ana> a oro:Human .
         <{event}> a schema:Event ; prov:generatedAtTime \"2026-01-31T10:00:00Z\"^^xsd:dateTime . {about}
         <urn:{robot}:look> a onyx:EmotionAnalysis, segb:LoggedActivity ; segb:wasPerformedBy <urn:{robot}> ;
            schema:about <{event}> ; segb:producedEntityResult <urn:{robot}:result> .
         <urn:{robot}:result> oa:hasTarget <urn:ana> ; onyx:hasEmotion <urn:{robot}:emotion> .
         <urn:{robot}:emotion> onyx:hasEmotionCategory <urn:joy> ; onyx:hasEmotionIntensity 0.9 ."
    )
}

fn linked(client: &Client) -> Vec<String> {
    let answer = report(client, "participants", &[]);
    let ana = rows(&answer).iter().find(|row| row["participant"]["iri"] == "urn:ana").expect("Ana").clone();
    lines(ana["linked"].as_array().expect("links"), &["/resource/iri"])
}

#[test]
fn merged_events_are_one() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let first = resolve(&client, "I do not feel well today at all", 0);
    let second = resolve(&client, "I do not feel good today", 1);
    assert_ne!(first, second, "it is for a person to decide");
    publish(&client, &analysis("ari", &first, true));
    publish(&client, &analysis("tiago", &second, false));
    // A robot says so, too, which is only what it says.
    publish(&client, &format!("<{second}> <http://www.w3.org/ns/prov#alternateOf> <{first}> ."));
    let events = |client: &Client| report(client, "overview", &[])["counts"]["events"].clone();
    assert_eq!((linked(&client), events(&client)), (vec!["urn:ari".to_owned()], json!(2)));

    let pending = client.get("/shared-context/review/pending").json();
    let case = &pending["pending_cases"][0];
    let (id, source) = (case["case_id"].as_str().expect("a case"), case["source_context_uri"].as_str());
    assert_eq!(source, Some(second.as_str()));
    let path = format!("/shared-context/review/{id}/accept");
    assert_eq!(client.post_json(&path, &json!({ "target_context_uri": first })).status, 200);

    assert_eq!(
        (linked(&client), events(&client)),
        (vec!["urn:ari".to_owned(), "urn:tiago".to_owned()], json!(1))
    );
    let emotions = report(&client, "emotions", &[]);
    let found: Vec<&Value> = rows(&emotions).iter().map(|row| &row["event"]["iri"]).collect();
    assert_eq!(found, [first.as_str(), first.as_str()], "under the name that took over");
    assert_eq!(lines(rows(&emotions), &["/time_source"]), ["event", "event"]);
    // Asked about by either name.
    for name in [&first, &second] {
        let answer = client.get(&format!("/explain?resource={}", segb_tests::percent_encode(name))).json();
        assert_eq!(answer["resource"]["iri"], first.as_str());
        let steps = lines(answer["steps"].as_array().expect("steps"), &["/id"]);
        assert!(
            steps.contains(&"urn:ari:look".to_owned()) && steps.contains(&"urn:tiago:look".to_owned()),
            "{steps:?}"
        );
    }
}
