//! The whole graph as a stream, in constant memory.

use std::{
    io::{self, Write},
    thread,
    time::{Duration, Instant},
};

use oxrdf::{BlankNodeRef, LiteralRef, NamedNodeRef, NamedOrBlankNodeRef, TripleRef};

use crate::{
    index::{IndexError, Snapshot, TermId},
    query::{Failure, GraphFormat, GraphWriter, QueryError},
    stream::{ByteStream, ChunkWriter, StreamError},
    term::{TermRef, XSD_STRING, blank_label},
};

/// Terms that are kept at hand, by the last digits of their number. Predicates, classes and datatypes come again and
/// again, and each costs a search in the index.
const TERMS_AT_HAND: usize = 4_096;

/// Streams all triples of a snapshot from a thread of its own, which holds `permit` until it ends.
pub fn start(
    snapshot: Snapshot,
    prefixes: Vec<(String, String)>,
    format: GraphFormat,
    deadline: Instant,
    permit: impl Send + 'static,
) -> ByteStream {
    let duration = deadline.saturating_duration_since(Instant::now());
    let (writer, stream) = ByteStream::new(deadline, duration);
    let end = writer.stream_end();
    let thread = thread::Builder::new().name("export".to_owned()).spawn(move || {
        // Dropped after the snapshot.
        let _permit = permit;
        let snapshot = snapshot;
        run(&snapshot, &prefixes, format, deadline, duration, writer);
    });
    if let Err(error) = thread {
        // The writer is gone with the closure; the first error counts.
        end.end(StreamError::Failed(format!("no thread can be started: {error}")));
    }
    stream
}

fn run(
    snapshot: &Snapshot,
    prefixes: &[(String, String)],
    format: GraphFormat,
    deadline: Instant,
    duration: Duration,
    mut writer: ChunkWriter,
) {
    match write_all(snapshot, prefixes, format, deadline, &mut writer) {
        // Then nobody reads, or the stream has ended with an error.
        Ok(()) => drop(writer.finish()),
        Err(ExportFailure::Deadline) => writer.fail(StreamError::Deadline(duration)),
        Err(ExportFailure::NotRepresentable(text)) => writer.fail(StreamError::NotRepresentable(text)),
        Err(ExportFailure::Sink) => {}
        Err(ExportFailure::Other(text)) => {
            log::error!("an export was cut off: {text}");
            writer.fail(StreamError::Failed(text));
        }
    }
}

enum ExportFailure {
    Deadline,
    NotRepresentable(String),
    Sink,
    Other(String),
}

impl From<IndexError> for ExportFailure {
    fn from(error: IndexError) -> Self {
        Self::Other(error.to_string())
    }
}

impl From<io::Error> for ExportFailure {
    fn from(_: io::Error) -> Self {
        Self::Sink
    }
}

impl From<Failure> for ExportFailure {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Query(error @ QueryError::NotRepresentable { .. }) => {
                Self::NotRepresentable(error.to_string())
            }
            Failure::Query(error) => Self::Other(error.to_string()),
            Failure::Cancelled | Failure::Sink => Self::Sink,
        }
    }
}

fn write_all(
    snapshot: &Snapshot,
    prefixes: &[(String, String)],
    format: GraphFormat,
    deadline: Instant,
    out: &mut impl Write,
) -> Result<(), ExportFailure> {
    let mut writer = GraphWriter::new(format, prefixes, out)?;
    let mut terms = Terms::new(snapshot);
    let mut subject_id = None;
    let mut subject = Name::Iri("");
    for (count, triple) in snapshot.triples(None, None, None)?.enumerate() {
        if count % 1_024 == 0 && Instant::now() >= deadline {
            return Err(ExportFailure::Deadline);
        }
        let [subject_now, predicate, object] = triple?;
        if subject_id != Some(subject_now) {
            subject = Name::of(terms.get(subject_now)?)?;
            subject_id = Some(subject_now);
        }
        let TermRef::Iri(predicate) = terms.get(predicate)? else {
            return Err(IndexError::Damaged("a predicate is no IRI").into());
        };
        let predicate = NamedNodeRef::new_unchecked(predicate);
        let label;
        let object = match terms.get(object)? {
            TermRef::Iri(iri) => NamedNodeRef::new_unchecked(iri).into(),
            TermRef::Blank { sequence, number } => {
                label = blank_label(sequence, number);
                BlankNodeRef::new_unchecked(&label).into()
            }
            TermRef::Literal { lexical, datatype: XSD_STRING } => {
                LiteralRef::new_simple_literal(lexical).into()
            }
            TermRef::Literal { lexical, datatype } => {
                LiteralRef::new_typed_literal(lexical, NamedNodeRef::new_unchecked(datatype)).into()
            }
            TermRef::LangLiteral { lexical, language } => {
                LiteralRef::new_language_tagged_literal_unchecked(lexical, language).into()
            }
        };
        writer.write(TripleRef { subject: subject.as_ref(), predicate, object })?;
    }
    writer.finish()?;
    Ok(())
}

/// A subject: it stays the same for several triples.
enum Name<'s> {
    Iri(&'s str),
    Blank(String),
}

impl<'s> Name<'s> {
    fn of(term: TermRef<'s>) -> Result<Self, IndexError> {
        match term {
            TermRef::Iri(iri) => Ok(Self::Iri(iri)),
            TermRef::Blank { sequence, number } => Ok(Self::Blank(blank_label(sequence, number))),
            _ => Err(IndexError::Damaged("a subject is a literal")),
        }
    }

    fn as_ref(&self) -> NamedOrBlankNodeRef<'_> {
        match self {
            Self::Iri(iri) => NamedNodeRef::new_unchecked(iri).into(),
            Self::Blank(label) => BlankNodeRef::new_unchecked(label).into(),
        }
    }
}

/// Looks terms up, and keeps some at hand: they are borrowed from the map and cost nothing to keep.
struct Terms<'s> {
    snapshot: &'s Snapshot,
    at_hand: Vec<Option<(TermId, TermRef<'s>)>>,
}

impl<'s> Terms<'s> {
    fn new(snapshot: &'s Snapshot) -> Self {
        Self { snapshot, at_hand: vec![None; TERMS_AT_HAND] }
    }

    fn get(&mut self, id: TermId) -> Result<TermRef<'s>, IndexError> {
        let [.., high, low] = id.to_bytes();
        let place = usize::from(u16::from_be_bytes([high, low])) % TERMS_AT_HAND;
        if let Some((known, term)) = self.at_hand[place]
            && known == id
        {
            return Ok(term);
        }
        let term =
            self.snapshot.term(id)?.ok_or(IndexError::Damaged("a triple has a term that is missing"))?;
        self.at_hand[place] = Some((id, term));
        Ok(term)
    }
}
