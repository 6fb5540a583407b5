//! Query processes: this very test program, started again.

use std::time::Instant;

use super::*;
use crate::query::{ProcessFigures, serve};

/// Not a test of its own: what the processes of the other tests run.
#[test]
fn serves() {
    let asked = std::env::args().any(|argument| argument == "query-process-of-a-test");
    // To the harness the argument is the name of one more test.
    if asked {
        serve().unwrap();
    }
}

pub(super) fn program() -> QueryProgram {
    QueryProgram::this_one([
        "--exact",
        "query::tests::processes::serves",
        "query-process-of-a-test",
        "--nocapture",
    ])
}

fn numbers() -> Graph {
    let document: String =
        (0..2_000).map(|number| format!("<http://s/{number}> <http://p> {number} .\n")).collect();
    Graph::of(&[&document])
}

fn runner(graph: &Graph, limits: QueryLimits) -> QueryRunner {
    graph.runner_of(limits, Some(program()))
}

const HOG: &str = "SELECT * { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f } ORDER BY ?b ?d ?f";
const ENDLESS: &str = "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f }";

#[test]
fn answers_are_those_of_threads() {
    let graph = numbers();
    let (threads, processes) = (graph.runner(), runner(&graph, QueryLimits::default()));
    for text in [
        "ASK {}",
        "SELECT ?s ?o { ?s <http://p> ?o } ORDER BY ?o",
        "SELECT * { VALUES ?x { \"ä\" } }",
        "SELECT nonsense",
        "INSERT DATA {}",
        "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
    ] {
        let expected = ask(&threads, text, SolutionsFormat::Json);
        assert_eq!(ask(&processes, text, SolutionsFormat::Json), expected, "{text}");
        let check = |runner: &QueryRunner| runner.check(text.to_owned()).unwrap().wait();
        assert_eq!(check(&processes), check(&threads), "{text}");
    }
    let construct = |runner| {
        let request = request("CONSTRUCT { ?s <http://example.org/p> ?o } { ?s ?p ?o }");
        body(run(runner, QueryRequest { graph: Some(GraphFormat::Turtle), ..request }).unwrap())
    };
    let turtle = construct(&processes).unwrap();
    assert!(turtle.starts_with("@prefix ex: ") && turtle.len() > 32 << 10);
    assert_eq!(Ok(turtle), construct(&threads));
}

#[test]
fn a_query_that_needs_too_much_memory_is_told_so_and_the_next_one_is_answered() {
    let graph = numbers();
    let limits = QueryLimits { at_once: 1, memory_bytes_max: 64 << 20, ..short(60_000) };
    let runner = runner(&graph, limits);
    assert_eq!(ask(&runner, HOG, SolutionsFormat::Csv), Err(QueryError::Memory { bytes_max: 64 << 20 }));
    assert_eq!(ask(&runner, "ASK {}", SolutionsFormat::Csv).unwrap(), "true");
    assert_eq!(runner.figures().ended.memory, 1);
}

#[test]
fn a_query_is_killed_at_its_deadline_and_the_next_one_is_answered() {
    let graph = numbers();
    let runner = runner(&graph, QueryLimits { at_once: 1, ..short(300) });
    let started = Instant::now();
    let error = ask(&runner, ENDLESS, SolutionsFormat::Csv).unwrap_err();
    assert_eq!(error, QueryError::Deadline(Duration::from_millis(300)));
    assert_eq!(ask(&runner, "ASK {}", SolutionsFormat::Csv).unwrap(), "true");
    assert!(started.elapsed() < Duration::from_millis(1_300));
    let ended = ProcessFigures { start_last_us: 0, ..runner.figures().ended };
    assert_eq!(ended, ProcessFigures { started: 3, deadline: 1, ..ProcessFigures::default() });
}

#[test]
fn an_answer_that_has_begun_ends_with_the_reason() {
    let graph = numbers();
    let runner = runner(&graph, QueryLimits { at_once: 1, ..short(700) });
    let endless = "SELECT * { ?a ?p ?b . ?c ?q ?d FILTER (?b + ?d < 0 || ?b < 50) }";
    let answer = run(&runner, request(endless)).unwrap();
    let mut body = answer.body;
    assert!(body.next().unwrap().is_ok());
    let end = body.find_map(Result::err);
    assert_eq!(end, Some(StreamError::Deadline(Duration::from_millis(700))));
}

/// Somebody presses Stop and asks something else.
#[test]
fn a_query_that_nobody_waits_for_holds_nobody_up() {
    let graph = numbers();
    let runner = runner(&graph, QueryLimits { at_once: 1, ..short(60_000) });
    let abandoned = runner.query(request(ENDLESS)).unwrap();
    std::thread::sleep(Duration::from_millis(100));
    drop(abandoned);
    let stopped = Instant::now();
    assert_eq!(ask(&runner, "ASK {}", SolutionsFormat::Csv).unwrap(), "true");
    assert!(stopped.elapsed() < Duration::from_millis(500), "{:?}", stopped.elapsed());
    assert_eq!(runner.figures().ended.abandoned, 1);
}

#[test]
fn who_waits_is_answered_when_the_time_is_up_too() {
    let graph = numbers();
    let runner = runner(&graph, QueryLimits { at_once: 1, waiting_max: 2, ..short(500) });
    let started = Instant::now();
    let first = runner.query(request(ENDLESS)).unwrap();
    std::thread::sleep(Duration::from_millis(50));
    let waiting: Vec<_> = (0..2).map(|_| runner.query(request(ENDLESS)).unwrap()).collect();
    assert!(matches!(runner.query(request(ENDLESS)), Err(QueryError::Busy)));
    assert!(matches!(first.wait(), Err(QueryError::Deadline(_))));
    for pending in waiting {
        assert!(matches!(pending.wait(), Err(QueryError::Busy | QueryError::Deadline(_))));
    }
    assert!(started.elapsed() < Duration::from_millis(1_500));
}

#[test]
fn a_program_that_cannot_be_started_is_told_to_who_asks() {
    let graph = numbers();
    for path in ["/nowhere/segb-server", "/bin/false"] {
        let program = QueryProgram { path: path.into(), arguments: Vec::new() };
        let runner = graph.runner_of(QueryLimits::default(), Some(program));
        let asked = runner.query(request("ASK {}")).and_then(|pending| pending.wait().map(|_| ()));
        assert_eq!(asked, Err(QueryError::NoProcess), "{path}");
        assert!(runner.figures().ended.not_started > 0 && runner.figures().processes == 0);
    }
}

#[test]
fn closing_ends_what_runs_and_leaves_no_process() {
    let graph = numbers();
    let runner = runner(&graph, QueryLimits { at_once: 1, ..short(60_000) });
    let running = runner.query(request(ENDLESS)).unwrap();
    std::thread::sleep(Duration::from_millis(50));
    let waiting = runner.query(request(ENDLESS)).unwrap();
    runner.close();
    assert!(matches!(running.wait(), Err(QueryError::Closed)));
    assert!(matches!(waiting.wait(), Err(QueryError::Closed)));
    assert!(matches!(runner.query(request("ASK {}")), Err(QueryError::Closed)));
}
