//! Parsing a received document, with limits, into what the writer stores.

use std::{
    borrow::Cow,
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
};

use sophia::{
    api::{
        parser::TripleParser,
        source::{Source, StreamError},
        version::Version,
    },
    turtle::parser::turtle::TurtleParser,
};

use super::{
    TurtleError,
    content::{Content, LogTerm, Refusal},
    scan::{ScanError, adapt, scan, unadapted_offset},
};
use crate::{
    limits::TurtleLimits,
    term::{TermRef, shortened},
};

/// A valid log: the received bytes and what they say.
#[derive(Debug, Clone)]
pub struct ParsedLog {
    document: Vec<u8>,
    /// Distinct terms in order of first appearance.
    pub(crate) terms: Vec<LogTerm>,
    /// Distinct triples in order of first appearance; the numbers are places in `terms`.
    pub(crate) triples: Vec<[u32; 3]>,
    /// The declared prefixes that are worth remembering.
    pub(crate) prefixes: Vec<(String, String)>,
}

impl ParsedLog {
    /// Parses a Turtle 1.1 document. Costs CPU time: not for a thread that runs asynchronous tasks.
    ///
    /// ```
    /// use segb_graph::{limits::TurtleLimits, turtle::ParsedLog};
    /// let log = ParsedLog::parse(b"<urn:ari> a <urn:Robot> .".to_vec(), &TurtleLimits::default())?;
    /// assert_eq!(log.triple_count(), 1);
    /// # Ok::<(), segb_graph::turtle::TurtleError>(())
    /// ```
    ///
    /// # Errors
    /// [`TurtleError`]: the document is not UTF-8, not Turtle, over a limit or empty.
    pub fn parse(document: Vec<u8>, limits: &TurtleLimits) -> Result<Self, TurtleError> {
        let log = parse_any(document, limits)?;
        if log.triples.is_empty() { Err(TurtleError::NoTriples) } else { Ok(log) }
    }

    /// How many distinct triples the log asserts.
    pub fn triple_count(&self) -> usize {
        self.triples.len()
    }

    /// The declared prefixes that are worth remembering, as name and namespace.
    pub fn prefixes(&self) -> &[(String, String)] {
        &self.prefixes
    }

    /// Takes the received bytes out; nothing else in the log needs them.
    pub fn take_document(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.document)
    }

    /// The triples as references to their terms; blank nodes carry sequence number 0.
    pub fn term_triples(&self) -> impl Iterator<Item = [TermRef<'_>; 3]> {
        self.triples.iter().filter_map(|triple| {
            let [subject, predicate, object] = triple.map(|place| self.term(place));
            Some([subject?, predicate?, object?])
        })
    }

    fn term(&self, place: u32) -> Option<TermRef<'_>> {
        match self.terms.get(place as usize)? {
            LogTerm::Encoded(bytes) => TermRef::decode(bytes),
            LogTerm::Blank(number) => Some(TermRef::Blank { sequence: 0, number: *number }),
        }
    }
}

/// Parses a document, also one without triples.
///
/// # Errors
/// As [`ParsedLog::parse`], but never [`TurtleError::NoTriples`].
pub fn parse_any(document: Vec<u8>, limits: &TurtleLimits) -> Result<ParsedLog, TurtleError> {
    let text = check_text(&document, limits)?;
    let scan = scan(text, limits.nesting_max).map_err(|error| scan_error(text, &error, limits))?;
    if scan.prefix_count > limits.prefixes_max {
        let message = format!("more than {} prefix declarations", limits.prefixes_max);
        return Err(TurtleError::Limit { line: 1, message });
    }
    let adapted = Adapted { document: text, text: adapt(text, &scan.misread), misread: &scan.misread };
    let content = read_triples_guarded(&adapted, limits)?;
    Ok(ParsedLog { document, terms: content.terms, triples: content.triples.order, prefixes: scan.prefixes })
}

fn check_text<'d>(document: &'d [u8], limits: &TurtleLimits) -> Result<&'d str, TurtleError> {
    let (bytes, bytes_max) = (document.len(), limits.document_bytes_max);
    if bytes > bytes_max {
        return Err(TurtleError::TooLong { bytes, bytes_max });
    }
    str::from_utf8(document).map_err(|error| TurtleError::NotUtf8 { valid_up_to: error.valid_up_to() })
}

/// Line and column, both from 1, the column in characters, of a byte offset.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

fn scan_error(text: &str, error: &ScanError, limits: &TurtleLimits) -> TurtleError {
    let (offset, message) = match error {
        ScanError::TooDeep { offset } => {
            return TurtleError::Limit {
                line: position(text, *offset).0,
                message: format!("brackets nest deeper than {}", limits.nesting_max),
            };
        }
        ScanError::BadEscape { offset } => (*offset, "this backslash starts no valid escape"),
        ScanError::UnclosedString { offset } => (*offset, "this string has no end"),
        ScanError::Version { offset } => {
            (*offset, "a version directive is RDF 1.2; this server takes Turtle 1.1")
        }
    };
    let (line, column) = position(text, offset);
    TurtleError::Syntax { line, column, message: message.to_owned() }
}

/// A document and the form of it that the parser reads.
struct Adapted<'d> {
    document: &'d str,
    text: Cow<'d, str>,
    misread: &'d [usize],
}

/// A document that the parser panics on is refused like any other that it cannot read, and harms nobody else.
fn read_triples_guarded(adapted: &Adapted<'_>, limits: &TurtleLimits) -> Result<Content, TurtleError> {
    let line = Cell::new(0);
    // What a panic leaves behind is dropped here.
    catch_unwind(AssertUnwindSafe(|| read_triples(adapted, limits, &line))).unwrap_or_else(|_| {
        Err(TurtleError::Syntax {
            line: line.get(),
            column: 1,
            message: "the parser cannot read this line".to_owned(),
        })
    })
}

fn read_triples(
    adapted: &Adapted<'_>,
    limits: &TurtleLimits,
    line: &Cell<usize>,
) -> Result<Content, TurtleError> {
    let mut content = Content::default();
    let parser = TurtleParser::new().with_version(Version::Rdf11);
    let mut source = parser.parse(adapted.text.as_bytes());
    loop {
        line.set(line.get() + 1);
        let step = source.try_for_some_item(|triple| content.add(triple, limits));
        match step {
            Ok(true) => {}
            Ok(false) => return Ok(content),
            Err(StreamError::SourceError(error)) => return Err(syntax_error(adapted, &error)),
            Err(StreamError::SinkError(refusal)) => return Err(refused(adapted, line.get(), refusal)),
        }
    }
}

/// The error for what the parser took and we do not. It only tells on which of its lines it was: the column is that of
/// what is refused, if it stands there as it is, else that of the first thing on the line.
fn refused(adapted: &Adapted<'_>, line: usize, refusal: Refusal) -> TurtleError {
    let mut lines = adapted.text.split_inclusive('\n');
    let before: usize = lines.by_ref().take(line.saturating_sub(1)).map(str::len).sum();
    let line_text = lines.next().unwrap_or_default();
    let found = refusal.needle().and_then(|needle| line_text.find(&needle));
    let blank = line_text.len() - line_text.trim_start_matches([' ', '\t']).len();
    let offset = unadapted_offset(adapted.document, adapted.misread, before + found.unwrap_or(blank));
    let (line, column) = position(adapted.document, offset);
    match refusal {
        Refusal::Limit(message) => TurtleError::Limit { line, message },
        other => TurtleError::Syntax { line, column, message: other.to_string() },
    }
}

fn syntax_error(adapted: &Adapted<'_>, error: &sophia::turtle::parser::Error) -> TurtleError {
    use sophia::turtle::parser::ErrorKind;
    let (line_index, column_bytes) = error.position();
    // The parser reads lines by their line feeds and counts columns in bytes.
    let mut lines = adapted.text.split_inclusive('\n');
    let before: usize = lines.by_ref().take(line_index).map(str::len).sum();
    let line_text = lines.next().unwrap_or_default().trim_end_matches('\n');
    let offset = before + column_bytes.min(line_text.len());
    let offset = unadapted_offset(adapted.document, adapted.misread, offset);
    let (line, column) = position(adapted.document, offset);
    let message = match error.kind() {
        ErrorKind::Expected(expected) => format!("expected {expected}"),
        ErrorKind::EOF(_) => "the document ends in the middle of a statement".to_owned(),
        ErrorKind::Iri(invalid) => format!("invalid or relative IRI <{}>", shortened(&invalid.0, 120)),
        other => shortened(&other.to_string(), 200).into_owned(),
    };
    TurtleError::Syntax { line, column, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(document: &str) -> Result<ParsedLog, TurtleError> {
        ParsedLog::parse(document.as_bytes().to_vec(), &TurtleLimits::default())
    }

    fn error(document: &str) -> String {
        parse(document).unwrap_err().to_string()
    }

    #[test]
    fn errors_say_where_and_what() {
        let cases = [
            ("<urn:a> <urn:b> .", "Invalid Turtle at line 1, column 17: "),
            ("<urn:a> <urn:b>\n  \"é\" ; <urn:c>", "Invalid Turtle at line "),
            ("<a> <urn:b> <urn:c> .", "Invalid Turtle at line 1, column "),
            ("ex:a <urn:b> <urn:c> .", "Invalid Turtle at line 1, column 1: Unknown prefix: ex"),
            ("<urn:a b> <urn:b> <urn:c> .", "Invalid Turtle at line 1, column "),
            ("<urn:a> <urn:b> \"x\"@en--ltr .", "Invalid Turtle at line 1, column "),
            ("<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> .", "Invalid Turtle at line 1, column "),
            ("", "The Turtle document has no triples."),
            ("@prefix ex: <http://ex/> .", "The Turtle document has no triples."),
        ];
        for (document, expected) in cases {
            let error = error(document);
            assert!(error.starts_with(expected), "{document}: {error}");
        }
    }

    /// On some of these the parser panics, on others only with debug assertions.
    #[test]
    fn what_the_parser_is_careless_about_is_refused() {
        for (document, expected) in [
            ("<urn:a> <urn:b>\n \"\\u00é0\" .", "Invalid Turtle at line 2, column 3: this backslash"),
            ("<urn:a> <urn:b> \"\\", "Invalid Turtle at line 1, column 18: this backslash"),
            ("VERSION \"1.2\" <urn:a> <urn:b> 1 .", "Invalid Turtle at line 1, column 1: a version"),
            (
                "<urn:a> <urn:b> <http://e.org:port/> .",
                "Invalid Turtle at line 1, column 17: invalid IRI <http://e.org:port/>",
            ),
            (
                "<urn:a> <urn:b> \"x\"^^<http://e.org:port/> .",
                "Invalid Turtle at line 1, column 22: invalid IRI <http://e.org:port/>",
            ),
            ("PREFIX e: <http://e.org:> <urn:a> <urn:b> e:port .", "Invalid Turtle at line 1, column 1: "),
            (
                "PREFIX e: <http://e.org/> <urn:a> <urn:b> e:\u{EFFFF} .",
                "Invalid Turtle at line 1, column 1: ",
            ),
        ] {
            let error = error(document);
            assert!(error.starts_with(expected), "{document}: {error}");
        }
    }

    #[test]
    fn quotes_in_long_strings_are_characters_like_others() {
        for (document, expected) in [
            (r#"<urn:a> <urn:b> """say "él" """ ."#, "say \"él\" "),
            (r#"<urn:a> <urn:b> """"\n"\u00e9"\\""" ."#, "\"\n\"é\"\\"),
            (r#"<urn:a> <urn:b> ''''é ''𝄞''\'''' ."#, "'é ''𝄞'''"),
            ("<urn:a> <urn:b> \"\"\"\"\n\"\r\n\"\"x\"\"\" .", "\"\n\"\r\n\"\"x"),
        ] {
            let log = parse(document).unwrap();
            let [_, _, object] = log.term_triples().next().unwrap();
            let TermRef::Literal { lexical, .. } = object else {
                panic!("no literal");
            };
            assert_eq!(lexical, expected);
        }
        assert!(
            error("<urn:a> <urn:b> \"\"\"\"a\"é\"\"\" é oops")
                .starts_with("Invalid Turtle at line 1, column 28: ")
        );
    }

    #[test]
    fn a_carriage_return_ends_a_comment() {
        let log = parse("<urn:a> <urn:b> '''#\r''', # one\r 2 , # two\r\n 3 . # three\r <urn:a> <urn:b> 4 .");
        assert_eq!(log.unwrap().triple_count(), 4);
    }

    #[test]
    fn a_late_error_leaves_nothing() {
        assert!(parse("<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> oops").is_err());
    }

    #[test]
    fn limits_are_named() {
        let limits = TurtleLimits {
            document_bytes_max: 600,
            triples_max: 2,
            nesting_max: 2,
            iri_bytes_max: 40,
            literal_bytes_max: 10,
            prefixes_max: 1,
        };
        let long = "x".repeat(50);
        for (document, expected) in [
            ("<urn:a> <urn:b> 1,\n2,\n3 .".to_owned(), "line 3: more than 2 triples"),
            (
                "<urn:a> <urn:b> [\n<urn:b> [ <urn:b> [] ] ] .".to_owned(),
                "line 2: brackets nest deeper than 2",
            ),
            (format!("<urn:{long}> <urn:b> 1 ."), "line 1: an IRI of 54 bytes, more than the 40"),
            (format!("<urn:a> <urn:b> \"{long}\" ."), "line 1: a literal of 50 bytes, more than the 10"),
            ("prefix a: <urn:a> prefix b: <urn:b> a: a: a: .".to_owned(), "more than 1 prefix declarations"),
            (" ".repeat(601), "601 bytes, more than the 600"),
        ] {
            let error = ParsedLog::parse(document.into_bytes(), &limits).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
        assert_eq!(
            ParsedLog::parse(b"<urn:\xff>".to_vec(), &limits).unwrap_err(),
            TurtleError::NotUtf8 { valid_up_to: 5 }
        );
    }

    #[test]
    fn triples_and_terms_are_counted_once() {
        let log = parse("_:x <urn:p> 1, 1, \"a\"@EN, \"a\"@en, [], [] . _:x <urn:p> 1 .").unwrap();
        assert_eq!(log.triple_count(), 4);
        let blanks = log.terms.iter().filter(|term| matches!(term, LogTerm::Blank(_))).count();
        assert_eq!(blanks, 3);
    }

    #[test]
    fn lists_nest_as_deep_as_allowed() {
        let deep = format!("<urn:a> <urn:b> {}{} .", "(".repeat(128), ")".repeat(128));
        assert!(parse(&deep).is_ok());
    }
}
