//! Every term comes back exactly as it was sent, in every format of every read route; where a format cannot carry a
//! character, the answer is a refusal that names it.

use oxigraph::{
    io::RdfFormat,
    model::{Literal, NamedNode, Term, Triple},
    sparql::results::QueryResultsFormat,
};
use segb_tests::{Client, Reply, Server, ServerBuilder};

use super::{
    corpus::{self, Spelling},
    rdf::{self, GRAPH_FORMATS, Row},
};

const SUBJECT: &str = "http://e.org/subject";
const CONSTRUCT_ALL: &str = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }";

/// A server with one log for each spelling.
struct Published {
    _server: Server,
    client: Client,
    spellings: Vec<(Spelling, String, String)>,
}

impl Published {
    fn new(terms: &[Term], spellings: &[Spelling]) -> Self {
        let server = ServerBuilder::learning().start();
        let client = server.client();
        let publish = |spelling: &Spelling| {
            let log = spelling.log(terms);
            (*spelling, rdf::publish(&client, &log), log)
        };
        let spellings = spellings.iter().map(publish).collect();
        Self { _server: server, client, spellings }
    }

    fn assert_payloads(&self) {
        for (spelling, id, log) in &self.spellings {
            let reply = self.client.get(&format!("/logs/{id}/payload"));
            assert_eq!(reply.status, 200);
            assert!(reply.body == log.as_bytes(), "the payload of {spelling:?} differs");
        }
    }

    fn assert_graph(&self, triples: &[Triple], terms: &[Term], what: &str) {
        assert_eq!(triples.len(), terms.len() * self.spellings.len(), "{what}");
        for (spelling, _, _) in &self.spellings {
            let mut got = vec![None; terms.len()];
            for triple in triples {
                if let Some(number) = spelling.number(triple.predicate.as_str()) {
                    assert_eq!(triple.subject.to_string(), format!("<{SUBJECT}>"));
                    got[number] = Some(triple.object.clone());
                }
            }
            assert_terms(got.iter().map(Option::as_ref), terms, &format!("{what}, {spelling:?}"));
        }
    }

    /// One row for each term, in their order.
    fn ask(&self, spelling: Spelling, accept: &str) -> Reply {
        let query = format!(
            "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> \
             SELECT ?value {{ ?s ?p ?value FILTER(STRSTARTS(STR(?p), 'http://e.org/{spelling:?}/')) }} \
             ORDER BY xsd:integer(STRAFTER(STR(?p), '/p'))"
        );
        self.client.query(&query, accept)
    }
}

fn assert_terms<'t>(got: impl Iterator<Item = Option<&'t Term>>, sent: &[Term], what: &str) {
    let got: Vec<Option<&Term>> = got.collect();
    assert_eq!(got.len(), sent.len(), "{what}");
    for (got, sent) in got.into_iter().zip(sent) {
        let got = got.unwrap_or_else(|| panic!("{what}: {:.200} is missing", format!("{sent:?}")));
        assert!(
            *got == rdf::normal(sent.clone()),
            "{what}: sent {:.300}, got {:.300}",
            format!("{sent:?}"),
            format!("{got:?}")
        );
    }
}

fn values(rows: &[Row]) -> impl Iterator<Item = Option<&Term>> {
    rows.iter().map(|row| row.get("value"))
}

fn lexical(term: &Term) -> &str {
    match term {
        Term::NamedNode(node) => node.as_str(),
        Term::Literal(literal) => literal.value(),
        _ => unreachable!("the corpus has IRIs and literals"),
    }
}

fn every_format(terms: &[Term], spellings: &[Spelling]) -> Published {
    let published = Published::new(terms, spellings);
    published.assert_payloads();
    for (media_type, format) in GRAPH_FORMATS {
        let export = published.client.request("GET", "/events").header("Accept", media_type).send(&[]);
        let what = format!("export as {media_type}");
        published.assert_graph(&rdf::triples(&export, format), terms, &what);
        let answer = published.client.query(CONSTRUCT_ALL, media_type);
        let what = format!("CONSTRUCT as {media_type}");
        published.assert_graph(&rdf::triples(&answer, format), terms, &what);
    }
    for &(spelling, _, _) in &published.spellings {
        for (media_type, format) in [
            ("application/sparql-results+json", QueryResultsFormat::Json),
            ("application/sparql-results+xml", QueryResultsFormat::Xml),
            ("text/tab-separated-values", QueryResultsFormat::Tsv),
        ] {
            let rows = rdf::rows(&published.ask(spelling, media_type), format);
            assert_terms(values(&rows), terms, &format!("{media_type}, {spelling:?}"));
        }
        let rows = rdf::turtle_rows(&published.ask(spelling, "text/turtle"));
        assert_terms(values(&rows), terms, &format!("rows as Turtle, {spelling:?}"));
        let records = rdf::csv_records(&published.ask(spelling, "text/csv").text());
        assert_eq!(records.len(), terms.len() + 1);
        for (record, term) in records.iter().skip(1).zip(terms) {
            assert!(record.as_slice() == [lexical(term)], "CSV: {term:.300} as {record:.300?}");
        }
    }
    published
}

#[test]
fn every_term_comes_back_in_every_format() {
    let published = every_format(&corpus::printable(), &Spelling::ALL);
    // The parsers above read tags in lower case; the spelling counts too.
    let accepts = GRAPH_FORMATS.map(|(media_type, _)| published.client.query(CONSTRUCT_ALL, media_type));
    let answers = [
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/tab-separated-values",
        "text/turtle",
    ]
    .map(|media_type| published.ask(Spelling::Raw, media_type));
    for reply in accepts.iter().chain(&answers) {
        let text = reply.text();
        for tag in corpus::MIXED_CASE_TAGS {
            assert!(
                text.contains(tag) && !text.contains(&format!("@{}", tag.to_ascii_lowercase())),
                "{tag} in {}",
                reply.header("Content-Type")
            );
        }
    }
}

#[test]
fn texts_of_a_megabyte_come_back_in_every_format() {
    // Numeric escapes would be larger than a log may be; so would be all of them at once.
    for terms in corpus::large().chunks(3) {
        every_format(terms, &[Spelling::Raw]);
    }
}

#[test]
fn a_log_in_json_is_the_same_log() {
    let server = ServerBuilder::learning().start();
    let terms = corpus::printable();
    let log = Spelling::Long.log(&terms);
    let reply = server.client().publish(&log);
    assert_eq!(reply.status, 201, "{}", reply.text());
    let id = reply.json()["log_id"].as_str().unwrap().to_owned();
    let payload = server.client().get(&format!("/logs/{id}/payload"));
    assert!(payload.body == log.as_bytes());
    assert_eq!(reply.json()["triple_count"].as_u64().unwrap(), terms.len() as u64);
}

/// Texts with one character that XML cannot carry, alone and in the middle.
fn control_texts() -> Vec<Term> {
    corpus::unprintable_in_xml()
        .into_iter()
        .flat_map(|character| [format!("{character}"), format!("a{character}b")])
        .map(|text| Literal::new_simple_literal(text).into())
        .collect()
}

#[test]
fn control_characters_come_back_where_the_format_has_a_way() {
    let terms = control_texts();
    let published = Published::new(&terms, &Spelling::ALL);
    published.assert_payloads();
    for (media_type, format) in GRAPH_FORMATS {
        if format == RdfFormat::RdfXml {
            continue;
        }
        let export = published.client.request("GET", "/events").header("Accept", media_type).send(&[]);
        published.assert_graph(&rdf::triples(&export, format), &terms, media_type);
        let answer = published.client.query(CONSTRUCT_ALL, media_type);
        published.assert_graph(&rdf::triples(&answer, format), &terms, media_type);
    }
    for (media_type, format) in [
        ("application/sparql-results+json", QueryResultsFormat::Json),
        ("text/tab-separated-values", QueryResultsFormat::Tsv),
    ] {
        let rows = rdf::rows(&published.ask(Spelling::Raw, media_type), format);
        assert_terms(values(&rows), &terms, media_type);
    }
    let rows = rdf::turtle_rows(&published.ask(Spelling::Raw, "text/turtle"));
    assert_terms(values(&rows), &terms, "rows as Turtle");
    let records = rdf::csv_records(&published.ask(Spelling::Raw, "text/csv").text());
    for (record, term) in records.iter().skip(1).zip(&terms) {
        assert_eq!(record.as_slice(), [lexical(term)], "CSV");
    }
}

#[test]
fn xml_names_the_character_that_it_cannot_carry() {
    let terms = control_texts();
    let published = Published::new(&terms, &[Spelling::Escaped]);
    for (number, term) in terms.iter().enumerate() {
        let predicate = Spelling::Escaped.predicate(number);
        let character = lexical(term).trim_matches(['a', 'b']).chars().next().unwrap();
        let code = format!("U+{:04X}", u32::from(character));
        for (query, media_type, format, advice) in [
            (format!("SELECT ?o {{ ?s <{predicate}> ?o }}"), "application/sparql-results+xml", "XML", "JSON"),
            (
                format!("CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o FILTER(?p = <{predicate}>) }}"),
                "application/rdf+xml",
                "XML",
                "N-Triples",
            ),
        ] {
            let reply = published.client.query(&query, media_type);
            let detail = reply.detail();
            assert_eq!(reply.status, 406, "{code}: {detail}");
            for part in [code.as_str(), format, advice] {
                assert!(detail.contains(part), "{part} in {detail}");
            }
        }
    }
}

#[test]
fn an_export_as_xml_refuses_what_it_cannot_carry() {
    for (turtle, named) in [
        ("<urn:a> <urn:b> \"a\\u0001b\" .", "U+0001"),
        ("<urn:a> <http://e.org/1> \"fine\" .", "<http://e.org/1>"),
    ] {
        let server = ServerBuilder::learning().start();
        rdf::publish(&server.client(), turtle);
        let reply =
            server.client().request("GET", "/events").header("Accept", "application/rdf+xml").send(&[]);
        assert_eq!(reply.status, 406, "{}", reply.text());
        assert!(reply.detail().contains(named), "{}", reply.detail());
        assert!(reply.detail().contains("N-Triples"), "{}", reply.detail());
    }
}

#[test]
fn short_forms_are_the_terms_that_they_stand_for() {
    let server = ServerBuilder::learning().start();
    let short = [
        ("01", "integer"),
        ("1", "integer"),
        ("-5", "integer"),
        ("+7", "integer"),
        ("1.0", "decimal"),
        (".5", "decimal"),
        ("-.5", "decimal"),
        ("+1.50", "decimal"),
        ("1e0", "double"),
        ("1.E3", "double"),
        (".1e-1", "double"),
        ("-1.0E+05", "double"),
        ("true", "boolean"),
        ("false", "boolean"),
    ];
    let mut log = String::new();
    let mut terms = Vec::new();
    for (number, (lexical, datatype)) in short.iter().enumerate() {
        let predicate = Spelling::Raw.predicate(number);
        log.push_str(&format!("<{SUBJECT}> <{predicate}> {lexical} .\n"));
        let datatype = NamedNode::new_unchecked(format!("http://www.w3.org/2001/XMLSchema#{datatype}"));
        terms.push(Term::from(Literal::new_typed_literal(*lexical, datatype)));
    }
    let id = rdf::publish(&server.client(), &log);
    let published =
        Published { client: server.client(), _server: server, spellings: vec![(Spelling::Raw, id, log)] };
    for (media_type, format) in GRAPH_FORMATS {
        let export = published.client.request("GET", "/events").header("Accept", media_type).send(&[]);
        published.assert_graph(&rdf::triples(&export, format), &terms, media_type);
    }
}

#[test]
fn blank_nodes_and_lists_come_back_as_the_same_graph() {
    let logs = [
        "@prefix e: <http://e.org/> . e:a e:items ( 1 ( 2 ( ) ( e:b \"c\"@en-GB ) ) [ e:p ( [ ] [ ] ) ] ) .",
        "@prefix e: <http://e.org/> . _:x e:knows _:y . _:y e:knows _:z . _:z e:knows _:x . _:x e:name \"x\" .",
        "@prefix e: <http://e.org/> . [] e:p [ e:p [ e:p [ e:p [ ] ] ] ] . ( e:first ) e:q ( ( ) ( ( ) ) ) .",
        "@prefix e: <http://e.org/> . _:x e:p _:x , [ e:q _:x ] . _:s0b0 e:label \"named as the server would\" .",
        "@prefix e: <http://e.org/> . _:a.b-c e:p _:1 . _:é e:p _:A , _:a .",
        "@prefix e: <http://e.org/> . [ e:a 1 ; e:b [ e:c 2 , 3 ] ] e:d [ ] , [ ] .",
    ];
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let mut all = Vec::new();
    for (number, log) in logs.iter().enumerate() {
        let id = rdf::publish(&client, log);
        let sent = rdf::parse(RdfFormat::Turtle, log.as_bytes()).unwrap();
        for (media_type, format) in GRAPH_FORMATS {
            let query =
                format!("CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <urn:segb:log:{id}> {{ ?s ?p ?o }} }}");
            let got = rdf::triples(&client.query(&query, media_type), format);
            assert!(rdf::isomorphic(&got, &sent), "{media_type} of {log}:\n{:#?}", rdf::canonical(&got));
        }
        // Blank nodes of different logs are different nodes, whatever their labels.
        let prefix = format!("log{number}");
        let renamed = log.replace("_:", &format!("_:{prefix}"));
        all.extend(rdf::parse(RdfFormat::Turtle, renamed.as_bytes()).unwrap());
    }
    for (media_type, format) in GRAPH_FORMATS {
        let export = client.request("GET", "/events").header("Accept", media_type).send(&[]);
        let got = rdf::triples(&export, format);
        assert!(rdf::isomorphic(&got, &all), "{media_type}");
    }
}
