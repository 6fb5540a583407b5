//! What a store is opened with. The defaults are the documented defaults of the server's settings.

use std::{path::PathBuf, sync::Arc, time::Duration};

use segb_context::Policy;
use segb_graph::{
    limits::{QueryLimits, TurtleLimits},
    query::QueryProgram,
};
use segb_journal::note::Signer;

/// How a [`Store`](crate::Store) is opened.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// The directory that holds the journal and the graph index; created if it is missing.
    pub data_dir: PathBuf,
    /// The IRI by which queries may name the knowledge graph, which is also the default graph.
    pub graph_iri: String,
    /// Limits on one log.
    pub turtle: TurtleLimits,
    /// Limits on one query.
    pub query: QueryLimits,
    /// The program whose processes work on queries (Linux only). With none, threads of this process do, which promises
    /// less: [`QuerySettings`](segb_graph::query::QuerySettings).
    pub query_program: Option<QueryProgram>,
    /// The key that checkpoints of the journal are signed with; none: no checkpoints. Its name is the origin of the log.
    pub signer: Option<Arc<Signer>>,
    /// The rules about shared contexts.
    pub contexts: Policy,
    /// Logs that may wait for the writer; one more is refused as [`RecordError::QueueFull`](crate::RecordError).
    pub queue_logs_max: usize,
    /// Bytes of payload that may wait for the writer.
    pub queue_bytes_max: u64,
    /// Records of accesses that may wait for the disk; more are counted and become a gap in the access journal. It is
    /// some seconds of a busy server.
    pub access_queue_records_max: usize,
    /// How long one export may hold its snapshot of the graph.
    pub export_duration_max: Duration,
    /// Exports that may run at once.
    pub exports_max: usize,
    /// Entries that one evidence bundle may be asked for; the list of its files takes about a kilobyte of memory each.
    pub evidence_entries_max: u64,
    /// How long one [`GraphView`](crate::GraphView) may be used.
    pub view_duration_max: Duration,
    /// Views that may be held at once.
    pub views_max: usize,
    /// Throw the graph index away and build it anew from the journal.
    pub rebuild: bool,
}

impl StoreOptions {
    /// The defaults, for a data directory.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            graph_iri: Self::GRAPH_IRI_DEFAULT.to_owned(),
            turtle: TurtleLimits::default(),
            query: QueryLimits::default(),
            query_program: None,
            signer: None,
            contexts: Policy::default(),
            queue_logs_max: 1_024,
            queue_bytes_max: 256 << 20,
            access_queue_records_max: 8_192,
            export_duration_max: Duration::from_secs(600),
            exports_max: 4,
            evidence_entries_max: 10_000,
            view_duration_max: Duration::from_secs(10),
            views_max: 16,
            rebuild: false,
        }
    }

    /// Whether queries can name a graph so: whether it is an absolute IRI (RFC 3987).
    #[must_use]
    pub fn is_graph_iri(text: &str) -> bool {
        segb_graph::term::is_absolute_iri(text)
    }

    /// The graph IRI of the Python service, which its clients put into their queries.
    pub const GRAPH_IRI_DEFAULT: &'static str = "http://amor-segb/events";
}
