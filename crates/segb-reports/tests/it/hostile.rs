//! Whatever robots have sent, a report ends in time, in bounded memory, and with an answer of bounded size; and it says so
//! where something was left out.

use std::{
    fmt::Write,
    ops::Range,
    path::PathBuf,
    time::{Duration, Instant},
};

use segb_graph::view::GraphView;
use segb_reports::{
    CsvRow, CutBy, ExplainRequest, Explanation, Filter, NeighboursRequest, Problem, ProblemCode, ReportError,
    conversations, displacement, emotions, explain, extreme_emotions, ml_usage, neighbours, overview,
    participants, robot_states, search, to_csv,
};
use segb_store::{ReadError, StoreOptions, WhyError, WhyRequest};
use serde::Serialize;

use crate::{graphs::Told, memory::peak};

/// Bytes that one report may hold at one time, its answer included: of the 16 that are made at once, 2 GiB.
const HELD_BYTES_MAX: usize = 128 << 20;
/// Bytes of one answer: a page, one row that goes beyond it, and what is said about all rows.
const ANSWER_BYTES_MAX: usize = 32 << 20;
/// What a report may take beyond the time of its view, beside other tests.
const MARGIN: Duration = Duration::from_secs(2);

const MIB: usize = 1 << 20;

/// Logs of any size, since one of a million triples is the same to a report as five that are allowed.
fn unlimited(data_dir: PathBuf) -> StoreOptions {
    let mut options = StoreOptions::new(data_dir);
    options.turtle.document_bytes_max = usize::MAX;
    options.turtle.triples_max = usize::MAX;
    options
}

fn told(logs: impl IntoIterator<Item = String>) -> Told {
    Told::of(unlimited, logs)
}

fn page(limit: usize) -> Filter {
    Filter { limit, ..Filter::default() }
}

fn with(human: &str) -> Filter {
    Filter { humans: vec![human.to_owned()], ..page(100) }
}

fn many(of: Range<usize>, triples: impl Fn(usize) -> String) -> String {
    of.fold(String::new(), |mut log, number| {
        writeln!(log, "{}", triples(number)).unwrap();
        log
    })
}

fn is_cut(problems: &[Problem]) -> bool {
    problems.iter().any(|problem| problem.code == ProblemCode::ListCut)
}

#[expect(clippy::print_stderr, reason = "with --nocapture it is the measurement")]
/// Makes something of a view and writes it down, and sees to it that it keeps to the bounds.
fn bounded<R>(
    name: &str,
    told: &Told,
    report: impl Fn(&GraphView) -> Result<R, ReportError>,
    write: impl Fn(&R) -> Vec<String>,
) -> Result<R, ReportError> {
    let start = Instant::now();
    let ((report, answers), held) = peak(|| {
        let report = report(&told.store.graph().unwrap());
        let answers = report.iter().flat_map(&write).map(|answer| answer.len()).max();
        (report, answers.unwrap_or(0))
    });
    let took = start.elapsed();
    eprintln!("{name}: {took:?}, {} MiB held, {answers} bytes", held / MIB);
    assert!(took < Duration::from_secs(10) + MARGIN, "{name} took {took:?}");
    assert!(held < HELD_BYTES_MAX, "{name} held {held} bytes");
    assert!(answers < ANSWER_BYTES_MAX, "{name} answered {answers} bytes");
    report
}

fn json(report: &impl Serialize) -> Vec<String> {
    vec![serde_json::to_string(report).unwrap()]
}

/// In both formats, one after the other.
fn both<R: CsvRow>(report: &impl Serialize, rows: &[R]) -> Vec<String> {
    [json(report), vec![to_csv(rows)]].concat()
}

fn all_reports(told: &Told, filter: &Filter) {
    let of_overview = |view: &GraphView| overview(&told.store, view, filter);
    bounded("overview", told, of_overview, |one| both(one, std::slice::from_ref(one))).unwrap();
    bounded("participants", told, |view| participants(view, filter), |one| both(one, &one.rows)).unwrap();
    bounded("ml usage", told, |view| ml_usage(view, filter), |one| both(one, &one.rows)).unwrap();
    bounded("emotions", told, |view| emotions(view, filter), |one| both(one, &one.page.rows)).unwrap();
    let extreme = |view: &GraphView| extreme_emotions(view, filter, 0.0);
    bounded("extreme emotions", told, extreme, |one| both(one, &one.page.rows)).unwrap();
    bounded("robot states", told, |view| robot_states(view, filter), |one| both(one, &one.rows)).unwrap();
    bounded("displacement", told, |view| displacement(view, filter), |one| both(one, &one.rows)).unwrap();
    // It may be of too much, and says so.
    let conversations =
        bounded("conversations", told, |view| conversations(view, filter), |one| both(one, &one.rows));
    assert!(matches!(conversations, Ok(_) | Err(ReportError::TooLarge(_))), "{conversations:?}");
}

fn explained(told: &Told, resource: &str) -> Explanation {
    let request = ExplainRequest { resource: resource.to_owned(), depth: 100, steps_max: 2_000 };
    let write = |one: &Explanation| [json(one), vec![one.to_text()]].concat();
    bounded("explain", told, |view| explain(view, &request), write).unwrap()
}

/// A few triples that link everybody with everybody, in each of some activities.
fn everybody_with_everybody(each: usize, activities: usize) -> Vec<String> {
    let agents = many(0..each, |n| {
        format!("<urn:r{n}> a oro:Robot . <urn:h{n}> a oro:Human . <urn:event> schema:about <urn:h{n}> .")
    });
    let activity = |activity: usize| {
        many(0..each, |n| format!("<urn:a{activity}> segb:wasPerformedBy <urn:r{n}> ."))
            + &format!("<urn:a{activity}> schema:about <urn:event> ; segb:usedMLModel <urn:model> .")
    };
    std::iter::once(agents).chain((0..activities).map(activity)).collect()
}

#[test]
fn an_activity_of_everybody_with_everybody_is_cut() {
    let told = told(everybody_with_everybody(1_500, 20));
    all_reports(&told, &page(100));
    let view = told.store.graph().unwrap();
    let all = overview(&told.store, &view, &page(100)).unwrap();
    assert!(is_cut(&all.problems) && all.counts.activities == 20);
    let rows =
        participants(&view, &Filter { robots: vec!["urn:r7".to_owned()], ..page(10_000) }).unwrap().rows;
    let robot = rows.iter().find(|row| row.participant.label == "r7").unwrap();
    assert!(is_cut(&robot.problems) && robot.activities == 20);
    // Whoever is asked for is found wherever they stand.
    all_reports(&told, &with("urn:h1499"));
    let rows = participants(&view, &Filter { limit: 10_000, ..with("urn:h1499") }).unwrap().rows;
    assert_eq!(rows.iter().find(|row| row.participant.label == "h1499").unwrap().activities, 20);
    assert_eq!(ml_usage(&view, &with("urn:h7")).unwrap().total, 20);
}

#[test]
fn long_work_between_two_reads_ends_at_the_deadline() {
    let short =
        |data_dir| StoreOptions { view_duration_max: Duration::from_millis(50), ..unlimited(data_dir) };
    let told = Told::of(short, everybody_with_everybody(1_500, 20));
    let start = Instant::now();
    let report = participants(&told.store.graph().unwrap(), &with("urn:h1499"));
    assert!(matches!(report, Err(ReportError::Deadline(_))), "{report:?}");
    assert!(start.elapsed() < MARGIN);
}

/// Messages of one activity, with more listeners than anybody speaks to.
#[test]
fn messages_to_everybody_are_too_much_or_of_nobody() {
    let agents =
        many(0..300, |n| format!("<urn:r{n}> a oro:Robot . <urn:a> segb:wasPerformedBy <urn:r{n}> ."))
            + &many(0..5_000, |n| format!("<urn:h{n}> a oro:Human . <urn:a> oro:hasListener <urn:h{n}> ."));
    let messages = many(0..5_000, |n| {
        format!("<urn:m{n}> a schema:Message ; schema:text \"{n}\" ; prov:wasGeneratedBy <urn:a> .")
    });
    let told = told([agents, messages]);
    all_reports(&told, &page(100));
    all_reports(&told, &with("urn:nobody"));
    let start = Instant::now();
    assert_eq!(conversations(&told.store.graph().unwrap(), &with("urn:nobody")).unwrap().total, 0);
    assert!(start.elapsed() < MARGIN);
}

fn conversation(messages: usize, text: &str) -> Vec<String> {
    let part = |part: Range<usize>| {
        many(part, |n| {
            let sender = if n % 2 == 0 { "<urn:r>" } else { "<urn:h>" };
            format!(
                "<urn:m{n}> a schema:Message ; schema:text \"{text}\"@en ; schema:sender {sender} ;
                   prov:wasGeneratedBy <urn:a{n}> .
                 <urn:a{n}> segb:wasPerformedBy <urn:r> ; oro:hasListener <urn:h> ;
                   prov:startedAtTime \"2026-01-31T10:00:{:02}Z\"^^xsd:dateTime .",
                n % 60
            )
        })
    };
    let agents = "<urn:r> a oro:Robot . <urn:h> a oro:Human .".to_owned();
    let parts = (0..messages).step_by(20_000).map(|from| part(from..messages.min(from + 20_000)));
    std::iter::once(agents).chain(parts).collect()
}

/// Of characters that JSON writes with six bytes each.
#[test]
fn a_conversation_of_very_long_texts_is_cut() {
    let told = told(conversation(1_100, &"\u{1}".repeat(10_000)));
    all_reports(&told, &page(100));
    let session = conversations(&told.store.graph().unwrap(), &page(1)).unwrap().rows.remove(0);
    assert!(is_cut(&session.problems) && session.message_count == 1_100);
    assert!((1..1_000).contains(&session.messages.len()));
}

#[test]
#[ignore = "a measurement: a million messages take minutes to write, and a report of them all the memory it may have"]
fn a_conversation_of_a_million_messages() {
    all_reports(&told(conversation(1_000_000, "hello")), &page(100));
}

/// Properties that all states share, with very much to say together.
#[test]
fn states_that_say_very_much_are_cut() {
    let long = |n: usize| format!("{n} {}", "é".repeat(10_000));
    let properties = many(0..100, |n| {
        format!("<urn:p{n}> schema:propertyID \"{}\" ; schema:unitCode \"{}\" .", long(n), long(n + 100))
    });
    let values = many(0..10_000, |n| format!("<urn:p{}> schema:value \"{} {:0500}\" .", n / 100, n % 100, 0));
    let states = many(0..100, |n| {
        let properties: Vec<String> = (0..100).map(|n| format!("<urn:p{n}>")).collect();
        let properties = properties.join(", ");
        format!(
            "<urn:s{n}> a prov:Entity ; prov:wasAttributedTo <urn:r> ; prov:wasDerivedFrom <urn:s{}> ;
             schema:additionalProperty {properties} .",
            n + 1
        )
    });
    let told = told([properties, values, states, "<urn:r> a oro:Robot .".to_owned()]);
    all_reports(&told, &page(10_000));
    let page = robot_states(&told.store.graph().unwrap(), &page(100)).unwrap();
    assert!(page.rows.iter().all(|row| is_cut(&row.problems)));
    assert_eq!((page.next_offset, page.total), (Some(page.rows.len()), 100));
    let explanation = explained(&told, "urn:s0");
    assert!(explanation.cut.as_ref().is_some_and(|cut| cut.by == CutBy::Steps && !cut.at.is_empty()));
    assert!((2..100).contains(&explanation.steps.len()));
}

/// Names as long as they may be, of which a prefix makes many from few bytes.
const LONG: usize = 4_000;

#[test]
fn participants_with_long_names_fill_pages() {
    let prefix = format!("@prefix p: <urn:{}> .\n", "x".repeat(LONG));
    let label = "\u{1}".repeat(300);
    let log = |kind: &str, range: Range<usize>| {
        let robots =
            many(range, |n| format!("p:{n} a {kind} ; foaf:firstName \"{n}{label}\" ; oro:belongsTo p:1 ."));
        format!("{prefix}{robots}")
    };
    let told = told([log("oro:Robot", 0..3_000), log("oro:Human", 3_000..8_000)]);
    all_reports(&told, &page(10_000));
    let view = told.store.graph().unwrap();
    let (mut seen, mut filter) = (0, page(10_000));
    loop {
        let page = participants(&view, &filter).unwrap();
        seen += page.rows.len();
        let Some(next) = page.next_offset else { break };
        filter.offset = next;
    }
    assert_eq!(seen, 8_000);
}

#[test]
#[ignore = "a measurement: it takes minutes to write"]
fn a_hundred_thousand_participants() {
    let log = |from: usize| {
        many(from..from + 20_000, |n| format!("<urn:h{n}> a oro:Human ; foaf:firstName \"name {n}\" ."))
    };
    all_reports(&told((0..100_000).step_by(20_000).map(log)), &page(10_000));
}

fn everything_of_everything(each: usize) -> Vec<String> {
    let all: Vec<String> = (0..each).map(|n| format!("<urn:a{n}>")).collect();
    let all = all.join(", ");
    let activity = |n| format!("<urn:a{n}> a prov:Activity ; prov:wasInformedBy {all} ; prov:used {all} .");
    (0..each).step_by(50).map(|from| many(from..each.min(from + 50), activity)).collect()
}

#[test]
fn everything_made_of_everything_is_explained_in_part() {
    let explanation = explained(&told(everything_of_everything(220)), "urn:a0");
    // Of one predicate, 200 are followed.
    assert_eq!(explanation.steps.len(), 200);
    assert!(explanation.links.len() <= 10_000 && explanation.cut.is_some_and(|cut| cut.by == CutBy::Links));
}

#[test]
#[ignore = "a measurement: eight million triples take minutes to write"]
fn everything_of_two_thousand_made_of_everything() {
    let told = told(everything_of_everything(2_000));
    explained(&told, "urn:a0");
    all_reports(&told, &page(100));
}

/// Each step follows by time only from the one before it, and links are given farthest first.
#[test]
fn a_long_chain_of_long_names_is_put_in_order() {
    let name = "x".repeat(LONG);
    let link = |n: usize, back: usize| format!("p:{n} prov:wasInformedBy p:{} .", n - back);
    let links = many(1_010..3_000, |n| (1..=4).map(|back| link(n, back)).collect());
    let time = "p:1006 prov:startedAtTime \"2026-01-31T10:00:00Z\"^^xsd:dateTime .";
    let told = told([format!("@prefix p: <urn:{name}> .\n{links}{time}")]);
    let explanation = explained(&told, &format!("urn:{name}1300"));
    assert!(explanation.steps.len() > 100);
}

/// One thing that is everything, and says of itself very much.
#[test]
fn one_thing_of_very_much_is_shown_in_part() {
    let log = many(0..20_000, |n| {
        format!(
            "<urn:x> a <urn:class{n}> ; foaf:firstName \"{n}\" ; schema:text \"{n}\" ; segb:usedMLModel <urn:t{n}> ;
             prov:startedAtTime \"{n}\" ; segb:triggeredByEntity <urn:t{n}> ; schema:additionalProperty <urn:t{n}> ;
             onyx:hasEmotionIntensity {n} ."
        )
    });
    let itself = "<urn:x> a segb:LoggedActivity, onyx:EmotionAnalysis, schema:Message, mls:Model, mls:Run ;
        segb:wasPerformedBy <urn:x> ; mls:hasOutput <urn:x> ; prov:generated <urn:x> ; onyx:hasEmotion <urn:x> ;
        schema:about <urn:x> ; prov:wasAttributedTo <urn:x> ; prov:atLocation <urn:x> .";
    let texts = many(0..1_000, |n| format!("<urn:x> rdfs:comment \"{n} {}\" .", "\u{1}".repeat(10_000)));
    let told = told([texts, log, itself.to_owned()]);
    all_reports(&told, &page(100));
    explained(&told, "urn:x");
    let request = NeighboursRequest {
        resource: "urn:x".to_owned(),
        outgoing: true,
        incoming: true,
        limit: 1_000,
        ..NeighboursRequest::default()
    };
    let around = bounded("neighbours", &told, |view| neighbours(view, &request), json).unwrap();
    assert!(around.values.len() < 1_000 && around.next_offset.is_some());
    assert!(json(&around)[0].len() < 10 * MIB);
    let last = NeighboursRequest { offset: 60_000, ..request };
    bounded("neighbours, far behind", &told, |view| neighbours(view, &last), json).unwrap();
}

/// Texts of a megabyte that say one word again and again, so that they have to be read to their ends.
#[test]
fn a_search_in_very_long_texts_is_cut() {
    let text = "ab ".repeat(340_000);
    let log = many(0..24, |n| format!("<urn:x{n}> rdfs:comment \"{text} zz{n}\" ."));
    let told = told([log]);
    for query in ["a", "ab z", "ab nothing"] {
        let start = Instant::now();
        let search = |view: &GraphView| search(view, &[], query, 200);
        assert!(bounded("search", &told, search, json).unwrap().is_cut, "{query}");
        assert!(start.elapsed() < MARGIN, "{query}");
    }
}

/// A long triple that many logs say.
#[test]
fn who_said_it_fills_pages_and_ends_in_time() {
    let log = |n: usize| {
        let text = "x".repeat(50_000);
        many(0..10, |m| format!("<urn:s> rdfs:comment \"{text} {m}\" ."))
            + &format!("<urn:r{n}> a oro:Robot .")
    };
    let told = told((0..30).map(log));
    let mut request =
        WhyRequest { subject: Some("<urn:s>".to_owned()), limit: 1_000, ..WhyRequest::default() };
    let (mut seen, mut pages) = (0, 0);
    loop {
        let (page, held) = peak(|| told.store.why(&request).unwrap());
        assert!(held < 16 * MIB && page.assertions.iter().all(|one| one.robots.len() == 1));
        (seen, pages) = (seen + page.assertions.len(), pages + 1);
        let Some(next) = page.next_offset else { break };
        request.offset = next;
    }
    assert_eq!((seen, pages), (300, 4));

    let views: Vec<GraphView> = std::iter::from_fn(|| told.store.graph().ok()).collect();
    assert!(matches!(told.store.why(&request), Err(WhyError::Read(ReadError::Busy))));
    drop(views);

    let short =
        |data_dir| StoreOptions { view_duration_max: Duration::from_millis(20), ..unlimited(data_dir) };
    let logs = [
        "<urn:first> a <urn:class> .".to_owned(),
        many(0..100_000, |n| format!("<urn:s{n}> a <urn:class> .")),
    ];
    let told = Told::of(short, logs);
    let all = WhyRequest { predicate: Some("a".to_owned()), limit: 1_000, ..WhyRequest::default() };
    let start = Instant::now();
    let page = told.store.why(&all).unwrap();
    assert!(page.next_offset == Some(page.assertions.len() as u64), "the page ends early");
    let far = told.store.why(&WhyRequest { offset: 99_999, ..all });
    assert!(matches!(far, Err(WhyError::Deadline(_))), "{far:?}");
    assert!(start.elapsed() < MARGIN);
}
