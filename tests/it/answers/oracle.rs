//! The server's answers are those of Oxigraph's evaluator over a plain set of quads in memory.
//!
//! That set keeps terms as they are spelled; Oxigraph's own store keeps only the values of numbers and dates. Its blank
//! nodes carry the labels that the server gives them, so that answers can be compared as they are.

use std::collections::BTreeSet;

use oxigraph::{
    io::RdfFormat,
    model::{Dataset, GraphName, GraphNameRef, NamedNode, Quad, Triple},
    sparql::{QueryDatasetSpecification, QueryResults, SparqlEvaluator, results::QueryResultsFormat},
};
use segb_tests::{Client, Server, ServerBuilder, interaction_log};

use super::{
    queries::{BOOLEANS, EDGE_LOG, GRAPHS, NAMED, ORDERED, PREFIXES, UNION_BY_NAME, UNORDERED},
    rdf::{self, Row},
};

const GRAPH_IRI: &str = "http://amor-segb/events";
/// Logs made by the generator; the last one is [`EDGE_LOG`].
const GENERATED: u64 = 120;

struct Oracle {
    _server: Server,
    client: Client,
    log_ids: Vec<String>,
    /// The union of all logs as default graph, and each log as a named graph.
    quads: Dataset,
    /// The same, with the union under its name too.
    with_union: Dataset,
}

impl Oracle {
    fn new() -> Self {
        let server = ServerBuilder::learning().start();
        let client = server.client();
        let mut logs: Vec<String> = (0..GENERATED).map(interaction_log).collect();
        logs.push(format!("@prefix schema: <http://schema.org/> .{EDGE_LOG}"));
        let log_ids: Vec<String> = logs.iter().map(|log| rdf::publish(&client, log)).collect();
        let mut quads = Dataset::new();
        let mut with_union = Dataset::new();
        for (log, id) in logs.iter().zip(&log_ids) {
            let name = NamedNode::new_unchecked(format!("urn:segb:log:{id}"));
            let query = format!("CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {name} {{ ?s ?p ?o }} }}");
            let triples = rdf::triples(&client.query(&query, "application/n-triples"), RdfFormat::NTriples);
            // What is compared with has to be what was sent.
            let sent = rdf::parse(RdfFormat::Turtle, log.as_bytes()).expect("valid Turtle");
            assert!(rdf::isomorphic(&triples, &sent), "{log}");
            for triple in triples {
                insert(&mut quads, &triple, GraphName::DefaultGraph);
                insert(&mut quads, &triple, name.clone().into());
                insert(&mut with_union, &triple, GraphName::DefaultGraph);
                insert(&mut with_union, &triple, name.clone().into());
                insert(&mut with_union, &triple, NamedNode::new_unchecked(GRAPH_IRI).into());
            }
        }
        Self { _server: server, client, log_ids, quads, with_union }
    }

    fn complete(&self, query: &str) -> String {
        let mut query = format!("{PREFIXES}{query}");
        while let Some(start) = query.find("<log:") {
            let end = start + query[start..].find('>').expect("the end of the IRI");
            let number: usize = query[start + 5..end].parse().expect("a number");
            query.replace_range(start..=end, &format!("<urn:segb:log:{}>", self.log_ids[number]));
        }
        query
    }

    /// What the evaluator says, handed to `read`.
    fn expected<T>(&self, dataset: &Dataset, query: &str, read: impl FnOnce(QueryResults<'_>) -> T) -> T {
        let mut parsed = SparqlEvaluator::new()
            .parse_query(&self.complete(query))
            .unwrap_or_else(|error| panic!("{query}: {error}"));
        let described = described_dataset(parsed.dataset_mut(), dataset);
        let dataset = described.as_ref().unwrap_or(dataset);
        read(parsed.on_queryable_dataset(dataset).execute().expect("an answer"))
    }

    fn expected_rows(&self, dataset: &Dataset, query: &str) -> Vec<Row> {
        self.expected(dataset, query, |results| {
            let QueryResults::Solutions(solutions) = results else {
                panic!("no rows: {query}");
            };
            solutions.map(|solution| rdf::row(&solution.expect("a solution"))).collect()
        })
    }

    fn rows(&self, query: &str) -> Vec<Row> {
        let reply = self.client.query(&self.complete(query), "application/sparql-results+json");
        assert_eq!(reply.status, 200, "{query}: {}", reply.text());
        rdf::rows(&reply, QueryResultsFormat::Json)
    }

    fn graph(&self, query: &str) -> Vec<Triple> {
        let reply = self.client.query(&self.complete(query), "application/n-triples");
        assert_eq!(reply.status, 200, "{query}: {}", reply.text());
        rdf::triples(&reply, RdfFormat::NTriples)
    }
}

/// The dataset that FROM and FROM NAMED describe (SPARQL 1.1 Query, section 13.2): the default graph is the merge of
/// its graphs. The evaluator would find a triple once for each graph that has it.
fn described_dataset(specification: &mut QueryDatasetSpecification, dataset: &Dataset) -> Option<Dataset> {
    let default = specification.default_graph_graphs()?.to_vec();
    let named = specification.available_named_graphs()?.to_vec();
    let mut described = Dataset::new();
    for quad in dataset {
        let triple = Triple::from(quad.into_owned());
        if default.iter().any(|graph| graph.as_ref() == quad.graph_name) {
            insert(&mut described, &triple, GraphName::DefaultGraph);
        }
        if named.iter().any(|graph| GraphNameRef::from(graph) == quad.graph_name) {
            insert(&mut described, &triple, quad.graph_name.into_owned());
        }
    }
    specification.set_default_graph(vec![GraphName::DefaultGraph]);
    let mut once = Vec::new();
    for graph in named {
        if !once.contains(&graph) {
            once.push(graph);
        }
    }
    specification.set_available_named_graphs(once);
    Some(described)
}

fn insert(dataset: &mut Dataset, triple: &Triple, graph_name: GraphName) {
    let Triple { subject, predicate, object } = triple.clone();
    dataset.insert(&Quad::new(subject, predicate, object, graph_name));
}

fn sorted(rows: &[Row]) -> Vec<String> {
    let mut rows: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
    rows.sort();
    rows
}

/// Names all queries that differ, not only the first.
#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    fn compare(&mut self, query: &str, got: &[String], expected: &[String]) {
        if got == expected {
            return;
        }
        let (got_set, expected_set) =
            (got.iter().collect::<BTreeSet<_>>(), expected.iter().collect::<BTreeSet<_>>());
        let more: Vec<_> = got_set.difference(&expected_set).take(3).collect();
        let less: Vec<_> = expected_set.difference(&got_set).take(3).collect();
        self.0.push(format!(
            "{query}\n  {} instead of {}; not expected: {more:#?}; missing: {less:#?}",
            got.len(),
            expected.len()
        ));
    }

    fn assert_none(self) {
        assert!(self.0.is_empty(), "{} queries differ:\n{}", self.0.len(), self.0.join("\n"));
    }
}

#[test]
fn answers_are_those_of_the_oracle() {
    let oracle = Oracle::new();
    let mut differences = Differences::default();
    for (dataset, queries) in
        [(&oracle.quads, UNORDERED), (&oracle.quads, NAMED), (&oracle.with_union, UNION_BY_NAME)]
    {
        for query in queries {
            differences.compare(
                query,
                &sorted(&oracle.rows(query)),
                &sorted(&oracle.expected_rows(dataset, query)),
            );
        }
    }
    for query in ORDERED {
        let lines = |rows: Vec<Row>| -> Vec<String> { rows.iter().map(|row| format!("{row:?}")).collect() };
        differences.compare(
            query,
            &lines(oracle.rows(query)),
            &lines(oracle.expected_rows(&oracle.quads, query)),
        );
    }
    for query in BOOLEANS {
        let expected = oracle.expected(&oracle.quads, query, |results| match results {
            QueryResults::Boolean(value) => value,
            _ => panic!("no truth value: {query}"),
        });
        let reply = oracle.client.query(&oracle.complete(query), "application/sparql-results+json");
        let got = reply.json()["boolean"].to_string();
        differences.compare(query, &[got], &[expected.to_string()]);
    }
    for query in GRAPHS {
        let expected: Vec<Triple> = oracle.expected(&oracle.quads, query, |results| match results {
            QueryResults::Graph(triples) => triples.map(|triple| triple.expect("a triple")).collect(),
            _ => panic!("no graph: {query}"),
        });
        differences.compare(query, &rdf::canonical(&oracle.graph(query)), &rdf::canonical(&expected));
    }
    differences.assert_none();

    // The corpus says something: nearly all of its queries have rows.
    let empty = UNORDERED.iter().filter(|query| oracle.rows(query).is_empty()).count();
    assert!(empty < UNORDERED.len() / 10, "{empty} of {}", UNORDERED.len());
    let queries = [UNORDERED, ORDERED, NAMED, UNION_BY_NAME, BOOLEANS, GRAPHS];
    assert!(queries.iter().map(|list| list.len()).sum::<usize>() >= 200);
}

/// Where the server differs on purpose from a store in which the union is one more named graph.
#[test]
fn the_union_is_not_enumerated() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let ids = ["<urn:a> <urn:b> <urn:c> .", "<urn:a> <urn:b> <urn:c> , <urn:d> ."]
        .map(|log| rdf::publish(&client, log));
    let graphs = client.select("SELECT ?g { GRAPH ?g { <urn:a> <urn:b> <urn:c> } }");
    let mut graphs: Vec<&str> = graphs.iter().map(|row| row["g"]["value"].as_str().unwrap()).collect();
    graphs.sort_unstable();
    let mut expected = ids.map(|id| format!("urn:segb:log:{id}"));
    expected.sort();
    assert_eq!(graphs, expected);
    for query in [
        "SELECT ?o { <urn:a> <urn:b> ?o }",
        "SELECT ?o { GRAPH <http://amor-segb/events> { <urn:a> <urn:b> ?o } }",
        "SELECT ?o FROM <http://amor-segb/events> { <urn:a> <urn:b> ?o }",
    ] {
        assert_eq!(client.select(query).len(), 2, "{query}");
    }
}

/// The setting `GRAPH_URI` moves the name of the union, and the default name means nothing then.
#[test]
fn the_union_answers_to_the_configured_name() {
    let server = ServerBuilder::learning().set("GRAPH_URI", "https://robots.example/graph").start();
    let client = server.client();
    rdf::publish(&client, "<urn:a> <urn:b> <urn:c> .");
    for (query, rows) in [
        ("SELECT * { GRAPH <https://robots.example/graph> { ?s ?p ?o } }", 1),
        ("SELECT * FROM <https://robots.example/graph> { ?s ?p ?o }", 1),
        ("SELECT * FROM NAMED <https://robots.example/graph> { GRAPH ?g { ?s ?p ?o } }", 1),
        ("SELECT * { GRAPH <http://amor-segb/events> { ?s ?p ?o } }", 0),
        ("SELECT * FROM <http://amor-segb/events> { ?s ?p ?o }", 0),
    ] {
        assert_eq!(client.select(query).len(), rows, "{query}");
    }
}
