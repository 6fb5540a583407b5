//! Reading answers with parsers that are not the server's own.

use std::collections::BTreeMap;

use oxigraph::{
    io::{JsonLdProfileSet, RdfFormat, RdfParser},
    model::{Graph, Literal, Term, Triple, dataset::CanonicalizationAlgorithm},
    sparql::results::{QueryResultsFormat, QueryResultsParser, ReaderQueryResultsParserOutput},
};
use segb_tests::{Client, Reply};

/// A row: variable → value.
pub type Row = BTreeMap<String, Term>;

/// The graph formats of the server, each with its parser.
pub const GRAPH_FORMATS: [(&str, RdfFormat); 4] = [
    ("text/turtle", RdfFormat::Turtle),
    ("application/n-triples", RdfFormat::NTriples),
    ("application/rdf+xml", RdfFormat::RdfXml),
    ("application/ld+json", RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() }),
];

/// Publishes a log as `text/turtle` and gives its id.
pub fn publish(client: &Client, turtle: &str) -> String {
    let reply = client.request("POST", "/ttl").header("Content-Type", "text/turtle").send(turtle.as_bytes());
    assert_eq!(reply.status, 201, "{}\nfor {:.300}", reply.text(), turtle);
    reply.json()["log_id"].as_str().expect("an id").to_owned()
}

/// The triples of a document.
pub fn parse(format: RdfFormat, document: &[u8]) -> Result<Vec<Triple>, String> {
    RdfParser::from_format(format)
        .for_reader(document)
        .map(|quad| quad.map(|quad| normal_triple(quad.into())).map_err(|error| error.to_string()))
        .collect()
}

/// The triples of an answer with status 200.
pub fn triples(reply: &Reply, format: RdfFormat) -> Vec<Triple> {
    assert_eq!(reply.status, 200, "{}", reply.text());
    parse(format, &reply.body).unwrap_or_else(|error| panic!("{format}: {error}\n{:.1000}", reply.text()))
}

/// The rows of a SELECT answered in a format that keeps types.
pub fn rows(reply: &Reply, format: QueryResultsFormat) -> Vec<Row> {
    assert_eq!(reply.status, 200, "{}", reply.text());
    let parser = QueryResultsParser::from_format(format);
    let Ok(ReaderQueryResultsParserOutput::Solutions(solutions)) = parser.for_reader(reply.body.as_slice())
    else {
        panic!("no rows: {:.1000}", reply.text());
    };
    solutions.map(|solution| row(&solution.unwrap_or_else(|error| panic!("{format}: {error}")))).collect()
}

/// A solution as a row.
pub fn row(solution: &oxigraph::sparql::QuerySolution) -> Row {
    solution.iter().map(|(variable, value)| (variable.as_str().to_owned(), normal(value.clone()))).collect()
}

/// The rows of a SELECT as Turtle: for each `ns:Result`, in their order, the values by variable.
pub fn turtle_rows(reply: &Reply) -> Vec<Row> {
    let mut rows: Vec<(String, Row)> = Vec::new();
    for triple in triples(reply, RdfFormat::Turtle) {
        let subject = triple.subject.to_string();
        if rows.last().is_none_or(|(last, _)| *last != subject) {
            rows.push((subject, Row::new()));
        }
        let (_, row) = rows.last_mut().expect("just pushed");
        match triple.predicate.as_str().strip_prefix("http://example.org/") {
            Some(variable) => {
                let before = row.insert(variable.to_owned(), triple.object);
                assert_eq!(before, None, "{variable} twice in one row");
            }
            None => {
                assert_eq!(triple.object.to_string(), "<http://example.org/Result>", "{}", triple.predicate)
            }
        }
    }
    rows.into_iter().map(|(_, row)| row).collect()
}

/// Records of RFC 4180: fields by comma, quoted with doubled quotes, records ended by CR LF.
pub fn csv_records(text: &str) -> Vec<Vec<String>> {
    let mut records = Vec::new();
    let mut record = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let field;
        if let Some(quoted) = rest.strip_prefix('"') {
            let mut value = String::new();
            let mut after = quoted;
            loop {
                let (part, next) = after.split_once('"').expect("a closing quote");
                value.push_str(part);
                after = next;
                let Some(doubled) = after.strip_prefix('"') else {
                    break;
                };
                value.push('"');
                after = doubled;
            }
            (field, rest) = (value, after);
        } else {
            let end = rest.find([',', '\r', '\n']).expect("an end of the field");
            assert!(!rest[..end].contains('"'), "a quote in {:.100}", &rest[..end]);
            (field, rest) = (rest[..end].to_owned(), &rest[end..]);
        }
        record.push(field);
        if let Some(next) = rest.strip_prefix(',') {
            rest = next;
        } else {
            rest = rest.strip_prefix("\r\n").expect("CR LF after a record");
            records.push(std::mem::take(&mut record));
        }
    }
    records
}

/// Equal up to the names of blank nodes.
pub fn isomorphic(one: &[Triple], other: &[Triple]) -> bool {
    canonical(one) == canonical(other)
}

/// Sorted lines with canonical names of blank nodes; each triple once.
pub fn canonical(triples: &[Triple]) -> Vec<String> {
    let mut graph: Graph = triples.iter().cloned().map(normal_triple).collect();
    graph.canonicalize(CanonicalizationAlgorithm::Unstable);
    let mut lines: Vec<String> = graph.iter().map(|triple| triple.to_string()).collect();
    lines.sort();
    lines
}

/// Language tags that differ only in case are equal.
pub fn normal(term: Term) -> Term {
    match &term {
        Term::Literal(literal) => match literal.language() {
            Some(language) if language.bytes().any(|byte| byte.is_ascii_uppercase()) => {
                let language = language.to_ascii_lowercase();
                Literal::new_language_tagged_literal_unchecked(literal.value(), language).into()
            }
            _ => term,
        },
        _ => term,
    }
}

fn normal_triple(triple: Triple) -> Triple {
    Triple { object: normal(triple.object), ..triple }
}
