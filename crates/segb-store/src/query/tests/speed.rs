//! How fast it is: run with `cargo test --release -- --ignored --nocapture speed`.

use std::time::Instant;

use super::*;

/// One million triples: 20 000 logs of 50, each a chain of activities with values.
fn million() -> Graph {
    let documents: Vec<String> = (0..10)
        .map(|part| {
            let mut document = String::from("@prefix ex: <http://example.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n");
            for number in 0..20_000 {
                let id = part * 20_000 + number;
                document.push_str(&format!(
                    "ex:a{id} a ex:Activity ; ex:at \"2026-01-01T00:{:02}:{:02}Z\"^^xsd:dateTime ; ex:by ex:r{} ; ex:used ex:e{id} .\n\
                     ex:e{id} ex:value \"value number {id}\" .\n",
                    id / 60 % 60, id % 60, id % 7
                ));
            }
            document
        })
        .collect();
    let documents: Vec<&str> = documents.iter().map(String::as_str).collect();
    Graph::of(&documents)
}

#[test]
#[ignore = "a measurement"]
fn speed() {
    let graph = million();
    println!("{} triples", graph.snapshot().triple_count().unwrap());
    for format in [GraphFormat::Turtle, GraphFormat::NTriples, GraphFormat::RdfXml, GraphFormat::JsonLd] {
        let started = Instant::now();
        let prefixes: Vec<(String, String)> =
            (0..50).map(|number| (format!("p{number}"), format!("http://prefix.org/{number}/"))).collect();
        let deadline = Instant::now() + Duration::from_secs(60);
        let stream = crate::export::start(graph.snapshot(), prefixes, format, deadline, ());
        let bytes: usize = stream.map(|chunk| chunk.unwrap().len()).sum();
        println!("export {format:?}: {bytes} bytes in {:.3} s", started.elapsed().as_secs_f64());
    }
    let runner = graph.runner();
    for (name, query) in [
        ("ask", "ASK {}"),
        (
            "chain",
            "PREFIX ex: <http://example.org/> SELECT ?a ?t ?v { ?a ex:by ex:r3 . ?a ex:at ?t . ?a ex:used ?e . ?e ex:value ?v . ?a a ex:Activity } ORDER BY ?t LIMIT 2400",
        ),
        (
            "chain of few",
            "PREFIX ex: <http://example.org/> SELECT ?a ?t ?v { VALUES ?e { ex:e7 ex:e70000 } ?a ex:used ?e . ?a ex:at ?t . ?e ex:value ?v . ?a a ex:Activity } ORDER BY ?t",
        ),
        ("filter", "SELECT (COUNT(*) AS ?n) { ?s <http://example.org/value> ?v FILTER(CONTAINS(?v, '77')) }"),
        ("count", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"),
        ("group", "SELECT ?r (COUNT(*) AS ?n) { ?a <http://example.org/by> ?r } GROUP BY ?r"),
        ("who said", "SELECT ?g { GRAPH ?g { <http://example.org/e777> ?p ?o } }"),
        ("all", "SELECT * { ?s ?p ?o }"),
    ] {
        for format in [SolutionsFormat::Json, SolutionsFormat::Turtle] {
            let started = Instant::now();
            let length = ask(&runner, query, format).unwrap().len();
            println!("{name} {format:?}: {length} bytes in {:.3} ms", started.elapsed().as_secs_f64() * 1e3);
        }
    }
}
