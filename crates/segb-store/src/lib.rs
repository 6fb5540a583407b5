//! The RDF log store of SEGB: keeps each received log as evidence in an append-only journal, and sees to it that the
//! graph of `segb-graph`, which it composes into [`Store`], is always what the journal adds up to. Its interface takes
//! and gives bytes, strings and its own types; it knows no HTTP, no users and roles, no clock and no source of randomness.
//!
//! ```
//! use segb_store::{
//!     GraphFormat, ParsedLog, Provenance, QueryRequest, Salt, SolutionsFormat, Store, StoreOptions, Timestamp,
//! };
//! use uuid::Uuid;
//!
//! # let directory = tempfile::tempdir()?;
//! # let data_dir = directory.path();
//! let store = Store::open(StoreOptions::new(data_dir))?;
//!
//! // A robot's log comes in …
//! let turtle = b"<urn:ari> <urn:says> \"hello\" .".to_vec();
//! let log = ParsedLog::parse(turtle.clone(), store.turtle_limits())?;
//! let provenance = Provenance {
//!     actor: "ari".to_owned(),
//!     claimed_user: None,
//!     origin: None,
//!     received_at: Timestamp::from_unix_us(1_770_000_000_000_000)?, // the caller's clock
//!     log_id: Uuid::from_u128(0x4000_8000_0000_0000_0001),          // random in real use
//!     salt: Salt::from_bytes([7; Salt::LENGTH_BYTES]),              // random in real use
//! };
//! let receipt = store.record(log, provenance, None)?.wait()?;
//! assert_eq!((receipt.sequence, receipt.triple_count), (0, 1));
//!
//! // … and an auditor asks: who said hello, and in which log?
//! let answer = store
//!     .query(QueryRequest {
//!         text: "SELECT ?who ?log { GRAPH ?log { ?who <urn:says> \"hello\" } }".to_owned(),
//!         solutions: Some(SolutionsFormat::Csv),
//!         ..QueryRequest::default()
//!     })?
//!     .wait()?;
//! let csv = String::from_utf8(answer.body.collect_bytes()?)?;
//! assert_eq!(csv, format!("who,log\r\nurn:ari,urn:segb:log:{}\r\n", receipt.log_id));
//! assert_eq!(store.payload(receipt.log_id)?.map(|payload| payload.bytes), Some(turtle));
//!
//! store.close();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod access;
mod bundle;
mod check;
mod contexts;
mod data_dir;
mod database;
mod disk;
mod erasure;
mod evidence;
mod follow;
mod graph;
mod journal;
mod open;
mod options;
mod read;
mod record;
mod revocations;
mod starts;
mod store;
mod why;
mod writer;

pub use access::{Access, AccessFilter, AccessPage, AccessProof, StoredAccess};
pub use bundle::{BundleError, BundleOrder, BundleSummary, EvidenceBundle, PreparedBundle};
pub use check::{CheckError, IndexCheck, check_index};
pub use contexts::{ContextCall, ContextError, RecordedDecision};
pub use data_dir::DataDirLock;
pub use erasure::{EraseError, Erased, ErasureRequest, PlacedHold, ReleaseError};
pub use evidence::{CheckpointNote, CosignedCheckpoint, EntryProof, ProofError};
pub use follow::Follower;
pub use graph::Export;
pub use journal::{
    BackupError, BackupSummary, EntryFilter, EntryPage, JournalError, Payload, StoredEntry, Tombstone, backup,
};
pub use open::OpenError;
pub use options::StoreOptions;
pub use read::ReadError;
pub use record::{ClearOutcome, Provenance, Receipt, RecordError};
pub use revocations::Revocation;
pub use segb_context::{self as context, Policy as ContextPolicy};
#[cfg(target_os = "linux")]
pub use segb_graph::query::{ServeError, serve as serve_queries};
pub use segb_graph::{
    index::TermId,
    limits::{QueryLimits, TurtleLimits},
    pending::Pending,
    query::{
        GraphFormat, QueryAnswer, QueryCheck, QueryError, QueryFigures, QueryKind, QueryProgram,
        QueryRequest, SolutionsFormat,
    },
    stream::{ByteStream, StreamError},
    term::TermRef,
    turtle::{ParsedLog, TurtleError},
    validation::{Severity, ValidationIssue, ValidationReport, validate},
    view::{GraphError, GraphTriples, GraphView},
};
pub use segb_journal::{self as journal_format, Commitment, Entry, EntryKind, Hash, Salt, Timestamp};
pub use store::Store;
pub use why::{Assertion, AssertionPage, WhyError, WhyRequest};
pub use writer::{StoreFigures, StoreStatus};

/// Compiles the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
