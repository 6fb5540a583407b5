//! Writing graphs: the answers of CONSTRUCT and DESCRIBE, and exports.

use std::{
    collections::{HashSet, hash_map::RandomState},
    hash::{BuildHasher, Hash},
    io::{self, Write},
};

use oxrdf::TripleRef;
use oxrdfio::{JsonLdProfile, RdfFormat, RdfSerializer, WriterQuadSerializer};

use super::{GraphFormat, failure::Failure, rdf_xml::RdfXmlWriter, turtle::TurtleWriter};

/// Writes a graph in one of the formats.
pub(crate) enum GraphWriter<W: Write> {
    Turtle(TurtleWriter<W>),
    RdfXml(RdfXmlWriter<W>),
    Library(WriterQuadSerializer<W>),
}

impl<W: Write> GraphWriter<W> {
    pub(crate) fn new(format: GraphFormat, prefixes: &[(String, String)], out: W) -> io::Result<Self> {
        let library = match format {
            GraphFormat::Turtle => return Ok(Self::Turtle(TurtleWriter::new(prefixes, out))),
            GraphFormat::RdfXml => return Ok(Self::RdfXml(RdfXmlWriter::new(out)?)),
            GraphFormat::NTriples => RdfFormat::NTriples,
            // Without prefixes: in a context they would change the meaning of IRIs that start alike.
            GraphFormat::JsonLd => RdfFormat::JsonLd { profile: JsonLdProfile::Streaming.into() },
        };
        Ok(Self::Library(RdfSerializer::from_format(library).for_writer(out)))
    }

    pub(crate) fn write(&mut self, triple: TripleRef<'_>) -> Result<(), Failure> {
        match self {
            Self::Turtle(writer) => Ok(writer.write(triple)?),
            Self::RdfXml(writer) => writer.write(triple),
            Self::Library(writer) => Ok(writer.serialize_triple(triple)?),
        }
    }

    pub(crate) fn finish(self) -> io::Result<W> {
        match self {
            Self::Turtle(writer) => writer.finish(),
            Self::RdfXml(writer) => writer.finish(),
            Self::Library(writer) => writer.finish(),
        }
    }
}

/// Tells which triples came before, within bounds: by 128 bits of hash with random keys, so that nobody can choose
/// triples that are taken for one another.
pub(super) struct SeenTriples {
    seen: HashSet<u128>,
    keys: [RandomState; 2],
}

impl SeenTriples {
    /// Triples that are remembered: some 50 MB. Beyond, a triple may be written twice, which changes no graph.
    const TRIPLES_MAX: usize = 1_000_000;

    pub(super) fn new() -> Self {
        Self { seen: HashSet::new(), keys: [RandomState::new(), RandomState::new()] }
    }

    /// Whether this triple is new, as far as is remembered.
    pub(super) fn is_new(&mut self, triple: impl Hash) -> bool {
        let [high, low] = self.keys.each_ref().map(|keys| u128::from(keys.hash_one(&triple)));
        let hash = (high << 64) | low;
        if self.seen.len() >= Self::TRIPLES_MAX {
            return !self.seen.contains(&hash);
        }
        self.seen.insert(hash)
    }
}
