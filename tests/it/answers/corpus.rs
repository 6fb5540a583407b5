//! Terms that are easily damaged on their way, and ways of writing them in Turtle.

use std::fmt::Write;

use oxigraph::model::{Literal, NamedNode, Term};

const XSD: &str = "http://www.w3.org/2001/XMLSchema#";
/// The default limits of the server on one literal and one IRI.
const LITERAL_BYTES_MAX: usize = 1 << 20;
const IRI_BYTES_MAX: usize = 4 << 10;

/// Literals and IRIs that every format can carry.
pub fn printable() -> Vec<Term> {
    let mut terms: Vec<Term> = texts().into_iter().map(string).collect();
    terms.extend(typed());
    terms.extend(tagged());
    terms.extend(iris().into_iter().map(|iri| NamedNode::new_unchecked(iri).into()));
    terms
}

/// Texts as large as they may be.
pub fn large() -> Vec<Term> {
    let full = |unit: &str| string(unit.repeat(LITERAL_BYTES_MAX / unit.len()));
    vec![
        full("a"),
        full("\n"),
        full("\r\n"),
        full("\""),
        full("\\"),
        full("𝄞"),
        full("Did you read the news about the exam? I feel uneasy.\n"),
    ]
}

/// Characters that XML 1.0 has no way to carry.
pub fn unprintable_in_xml() -> Vec<char> {
    ('\0'..' ')
        .filter(|character| !matches!(character, '\t' | '\n' | '\r'))
        .chain(['\u{FFFE}', '\u{FFFF}'])
        .collect()
}

fn string(text: impl Into<String>) -> Term {
    Literal::new_simple_literal(text).into()
}

fn texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "",
        " ",
        "   ",
        " leading",
        "trailing ",
        "  two  inside  ",
        "\t",
        "\ttab\t",
        "\n",
        "\nline\n",
        "\r",
        "\rreturn\r",
        "\r\n",
        "a\r\nb",
        "a\n\rb",
        "a\rb\nc\r\nd\te",
        "\u{A0}\u{3000}\u{2003}",
        "\"",
        "\"\"",
        "\"\"\"",
        "\"\"\"\"",
        "ends with a quote\"",
        "'",
        "''",
        "'''",
        "ends with two ''",
        "\\",
        "\\\\",
        "ends with a backslash\\",
        "\\n",
        "\\u0041",
        "\\U0001F600",
        "\\\"",
        "a,b;c",
        "\"a\",\"b\"\r\n\"c\"",
        "<b>bold</b> &amp; &lt; &#10; ]]>",
        "<!-- no comment --> <?pi?> <![CDATA[x]]>",
        "# no comment",
        "ex:name",
        "prov:Agent",
        "<http://e.org/>",
        "@prefix ex: <http://other.example/> .",
        "PREFIX ex: <http://other.example/>",
        "_:b0",
        "[]",
        "( 1 2 )",
        "?variable $variable",
        "true",
        "false",
        "01",
        "1.0",
        "1e0",
        "NaN",
        "@en",
        "text@en",
        "1^^xsd:integer",
        "urn:a",
        "{\"@id\": \"http://e.org/\"}",
        "@id",
        "@type",
        "%41%0A%",
        "=1+1",
        "+cmd|' /C calc'!A0",
        "NULL",
        "e\u{301}",
        "\u{E9}",
        "\u{301}starts with a combining mark",
        "👩🏽\u{200D}🚀",
        "🇪🇸",
        "𝄞 𐐷 𠮷",
        "\u{10FFFD}\u{10FFFF}",
        "\u{1FFFE}\u{FDD0}\u{FDEF}",
        "\u{E000}\u{F8FF}",
        "\u{D7FF}",
        "\u{FFFD}",
        "\u{FEFF}starts like a file",
        "a\u{FEFF}b\u{200B}c\u{200E}d\u{202E}e\u{2060}",
        "\u{2028}",
        "\u{2029}",
        "a\u{2028}b\u{2029}c",
        "\u{7F}",
        "\u{85}",
        "a\u{85}b",
        "اَلْعَرَبِيَّةُ",
        "हिन्दी",
        "日本語 中文 한국어",
        "ſ İ ı ß ẞ ǅ",
        "\u{1F1E6}\u{E0061}\u{E007F}",
    ]
    .map(str::to_owned)
    .to_vec();
    texts.extend(('\u{80}'..='\u{9F}').map(|control| format!("<{control}>")));
    texts
}

fn typed() -> Vec<Term> {
    let mut terms: Vec<Term> = [
        ("01", "integer"),
        ("1", "integer"),
        ("+1", "integer"),
        ("-1", "integer"),
        ("-0", "integer"),
        ("0", "integer"),
        ("00", "integer"),
        ("123456789012345678901234567890", "integer"),
        (" 1 ", "integer"),
        ("one", "integer"),
        ("", "integer"),
        ("1", "long"),
        ("007", "unsignedByte"),
        ("1.0", "decimal"),
        ("1", "decimal"),
        ("1.", "decimal"),
        (".5", "decimal"),
        ("+0.50", "decimal"),
        ("-3.70", "decimal"),
        ("0.1000000000000000055511151231257827", "decimal"),
        ("1.0", "double"),
        ("1.0e0", "double"),
        ("1E0", "double"),
        ("1.E-5", "double"),
        ("+1.5e+007", "double"),
        ("NaN", "double"),
        ("INF", "double"),
        ("+INF", "double"),
        ("-INF", "double"),
        ("nan", "double"),
        ("1e400", "double"),
        ("0.87", "float"),
        ("NaN", "float"),
        ("INF", "float"),
        ("1", "boolean"),
        ("0", "boolean"),
        ("true", "boolean"),
        ("false", "boolean"),
        ("TRUE", "boolean"),
        (" true", "boolean"),
        ("2026-03-01T10:00:00Z", "dateTime"),
        ("2026-03-01T10:00:00.000Z", "dateTime"),
        ("2026-03-01T10:00:00.100000+00:00", "dateTime"),
        ("2026-03-01T24:00:00", "dateTime"),
        ("2026-02-30T25:61:61", "dateTime"),
        ("-0044-03-15T00:00:00-14:00", "dateTime"),
        ("2026-03-01", "date"),
        ("10:00:00.0", "time"),
        ("P1Y2M3DT4H5M6.70S", "duration"),
        ("P0D", "dayTimeDuration"),
        ("2026", "gYear"),
        ("aGVsbG8=", "base64Binary"),
        ("http://e.org/ a", "anyURI"),
        (" a  b ", "token"),
        ("\r\n\ta", "normalizedString"),
    ]
    .iter()
    .map(|(lexical, name)| typed_literal(lexical, &format!("{XSD}{name}")))
    .collect();
    for (lexical, datatype) in [
        ("12 °C", "http://units.example/celsius"),
        ("", "http://units.example/nothing"),
        ("a@b", "urn:x-custom:type"),
        ("x", "http://e.org/type'(1),2;3.#"),
        ("x", "http://e.org/típo"),
        ("<p>a & b</p>\r", "http://www.w3.org/1999/02/22-rdf-syntax-ns#HTML"),
        ("<a xmlns=\"urn:a\"><b/>\r</a>", "http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral"),
        ("{\"a\": [1, 2.0]}", "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON"),
    ] {
        terms.push(typed_literal(lexical, datatype));
    }
    terms
}

fn typed_literal(lexical: &str, datatype: &str) -> Term {
    Literal::new_typed_literal(lexical, NamedNode::new_unchecked(datatype)).into()
}

/// The tags of [`printable`] that have upper-case letters.
pub const MIXED_CASE_TAGS: [&str; 5] = ["en-GB", "ES-es", "zh-Hant-TW", "de-CH-1996", "sl-IT-nedis"];

fn tagged() -> Vec<Term> {
    let tags = ["en", "es", "x-private", "ca-valencia"];
    let tags = tags.iter().chain(&MIXED_CASE_TAGS);
    let mut terms: Vec<Term> = tags
        .flat_map(|tag| [format!("in {tag}"), format!("\r\n in \"{tag}\"\t")].map(|text| (tag, text)))
        .map(|(tag, text)| Literal::new_language_tagged_literal_unchecked(text, *tag).into())
        .collect();
    terms.push(Literal::new_language_tagged_literal_unchecked("", "en").into());
    terms
}

fn iris() -> Vec<String> {
    let mut iris: Vec<String> = [
        "http://e.org",
        "http://e.org/",
        "http://e.org/#",
        "http://e.org/#fragment",
        "http://e.org/?",
        "http://e.org/?q=a&b=c;d=e",
        "http://e.org/a.",
        "http://e.org/a..",
        "http://e.org/a,b",
        "http://e.org/a;b",
        "http://e.org/(a)",
        "http://e.org/o'brien",
        "http://e.org/a!b$c*d+e=f@g:h~i",
        "http://e.org/%20%C3%A9%2F",
        "http://e.org/%c3%a9",
        "http://e.org/a//b/./c/../d",
        "http://e.org/é/日本/𝄞",
        "http://e.org/e\u{301}",
        "http://e.org/-a",
        "http://e.org/1",
        "http://e.org/1.5e3",
        "http://e.org/a-",
        "http://e.org/a_b",
        "http://user:secret@e.org:8080/a",
        "http://[::1]/a",
        "http://127.0.0.1/",
        "HTTP://E.ORG/A",
        "http://münchen.example/",
        "http://prefix.example/dots#a",
        "http://prefix.example/dots#a.b",
        "http://prefix.example/dots#",
        "http://prefix.example/dash/x-1",
        "http://prefix.example/dash/-1",
        "http://prefix.example/empty/name",
        "http://prefix.example/unicode/name",
        "mailto:robot@e.org",
        "urn:a:b",
        "urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66",
        "tag:e.org,2026:a/b",
        "data:text/plain,a%20b",
        "file:///tmp/a",
        "x:",
        "javascript:alert(1)",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
        "http://example.org/Result",
        "http://amor-segb/events",
    ]
    .map(str::to_owned)
    .to_vec();
    let start = "http://e.org/long/";
    iris.push(format!("{start}{}", "x".repeat(IRI_BYTES_MAX - start.len())));
    iris.push(format!("{start}{}", "é/".repeat((IRI_BYTES_MAX - start.len()) / 3)));
    iris
}

/// Prefixes that some IRIs of the corpus could be written with.
pub const PREFIXES: &str = "\
@prefix d.o.t-s: <http://prefix.example/dots#> .
@prefix a-b_c: <http://prefix.example/dash/> .
@prefix : <http://prefix.example/empty/> .
PREFIX é中: <http://prefix.example/unicode/>
@prefix e: <http://e.org/> .
@prefix ns: <http://not.the.rows.example/> .
";

/// How a term is written in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// As few escapes as a string in one pair of quotes needs.
    Raw,
    /// Nothing but numeric escapes.
    Escaped,
    /// Strings in three apostrophes, line ends as they are.
    Long,
}

impl Spelling {
    pub const ALL: [Self; 3] = [Self::Raw, Self::Escaped, Self::Long];

    /// A log with one triple for each term: its number in the corpus is in the predicate.
    pub fn log(self, terms: &[Term]) -> String {
        let mut log = PREFIXES.to_owned();
        for (number, term) in terms.iter().enumerate() {
            writeln!(log, "<http://e.org/subject> <{}> {} .", self.predicate(number), self.spell(term))
                .expect("memory");
        }
        log
    }

    /// The predicate of the term with this number.
    pub fn predicate(self, number: usize) -> String {
        format!("http://e.org/{self:?}/p{number}")
    }

    /// The number in a predicate of [`predicate`](Self::predicate), if it is of this spelling.
    pub fn number(self, predicate: &str) -> Option<usize> {
        predicate.strip_prefix(&format!("http://e.org/{self:?}/p"))?.parse().ok()
    }

    fn spell(self, term: &Term) -> String {
        match term {
            Term::NamedNode(node) => format!("<{}>", self.iri(node.as_str())),
            Term::Literal(literal) => {
                let text = self.string(literal.value());
                match literal.language() {
                    Some(language) => format!("{text}@{language}"),
                    None if literal.datatype().as_str() == format!("{XSD}string") => text,
                    None => format!("{text}^^<{}>", self.iri(literal.datatype().as_str())),
                }
            }
            _ => unreachable!("the corpus has IRIs and literals"),
        }
    }

    fn iri(self, iri: &str) -> String {
        match self {
            Self::Raw | Self::Long => iri.to_owned(),
            // Six bytes for one, so that long IRIs stay within the limit only after they are read.
            Self::Escaped => iri.chars().map(escape).collect(),
        }
    }

    fn string(self, text: &str) -> String {
        match self {
            Self::Escaped => format!("'{}'", text.chars().map(escape).collect::<String>()),
            Self::Raw => {
                let escaped = text.chars().map(|character| match character {
                    '"' => "\\\"".to_owned(),
                    '\\' => "\\\\".to_owned(),
                    '\n' => "\\n".to_owned(),
                    '\r' => "\\r".to_owned(),
                    other => other.to_string(),
                });
                format!("\"{}\"", escaped.collect::<String>())
            }
            Self::Long => {
                let escaped = text.chars().map(|character| match character {
                    '\'' => "\\'".to_owned(),
                    '\\' => "\\\\".to_owned(),
                    other => other.to_string(),
                });
                format!("'''{}'''", escaped.collect::<String>())
            }
        }
    }
}

fn escape(character: char) -> String {
    let code = u32::from(character);
    match code {
        0..=0xFFFF => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08X}"),
    }
}
