//! Turtle intake: what is accepted can be exported in every format and read again, by us and by another parser, to the
//! same triples.

use std::collections::HashSet;

use oxrdf::{Quad, Triple};
use oxrdfio::{JsonLdProfile, RdfFormat, RdfParser};
use segb_graph::{
    fuzz::write,
    limits::TurtleLimits,
    query::GraphFormat,
    term::TermRef,
    turtle::{ParsedLog, TurtleError},
    validation::validate,
};

/// Some hundred times below what the server takes, so that the limits are found, too.
const LIMITS: TurtleLimits = TurtleLimits {
    document_bytes_max: 64 << 10,
    triples_max: 1_000,
    nesting_max: 32,
    iri_bytes_max: 400,
    literal_bytes_max: 2_000,
    prefixes_max: 20,
};

pub(crate) fn run(document: &[u8]) {
    let report = validate(document.to_vec(), &LIMITS);
    let log = match ParsedLog::parse(document.to_vec(), &LIMITS) {
        Ok(log) => log,
        Err(error) => return refused(document, &error, report.syntax_ok),
    };
    assert!(report.syntax_ok, "the validation refuses what is taken");
    assert_eq!(report.triple_count, log.triple_count());
    let triples = triples(&log);
    assert_eq!(triples.len(), log.triple_count());
    for [subject, predicate, _] in &triples {
        assert!(!matches!(subject, TermRef::Literal { .. } | TermRef::LangLiteral { .. }));
        assert!(matches!(predicate, TermRef::Iri(_)));
    }
    match read(document, RdfFormat::Turtle) {
        Ok(read) => assert_eq!(read.len(), triples.len(), "another parser sees other triples: {read:?}"),
        // Ours looks at the IRI of a directive where a name makes use of it.
        Err(_) if has_unusable_directive(document, &log) || has_escaped_name(document) => {}
        Err(error) => panic!("another parser refuses it: {error}"),
    }
    for (format, parser) in [
        (GraphFormat::Turtle, RdfFormat::Turtle),
        (GraphFormat::NTriples, RdfFormat::NTriples),
        (GraphFormat::RdfXml, RdfFormat::RdfXml),
        (GraphFormat::JsonLd, RdfFormat::JsonLd { profile: JsonLdProfile::Streaming.into() }),
    ] {
        let Some(written) = write(&log, format) else {
            assert_eq!(format, GraphFormat::RdfXml, "only XML cannot express everything");
            continue;
        };
        let text = String::from_utf8_lossy(&written);
        match read(&written, parser) {
            Ok(read) => assert_eq!(read.len(), triples.len(), "{format:?}: {text}"),
            Err(error) => panic!("an export as {format:?} cannot be read: {error}: {text}"),
        }
        if matches!(format, GraphFormat::Turtle | GraphFormat::NTriples) {
            let again = ParsedLog::parse(written.clone(), &TurtleLimits::NONE);
            let again = again.unwrap_or_else(|error| panic!("{format:?}: {error}: {text}"));
            assert_eq!(self::triples(&again), triples, "{format:?}: {text}");
        }
    }
}

fn refused(document: &[u8], error: &TurtleError, is_turtle: bool) {
    assert_eq!(is_turtle, matches!(error, TurtleError::NoTriples));
    if let TurtleError::Syntax { line, column, message } = error {
        let lines = document.iter().filter(|byte| **byte == b'\n').count() + 1;
        assert!((1..=lines).contains(line), "line {line} of {lines}");
        assert!((1..=document.len() + 1).contains(column), "column {column}");
        assert!(message.len() < 2_000, "{message}");
        if !has_escaped_name(document) {
            let read = read(document, RdfFormat::Turtle).unwrap_or_default();
            assert!(read.is_empty(), "another parser takes it: {message}: {read:?}");
        }
    }
}

/// The other parser (oxttl 0.2) takes the dot at the end of `ex:a\.` for the end of the statement, and not the one of
/// `ex:a\!.`, where the document ends behind it.
fn has_escaped_name(document: &[u8]) -> bool {
    document.windows(2).any(|pair| pair[0] == b'\\' && b"_~.-!$&'()*+,;=/?#@%".contains(&pair[1]))
}

fn has_unusable_directive(document: &[u8], log: &ParsedLog) -> bool {
    let text = String::from_utf8_lossy(document).to_ascii_lowercase();
    text.matches("prefix").count() > log.prefixes().len() || text.contains("base")
}

fn triples(log: &ParsedLog) -> Vec<[TermRef<'_>; 3]> {
    log.term_triples().collect()
}

fn read(document: &[u8], format: RdfFormat) -> Result<HashSet<Triple>, String> {
    let quads = RdfParser::from_format(format).for_slice(document);
    let triple = |quad: Quad| Triple::new(quad.subject, quad.predicate, quad.object);
    quads.map(|quad| quad.map(triple).map_err(|error| error.to_string())).collect()
}
