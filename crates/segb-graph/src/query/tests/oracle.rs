//! The same answers as Oxigraph in memory gives.

use std::collections::BTreeMap;

use oxigraph::{
    io::{RdfFormat, RdfParser},
    model::{GraphName, GraphNameRef, NamedNode, Term},
    sparql::{QueryResults, SparqlEvaluator},
    store::Store,
};
use sparesults::{QueryResultsFormat, QueryResultsParser, ReaderQueryResultsParserOutput};

use super::*;

/// Without numbers like `01` and `2.50`: Oxigraph keeps the value only.
const LOGS: [&str; 3] = [
    r#"@prefix ex: <http://e.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
       ex:ana a ex:Person ; ex:name "Ana" ; ex:age 34 ; ex:knows ex:bob, ex:cai ; ex:born "1990-05-01"^^xsd:date ;
           ex:seen "2026-01-01T10:00:00Z"^^xsd:dateTime ; ex:score 1.5, 2.5 ; ex:note "hola"@es, "hello"@en .
       ex:bob a ex:Person ; ex:name "Bob" ; ex:age 27 ; ex:knows ex:cai ; ex:mail <mailto:bob@e.org> .
       ex:cai a ex:Robot ; ex:name "Cai" ; ex:knows ex:ana ; ex:weight 12.5 ; ex:active true ."#,
    r#"@prefix ex: <http://e.org/> .
       ex:dan a ex:Person ; ex:name "Dan", "Danny" ; ex:age 34 ; ex:knows ex:ana .
       ex:ana ex:name "Ana" ; ex:address [ ex:city "Madrid" ; ex:geo [ ex:lat 40.4 ; ex:long -3.7 ] ] .
       ex:list ex:items ( 1 2 "three" ( ) ) . ex:01 ex:value 1, 1.5, "1"^^ex:own ."#,
    r#"@prefix ex: <http://e.org/> . @prefix prov: <http://www.w3.org/ns/prov#> .
       ex:act1 a prov:Activity ; prov:startedAtTime "2026-01-02T00:00:00+01:00"^^<http://www.w3.org/2001/XMLSchema#dateTime> ;
           prov:used ex:data1 ; prov:wasAssociatedWith ex:cai .
       ex:act2 a prov:Activity ; prov:used ex:data1, ex:data2 ; prov:wasInformedBy ex:act1 .
       ex:act3 prov:wasInformedBy ex:act2 . ex:data2 prov:wasGeneratedBy ex:act1 . ex:a ex:next ex:b . ex:b ex:next ex:a ."#,
];

const PREFIXES: &str = "PREFIX ex: <http://e.org/> PREFIX prov: <http://www.w3.org/ns/prov#> \
     PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> \
     PREFIX log: <urn:segb:log:00000000-0000-0000-0000-00000000000> ";

/// Queries whose solutions may come in any order.
const UNORDERED: &[&str] = &[
    "SELECT * { ?s ?p ?o }",
    "SELECT * { ?s a ex:Person ; ex:name ?n }",
    "SELECT ?s ?n { ?s ex:knows ?k . ?k ex:name ?n . ?s ex:age ?a FILTER(?a > 30) }",
    "SELECT * { ?s ex:name ?n OPTIONAL { ?s ex:age ?a } }",
    "SELECT * { ?s ex:name ?n OPTIONAL { ?s ex:age ?a FILTER(?a < 30) } }",
    "SELECT * { ?s ex:name ?n OPTIONAL { ?s ex:mail ?m } OPTIONAL { ?s ex:age ?a } FILTER(!BOUND(?m)) }",
    "SELECT * { ?s ex:knows ?x OPTIONAL { ?x ex:knows ?y OPTIONAL { ?y ex:mail ?m } } }",
    "SELECT * { { ?s a ex:Person } UNION { ?s a ex:Robot } }",
    "SELECT * { { ?s ex:age ?v } UNION { ?s ex:weight ?v } UNION { ?s ex:score ?v } }",
    "SELECT * { ?s a ex:Person MINUS { ?s ex:mail ?m } }",
    "SELECT * { ?s ?p ?o MINUS { ?s a ex:Person . ?s ?p ?o } }",
    "SELECT * { ?s a ex:Person FILTER EXISTS { ?s ex:mail ?m } }",
    "SELECT * { ?s a ex:Person FILTER NOT EXISTS { ?s ex:knows/ex:mail ?m } }",
    "SELECT * { ?s ex:age ?a FILTER EXISTS { ?t ex:age ?b FILTER(?a < ?b) } }",
    "SELECT ?s ?t { ?s ex:knows+ ?t }",
    "SELECT ?s ?t { ?s ex:knows* ?t . ?s a ex:Person }",
    "SELECT ?t { ex:ana ex:knows? ?t }",
    "SELECT ?s { ?s ex:knows/ex:knows ex:ana }",
    "SELECT ?s ?t { ?s (ex:knows|^ex:knows) ?t }",
    "SELECT ?s ?t { ?s ^ex:knows ?t }",
    "SELECT ?s ?o { ?s !(ex:name|ex:age|rdf:type|^ex:knows) ?o }",
    "SELECT ?s ?o { ?s (ex:address/ex:geo)/(ex:lat|ex:long) ?o }",
    "SELECT ?item { ex:list ex:items/rdf:rest*/rdf:first ?item }",
    "SELECT ?x ?y { ?x (ex:next/ex:next)+ ?y }",
    "SELECT ?x { ?x prov:wasInformedBy* ex:act1 }",
    "SELECT ?d { ex:act3 (prov:wasInformedBy|prov:used|prov:wasGeneratedBy)* ?d }",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT (COUNT(DISTINCT ?s) AS ?n) (COUNT(?o) AS ?m) { ?s ex:name ?o }",
    "SELECT ?type (COUNT(?s) AS ?n) (AVG(?a) AS ?avg) { ?s a ?type OPTIONAL { ?s ex:age ?a } } GROUP BY ?type",
    "SELECT ?a (COUNT(*) AS ?n) { ?s ex:age ?a } GROUP BY ?a HAVING (COUNT(*) > 1)",
    "SELECT (SUM(?v) AS ?sum) (MIN(?v) AS ?min) (MAX(?v) AS ?max) { ?s ex:score|ex:age|ex:weight ?v }",
    "SELECT (SUM(?v) AS ?n) { ?s ex:nothing ?v }",
    "SELECT ?n (SAMPLE(?l) AS ?s) { ?s ex:name ?n BIND(STRLEN(?n) AS ?l) } GROUP BY ?n",
    "SELECT ?k (COUNT(?s) + 1 AS ?n) { ?s ex:knows ?k } GROUP BY ?k",
    "SELECT ?s ?m { ?s ex:age ?a { SELECT (MAX(?b) AS ?m) { ?x ex:age ?b } } FILTER(?a = ?m) }",
    "SELECT ?s ?c { ?s a ex:Person { SELECT ?s (COUNT(?k) AS ?c) { ?s ex:knows ?k } GROUP BY ?s } }",
    "SELECT * { VALUES ?s { ex:ana ex:nobody ex:bob } ?s ex:name ?n }",
    "SELECT * { ?s ex:name ?n VALUES (?s ?x) { (ex:ana 1) (ex:bob UNDEF) (UNDEF 3) } }",
    "SELECT * { ?s ex:age ?a BIND(?a * 2 AS ?b) BIND(?b - 1 AS ?c) FILTER(?c > 60) }",
    "SELECT ?s (CONCAT(UCASE(?n), '-', STR(STRLEN(?n))) AS ?x) { ?s ex:name ?n }",
    "SELECT ?n { ?s ex:name ?n FILTER(REGEX(?n, '^d', 'i') && CONTAINS(?n, 'n')) }",
    "SELECT (REPLACE(?n, '[aeiou]', '*') AS ?r) (SUBSTR(?n, 2) AS ?t) (STRBEFORE(?n, 'n') AS ?u) { ?s ex:name ?n }",
    "SELECT ?l (LANG(?l) AS ?tag) { ?s ex:note ?l FILTER(LANGMATCHES(LANG(?l), '*')) }",
    "SELECT (YEAR(?t) AS ?y) (MONTH(?t) AS ?m) (HOURS(?t) AS ?h) (TZ(?t) AS ?z) { ?s ex:seen|prov:startedAtTime ?t }",
    "SELECT ?s { ?s ex:seen|prov:startedAtTime ?t FILTER(?t > '2026-01-01T12:00:00Z'^^xsd:dateTime) }",
    "SELECT ?s { ?s ex:born ?d FILTER(?d < '2000-01-01'^^xsd:date) }",
    "SELECT ?o (DATATYPE(?o) AS ?d) (STR(?o) AS ?x) (isNumeric(?o) AS ?n) { ex:01 ex:value ?o }",
    "SELECT ?o { ex:01 ex:value ?o FILTER(?o = 1) }",
    "SELECT ?o { ex:01 ex:value ?o FILTER(sameTerm(?o, 1)) }",
    "SELECT (xsd:integer(?a) AS ?i) (xsd:string(?a) AS ?t) (xsd:double(?a) AS ?d) { ?s ex:age ?a }",
    "SELECT ?s (IF(?a > 30, 'old', 'young') AS ?x) (COALESCE(?m, 'none') AS ?y) { ?s ex:age ?a OPTIONAL { ?s ex:mail ?m } }",
    "SELECT ?s (MD5(?n) AS ?h) (ENCODE_FOR_URI(?n) AS ?e) (IRI(CONCAT('http://x/', ?n)) AS ?i) { ?s ex:name ?n }",
    "SELECT DISTINCT ?p { ?s ?p ?o }",
    "SELECT REDUCED ?a { ?s ex:age ?a } ",
    "SELECT ?s { ?s ex:name ?n FILTER(?n IN ('Ana', 'Dan') && ?s NOT IN (ex:dan)) }",
    "SELECT ?g ?s { GRAPH ?g { ?s a ex:Person } }",
    "SELECT ?s { GRAPH log:2 { ?s ex:name ?n } }",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
    "SELECT ?s ?g ?h { GRAPH ?g { ?s ex:name ?n } GRAPH ?h { ?s ex:name ?n } FILTER(STR(?g) < STR(?h)) }",
    "SELECT ?g { GRAPH ?g { ex:act3 prov:wasInformedBy+ ex:act1 } }",
    "SELECT ?s ?n FROM log:1 FROM NAMED log:2 { ?s ex:age ?a GRAPH ?g { ?s ex:name ?n } }",
    "SELECT ?s ?n FROM log:2 { ?s ex:name ?n }",
    "SELECT * { ?s ex:knows ?o LATERAL { SELECT ?o ?n { ?o ex:name ?n } ORDER BY ?n LIMIT 1 } }",
    "SELECT ?s { ?s ex:age 34 . ?s ex:name ?n . FILTER(?unbound = 1 || ?n = 'Dan') }",
    "SELECT * { }",
    "SELECT * { ex:ana ex:name 'Ana' }",
    "SELECT * { ?s ex:active true }",
];

const ORDERED: &[&str] = &[
    "SELECT ?n { ?s ex:name ?n } ORDER BY ?n",
    "SELECT ?s ?a ?n { ?s ex:name ?n OPTIONAL { ?s ex:age ?a } } ORDER BY DESC(?a) ?n",
    "SELECT ?v { ?s ex:score|ex:age|ex:weight ?v } ORDER BY ?v STR(?v) LIMIT 4 OFFSET 1",
    "SELECT DISTINCT ?n { ?s ex:name ?n } ORDER BY STRLEN(?n) DESC(?n)",
    "SELECT ?t { ?s ex:seen|prov:startedAtTime ?t } ORDER BY ?t",
    "SELECT ?k (COUNT(*) AS ?n) { ?s ex:knows ?k } GROUP BY ?k ORDER BY DESC(?n) ?k LIMIT 2",
    "SELECT ?s ?rank { ?s ex:age ?a BIND(1000 - ?a AS ?rank) } ORDER BY ?rank ?s",
];

const ASKS: &[&str] = &[
    "ASK { ex:ana ex:knows ex:bob }",
    "ASK { ex:ana ex:knows ex:ana }",
    "ASK { ?s ex:age ?a FILTER(?a > 100) }",
    "ASK { GRAPH log:3 { ?s a prov:Activity } }",
];

const GRAPHS: &[&str] = &[
    "CONSTRUCT WHERE { ?s ex:knows ?o }",
    "CONSTRUCT { ?o ex:knownBy ?s } WHERE { ?s ex:knows ?o }",
    "CONSTRUCT { ?s ex:has [ ex:label ?n ; ex:list (1 ?n) ] } WHERE { ?s ex:name ?n }",
    "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH log:2 { ?s ?p ?o } }",
    "CONSTRUCT { ?n ex:invalid ?s . ?s ex:ok ?n } WHERE { ?s ex:name ?n }",
    "DESCRIBE ex:bob",
    "DESCRIBE ex:ana",
    "DESCRIBE ?s { ?s ex:active true }",
    "DESCRIBE ex:nobody",
];

struct Oracle {
    store: Store,
    graph: Graph,
    runner: QueryRunner,
}

impl Oracle {
    fn new() -> Self {
        let graph = Graph::of(&LOGS);
        let store = Store::new().unwrap();
        for (log, number) in LOGS.iter().zip(1..) {
            let name = NamedNode::new_unchecked(crate::term::log_iri(log_id(number)));
            // Our labels for blank nodes, so that answers can be compared as they are.
            let exported = graph.construct(
                &format!("CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{}> {{ ?s ?p ?o }} }}", name.as_str()),
                GraphFormat::NTriples,
            );
            for quad in RdfParser::from_format(RdfFormat::NTriples).for_reader(exported.unwrap().as_bytes()) {
                let mut quad = quad.unwrap();
                for graph_name in [GraphName::DefaultGraph, name.clone().into()] {
                    quad.graph_name = graph_name;
                    store.insert(&quad).unwrap();
                }
            }
            let parsed = RdfParser::from_format(RdfFormat::Turtle).for_reader(log.as_bytes()).count();
            assert_eq!(store.quads_for_pattern(None, None, None, Some(name.as_ref().into())).count(), parsed);
        }
        assert!(store.quads_for_pattern(None, None, None, Some(GraphNameRef::DefaultGraph)).count() > 50);
        let runner = graph.runner();
        Self { store, graph, runner }
    }

    fn expected(&self, query: &str) -> QueryResults<'_> {
        SparqlEvaluator::new()
            .parse_query(&format!("{PREFIXES}{query}"))
            .unwrap()
            .on_store(&self.store)
            .execute()
            .unwrap()
    }

    fn expected_rows(&self, query: &str) -> Vec<BTreeMap<String, Term>> {
        let QueryResults::Solutions(solutions) = self.expected(query) else { panic!("no solutions") };
        let row = |solution: oxigraph::sparql::QuerySolution| {
            solution.iter().map(|(variable, value)| (variable.as_str().to_owned(), value.clone())).collect()
        };
        solutions.map(|solution| row(solution.unwrap())).collect()
    }

    fn rows(&self, query: &str) -> Vec<BTreeMap<String, Term>> {
        let json = ask(&self.runner, &format!("{PREFIXES}{query}"), SolutionsFormat::Json).unwrap();
        let parser = QueryResultsParser::from_format(QueryResultsFormat::Json).for_reader(json.as_bytes());
        let ReaderQueryResultsParserOutput::Solutions(solutions) = parser.unwrap() else {
            panic!("no solutions")
        };
        let row = |solution: sparesults::QuerySolution| {
            solution.iter().map(|(variable, value)| (variable.as_str().to_owned(), value.clone())).collect()
        };
        solutions.map(|solution| row(solution.unwrap())).collect()
    }
}

fn sorted(rows: Vec<BTreeMap<String, Term>>) -> Vec<String> {
    let mut rows: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
    rows.sort();
    rows
}

/// Triples with every made label replaced: blank nodes of the graph keep their name.
fn sorted_triples(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut lines: Vec<String> = lines
        .map(|line| {
            let words = line.split(' ').map(|word| match word.strip_prefix("_:") {
                Some(label) if !label.starts_with('s') => "_:made",
                _ => word,
            });
            words.collect::<Vec<_>>().join(" ").trim_end_matches(" .").to_owned()
        })
        .collect();
    lines.sort();
    lines
}

#[test]
fn solutions_are_those_of_oxigraph() {
    let oracle = Oracle::new();
    for query in UNORDERED {
        assert_eq!(sorted(oracle.rows(query)), sorted(oracle.expected_rows(query)), "{query}");
    }
    for query in ORDERED {
        let expected = oracle.expected_rows(query);
        assert!(!expected.is_empty());
        assert_eq!(oracle.rows(query), expected, "{query}");
    }
}

#[test]
fn truth_values_and_graphs_are_those_of_oxigraph() {
    let oracle = Oracle::new();
    for query in ASKS {
        let QueryResults::Boolean(expected) = oracle.expected(query) else { panic!("no truth value") };
        let got = ask(&oracle.runner, &format!("{PREFIXES}{query}"), SolutionsFormat::Csv).unwrap();
        assert_eq!(got, expected.to_string(), "{query}");
    }
    for query in GRAPHS {
        let QueryResults::Graph(expected) = oracle.expected(query) else { panic!("no graph") };
        let expected = sorted_triples(expected.map(|triple| triple.unwrap().to_string()));
        let got = oracle.graph.construct(&format!("{PREFIXES}{query}"), GraphFormat::NTriples).unwrap();
        assert_eq!(sorted_triples(got.lines().map(str::to_owned)), expected, "{query}");
    }
}
