//! The knowledge graph of SEGB: takes Turtle, keeps the triples and which log asserts each of them in an index of its
//! own, and answers SPARQL, searches, reads by pattern and exports from snapshots of it. Whoever feeds it says in which
//! order logs come and what they are called; it knows no journal, no HTTP, no users and no wall clock.
//!
//! ```
//! use segb_graph::{
//!     index::{GraphIndex, IndexChange, IndexWriter},
//!     limits::TurtleLimits,
//!     term::TermRef,
//!     turtle::ParsedLog,
//! };
//! use uuid::Uuid;
//!
//! # let directory = tempfile::tempdir()?;
//! # let directory = directory.path();
//! let index = GraphIndex::open(directory, false)?;
//! let log = ParsedLog::parse(b"<urn:ari> <urn:says> \"hello\" .".to_vec(), &TurtleLimits::default())?;
//! let change = IndexChange::Assert { sequence: 0, log_id: Uuid::from_u128(7), log: &log };
//! IndexWriter::default().apply(&index, &[change], 1)?;
//!
//! let snapshot = index.snapshot()?;
//! let says = snapshot.id_of(TermRef::Iri("urn:says"))?;
//! assert!(says.is_some());
//! assert_eq!(snapshot.triples(None, says, None)?.count(), 1);
//! index.close()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | module | |
//! |---|---|
//! | [`turtle`] | a document becomes a [`ParsedLog`](turtle::ParsedLog): terms and triples, each once |
//! | [`index`] | the tables: terms, triples in three orders, who asserts them, words of texts |
//! | [`query`] | SPARQL 1.1 Query on a snapshot, within limits |
//! | [`view`] | reading by pattern, for programs that compute over the graph |
//! | [`export`] | the whole graph as a stream |
//! | [`validation`] | what is wrong, or probably not meant, in a document |
//! | [`stream`], [`pending`], [`slots`] | answers on their way, and how many there may be |

pub mod export;
#[doc(hidden)]
pub mod fuzz;
pub mod index;
pub mod limits;
pub mod pending;
pub mod query;
pub mod slots;
pub mod stream;
pub mod term;
pub mod turtle;
pub mod validation;
pub mod view;
