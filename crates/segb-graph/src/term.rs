//! RDF terms as the index keeps them: one tag byte, then the parts, exactly as they were received.

use std::borrow::Cow;

use oxrdf::{BlankNode, Literal, NamedNode, Term};

/// `xsd:string`, the datatype of a literal that has none in Turtle.
pub const XSD_STRING: &str = "http://www.w3.org/2001/XMLSchema#string";

/// A term, borrowed from the index, a parsed log or a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TermRef<'a> {
    /// An absolute IRI.
    Iri(&'a str),
    /// A blank node.
    Blank {
        /// Of the log that it came with.
        sequence: u64,
        /// Of the node in that log.
        number: u32,
    },
    /// A literal without language tag.
    Literal {
        /// The text.
        lexical: &'a str,
        /// The IRI of the datatype.
        datatype: &'a str,
    },
    /// A language-tagged string. Tags that differ only in case make equal terms (RDF 1.1 Concepts, section 3.3);
    /// the spelling that came first is kept.
    LangLiteral {
        /// The text.
        lexical: &'a str,
        /// The tag.
        language: &'a str,
    },
}

mod tag {
    pub(super) const IRI: u8 = b'I';
    pub(super) const BLANK: u8 = b'B';
    pub(super) const STRING: u8 = b'S';
    pub(super) const TYPED: u8 = b'T';
    pub(super) const LANGUAGE: u8 = b'L';
}

impl<'a> TermRef<'a> {
    /// Appends the stored form.
    pub fn encode(self, bytes: &mut Vec<u8>) {
        match self {
            Self::Iri(iri) => {
                bytes.push(tag::IRI);
                bytes.extend_from_slice(iri.as_bytes());
            }
            Self::Blank { sequence, number } => {
                bytes.push(tag::BLANK);
                bytes.extend_from_slice(&sequence.to_be_bytes());
                bytes.extend_from_slice(&number.to_be_bytes());
            }
            Self::Literal { lexical, datatype: XSD_STRING } => {
                bytes.push(tag::STRING);
                bytes.extend_from_slice(lexical.as_bytes());
            }
            Self::Literal { lexical, datatype } => encode_pair(tag::TYPED, datatype, lexical, bytes),
            Self::LangLiteral { lexical, language } => encode_pair(tag::LANGUAGE, language, lexical, bytes),
        }
    }

    /// Reads the stored form; none if the bytes are not one.
    pub fn decode(bytes: &'a [u8]) -> Option<Self> {
        let (tag, rest) = bytes.split_first()?;
        match *tag {
            tag::IRI => Some(Self::Iri(str::from_utf8(rest).ok()?)),
            tag::BLANK => {
                let (sequence, number) = rest.split_at_checked(8)?;
                Some(Self::Blank {
                    sequence: u64::from_be_bytes(sequence.try_into().ok()?),
                    number: u32::from_be_bytes(number.try_into().ok()?),
                })
            }
            tag::STRING => Some(Self::Literal { lexical: str::from_utf8(rest).ok()?, datatype: XSD_STRING }),
            tag::TYPED => decode_pair(rest).map(|(datatype, lexical)| Self::Literal { lexical, datatype }),
            tag::LANGUAGE => {
                decode_pair(rest).map(|(language, lexical)| Self::LangLiteral { lexical, language })
            }
            _ => None,
        }
    }

    /// The term with a lower-case language tag: equal terms have equal identities.
    pub fn identity(self, lower_case: &'a mut String) -> Self {
        match self {
            Self::LangLiteral { lexical, language } if language.bytes().any(|b| b.is_ascii_uppercase()) => {
                language.to_ascii_lowercase().clone_into(lower_case);
                Self::LangLiteral { lexical, language: lower_case }
            }
            _ => self,
        }
    }
}

fn encode_pair(tag: u8, first: &str, second: &str, bytes: &mut Vec<u8>) {
    bytes.push(tag);
    // A datatype or tag comes from a document of limited size, so that its length fits into 32 bits.
    bytes.extend_from_slice(&(first.len() as u32).to_be_bytes());
    bytes.extend_from_slice(first.as_bytes());
    bytes.extend_from_slice(second.as_bytes());
}

fn decode_pair(bytes: &[u8]) -> Option<(&str, &str)> {
    let (length, text) = bytes.split_at_checked(4)?;
    let length = u32::from_be_bytes(length.try_into().ok()?) as usize;
    str::from_utf8(text).ok()?.split_at_checked(length)
}

/// The label of a blank node in answers: unique in the graph, and it tells which log the node came with.
pub fn blank_label(sequence: u64, number: u32) -> String {
    format!("s{sequence}b{number}")
}

/// Reads a [`blank_label`]; none for a label that is not spelled exactly so.
pub fn parse_blank_label(label: &str) -> Option<(u64, u32)> {
    let (sequence, number) = label.strip_prefix('s')?.split_once('b')?;
    let (sequence, number) = (sequence.parse().ok()?, number.parse().ok()?);
    (blank_label(sequence, number) == label).then_some((sequence, number))
}

/// The term for the query evaluator, every character as it was received.
pub fn to_oxrdf(term: TermRef<'_>) -> Term {
    match term {
        TermRef::Iri(iri) => NamedNode::new_unchecked(iri).into(),
        TermRef::Blank { sequence, number } => BlankNode::new_unchecked(blank_label(sequence, number)).into(),
        TermRef::Literal { lexical, datatype: XSD_STRING } => Literal::new_simple_literal(lexical).into(),
        TermRef::Literal { lexical, datatype } => {
            Literal::new_typed_literal(lexical, NamedNode::new_unchecked(datatype)).into()
        }
        TermRef::LangLiteral { lexical, language } => {
            Literal::new_language_tagged_literal_unchecked(lexical, language).into()
        }
    }
}

/// The term of a query; none for a blank node that no log brought.
pub fn from_oxrdf(term: &Term) -> Option<TermRef<'_>> {
    Some(match term {
        Term::NamedNode(node) => TermRef::Iri(node.as_str()),
        Term::BlankNode(node) => {
            let (sequence, number) = parse_blank_label(node.as_str())?;
            TermRef::Blank { sequence, number }
        }
        Term::Literal(literal) => match literal.language() {
            Some(language) => TermRef::LangLiteral { lexical: literal.value(), language },
            None => TermRef::Literal { lexical: literal.value(), datatype: literal.datatype().as_str() },
        },
    })
}

/// The name under which queries see the graph of one log.
pub fn log_iri(log_id: uuid::Uuid) -> String {
    format!("urn:segb:log:{log_id}")
}

/// The id of the log whose graph has this name.
pub fn log_id(name: TermRef<'_>) -> Option<uuid::Uuid> {
    let TermRef::Iri(iri) = name else { return None };
    iri.rsplit(':').next()?.parse().ok()
}

/// Whether a text is an absolute IRI (RFC 3987).
#[must_use]
pub fn is_absolute_iri(text: &str) -> bool {
    oxrdf::NamedNodeRef::new(text).is_ok()
}

/// For messages: a text that may be long, cut at a character boundary.
pub fn shortened(text: &str, chars_max: usize) -> Cow<'_, str> {
    match text.char_indices().nth(chars_max) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn blank_labels_read_back_only_in_their_one_spelling() {
        assert_eq!(parse_blank_label(&blank_label(u64::MAX, 7)), Some((u64::MAX, 7)));
        for other in ["", "s1b", "s01b2", "s1b02", "b1", "s1b2x", "s+1b2", "s1b99999999999"] {
            assert_eq!(parse_blank_label(other), None, "{other}");
        }
    }

    #[test]
    fn identity_ignores_the_case_of_a_language_tag_and_nothing_else() {
        let mut buffer = String::new();
        let term = TermRef::LangLiteral { lexical: "Hola", language: "es-ES" };
        assert_eq!(term.identity(&mut buffer), TermRef::LangLiteral { lexical: "Hola", language: "es-es" });
        let mut buffer = String::new();
        assert_eq!(TermRef::Iri("http://Ex/A").identity(&mut buffer), TermRef::Iri("http://Ex/A"));
    }

    proptest! {
        #[test]
        fn terms_survive_their_encoding(first in ".*", second in ".*", sequence: u64, number: u32) {
            for term in [
                TermRef::Iri(&first),
                TermRef::Blank { sequence, number },
                TermRef::Literal { lexical: &first, datatype: XSD_STRING },
                TermRef::Literal { lexical: &first, datatype: &second },
                TermRef::LangLiteral { lexical: &first, language: &second },
            ] {
                let mut bytes = Vec::new();
                term.encode(&mut bytes);
                prop_assert_eq!(TermRef::decode(&bytes), Some(term));
            }
        }

        #[test]
        fn decoding_never_panics(bytes: Vec<u8>) {
            TermRef::decode(&bytes);
        }
    }
}
