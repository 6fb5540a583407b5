//! The triples of a log, each once, in the order in which they came.

use std::{borrow::Cow, collections::HashMap};

use indexmap::IndexSet;

use crate::Iri;

/// A subject or an object.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    Iri(Cow<'static, str>),
    Blank(String),
    Literal(Literal),
}

/// A literal. Plain ones are `xsd:string`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Literal {
    pub text: String,
    pub language: Option<String>,
    pub datatype: Option<Cow<'static, str>>,
}

impl Literal {
    pub fn in_language(text: String, language: String) -> Self {
        Self { text, language: Some(language), datatype: None }
    }
}

impl Node {
    pub fn text(text: String) -> Self {
        Self::Literal(Literal { text, language: None, datatype: None })
    }

    pub fn typed(text: String, datatype: impl Into<Cow<'static, str>>) -> Self {
        Self::Literal(Literal { text, language: None, datatype: Some(datatype.into()) })
    }
}

impl From<Iri> for Node {
    fn from(iri: Iri) -> Self {
        Self::Iri(iri.into_text())
    }
}

impl From<&Iri> for Node {
    fn from(iri: &Iri) -> Self {
        iri.clone().into()
    }
}

/// Of the vocabulary.
impl From<&'static str> for Node {
    fn from(iri: &'static str) -> Self {
        Self::Iri(Cow::Borrowed(iri))
    }
}

/// Places in the list of nodes: subject, predicate, object.
pub(crate) type Triple = [u32; 3];

#[derive(Debug, Clone, Default)]
pub(crate) struct Graph {
    nodes: IndexSet<Node>,
    triples: IndexSet<Triple>,
    /// Subject and predicate → the first triple that has them.
    first: HashMap<(u32, u32), usize>,
}

/// How much there was.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    nodes: usize,
    triples: usize,
}

impl Graph {
    pub fn add(&mut self, subject: impl Into<Node>, predicate: impl Into<Node>, object: impl Into<Node>) {
        let triple = [self.number(subject.into()), self.number(predicate.into()), self.number(object.into())];
        let (place, is_new) = self.triples.insert_full(triple);
        if is_new {
            self.first.entry((triple[0], triple[1])).or_insert(place);
        }
    }

    fn number(&mut self, node: Node) -> u32 {
        // Four thousand million different terms do not fit into memory.
        u32::try_from(self.nodes.insert_full(node).0).unwrap_or(u32::MAX)
    }

    /// Whether the subject has any object for this predicate.
    pub fn has(&self, subject: &Iri, predicate: &'static str) -> bool {
        self.key(subject, predicate).is_some_and(|key| self.first.contains_key(&key))
    }

    /// Whether the triple is there.
    pub fn contains(&self, subject: &Iri, predicate: &'static str, object: &Node) -> bool {
        let key = self.key(subject, predicate).zip(self.nodes.get_index_of(object));
        key.is_some_and(|((subject, predicate), object)| {
            u32::try_from(object).is_ok_and(|object| self.triples.contains(&[subject, predicate, object]))
        })
    }

    fn key(&self, subject: &Iri, predicate: &'static str) -> Option<(u32, u32)> {
        let subject = self.nodes.get_index_of(&Node::from(subject))?;
        let predicate = self.nodes.get_index_of(&Node::from(predicate))?;
        Some((u32::try_from(subject).ok()?, u32::try_from(predicate).ok()?))
    }

    pub fn mark(&self) -> Mark {
        Mark { nodes: self.nodes.len(), triples: self.triples.len() }
    }

    /// Takes back what was added since.
    pub fn restore(&mut self, mark: Mark) {
        for place in mark.triples..self.triples.len() {
            let Some([subject, predicate, _]) = self.triples.get_index(place) else { continue };
            let key = (*subject, *predicate);
            if self.first.get(&key) == Some(&place) {
                self.first.remove(&key);
            }
        }
        self.triples.truncate(mark.triples);
        self.nodes.truncate(mark.nodes);
    }

    pub fn node(&self, number: u32) -> Option<&Node> {
        self.nodes.get_index(number as usize)
    }

    pub fn nodes(&self) -> impl ExactSizeIterator<Item = &Node> {
        self.nodes.iter()
    }

    pub fn triples(&self) -> impl ExactSizeIterator<Item = &Triple> {
        self.triples.iter()
    }

    pub fn clear(&mut self) {
        self.nodes.clear();
        self.triples.clear();
        self.first.clear();
    }
}
