//! `GET /events`: the whole graph, in any format, as it is.

use std::collections::BTreeSet;

use oxigraph::{
    io::{JsonLdProfileSet, RdfFormat, RdfParser},
    model::{Dataset, GraphName, dataset::CanonicalizationAlgorithm},
};
use segb_tests::{Client, ServerBuilder, SharedServer, exchange_head, interaction_log};

static SERVER: SharedServer = SharedServer::new();

const JSON_LD: RdfFormat = RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() };

/// The triples of a document, with blank nodes named the same way whatever they were called.
pub fn triples(document: &[u8], format: RdfFormat) -> BTreeSet<String> {
    let mut dataset = Dataset::new();
    for quad in RdfParser::from_format(format).for_slice(document) {
        let quad = quad.unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(document)));
        assert_eq!(quad.graph_name, GraphName::DefaultGraph);
        dataset.insert(&quad);
    }
    dataset.canonicalize(CanonicalizationAlgorithm::Unstable);
    dataset.iter().map(|quad| quad.to_string()).collect()
}

/// Logs with all that is hard to write down again.
const LOGS: [&str; 2] = [
    "@prefix ex: <http://robots.example/ns#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . \
     ex:ari a ex:Robot ; ex:says \"two\\nlines\\r\\n\\\"quoted\\\" \\\\ \\u2028\"@en-GB, \"01\"^^xsd:integer, 1.0, \
     true, \"x\"^^ex:type ; ex:list ( 1 [ ex:of ( ) ] \"three\" ) ; ex:é <http://robots.example/a%20b?c=d&e#f> .",
    "@prefix ex: <http://robots.example/ns#> . ex:pepper a ex:Robot ; ex:knows ex:ari, [ a ex:Human ] .",
];

fn filled() -> segb_tests::Server {
    let server = ServerBuilder::learning().start();
    for log in LOGS {
        assert_eq!(server.client().publish(log).status, 201);
    }
    server
}

fn check(client: &Client, accept: &str, media_type: &str, format: RdfFormat, expected: &BTreeSet<String>) {
    let reply = client.request("GET", "/events").header("Accept", accept).send(&[]);
    assert_eq!(reply.status, 200, "{accept}: {}", reply.text());
    assert_eq!(reply.header("Content-Type"), media_type, "{accept}");
    assert_eq!(triples(&reply.body, format), *expected, "{accept}: {}", reply.text());
}

#[test]
fn every_format_says_what_was_logged() {
    let server = SERVER.get(filled);
    let client = server.client();
    let expected = triples(LOGS.join("\n").as_bytes(), RdfFormat::Turtle);
    assert!(expected.len() > 15, "{expected:?}");
    let turtle = "text/turtle; charset=utf-8";
    for (accept, media_type, format) in [
        ("*/*", turtle, RdfFormat::Turtle),
        ("text/turtle", turtle, RdfFormat::Turtle),
        ("text/*;q=0.1", turtle, RdfFormat::Turtle),
        ("application/n-triples, text/turtle;q=0.1", turtle, RdfFormat::Turtle),
        ("text/html, application/json, */*", turtle, RdfFormat::Turtle),
        ("application/n-triples", "application/n-triples", RdfFormat::NTriples),
        ("application/n-triples, */*;q=0.1", "application/n-triples", RdfFormat::NTriples),
        ("application/ld+json", "application/ld+json", JSON_LD),
        ("application/json", "application/ld+json", JSON_LD),
        ("application/rdf+xml", "application/rdf+xml", RdfFormat::RdfXml),
    ] {
        check(&client, accept, media_type, format, &expected);
    }
    let without = exchange_head(server.address(), "GET /events", &[], b"");
    assert_eq!(without.header("Content-Type"), turtle);
    assert_eq!(triples(&without.body, RdfFormat::Turtle), expected);
}

#[test]
fn turtle_uses_the_prefixes_of_the_logs() {
    let server = SERVER.get(filled);
    let text = server.client().get("/events").text();
    assert!(text.contains("@prefix ex: <http://robots.example/ns#> ."), "{text}");
    assert!(text.contains("ex:ari") && !text.contains("<http://robots.example/ns#ari>"), "{text}");
    assert!(text.contains("ex:pepper"), "{text}");
}

#[test]
fn what_cannot_be_written_is_refused() {
    let server = SERVER.get(filled);
    for accept in ["image/png", "text/csv", "application/sparql-results+json", "text/turtle;q=0"] {
        let reply = server.client().request("GET", "/events").header("Accept", accept).send(&[]);
        assert_eq!(reply.status, 406, "{accept}");
        let expected = "The graph is available as text/turtle, application/n-triples, application/ld+json, \
                        application/rdf+xml; Accept lists none of them.";
        assert_eq!(reply.detail(), expected, "{accept}");
    }
}

#[test]
fn an_empty_graph_is_empty_in_every_format() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let nothing = BTreeSet::new();
    check(&client, "*/*", "text/turtle; charset=utf-8", RdfFormat::Turtle, &nothing);
    assert!(client.get("/events").body.is_empty());
    check(&client, "application/n-triples", "application/n-triples", RdfFormat::NTriples, &nothing);
    check(&client, "application/ld+json", "application/ld+json", JSON_LD, &nothing);
    check(&client, "application/rdf+xml", "application/rdf+xml", RdfFormat::RdfXml, &nothing);
}

#[test]
fn the_answer_is_compressed_for_those_who_can_read_that() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    for number in 0..20 {
        assert_eq!(client.publish(&interaction_log(number)).status, 201);
    }
    let plain = client.get("/events");
    assert_eq!(plain.header("Content-Encoding"), "");
    let gzip = client.request("GET", "/events").header("Accept-Encoding", "gzip").send(&[]);
    assert_eq!(gzip.header("Content-Encoding"), "gzip");
    assert!(gzip.body.starts_with(&[0x1f, 0x8b]), "a gzip file");
    assert!(gzip.body.len() * 3 < plain.body.len(), "{} of {}", gzip.body.len(), plain.body.len());
}
