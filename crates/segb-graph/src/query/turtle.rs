//! Writing Turtle so that every reader gets the terms back exactly.

use std::{
    collections::HashMap,
    io::{self, Write},
};

use oxrdf::{NamedOrBlankNodeRef, TermRef, TripleRef};

use crate::term::XSD_STRING;

const RDF_TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const XSD_INTEGER: &str = "http://www.w3.org/2001/XMLSchema#integer";
const XSD_BOOLEAN: &str = "http://www.w3.org/2001/XMLSchema#boolean";
/// Prefixes at the head of a document. Logs can bring any number of them.
const PREFIXES_MAX: usize = 1_000;

/// The prefixes at the head of a document, without those that Turtle has no plain way to write.
pub fn prefix_document(prefixes: &[(String, String)]) -> String {
    prefix_lines(&usable_prefixes(prefixes))
}

/// Those that a document can have at its head.
pub(super) fn usable_prefixes(prefixes: &[(String, String)]) -> Vec<&(String, String)> {
    let mut usable: Vec<&(String, String)> = Vec::new();
    for prefix in prefixes.iter().filter(|(name, iri)| is_prefix_name(name) && is_plain_iri(iri)) {
        if usable.len() < PREFIXES_MAX && usable.iter().all(|(name, _)| *name != prefix.0) {
            usable.push(prefix);
        }
    }
    usable
}

fn prefix_lines(prefixes: &[&(String, String)]) -> String {
    prefixes.iter().map(|(name, namespace)| format!("@prefix {name}: <{namespace}> .\n")).collect()
}

/// Writes a graph, triple by triple; neighbours with the same subject share it.
///
/// `oxttl` compares every term with every prefix; here a prefix is looked up, so that many prefixes cost no time.
pub(crate) struct TurtleWriter<W: Write> {
    out: W,
    /// Namespace → prefix name with colon.
    prefixes: HashMap<String, String>,
    /// The head, until there is a triple: an empty graph has no document.
    head: String,
    subject: Option<String>,
    predicate: String,
}

impl<W: Write> TurtleWriter<W> {
    pub(crate) fn new(prefixes: &[(String, String)], out: W) -> Self {
        let mut by_namespace = HashMap::new();
        let usable = usable_prefixes(prefixes);
        for (name, namespace) in &usable {
            by_namespace.entry(namespace.clone()).or_insert_with(|| format!("{name}:"));
        }
        let mut head = prefix_lines(&usable);
        if !head.is_empty() {
            head.push('\n');
        }
        Self { out, prefixes: by_namespace, head, subject: None, predicate: String::new() }
    }

    pub(crate) fn write(&mut self, triple: TripleRef<'_>) -> io::Result<()> {
        let subject = match triple.subject {
            NamedOrBlankNodeRef::NamedNode(node) => node.as_str(),
            NamedOrBlankNodeRef::BlankNode(node) => node.as_str(),
        };
        let predicate = triple.predicate.as_str();
        // An absolute IRI has a colon, the label of a blank node has none.
        if self.subject.as_deref() != Some(subject) {
            let separator = if self.subject.is_some() { " .\n" } else { self.head.as_str() };
            self.out.write_all(separator.as_bytes())?;
            self.head.clear();
            self.term(triple.subject.into())?;
            self.out.write_all(b" ")?;
            self.predicate(predicate)?;
            let remembered = self.subject.get_or_insert_default();
            remembered.clear();
            remembered.push_str(subject);
        } else if self.predicate == predicate {
            self.out.write_all(b" ,")?;
        } else {
            self.out.write_all(b" ;\n    ")?;
            self.predicate(predicate)?;
        }
        self.predicate.clear();
        self.predicate.push_str(predicate);
        self.out.write_all(b" ")?;
        self.term(triple.object)
    }

    pub(crate) fn finish(mut self) -> io::Result<W> {
        if self.subject.is_some() {
            self.out.write_all(b" .\n")?;
        }
        Ok(self.out)
    }

    fn predicate(&mut self, predicate: &str) -> io::Result<()> {
        if predicate == RDF_TYPE {
            return self.out.write_all(b"a");
        }
        self.iri(predicate)
    }

    fn term(&mut self, term: TermRef<'_>) -> io::Result<()> {
        match term {
            TermRef::NamedNode(node) => self.iri(node.as_str()),
            TermRef::BlankNode(_) => write_term(&mut self.out, term),
            TermRef::Literal(literal) => {
                let datatype = literal.datatype().as_str();
                match (literal.language(), datatype) {
                    (None, XSD_BOOLEAN) if matches!(literal.value(), "true" | "false") => {
                        self.out.write_all(literal.value().as_bytes())
                    }
                    // Readers that look at the value would not tell `01` from `1`.
                    (None, XSD_INTEGER) if is_canonical_integer(literal.value()) => {
                        self.out.write_all(literal.value().as_bytes())
                    }
                    (Some(_), _) | (None, XSD_STRING) => write_term(&mut self.out, term),
                    (None, _) => {
                        write_string(&mut self.out, literal.value())?;
                        self.out.write_all(b"^^")?;
                        self.iri(datatype)
                    }
                }
            }
        }
    }

    fn iri(&mut self, iri: &str) -> io::Result<()> {
        let local = iri.len() - iri.bytes().rev().take_while(|byte| is_local_byte(*byte)).count();
        let (namespace, local) = iri.split_at(local);
        match self.prefixes.get(namespace) {
            // A hyphen may stand in a local name, but not at its start.
            Some(prefix) if !local.starts_with('-') => {
                self.out.write_all(prefix.as_bytes())?;
                self.out.write_all(local.as_bytes())
            }
            _ => write_iri(&mut self.out, iri),
        }
    }
}

/// Writes a term without prefixes and without short forms of numbers; escapes all that is invisible or that readers
/// have been seen to take for the end of a line.
pub(super) fn write_term(out: &mut impl Write, term: TermRef<'_>) -> io::Result<()> {
    match term {
        TermRef::NamedNode(node) => write_iri(out, node.as_str()),
        TermRef::BlankNode(node) => write!(out, "_:{}", node.as_str()),
        TermRef::Literal(literal) => {
            write_string(out, literal.value())?;
            if let Some(language) = literal.language() {
                write!(out, "@{language}")
            } else if literal.datatype().as_str() != XSD_STRING {
                out.write_all(b"^^")?;
                write_iri(out, literal.datatype().as_str())
            } else {
                Ok(())
            }
        }
    }
}

fn write_iri(out: &mut impl Write, iri: &str) -> io::Result<()> {
    out.write_all(b"<")?;
    write_replaced(out, iri, |character| is_special_in_iri(character).then_some(""))?;
    out.write_all(b">")
}

fn write_string(out: &mut impl Write, text: &str) -> io::Result<()> {
    out.write_all(b"\"")?;
    write_replaced(out, text, |character| match character {
        '"' => Some("\\\""),
        '\\' => Some("\\\\"),
        '\n' => Some("\\n"),
        '\r' => Some("\\r"),
        '\t' => Some("\\t"),
        '\0'..='\u{1F}'
        | '\u{7F}'..='\u{9F}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{FEFF}'
        | '\u{FFFE}'
        | '\u{FFFF}' => Some(""),
        _ => None,
    })?;
    out.write_all(b"\"")
}

/// Writes text with other text for some characters; empty text stands for the numeric escape of the character.
fn write_replaced(
    out: &mut impl Write,
    text: &str,
    replacement: impl Fn(char) -> Option<&'static str>,
) -> io::Result<()> {
    let mut written = 0;
    for (at, character) in text.char_indices() {
        let Some(escape) = replacement(character) else {
            continue;
        };
        out.write_all(&text.as_bytes()[written..at])?;
        written = at + character.len_utf8();
        if escape.is_empty() {
            write!(out, "\\u{:04X}", u32::from(character))?;
        } else {
            out.write_all(escape.as_bytes())?;
        }
    }
    out.write_all(&text.as_bytes()[written..])
}

fn is_special_in_iri(character: char) -> bool {
    matches!(character, '\0'..=' ' | '<' | '>' | '"' | '{' | '}' | '|' | '^' | '`' | '\\' | '\u{7F}'..='\u{9F}')
}

fn is_plain_iri(iri: &str) -> bool {
    iri.contains(':') && !iri.contains(is_special_in_iri)
}

/// Whether it can be written as the name of a prefix: the ASCII part of what Turtle allows.
fn is_prefix_name(name: &str) -> bool {
    name.bytes().all(|byte| is_local_byte(byte) || byte == b'.')
        && !name.starts_with(|first: char| !first.is_ascii_alphabetic())
        && !name.ends_with('.')
}

/// What stands in a local name without escape: the ASCII part of what Turtle allows, without dots and colons.
fn is_local_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

fn is_canonical_integer(lexical: &str) -> bool {
    let digits = lexical.strip_prefix('-').unwrap_or(lexical);
    lexical == "0"
        || (digits.starts_with(|first: char| matches!(first, '1'..='9'))
            && digits.bytes().all(|byte| byte.is_ascii_digit()))
}
