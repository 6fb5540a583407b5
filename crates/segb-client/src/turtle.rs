//! A graph as Turtle, in one pass: subjects in the order in which they came, only the prefixes that are used.

use std::fmt::Write as _;

use crate::graph::{Graph, Node};
use crate::vocabulary::{rdf, xsd};

/// A prefix and its namespace.
pub(crate) type Prefix = (String, String);

/// The usual length of one triple, so that the text is allocated once.
const TRIPLE_BYTES: usize = 90;

/// The document. `prefixes` have labels that Turtle allows.
pub(crate) fn write(graph: &Graph, prefixes: &[Prefix]) -> String {
    let mut used = vec![false; prefixes.len()];
    let names: Vec<Name> = graph.nodes().map(|node| Name::of(node, prefixes, &mut used)).collect();
    let mut triples: Vec<_> = graph.triples().copied().collect();
    // A stable sort: what was said first about a subject is written first.
    triples.sort_by_key(|[subject, ..]| *subject);
    let mut text = String::with_capacity(triples.len() * TRIPLE_BYTES + 256);
    for ((prefix, namespace), _) in prefixes.iter().zip(&used).filter(|(_, used)| **used) {
        // Writing to a string does not fail.
        let _ = writeln!(text, "@prefix {prefix}: <{namespace}> .");
    }
    let mut before: Option<[u32; 3]> = None;
    for [subject, predicate, object] in triples {
        match before {
            Some([last, same, _]) if last == subject && same == predicate => text.push_str(", "),
            Some([last, ..]) if last == subject => {
                text.push_str(" ;\n    ");
                predicate_name(&mut text, graph, &names, prefixes, predicate);
            }
            _ => {
                text.push_str(if before.is_some() { " .\n\n" } else { "\n" });
                term(&mut text, graph, &names, prefixes, subject);
                text.push(' ');
                predicate_name(&mut text, graph, &names, prefixes, predicate);
            }
        }
        term(&mut text, graph, &names, prefixes, object);
        before = Some([subject, predicate, object]);
    }
    if before.is_some() {
        text.push_str(" .\n");
    }
    text
}

/// How a node is written.
#[derive(Debug, Clone, Copy)]
enum Name {
    /// With the prefix at this place, and what comes after so many bytes.
    Prefixed(usize, usize),
    /// In full.
    Full,
}

impl Name {
    fn of(node: &Node, prefixes: &[Prefix], used: &mut [bool]) -> Self {
        let iri = match node {
            Node::Iri(iri) => iri.as_ref(),
            Node::Literal(literal) => match &literal.datatype {
                Some(datatype) => datatype.as_ref(),
                None => return Self::Full,
            },
            Node::Blank(_) => return Self::Full,
        };
        if iri == rdf::TYPE {
            return Self::Full;
        }
        let Some(cut) = iri.rfind(['#', '/']).map(|slash| slash + 1) else { return Self::Full };
        if !is_simple(&iri[cut..]) {
            return Self::Full;
        }
        let found =
            prefixes.iter().rposition(|(_, namespace)| namespace.len() == cut && iri.starts_with(namespace));
        match found {
            Some(place) => {
                used[place] = true;
                Self::Prefixed(place, cut)
            }
            None => Self::Full,
        }
    }
}

/// What may follow a prefix without escapes; Turtle allows more.
fn is_simple(local: &str) -> bool {
    local.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') && !local.is_empty()
}

fn predicate_name(text: &mut String, graph: &Graph, names: &[Name], prefixes: &[Prefix], number: u32) {
    match graph.node(number) {
        Some(Node::Iri(iri)) if iri == rdf::TYPE => text.push('a'),
        _ => term(text, graph, names, prefixes, number),
    }
    text.push(' ');
}

fn term(text: &mut String, graph: &Graph, names: &[Name], prefixes: &[Prefix], number: u32) {
    let (Some(node), Some(name)) = (graph.node(number), names.get(number as usize)) else { return };
    match node {
        Node::Iri(iri_text) => iri(text, iri_text, *name, prefixes),
        Node::Blank(label) => {
            text.push_str("_:");
            text.push_str(label);
        }
        Node::Literal(literal) => {
            quoted(text, &literal.text);
            if let Some(language) = &literal.language {
                text.push('@');
                text.push_str(language);
            } else if let Some(datatype) =
                literal.datatype.as_ref().filter(|datatype| *datatype != xsd::STRING)
            {
                text.push_str("^^");
                iri(text, datatype, *name, prefixes);
            }
        }
    }
}

fn iri(text: &mut String, iri: &str, name: Name, prefixes: &[Prefix]) {
    match name {
        Name::Prefixed(place, cut) => {
            text.push_str(&prefixes[place].0);
            text.push(':');
            text.push_str(&iri[cut..]);
        }
        Name::Full => {
            text.push('<');
            text.push_str(iri);
            text.push('>');
        }
    }
}

/// A string in quotes (Turtle 1.1, section 6.4): runs of harmless bytes are copied at once.
fn quoted(text: &mut String, value: &str) {
    text.push('"');
    let mut rest = value;
    while let Some(place) = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20 | 0x7f)) {
        text.push_str(&rest[..place]);
        match rest.as_bytes()[place] {
            b'"' => text.push_str("\\\""),
            b'\\' => text.push_str("\\\\"),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            byte => {
                let _ = write!(text, "\\u{byte:04X}");
            }
        }
        rest = &rest[place + 1..];
    }
    text.push_str(rest);
    text.push('"');
}
