//! Every term comes back exactly as it was sent, in every format that can carry it.

use std::io::Read;

use oxrdf::{Literal, NamedNode, Term, Triple};
use oxrdfio::{RdfFormat, RdfParser};
use sparesults::{QueryResultsFormat, QueryResultsParser, ReaderQueryResultsParserOutput};

use super::*;

const XSD: &str = "http://www.w3.org/2001/XMLSchema#";

/// Objects that are easily damaged.
fn corpus() -> Vec<Term> {
    let texts = [
        "",
        " ",
        "  a  b  ",
        "\t",
        "\n",
        "\r",
        "\r\n",
        "a\rb",
        "a\r\nb\n\rc",
        " \u{A0} ",
        "\"",
        "\\",
        "\\n",
        "'",
        "'''",
        "\"\"\"",
        "a\"b,c\nd",
        "<a>&amp;</a> ]]>",
        "\u{7F}\u{80}\u{85}\u{9F}",
        "\u{2028}\u{2029}",
        "\u{FEFF}a",
        "\u{FDD0}\u{1FFFE}\u{10FFFF}",
        "\u{E000}",
        "a\u{301}",
        "𝄞",
        "?x",
        "ex:name",
        "_:b0",
        "<http://e.org/>",
        "@prefix ex: <http://e.org/> .",
        "true",
        "01",
        "%41",
        "{}",
        "=1+1",
        "#",
    ];
    let mut terms: Vec<Term> = texts.iter().map(|text| Literal::new_simple_literal(*text).into()).collect();
    for (lexical, datatype) in [
        ("01", "integer"),
        ("1", "integer"),
        ("-0", "integer"),
        ("+1", "integer"),
        ("0", "integer"),
        ("-7", "integer"),
        (" 1 ", "integer"),
        ("one", "integer"),
        ("1.", "decimal"),
        ("1.0", "decimal"),
        (".5", "decimal"),
        ("1e5", "double"),
        ("1.E5", "double"),
        ("NaN", "double"),
        ("INF", "float"),
        ("-INF", "double"),
        ("1", "boolean"),
        ("true", "boolean"),
        ("TRUE", "boolean"),
        ("2026-01-01T00:00:00.000+00:00", "dateTime"),
        ("2026-02-30T25:00:00", "dateTime"),
        ("2026-01-01", "date"),
        ("P1D", "duration"),
        ("\r\n", "token"),
    ] {
        terms.push(
            Literal::new_typed_literal(lexical, NamedNode::new_unchecked(format!("{XSD}{datatype}"))).into(),
        );
    }
    for tag in ["en", "es-ES", "EN-gb", "zh-Hant-TW", "x-private"] {
        terms.push(Literal::new_language_tagged_literal_unchecked(format!("in {tag}\r"), tag).into());
    }
    terms.push(Literal::new_typed_literal("x", NamedNode::new_unchecked("http://e.org/a'b(c),d;e#")).into());
    for iri in [
        "http://e.org/",
        "http://e.org/a,b",
        "http://e.org/o'brien_(x)",
        "http://e.org/é/%20/?a=b&c=d#f",
        "urn:a:b",
        "http://example.org/name",
        "http://example.org/",
        "http://example.org/-x",
        "http://example.org/1.5",
        "http://example.org/a.",
        "http://example.org/a/b",
        "mailto:a@b",
    ] {
        terms.push(NamedNode::new_unchecked(iri).into());
    }
    terms.push(Literal::new_simple_literal("x\r\n".repeat(350_000)).into());
    terms
}

/// What XML cannot carry.
fn control_characters() -> Vec<Term> {
    ["\0", "\u{1}", "a\u{8}\u{B}\u{C}b", "\u{1F}", "\u{FFFE}\u{FFFF}"]
        .map(|text| Literal::new_simple_literal(text).into())
        .to_vec()
}

fn predicate(number: usize) -> NamedNode {
    NamedNode::new_unchecked(format!("http://example.org/p{number}"))
}

/// A graph with one triple for each term, in their order.
fn graph_of(terms: &[Term]) -> Graph {
    let subject = NamedNode::new_unchecked("http://example.org/s");
    let document: String = terms
        .iter()
        .enumerate()
        .map(|(number, term)| {
            format!("{} .\n", Triple::new(subject.clone(), predicate(number), term.clone()))
        })
        .collect();
    Graph::of(&[&document])
}

/// A query whose rows are the terms, in their order.
fn all_rows(terms: &[Term]) -> String {
    let values: String =
        (0..terms.len()).map(|number| format!("({number} {}) ", predicate(number))).collect();
    format!("SELECT ?value {{ VALUES (?n ?p) {{ {values} }} ?s ?p ?value }} ORDER BY ?n")
}

fn parsed(format: QueryResultsFormat, text: &str) -> Vec<Term> {
    let parser = QueryResultsParser::from_format(format);
    let ReaderQueryResultsParserOutput::Solutions(solutions) = parser.for_reader(text.as_bytes()).unwrap()
    else {
        panic!("no solutions");
    };
    solutions.map(|solution| solution.unwrap().get("value").unwrap().clone()).collect()
}

#[test]
fn solutions_come_back_exactly() {
    let terms = corpus();
    let graph = graph_of(&terms);
    let query = all_rows(&terms);
    for (ours, theirs) in [
        (SolutionsFormat::Json, QueryResultsFormat::Json),
        (SolutionsFormat::Xml, QueryResultsFormat::Xml),
        (SolutionsFormat::Tsv, QueryResultsFormat::Tsv),
    ] {
        let answer = graph.ask(&query, ours).unwrap();
        for (got, sent) in parsed(theirs, &answer).iter().zip(&terms) {
            assert_eq!(lower_case(got), lower_case(sent), "{ours:?}");
        }
        assert_tags_as_sent(&answer);
    }
}

#[test]
fn solutions_as_turtle_come_back_exactly_and_in_order() {
    let mut terms = corpus();
    terms.extend(control_characters());
    let graph = graph_of(&terms);
    let answer = graph.ask(&all_rows(&terms), SolutionsFormat::Turtle).unwrap();
    assert!(answer.is_ascii() || !answer.contains(['\r', '\u{2028}', '\u{85}', '\u{0}', '\u{FEFF}']));
    let values: Vec<Term> = RdfParser::from_format(RdfFormat::Turtle)
        .for_reader(answer.as_bytes())
        .map(|quad| quad.unwrap())
        .filter(|quad| quad.predicate.as_str() == "http://example.org/value")
        .map(|quad| quad.object)
        .collect();
    for (got, sent) in values.iter().zip(&terms) {
        assert_eq!(lower_case(got), lower_case(sent));
    }
    assert_eq!(values.len(), terms.len());
    assert_tags_as_sent(&answer);
}

#[test]
fn csv_keeps_the_text_of_every_value() {
    let terms = corpus();
    let graph = graph_of(&terms);
    let answer = graph.ask(&all_rows(&terms), SolutionsFormat::Csv).unwrap();
    // RFC 4180, read here: quoted fields with doubled quotes, records that end with CR LF.
    let mut records = Vec::new();
    let mut rest = answer.strip_prefix("value\r\n").unwrap();
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix('"') {
            let mut end = 0;
            while !quoted[end..].starts_with("\"\r\n") || !count_quotes(&quoted[..end]).is_multiple_of(2) {
                end += quoted[end..].chars().next().unwrap().len_utf8();
            }
            records.push(quoted[..end].replace("\"\"", "\""));
            rest = &quoted[end + 3..];
        } else {
            let (record, next) = rest.split_once("\r\n").unwrap();
            records.push(record.to_owned());
            rest = next;
        }
    }
    let texts: Vec<&str> = terms
        .iter()
        .map(|term| match term {
            Term::NamedNode(node) => node.as_str(),
            Term::Literal(literal) => literal.value(),
            Term::BlankNode(_) => unreachable!(),
        })
        .collect();
    assert!(records == texts);
}

fn count_quotes(text: &str) -> usize {
    text.bytes().rev().take_while(|byte| *byte == b'"').count()
}

#[test]
fn graphs_come_back_exactly() {
    let mut terms = corpus();
    for (ours, theirs) in [
        (GraphFormat::RdfXml, RdfFormat::RdfXml),
        (GraphFormat::Turtle, RdfFormat::Turtle),
        (GraphFormat::NTriples, RdfFormat::NTriples),
        (GraphFormat::JsonLd, RdfFormat::JsonLd { profile: oxrdfio::JsonLdProfileSet::empty() }),
    ] {
        if ours == GraphFormat::Turtle {
            terms.extend(control_characters());
        }
        let graph = graph_of(&terms);
        let answer = graph.construct("CONSTRUCT WHERE { ?s ?p ?o }", ours).unwrap();
        let exported = exported(&graph, ours).unwrap();
        for document in [answer, exported] {
            let mut got: Vec<Triple> = RdfParser::from_format(theirs)
                .for_reader(document.as_bytes())
                .map(|quad| Triple::from(quad.unwrap()))
                .collect();
            got.sort_by_key(|triple| triple.predicate.as_str()[20..].parse::<usize>().unwrap());
            for (got, sent) in got.iter().zip(&terms) {
                assert_eq!(lower_case(&got.object), lower_case(sent), "{ours:?}");
            }
            assert_eq!(got.len(), terms.len(), "{ours:?}");
            assert_tags_as_sent(&document);
        }
    }
}

/// The readers used here give language tags in lower case.
fn assert_tags_as_sent(document: &str) {
    for tag in ["es-ES", "EN-gb", "zh-Hant-TW"] {
        assert!(document.contains(tag), "{tag}");
    }
}

fn lower_case(term: &Term) -> Term {
    match term {
        Term::Literal(literal) if literal.language().is_some() => {
            let language = literal.language().unwrap().to_ascii_lowercase();
            Literal::new_language_tagged_literal_unchecked(literal.value(), language).into()
        }
        other => other.clone(),
    }
}

fn exported(graph: &Graph, format: GraphFormat) -> Result<String, StreamError> {
    let prefixes = vec![
        ("ex".to_owned(), "http://example.org/".to_owned()),
        ("a.b".to_owned(), "http://e.org/".to_owned()),
    ];
    let deadline = std::time::Instant::now() + Duration::from_secs(60);
    let stream = crate::export::start(graph.snapshot(), prefixes, format, deadline, ());
    stream.collect_bytes().map(|bytes| String::from_utf8(bytes).unwrap())
}

#[test]
fn what_xml_cannot_carry_is_named_and_not_written() {
    for term in control_characters() {
        let Term::Literal(literal) = &term else { unreachable!() };
        let character =
            literal.value().chars().find(|character| *character < ' ' || *character > '\u{FFFD}').unwrap();
        let graph = graph_of(std::slice::from_ref(&term));
        let error = graph.ask("SELECT ?o { ?s ?p ?o }", SolutionsFormat::Xml).unwrap_err();
        let what = format!("the character U+{:04X}", u32::from(character));
        assert_eq!(
            error,
            QueryError::NotRepresentable { format: "XML".into(), what, advice: "ask for JSON or TSV".into() }
        );
        let error = graph.construct("CONSTRUCT WHERE { ?s ?p ?o }", GraphFormat::RdfXml).unwrap_err();
        assert!(matches!(error, QueryError::NotRepresentable { .. }), "{error}");
        assert!(exported(&graph, GraphFormat::RdfXml).unwrap_err().to_string().contains("U+"));
        let json = graph.ask("SELECT ?value { ?s ?p ?value }", SolutionsFormat::Json).unwrap();
        assert_eq!(parsed(QueryResultsFormat::Json, &json), std::slice::from_ref(&term));
        let tsv = graph.ask("SELECT ?value { ?s ?p ?value }", SolutionsFormat::Tsv).unwrap();
        assert_eq!(parsed(QueryResultsFormat::Tsv, &tsv), [term]);
    }
}

#[test]
fn what_rdf_xml_has_no_element_for_is_named_and_not_written() {
    for predicate in [
        "http://e.org/1",
        "http://e.org/",
        "urn:1",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#li",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#Description",
        "http://www.w3.org/2000/xmlns/a",
    ] {
        let graph = Graph::of(&[&format!("<http://e.org/s> <{predicate}> 1 .")]);
        let error = graph.construct("CONSTRUCT WHERE { ?s ?p ?o }", GraphFormat::RdfXml).unwrap_err();
        assert!(
            matches!(&error, QueryError::NotRepresentable { what, .. } if what.contains(predicate)),
            "{error}"
        );
        graph.construct("CONSTRUCT WHERE { ?s ?p ?o }", GraphFormat::Turtle).unwrap();
    }
}

#[test]
fn the_turtle_of_rows_is_that_of_the_wire_contract() {
    let graph = Graph::of(&["<http://s> <http://p> 1, \"dos\"@es-ES ; <http://q> [] ."]);
    let ask = |query| graph.ask(query, SolutionsFormat::Turtle).unwrap();
    let rows =
        ask("SELECT ?s ?v ?none { VALUES (?n ?v) { (1 1) (2 'dos'@es-es) } ?s <http://p> ?v } ORDER BY ?n");
    assert_eq!(
        rows,
        "@prefix ns: <http://example.org/> .\n\
         \n[] a ns:Result ;\n    ns:s <http://s> ;\n    ns:v \"1\"^^<http://www.w3.org/2001/XMLSchema#integer> .\n\
         \n[] a ns:Result ;\n    ns:s <http://s> ;\n    ns:v \"dos\"@es-ES .\n"
    );
    assert_eq!(ask("SELECT * { <http://nobody> ?p ?o }"), "");
    assert_eq!(ask("SELECT ?x {}"), "@prefix ns: <http://example.org/> .\n\n[] a ns:Result .\n");
    assert_eq!(
        ask("SELECT ?b { ?s <http://q> ?b }"),
        "@prefix ns: <http://example.org/> .\n\n[] a ns:Result ;\n    ns:b _:s0b0 .\n"
    );
    assert_eq!(
        ask("ASK { ?s ?p 1 }"),
        "@prefix ns: <http://example.org/> .\n\n[] a ns:Result ; ns:boolean true .\n"
    );
    assert_eq!(
        ask("ASK { ?s ?p 2 }"),
        "@prefix ns: <http://example.org/> .\n\n[] a ns:Result ; ns:boolean false .\n"
    );
    // Variables may be named as no keyword or number of Turtle minds.
    let odd = ask("SELECT (1 AS ?1a) (2 AS ?_) (3 AS ?ñ·) (4 AS ?a) {}");
    assert_eq!(
        RdfParser::from_format(RdfFormat::Turtle).for_reader(odd.as_bytes()).filter_map(Result::ok).count(),
        5
    );
}

#[test]
fn truth_values_in_every_format() {
    let graph = Graph::of(&[]);
    let ask = |format| graph.ask("ASK {}", format).unwrap();
    assert_eq!(ask(SolutionsFormat::Csv), "true");
    assert_eq!(ask(SolutionsFormat::Tsv), "true");
    assert_eq!(ask(SolutionsFormat::Json), r#"{"head":{},"boolean":true}"#);
    assert!(ask(SolutionsFormat::Xml).contains("<boolean>true</boolean>"));
}

#[test]
fn constructed_turtle_uses_the_prefixes_and_writes_each_triple_once() {
    let graph = Graph::of(&[
        "@prefix ex: <http://example.org/> . ex:s ex:p 1, 01, \"x\" ; a ex:C ; ex:q _:b . _:b ex:p true .",
    ]);
    let turtle =
        graph.construct("CONSTRUCT WHERE { <http://example.org/s> ?p ?o }", GraphFormat::Turtle).unwrap();
    assert!(turtle.starts_with("@prefix ex: <http://example.org/> .\n\nex:s "), "{turtle}");
    for part in
        ["a ex:C", "ex:p 1", "\"01\"^^<http://www.w3.org/2001/XMLSchema#integer>", "\"x\"", "ex:q _:s0b0"]
    {
        assert!(turtle.contains(part), "{part} in {turtle}");
    }
    let twice = "CONSTRUCT { ?b <http://p> 1 } { VALUES ?n { 1 2 3 } ?b <http://example.org/p> true }";
    assert_eq!(graph.construct(twice, GraphFormat::NTriples).unwrap().lines().count(), 1);
    assert_eq!(
        graph.construct("CONSTRUCT WHERE { <http://nobody> ?p ?o }", GraphFormat::Turtle).unwrap(),
        ""
    );
    let mut json = String::new();
    let nothing = graph.construct("CONSTRUCT WHERE { <http://nobody> ?p ?o }", GraphFormat::JsonLd).unwrap();
    nothing.as_bytes().read_to_string(&mut json).unwrap();
    assert_eq!(json, "[]");
}

#[test]
fn a_made_blank_node_label_fits_into_every_format() {
    let graph = Graph::of(&[]);
    let query = "CONSTRUCT { ?b <http://e.org/p> 1 } { BIND(BNODE('a:b') AS ?b) }";
    for format in [GraphFormat::Turtle, GraphFormat::RdfXml, GraphFormat::NTriples] {
        let document = graph.construct(query, format).unwrap();
        assert!(document.contains("x613a62"), "{document}");
    }
}
