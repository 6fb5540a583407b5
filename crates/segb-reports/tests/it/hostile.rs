//! Whatever robots have sent, a report ends in time, in bounded memory, and with an answer of bounded size.

use std::{
    fmt::Write,
    time::{Duration, Instant},
};

use segb_reports::{
    CsvRow, ExplainRequest, Filter, NeighboursRequest, ProblemCode, ReportError, conversations, displacement,
    emotions, explain, extreme_emotions, ml_usage, neighbours, overview, participants, robot_states, search,
    to_csv,
};
use segb_store::{GraphView, StoreOptions};
use serde::Serialize;

use crate::{
    graphs::Told,
    memory::peak,
};

/// Bytes that one report may hold at one time, its answer included: of 16 at once 2 GiB.
const HELD_BYTES_MAX: usize = 128 << 20;
/// Bytes of one answer as JSON or CSV.
const ANSWER_BYTES_MAX: usize = 48 << 20;
/// What a report may take beyond the time of its view, beside other tests.
const MARGIN: Duration = Duration::from_secs(2);

fn limits(directory: std::path::PathBuf) -> StoreOptions {
    let mut options = StoreOptions::new(directory);
    options.turtle.document_bytes_max = 200 << 20;
    options.turtle.triples_max = 20_000_000;
    options
}

fn told(logs: impl IntoIterator<Item = String>) -> Told {
    let start = Instant::now();
    let told = Told::of(limits, logs);
    eprintln!("  built in {:?}, {} triples", start.elapsed(), told.store.graph().unwrap().triple_count().unwrap());
    told
}

fn page(limit: usize) -> Filter {
    Filter { limit, ..Filter::default() }
}

/// Runs a report and writes it, and sees to it that it keeps to the bounds.
fn bounded<R>(
    name: &str,
    told: &Told,
    report: impl Fn(&GraphView) -> Result<R, ReportError>,
    write: impl Fn(&R) -> Vec<String>,
) -> Result<R, ReportError> {
    let start = Instant::now();
    let ((report, bytes), held) = peak(|| {
        let report = report(&told.store.graph().unwrap());
        let bytes: Vec<usize> = report.iter().flat_map(|report| write(report)).map(|text| text.len()).collect();
        (report, bytes)
    });
    let took = start.elapsed();
    let error = report.as_ref().err();
    eprintln!("{name}: {took:?}, held {} MiB, answers {bytes:?}, {error:?}", held >> 20);
    if std::env::var_os("LOOSE").is_none() {
        assert!(took < Duration::from_secs(10) + MARGIN, "{name}: {took:?}");
        assert!(held < HELD_BYTES_MAX, "{name}: held {held} bytes");
        assert!(bytes.iter().all(|bytes| *bytes < ANSWER_BYTES_MAX), "{name}: answers of {bytes:?} bytes");
    }
    report
}

fn json(report: &impl Serialize) -> Vec<String> {
    vec![serde_json::to_string(report).unwrap()]
}

fn both<R: CsvRow>(report: &impl Serialize, rows: &[R]) -> Vec<String> {
    // One after the other, as they are asked for.
    let mut answers = json(report);
    answers.push(to_csv(rows));
    answers
}

fn all_reports(told: &Told, filter: &Filter) {
    drop(bounded("overview", told, |view| overview(&told.store, view, filter), |one| both(one, std::slice::from_ref(one))));
    drop(bounded("participants", told, |view| participants(view, filter), |page| both(page, &page.rows)));
    drop(bounded("ml usage", told, |view| ml_usage(view, filter), |page| both(page, &page.rows)));
    drop(bounded("emotions", told, |view| emotions(view, filter), |one| both(one, &one.page.rows)));
    drop(bounded("extreme", told, |view| extreme_emotions(view, filter, 0.0), |one| both(one, &one.page.rows)));
    drop(bounded("states", told, |view| robot_states(view, filter), |page| both(page, &page.rows)));
    drop(bounded("displacement", told, |view| displacement(view, filter), |page| both(page, &page.rows)));
    drop(bounded("conversations", told, |view| conversations(view, filter), |page| both(page, &page.rows)));
}

fn explained(told: &Told, resource: &str, steps_max: usize) -> Result<segb_reports::Explanation, ReportError> {
    let request = ExplainRequest { resource: resource.to_owned(), depth: 100, steps_max };
    bounded("explain", told, |view| explain(view, &request), |one| {
        let mut answers = json(one);
        answers.push(one.to_text());
        answers
    })
}

fn many(of: std::ops::Range<usize>, triple: impl Fn(usize) -> String) -> String {
    of.fold(String::new(), |mut log, number| {
        let _ = writeln!(log, "{}", triple(number));
        log
    })
}

/// Few triples, very many links: activities of a thousand robots, about an event that is about a thousand people.
#[test]
fn an_activity_of_everybody_with_everybody() {
    const EACH: usize = 1_500;
    let robots = many(0..EACH, |n| format!("<urn:r{n}> a oro:Robot ."));
    let humans = many(0..EACH, |n| format!("<urn:h{n}> a oro:Human . <urn:e> schema:about <urn:h{n}> ."));
    let activities = (0..20).map(|activity| {
        many(0..EACH, |n| format!("<urn:a{activity}> segb:wasPerformedBy <urn:r{n}> ."))
            + &format!("<urn:a{activity}> a segb:LoggedActivity ; schema:about <urn:e> ; segb:usedMLModel <urn:m> .")
    });
    let told = told([robots, humans].into_iter().chain(activities));
    all_reports(&told, &page(100));
    all_reports(&told, &Filter { humans: vec!["urn:h1".to_owned()], ..page(100) });
}

/// Properties that all states share, each with a hundred values, all of them long.
#[test]
fn states_that_say_very_much() {
    let long = |n: usize| format!("{n} {}", "é".repeat(10_000));
    let properties = many(0..100, |n| {
        let values: Vec<String> = (0..100).map(|n| format!("<urn:v> , \"{}\"", if n < 1 { long(n) } else { n.to_string() })).collect();
        let _ = values;
        format!("<urn:p{n}> schema:propertyID \"{}\" ; schema:unitCode \"{}\" .", long(n), long(n + 100))
    });
    let values = many(0..100, |v| {
        let long = long(v + 200);
        many(0..100, |n| format!("<urn:p{n}> schema:value \"{long}\" ."))
    });
    let states = many(0..100, |s| {
        format!("<urn:s{s}> a prov:Entity ; prov:wasAttributedTo <urn:r> ; prov:wasDerivedFrom <urn:s{}> ; schema:additionalProperty ", s + 1)
            + &(0..100).map(|p| format!("<urn:p{p}>")).collect::<Vec<_>>().join(", ") + " ."
    });
    let told = told([properties, values, states, "<urn:r> a oro:Robot .".to_owned()]);
    drop(bounded("states", &told, |view| robot_states(view, &page(1)), |page| both(page, &page.rows)));
    drop(bounded("states", &told, |view| robot_states(view, &page(100)), |page| both(page, &page.rows)));
    drop(explained(&told, "urn:s0", 2_000));
}

/// Names as long as they may be: a prefix makes them from a few bytes.
#[test]
fn participants_with_long_names() {
    let prefix = format!("@prefix p: <urn:{}> .\n", "x".repeat(4_000));
    let label = "\u{1}".repeat(300);
    let log = |kind: &str, range: std::ops::Range<usize>| {
        prefix.clone() + &many(range, |n| format!("p:{n} a {kind} ; foaf:firstName \"{n}{label}\" ; oro:belongsTo p:1 ."))
    };
    let told = told([log("oro:Robot", 0..5_000), log("oro:Human", 5_000..20_000)]);
    all_reports(&told, &page(10_000));
}

#[test]
fn everything_made_of_everything() {
    const EACH: usize = 250;
    let log = many(0..EACH, |n| {
        let all: Vec<String> = (0..EACH).map(|n| format!("<urn:a{n}>")).collect();
        let all = all.join(", ");
        format!("<urn:a{n}> a prov:Activity ; prov:wasInformedBy {all} ; prov:used {all} ; prov:generated {all} .")
    });
    let told = told([log]);
    drop(explained(&told, "urn:a0", 2_000));
    all_reports(&told, &page(100));
}

#[test]
fn a_long_chain_of_long_names() {
    let prefix = format!("@prefix p: <urn:{}> .\n", "x".repeat(4_000));
    let log = prefix.clone() + &many(0..2_000, |n| format!("p:{} prov:wasInformedBy p:{} .", 9_999 - n, 9_998 - n))
        + &many(0..2_000, |n| (1..5).map(|m| format!("p:{} prov:wasInformedBy p:{} . ", 9_999 - n, 9_999 - n - m)).collect())
        + "p:7999 prov:startedAtTime \"2026-01-31T10:00:00Z\"^^xsd:dateTime .";
    let told = told([log]);
    drop(explained(&told, &format!("urn:{}9999", "x".repeat(4_000)), 2_000));
}

/// Many messages by one activity with many listeners.
#[test]
fn messages_to_everybody() {
    let agents = many(0..300, |n| format!("<urn:r{n}> a oro:Robot . <urn:a> segb:wasPerformedBy <urn:r{n}> ."))
        + &many(0..5_000, |n| format!("<urn:h{n}> a oro:Human . <urn:a> oro:hasListener <urn:h{n}> ."));
    let messages = many(0..5_000, |n| format!("<urn:m{n}> a schema:Message ; schema:text \"{n}\" ; prov:wasGeneratedBy <urn:a> ."));
    let told = told([agents, messages]);
    drop(bounded("all", &told, |view| conversations(view, &page(100)), |page| both(page, &page.rows)));
    let nobody = Filter { humans: vec!["urn:nobody".to_owned()], ..page(100) };
    drop(bounded("of nobody", &told, |view| conversations(view, &nobody), |page| both(page, &page.rows)));
}

fn conversation(messages: usize, text: &str) -> Vec<String> {
    let log = |from: usize, to: usize| {
        many(from..to, |n| {
            let sender = if n % 2 == 0 { "<urn:r>" } else { "<urn:h>" };
            format!(
                "<urn:m{n}> a schema:Message ; schema:text \"{text}\"@en ; schema:sender {sender} ; prov:wasGeneratedBy <urn:a{n}> .
                 <urn:a{n}> segb:wasPerformedBy <urn:r> ; oro:hasListener <urn:h> ; prov:startedAtTime \"2026-01-31T10:00:{:02}Z\"^^xsd:dateTime .", n % 60)
        })
    };
    let agents = "<urn:r> a oro:Robot . <urn:h> a oro:Human .".to_owned();
    let mut logs = vec![agents];
    logs.extend((0..messages).step_by(20_000).map(|from| log(from, messages.min(from + 20_000))));
    logs
}

#[test]
fn a_conversation_of_very_long_texts() {
    let told = told(conversation(1_500, &"\u{1}".repeat(10_000)));
    all_reports(&told, &page(100));
}

#[test]
#[ignore = "it takes minutes to write a million messages"]
fn a_conversation_of_a_million_messages() {
    let told = told(conversation(1_000_000, "hello"));
    all_reports(&told, &page(100));
}

#[test]
#[ignore = "x"]
fn a_conversation_of_200k_messages() {
    let told = told(conversation(200_000, "hello"));
    all_reports(&told, &page(100));
}

/// One thing with a hundred thousand types, labels, times, texts: of each it is read what is needed.
#[test]
fn one_thing_of_very_much() {
    let words = "a segb:LoggedActivity, onyx:EmotionAnalysis, schema:Message, mls:Model ; segb:wasPerformedBy <urn:x> ; segb:usedMLModel <urn:x> ; \
        mls:hasOutput <urn:x> ; prov:generated <urn:x> ; onyx:hasEmotion <urn:x> ; schema:about <urn:x> ; prov:wasAttributedTo <urn:x> ; prov:atLocation <urn:x>";
    let log = many(0..20_000, |n| {
        format!("<urn:x> a <urn:class{n}> ; foaf:firstName \"{n}\" ; schema:text \"{n}\" ; prov:startedAtTime \"{n}\" ; segb:triggeredByEntity <urn:t{n}> ; \
            schema:additionalProperty <urn:t{n}> ; onyx:hasEmotionIntensity {n} .")
    }) + &format!("<urn:x> {words} .");
    let told = told([log]);
    all_reports(&told, &page(100));
    drop(explained(&told, "urn:x", 2_000));
    let request = NeighboursRequest { resource: "urn:x".to_owned(), outgoing: true, incoming: true, limit: 1_000, ..NeighboursRequest::default() };
    drop(bounded("neighbours", &told, |view| neighbours(view, &request), json));
}

#[test]
fn values_that_are_very_long() {
    let log = many(0..1_000, |n| format!("<urn:x> rdfs:comment \"{n} {}\" .", "\u{1}".repeat(10_000)));
    let told = told([log]);
    let request = NeighboursRequest { resource: "urn:x".to_owned(), outgoing: true, incoming: true, limit: 1_000, ..NeighboursRequest::default() };
    drop(bounded("neighbours", &told, |view| neighbours(view, &request), json));
}

/// Texts of a megabyte that say one word again and again.
#[test]
fn a_search_in_very_long_texts() {
    let text = "ab ".repeat(340_000);
    let told = told((0..4).map(|log| many(0..10, |n| format!("<urn:x{log}y{n}> rdfs:comment \"{text} {log} {n} zz{n}\", \"zz {text} yy {log}{n}\" ."))));
    for query in ["a", "ab z", "ab nothing", "zz a", "zz nothing"] {
        let found = bounded(query, &told, |view| search(view, &told.store.prefixes(), query, 200), json).unwrap();
        eprintln!("{query}: {} hits, cut {}", found.hits.len(), found.is_cut);
    }
    let _ = ProblemCode::ListCut;
}

