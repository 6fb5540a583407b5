//! Answers as Turtle, parsed back (wire contract, sections 5 and 10).

use oxigraph::{
    io::{RdfFormat, RdfParser},
    model::{NamedOrBlankNode, Term, Triple},
};
use segb_tests::{Client, ServerBuilder, SharedServer};

use super::{PREFIX, filled};

use super::super::events::triples;

static SERVER: SharedServer = SharedServer::new();

const RDF_TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const NS: &str = "http://example.org/";

fn ask(client: &Client, query: &str) -> String {
    let reply = client.query(&format!("{PREFIX}{query}"), "*/*");
    assert_eq!(reply.status, 200, "{query}: {}", reply.text());
    assert_eq!(reply.header("Content-Type"), "text/turtle; charset=utf-8", "{query}");
    reply.text()
}

/// The rows of a SELECT: `variable=value` with the values as N-Triples writes them, in the order of the text.
fn rows(turtle: &str) -> Vec<Vec<String>> {
    let mut rows: Vec<(NamedOrBlankNode, Vec<String>)> = Vec::new();
    for quad in RdfParser::from_format(RdfFormat::Turtle).for_slice(turtle.as_bytes()) {
        let triple: Triple = quad.unwrap_or_else(|error| panic!("{error}: {turtle}")).into();
        if triple.predicate.as_str() == RDF_TYPE {
            assert_eq!(triple.object.to_string(), format!("<{NS}Result>"), "{turtle}");
            assert!(matches!(triple.subject, NamedOrBlankNode::BlankNode(_)), "{turtle}");
            rows.push((triple.subject, Vec::new()));
            continue;
        }
        let (subject, cells) = rows.last_mut().expect("the type comes first");
        assert_eq!(*subject, triple.subject, "rows do not mix: {turtle}");
        let variable = triple.predicate.as_str().strip_prefix(NS).expect("the namespace of rows");
        let value = match &triple.object {
            Term::BlankNode(_) => "_".to_owned(),
            other => other.to_string(),
        };
        cells.push(format!("{variable}={value}"));
    }
    rows.into_iter().map(|(_, cells)| cells).collect()
}

fn check(client: &Client, query: &str, expected: &[&[&str]]) {
    let turtle = ask(client, query);
    assert_eq!(rows(&turtle), expected, "{query}: {turtle}");
}

#[test]
fn a_select_is_one_result_for_each_row_in_their_order() {
    let server = SERVER.get(|| filled(ServerBuilder::learning()).0);
    let client = server.client();
    let ari = "s=<http://robots.example/ns#ari>";
    let pepper = "s=<http://robots.example/ns#pepper>";
    check(&client, "SELECT ?s { ?s a ex:Robot } ORDER BY ?s", &[&[ari], &[pepper]]);
    check(&client, "SELECT ?s { ?s a ex:Robot } ORDER BY DESC(?s)", &[&[pepper], &[ari]]);
    check(
        &client,
        "SELECT ?s ?n { ?s a ex:Robot OPTIONAL { ?s ex:name ?n FILTER(LANG(?n) = 'en') } } ORDER BY ?s",
        &[&[ari, "n=\"Ari\"@en"], &[pepper]],
    );
    check(
        &client,
        "SELECT ?x { ex:ari ex:age ?x } ORDER BY STR(?x)",
        &[
            &["x=\"01\"^^<http://www.w3.org/2001/XMLSchema#integer>"],
            &["x=\"3\"^^<http://www.w3.org/2001/XMLSchema#integer>"],
        ],
    );
    check(
        &client,
        "SELECT ?x { ex:ari ex:charge ?x }",
        &[&["x=\"0.5\"^^<http://www.w3.org/2001/XMLSchema#decimal>"]],
    );
    check(&client, "SELECT ?x { ex:ari ex:name ?x FILTER(LANG(?x) = '') }", &[&["x=\"line\\nbreak\""]]);
    check(&client, "SELECT ?b { ?b a ex:Human }", &[&["b=_"]]);
    // The same row twice is two results; a row without any value is one.
    check(&client, "SELECT ?x { VALUES ?x { 'a' 'a' } }", &[&["x=\"a\""], &["x=\"a\""]]);
    check(&client, "SELECT ?x { { } UNION { } }", &[&[], &[]]);
    // One line, with a prologue, which the Python service refused.
    check(
        &client,
        "SELECT (COUNT(*) AS ?n) { ?s a ex:Robot }",
        &[&["n=\"2\"^^<http://www.w3.org/2001/XMLSchema#integer>"]],
    );
    let text = ask(&client, "SELECT ?s { ?s a ex:Robot }");
    assert!(text.contains("@prefix ns: <http://example.org/> ."), "{text}");
    assert!(text.contains("[] a ns:Result"), "{text}");
}

#[test]
fn no_rows_are_an_empty_body() {
    let server = SERVER.get(|| filled(ServerBuilder::learning()).0);
    let client = server.client();
    for query in ["SELECT * { ?s a ex:Unicorn }", "CONSTRUCT WHERE { ?s a ex:Unicorn }", "DESCRIBE ex:nobody"]
    {
        assert_eq!(ask(&client, query), "", "{query}");
    }
}

#[test]
fn an_ask_is_one_result_with_a_boolean() {
    let server = SERVER.get(|| filled(ServerBuilder::learning()).0);
    let client = server.client();
    for (query, expected) in [("ASK { ?s a ex:Robot }", "true"), ("ASK { ?s a ex:Unicorn }", "false")] {
        let value = format!("boolean=\"{expected}\"^^<http://www.w3.org/2001/XMLSchema#boolean>");
        check(&client, query, &[&[&value]]);
    }
}

#[test]
fn a_construct_and_a_describe_are_their_graph() {
    let server = SERVER.get(|| filled(ServerBuilder::learning()).0);
    let client = server.client();
    let of = |turtle: &str| {
        triples(format!("@prefix ex: <http://robots.example/ns#> . {turtle}").as_bytes(), RdfFormat::Turtle)
    };
    for (query, expected) in [
        ("CONSTRUCT { ?s ex:is ?t } WHERE { ?s a ?t . ?s ex:age 3 }", "ex:ari ex:is ex:Robot ."),
        (
            "CONSTRUCT { ?s ex:x [ ex:y 1 ] } WHERE { ?s a ex:Robot }",
            "ex:ari ex:x [ ex:y 1 ] . ex:pepper ex:x [ ex:y 1 ] .",
        ),
        ("DESCRIBE ex:ari", super::LOGS[0]),
        ("DESCRIBE ?s WHERE { ?s ex:charge 0.5 }", super::LOGS[0]),
    ] {
        let turtle = ask(&client, query);
        assert_eq!(triples(turtle.as_bytes(), RdfFormat::Turtle), of(expected), "{query}: {turtle}");
        // What the logs called ex: is called so.
        assert!(turtle.contains("ex:ari"), "{query}: {turtle}");
    }
}

#[test]
fn graphs_can_be_named() {
    let (server, ids) = filled(ServerBuilder::learning().set("GRAPH_URI", "urn:the:graph"));
    let client = server.client();
    let first = format!("urn:segb:log:{}", ids[0]);
    let robot = "?s a ex:Robot";
    for (query, expected) in [
        (format!("SELECT ?s {{ {robot} }}"), 2),
        (format!("SELECT ?s FROM <urn:the:graph> {{ {robot} }}"), 2),
        (format!("SELECT ?s {{ GRAPH <urn:the:graph> {{ {robot} }} }}"), 2),
        (format!("SELECT ?s FROM NAMED <urn:the:graph> {{ GRAPH ?g {{ {robot} }} }}"), 2),
        (format!("SELECT ?s {{ GRAPH ?g {{ {robot} }} }}"), 2),
        (format!("SELECT ?s {{ GRAPH <{first}> {{ {robot} }} }}"), 1),
        (format!("SELECT ?s FROM <{first}> {{ {robot} }}"), 1),
        (format!("SELECT ?s FROM <http://elsewhere.example/> {{ {robot} }}"), 0),
        (format!("SELECT ?s {{ GRAPH <http://amor-segb/events> {{ {robot} }} }}"), 0),
    ] {
        assert_eq!(client.select(&format!("{PREFIX}{query}")).len(), expected, "{query}");
    }
    let who = client.select(&format!("{PREFIX} SELECT ?g {{ GRAPH ?g {{ ex:ari a ex:Robot }} }}"));
    assert_eq!(who[0]["g"]["value"], first.as_str());
}

#[test]
fn by_default_the_graph_has_the_name_of_the_python_service() {
    let server = SERVER.get(|| filled(ServerBuilder::learning()).0);
    let client = server.client();
    for query in [
        "FROM <http://amor-segb/events> { ?s a ex:Robot }",
        "{ GRAPH <http://amor-segb/events> { ?s a ex:Robot } }",
    ] {
        assert_eq!(client.select(&format!("{PREFIX}SELECT ?s {query}")).len(), 2, "{query}");
    }
}
