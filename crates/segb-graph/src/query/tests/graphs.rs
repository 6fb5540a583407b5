//! The graphs that queries see: the union, and each log.

use super::*;

const LOG_1: &str = "urn:segb:log:00000000-0000-0000-0000-000000000001";
const LOG_2: &str = "urn:segb:log:00000000-0000-0000-0000-000000000002";

fn graph() -> Graph {
    Graph::of(&[
        "<http://a> <http://p> 1 . <http://a> <http://p> \"hola\"@es-ES .",
        "<http://a> <http://p> 1 . <http://b> <http://p> 2 .",
    ])
}

fn count(graph: &Graph, query: &str) -> usize {
    graph.rows(query).len()
}

#[test]
fn the_default_graph_is_the_union_and_answers_to_its_name() {
    let graph = graph();
    for (query, rows) in [
        ("SELECT * { ?s ?p ?o }", 3),
        ("SELECT * FROM <http://amor-segb/events> { ?s ?p ?o }", 3),
        ("SELECT * { GRAPH <http://amor-segb/events> { ?s ?p ?o } }", 3),
        ("SELECT * FROM NAMED <http://amor-segb/events> { GRAPH ?g { ?s ?p ?o } }", 3),
        ("SELECT * FROM NAMED <http://amor-segb/events> { ?s ?p ?o }", 0),
        ("SELECT * { VALUES ?g { <http://amor-segb/events> } GRAPH ?g { ?s ?p ?o } }", 3),
        ("SELECT * { GRAPH <http://amor-segb/events> { } }", 1),
        ("SELECT * { GRAPH <http://elsewhere/> { ?s ?p ?o } }", 0),
        ("SELECT * { GRAPH <http://elsewhere/> { } }", 0),
        ("SELECT * FROM <http://elsewhere/> { ?s ?p ?o }", 0),
        ("SELECT * FROM <http://elsewhere/> FROM <http://amor-segb/events> { ?s ?p ?o }", 3),
        ("SELECT * FROM <http://amor-segb/events> { GRAPH ?g { ?s ?p ?o } }", 0),
    ] {
        assert_eq!(count(&graph, query), rows, "{query}");
    }
}

#[test]
fn each_log_is_a_graph_with_what_it_asserted() {
    let graph = graph();
    assert_eq!(graph.rows("SELECT ?g { GRAPH ?g { <http://a> <http://p> 1 } }"), [LOG_1, LOG_2]);
    assert_eq!(graph.rows("SELECT ?g { GRAPH ?g { } }"), [LOG_1, LOG_2]);
    for (query, rows) in [
        ("SELECT * { GRAPH ?g { ?s ?p ?o } }".to_owned(), 4),
        (format!("SELECT * {{ GRAPH <{LOG_2}> {{ ?s ?p ?o }} }}"), 2),
        (format!("SELECT * {{ GRAPH <{LOG_2}> {{ ?s ?p 1 }} }}"), 1),
        (format!("SELECT * FROM <{LOG_1}> {{ ?s ?p ?o }}"), 2),
        // A triple that two of the logs assert is one triple of their union.
        (format!("SELECT * FROM <{LOG_1}> FROM <{LOG_2}> FROM <{LOG_1}> {{ ?s ?p ?o }}"), 3),
        (format!("SELECT * FROM NAMED <{LOG_1}> FROM NAMED <{LOG_1}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"), 2),
        (format!("SELECT * FROM NAMED <{LOG_1}> {{ GRAPH <{LOG_2}> {{ ?s ?p ?o }} }}"), 0),
        (format!("SELECT * FROM <{LOG_1}> FROM NAMED <{LOG_2}> {{ ?s ?p ?o GRAPH ?g {{ ?s ?p ?o }} }}"), 1),
    ] {
        assert_eq!(count(&graph, &query), rows, "{query}");
    }
}

#[test]
fn the_graphs_of_the_request_replace_those_of_the_text() {
    let graph = graph();
    let runner = graph.runner();
    let rows = |default: &[&str], named: &[&str], text: &str| {
        let owned = |graphs: &[&str]| graphs.iter().map(|graph| (*graph).to_owned()).collect();
        let request =
            QueryRequest { default_graphs: owned(default), named_graphs: owned(named), ..request(text) };
        sorted_rows(&body(run(&runner, request).unwrap()).unwrap()).len()
    };
    assert_eq!(rows(&[LOG_1], &[], "SELECT * FROM <http://elsewhere/> { ?s ?p ?o }"), 2);
    assert_eq!(rows(&[GRAPH_IRI], &[], "SELECT * { ?s ?p ?o }"), 3);
    assert_eq!(rows(&[], &[LOG_2], "SELECT * FROM <http://amor-segb/events> { ?s ?p ?o }"), 0);
    assert_eq!(rows(&[], &[LOG_2], "SELECT * { GRAPH ?g { ?s ?p ?o } }"), 2);
}

#[test]
fn the_union_answers_to_its_name_also_if_a_log_speaks_of_it() {
    let graph = Graph::of(&["<http://amor-segb/events> <http://p> 1 ."]);
    assert_eq!(count(&graph, "SELECT * { GRAPH <http://amor-segb/events> { ?s ?p ?o } }"), 1);
    assert_eq!(graph.rows("SELECT ?s { GRAPH ?s { ?s ?p ?o } }").len(), 0);
}

#[test]
fn language_tags_match_in_any_case_and_are_answered_as_sent() {
    let graph = graph();
    for condition in [
        "FILTER(?o = 'hola'@es-ES)",
        "FILTER(?o = 'hola'@es-es)",
        "FILTER(sameTerm(?o, 'hola'@ES-es))",
        "FILTER(langMatches(lang(?o), 'es'))",
        "FILTER(lang(?o) = 'es-es')",
        "FILTER(?o IN ('x', 'hola'@es-ES))",
        "FILTER(isLiteral(?o) && STRLEN(?o) = 4)",
        "FILTER EXISTS { ?s ?p 'hola'@Es-Es }",
    ] {
        let query = format!("SELECT DISTINCT ?o {{ ?s ?p ?o {condition} FILTER(lang(?o) != '') }}");
        assert_eq!(graph.ask(&query, SolutionsFormat::Tsv).unwrap(), "?o\n\"hola\"@es-ES\n", "{condition}");
    }
    // A value that a query makes is the same term as the stored one.
    let query = "SELECT ?o { ?s ?p ?o BIND(STRLANG('hola', 'ES-es') AS ?made) FILTER(?o = ?made) }";
    assert_eq!(graph.ask(query, SolutionsFormat::Tsv).unwrap(), "?o\n\"hola\"@es-ES\n");
}

#[test]
fn nothing_outside_is_ever_read() {
    let graph = graph();
    for query in [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE ?s { ?s ?p ?o } } }",
        "SELECT * { { SELECT * { OPTIONAL { SERVICE SILENT ?s { ?s ?p ?o } } } } }",
    ] {
        assert_eq!(graph.ask(query, SolutionsFormat::Csv), Err(QueryError::Service), "{query}");
    }
}
