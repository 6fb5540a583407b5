//! Deadlines, queues, limits, checks.

use std::time::Instant;

use super::*;
use crate::query::{
    QueryKind,
    limits::{GRACE, THREADS_GIVEN_UP_MAX},
};

/// Takes many seconds in memory, and reads no triple at which it could notice that it is cancelled.
const NEVER_LOOKS_UP: &str =
    "SELECT (COUNT(*) AS ?n) { VALUES ?a {#} VALUES ?b {#} VALUES ?c {#} VALUES ?d {#} }";

fn never_looks_up() -> String {
    let values: String = (0..98).map(|number| format!("{number} ")).collect();
    NEVER_LOOKS_UP.replace('#', &format!(" {values} "))
}

fn numbers() -> Graph {
    let document: String =
        (0..2_000).map(|number| format!("<http://s/{number}> <http://p> {number} .\n")).collect();
    Graph::of(&[&document])
}

#[test]
fn a_query_is_stopped_at_its_deadline() {
    let graph = numbers();
    let runner = graph.runner_with(short(200));
    let started = Instant::now();
    let query = "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f }";
    let error = ask(&runner, query, SolutionsFormat::Csv).unwrap_err();
    assert_eq!(error, QueryError::Deadline(Duration::from_millis(200)));
    assert!(started.elapsed() < Duration::from_secs(2));
    assert_eq!(ask(&runner, "ASK {}", SolutionsFormat::Csv).unwrap(), "true");
}

#[test]
fn a_query_that_does_not_notice_its_deadline_is_answered_all_the_same() {
    let graph = numbers();
    let runner = graph.runner_with(QueryLimits { at_once: 1, ..short(100) });
    for _ in 0..2 {
        let started = Instant::now();
        let error = ask(&runner, &never_looks_up(), SolutionsFormat::Csv).unwrap_err();
        assert_eq!(error, QueryError::Deadline(Duration::from_millis(100)));
        assert!(started.elapsed() < Duration::from_millis(100) + GRACE + Duration::from_secs(1));
        // Another thread has taken its place.
        assert_eq!(ask(&runner, "ASK {}", SolutionsFormat::Csv).unwrap(), "true");
    }
    // Checks have a thread of their own.
    assert!(runner.check("ASK {}".to_owned()).unwrap().wait().unwrap().valid);
}

/// Somebody presses Stop and asks something else.
#[test]
fn a_query_that_nobody_waits_for_holds_nobody_up() {
    let graph = numbers();
    let runner = graph.runner_with(QueryLimits { at_once: 1, ..short(60_000) });
    let abandoned = runner.query(request(&never_looks_up())).unwrap();
    std::thread::sleep(Duration::from_millis(100));
    let started = Instant::now();
    drop(abandoned);
    assert_eq!(ask(&runner, "ASK {}", SolutionsFormat::Csv).unwrap(), "true");
    assert!(started.elapsed() < GRACE + Duration::from_secs(5));
}

#[test]
#[ignore = "burns several cores for half a minute"]
fn when_too_many_threads_are_stuck_queries_are_refused_and_later_taken_again() {
    let graph = numbers();
    let runner = graph.runner_with(QueryLimits { at_once: 1, ..short(100) });
    for _ in 0..=THREADS_GIVEN_UP_MAX {
        ask(&runner, &never_looks_up(), SolutionsFormat::Csv).unwrap_err();
    }
    assert_eq!(ask(&runner, "ASK {}", SolutionsFormat::Csv), Err(QueryError::Busy));
    let started = Instant::now();
    while ask(&runner, "ASK {}", SolutionsFormat::Csv).is_err() {
        assert!(started.elapsed() < Duration::from_secs(300));
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_bounded_number_of_queries_waits() {
    let graph = numbers();
    let runner = graph.runner_with(QueryLimits { at_once: 1, waiting_max: 2, ..short(1_500) });
    let slow = || runner.query(request("SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f }"));
    let first = slow().unwrap();
    std::thread::sleep(Duration::from_millis(50));
    let waiting = [slow().unwrap(), slow().unwrap()];
    assert_eq!(slow().unwrap_err(), QueryError::Busy);
    // Whoever does not wait any longer takes no place.
    drop(waiting);
    std::thread::sleep(Duration::from_millis(1_000));
    let last = slow().unwrap();
    assert!(matches!(first.wait(), Err(QueryError::Deadline(_))));
    // It was handed in later, so that its time is not up yet.
    runner.close();
    assert_eq!(last.wait().map(drop), Err(QueryError::Closed));
    assert_eq!(slow().unwrap_err(), QueryError::Closed);
}

#[test]
fn answers_are_limited_in_rows_and_bytes() {
    let graph = numbers();
    let all = "SELECT * { ?s ?p ?o }";
    let runner = graph.runner_with(QueryLimits { rows_max: 1_999, ..QueryLimits::default() });
    assert!(matches!(
        run(&runner, request("SELECT ?o { ?s ?p ?o }")).map(drop),
        Err(QueryError::TooManyRows(1_999))
    ));
    let runner = graph.runner_with(QueryLimits { rows_max: 2_000, ..QueryLimits::default() });
    assert_eq!(sorted_rows(&ask(&runner, all, SolutionsFormat::Csv).unwrap()).len(), 2_000);
    let runner = graph.runner_with(QueryLimits { answer_bytes_max: 10_000, ..QueryLimits::default() });
    assert!(matches!(run(&runner, request(all)).map(drop), Err(QueryError::AnswerTooLarge(10_000))));
    assert!(matches!(
        run(&runner, request("CONSTRUCT WHERE { ?s ?p ?o }")).map(drop),
        Err(QueryError::AnswerTooLarge(10_000))
    ));
}

#[test]
fn an_answer_that_fails_after_its_first_chunk_ends_with_an_error() {
    let graph = numbers();
    let runner = graph.runner_with(QueryLimits { answer_bytes_max: 100_000, ..QueryLimits::default() });
    let answer = run(
        &runner,
        QueryRequest { solutions: Some(SolutionsFormat::Json), ..request("SELECT * { ?s ?p ?o }") },
    );
    let error = answer.unwrap().body.collect_bytes().unwrap_err();
    assert!(matches!(&error, StreamError::Failed(text) if text.contains("100000 bytes")), "{error}");

    // A reader who never reads does not hold the thread and its snapshot beyond the deadline.
    let runner = graph.runner_with(QueryLimits { at_once: 1, ..short(300) });
    let cross = "SELECT * { ?s ?p ?o . ?a ?b ?c }";
    let unread = run(&runner, request(cross)).unwrap();
    assert_eq!(ask(&runner, "ASK {}", SolutionsFormat::Csv).unwrap(), "true");
    assert_eq!(unread.body.collect_bytes(), Err(StreamError::Deadline(Duration::from_millis(300))));
}

#[test]
fn the_accepted_formats_decide() {
    let graph = Graph::of(&[]);
    let runner = graph.runner();
    let none = |text| QueryRequest { solutions: None, graph: None, ..request(text) };
    for text in ["SELECT * {}", "ASK {}", "CONSTRUCT WHERE { ?s ?p ?o }", "DESCRIBE <http://s>"] {
        assert!(matches!(run(&runner, none(text)).map(drop), Err(QueryError::NotAcceptable)), "{text}");
    }
    let answer = run(&runner, request("DESCRIBE <http://s>")).unwrap();
    assert_eq!((answer.kind, answer.media_type), (QueryKind::Describe, "application/n-triples"));
    let answer = run(&runner, request("ASK {}")).unwrap();
    assert_eq!((answer.kind, answer.media_type), (QueryKind::Ask, "text/csv; charset=utf-8"));
}

#[test]
fn queries_are_checked_as_the_wire_contract_says() {
    for (text, kind, message) in [
        ("SELECT * { ?s ?p ?o }", "select", "Valid SPARQL query."),
        (
            "# a comment\nPREFIX ex: <http://e.org/#> BASE <http://b/> select * where { <x> ex:p ?o }",
            "select",
            "Valid SPARQL query.",
        ),
        ("prefix : <http://e.org/> construct where { ?s :p ?o }", "construct", "Valid SPARQL query."),
        ("ask{}", "ask", "Valid SPARQL query."),
        ("DESCRIBE <http://s>", "describe", "Valid SPARQL query."),
        (
            "INSERT DATA { <http://s> <http://p> 1 }",
            "update",
            "Update queries are not allowed for this request.",
        ),
        (
            "PREFIX ex: <http://e.org/> delete where { ?s ex:p ?o }",
            "update",
            "Update queries are not allowed for this request.",
        ),
        ("CLEARALL", "update", "Update queries are not allowed for this request."),
        ("DROP nonsense", "update", "Update queries are not allowed for this request."),
        ("", "unknown", "Query must start with SELECT/CONSTRUCT/ASK/DESCRIBE or an update operation."),
        (
            "# nothing",
            "unknown",
            "Query must start with SELECT/CONSTRUCT/ASK/DESCRIBE or an update operation.",
        ),
        (
            "PREFIX ex: <http://e.org/>",
            "unknown",
            "Query must start with SELECT/CONSTRUCT/ASK/DESCRIBE or an update operation.",
        ),
        (
            "hello { world }",
            "unknown",
            "Query must start with SELECT/CONSTRUCT/ASK/DESCRIBE or an update operation.",
        ),
    ] {
        let found = check(text);
        assert_eq!((found.kind.as_str(), found.message.as_str()), (kind, message), "{text}");
        assert_eq!(found.valid, message.starts_with("Valid"));
    }
    let service = check("SELECT * { SERVICE <http://s> { ?s ?p ?o } }");
    assert!(!service.valid && service.message.contains("SERVICE"));
    let long = check(&format!("ASK {{}} # {}", "x".repeat(300_000)));
    assert_eq!(
        (long.valid, long.message.as_str()),
        (false, "The query has 300009 bytes; 262144 are allowed.")
    );
}

#[test]
fn a_syntax_error_says_where_and_what_on_one_line() {
    for (text, start) in [
        ("SELECT ?s WERE { ?s ?p ?o }", "line 1, column 11: unexpected `WERE { ?s ?p ?o }`"),
        ("SELECT *\nWHERE {\n  ?s ?p\n}", "line 4, column 1: expected one of "),
        ("SELECT * { ?s ?p ?o", "line 1, column 20: expected one of "),
        ("SELECT * { ?s ex:p ?o }", "line 1, column 15: the prefix `ex:` is not declared"),
        (
            "PREFIX ex: <urn:>\nSELECT ?a (COUNT(*) AS ?n) { ?a ?p ?b }",
            "line 2, column 1: SELECT names a variable that is neither grouped",
        ),
        ("SELECT (1 AS ?a) { ?a ?p ?b }", "line 1, column 1: SELECT gives the value"),
        ("SELECT (?x + 1 AS ?y) { ?a ?p ?b } GROUP BY ?b", "line 1, column 1: SELECT has an expression"),
        ("SELECT (1 AS ?x) ?x { }", "line 1, column 1: SELECT names a variable twice"),
        ("SELECT * { ?a ?p ?b } GROUP BY ?b", "line 1, column 1: SELECT * goes with no GROUP BY"),
        ("ASK{FILTER(NOTHING(1))}", "line 1, column 12: unexpected `NOTHING(1))}`"),
        ("SELECT * { ?s ?p ?o FILTR(?o > 1) }", "line 1, column 21: unexpected `FILTR(?o > 1) }`"),
        ("SELECT * { ?s ?p 'open }", "line 1, column 25: expected one of \"'\","),
        ("PREFIX ex <http://e.org/> SELECT * {}", "line 1, column 8"),
        ("SELECT (COUNT(?s) ?n) { ?s ?p ?o }", "line 1, column 19"),
        ("SELECT ?s { ?s ?p ?o } GROUP ?s", "line 1, column 30"),
    ] {
        let found_error = check(text);
        let message = found_error.message.strip_prefix("Invalid SPARQL syntax: ").unwrap();
        assert!(message.starts_with(start), "{text}: {message}");
        assert!(!message.contains('\n') && message.chars().count() <= 300, "{message}");
        assert!(!found_error.valid);
    }
}
