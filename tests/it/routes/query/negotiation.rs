//! Which format an answer has.

use oxigraph::{
    io::{JsonLdProfileSet, RdfFormat, RdfParser},
    sparql::results::{QueryResultsFormat, QueryResultsParser, SliceQueryResultsParserOutput},
};
use segb_tests::{Reply, ServerBuilder, SharedServer, exchange_head, percent_encode};

use super::{PREFIX, filled};

static SERVER: SharedServer = SharedServer::new();

const TURTLE: &str = "text/turtle; charset=utf-8";
const JSON: &str = "application/sparql-results+json";
const XML: &str = "application/sparql-results+xml";
const CSV: &str = "text/csv; charset=utf-8";
const TSV: &str = "text/tab-separated-values; charset=utf-8";

/// Parses an answer by its media type: how many rows or triples it has, or 1 for `true`.
fn size(reply: &Reply) -> usize {
    let results = |format| match QueryResultsParser::from_format(format)
        .for_slice(&reply.body)
        .unwrap_or_else(|error| panic!("{error}: {}", reply.text()))
    {
        SliceQueryResultsParserOutput::Solutions(solutions) => {
            solutions.inspect(|row| assert!(row.is_ok(), "{row:?}")).count()
        }
        SliceQueryResultsParserOutput::Boolean(value) => usize::from(value),
    };
    let graph = |format| {
        let parser = RdfParser::from_format(format).for_slice(&reply.body);
        parser.inspect(|quad| assert!(quad.is_ok(), "{quad:?}: {}", reply.text())).count()
    };
    match reply.header("Content-Type").split(';').next().unwrap_or_default() {
        "application/sparql-results+json" => results(QueryResultsFormat::Json),
        "application/sparql-results+xml" => results(QueryResultsFormat::Xml),
        "text/tab-separated-values" => results(QueryResultsFormat::Tsv),
        "text/csv" if reply.text().trim() == "true" => 1,
        "text/csv" => reply.text().lines().count() - 1,
        "text/turtle" => graph(RdfFormat::Turtle),
        "application/n-triples" => graph(RdfFormat::NTriples),
        "application/rdf+xml" => graph(RdfFormat::RdfXml),
        "application/ld+json" => graph(RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() }),
        other => panic!("an unknown media type {other}"),
    }
}

/// Asks with this `Accept`, or none, and expects an answer of this media type, or 406.
fn check(address: &str, query: &str, accept: Option<&str>, expected: Option<(&str, usize)>) {
    let line = accept.map(|value| format!("Accept: {value}"));
    let headers: Vec<&str> = line.as_deref().into_iter().collect();
    let request = format!("GET /query?query={}", percent_encode(&format!("{PREFIX}{query}")));
    let reply = exchange_head(address, &request, &headers, b"");
    let case = format!("{query}, Accept: {accept:?}");
    match expected {
        None => {
            assert_eq!(reply.status, 406, "{case}: {}", reply.text());
            let detail = "The answer to this form of query has none of the media types in Accept.";
            assert_eq!(reply.detail(), detail, "{case}");
        }
        Some((media_type, expected)) => {
            assert_eq!(reply.status, 200, "{case}: {}", reply.text());
            assert_eq!(reply.header("Content-Type"), media_type, "{case}");
            assert_eq!(size(&reply), expected, "{case}: {}", reply.text());
        }
    }
}

#[test]
fn a_select_and_an_ask_come_as_rows() {
    let server = SERVER.get(|| filled(ServerBuilder::learning()).0);
    for (query, rows, triples) in [("SELECT * { ?s a ex:Robot }", 2, 4), ("ASK { ?s a ex:Robot }", 1, 2)] {
        let check = |accept, media_type: &str| {
            let size = if media_type == TURTLE { triples } else { rows };
            let expected = (!media_type.is_empty()).then_some((media_type, size));
            check(server.address(), query, accept, expected);
        };
        check(None, TURTLE);
        for accept in [
            "*/*",
            "",
            "text/turtle",
            "text/*",
            "TEXT/Turtle",
            "text/turtle;q=0.1, application/sparql-results+json",
            "application/sparql-results+json, text/turtle;q=0.001",
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "application/json, text/plain, */*",
        ] {
            check(Some(accept), TURTLE);
        }
        for (accept, media_type) in [
            (JSON, JSON),
            ("application/json", JSON),
            ("application/*", JSON),
            ("application/sparql-results+json, */*", JSON),
            ("application/sparql-results+json;q=0.5, application/sparql-results+xml", XML),
            (XML, XML),
            ("text/csv", CSV),
            ("text/csv;q=0.5, text/tab-separated-values", TSV),
            ("text/tab-separated-values, text/csv;q=0.9, */*;q=0.1", TSV),
            ("text/turtle;q=0, */*", JSON),
        ] {
            check(Some(accept), media_type);
        }
        for accept in ["image/png", "application/n-triples", "text/turtle;q=0", "*/*;q=0", "text/plain"] {
            check(Some(accept), "");
        }
    }
}

#[test]
fn a_construct_and_a_describe_come_as_graphs() {
    let server = SERVER.get(|| filled(ServerBuilder::learning()).0);
    for query in ["CONSTRUCT WHERE { ?s a ex:Robot }", "DESCRIBE ?s { ?s ex:age 4 } VALUES ?s { ex:pepper }"]
    {
        let triples = if query.starts_with("DESCRIBE") { 0 } else { 2 };
        let check = |accept, media_type: &str| {
            let expected = (!media_type.is_empty()).then_some((media_type, triples));
            check(server.address(), query, accept, expected);
        };
        check(None, TURTLE);
        for accept in ["*/*", "text/turtle", "text/turtle;q=0.1, application/ld+json", "text/csv, */*;q=0.1"]
        {
            check(Some(accept), TURTLE);
        }
        for (accept, media_type) in [
            ("application/n-triples", "application/n-triples"),
            ("application/ld+json", "application/ld+json"),
            ("application/json", "application/ld+json"),
            ("application/rdf+xml", "application/rdf+xml"),
            ("application/ld+json;q=0.1, application/rdf+xml;q=0.2, image/png", "application/rdf+xml"),
            ("application/sparql-results+json, application/n-triples;q=0.1", "application/n-triples"),
        ] {
            check(Some(accept), media_type);
        }
        for accept in ["text/csv", JSON, "image/png", "text/turtle;q=0"] {
            check(Some(accept), "");
        }
    }
}
