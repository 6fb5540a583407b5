//! The graph that the record adds up to, as users of the store see it: queries, views, exports.

use std::{sync::Arc, time::Instant};

use segb_graph::{
    export,
    index::Snapshot,
    pending::Pending,
    query::{GraphFormat, QueryAnswer, QueryCheck, QueryError, QueryRequest},
    stream::ByteStream,
    view::{GraphError, GraphView},
};
use segb_journal::EntryKind;

use crate::{
    read::ReadError,
    store::Store,
    writer::{Shared, StoreStatus},
};

/// The whole graph, or nothing.
#[derive(Debug)]
pub enum Export {
    /// The graph has no triple.
    Empty,
    /// The triples, as a document.
    Stream(ByteStream),
}

impl Store {
    pub(crate) fn snapshot(&self) -> Result<Snapshot, ReadError> {
        snapshot(&self.inner.shared)
    }

    /// Starts to write out the whole graph, as it is now, in constant memory.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn export(&self, format: GraphFormat) -> Result<Export, ReadError> {
        let slot = self.inner.exports.take().ok_or(ReadError::Busy)?;
        let snapshot = snapshot(&self.inner.shared)?;
        if snapshot.triple_count()? == 0 {
            return Ok(Export::Empty);
        }
        let deadline = Instant::now() + self.inner.options.export_duration_max;
        let prefixes = self.inner.shared.prefixes().to_vec();
        Ok(Export::Stream(export::start(snapshot, prefixes, format, deadline, slot)))
    }

    /// Evaluates a SPARQL query on another thread; the answer comes when its first bytes are there.
    ///
    /// # Errors
    /// [`QueryError`], at once or later.
    pub fn query(&self, request: QueryRequest) -> Result<Pending<QueryAnswer, QueryError>, QueryError> {
        self.inner.queries.query(request)
    }

    /// Says whether a text is a query that this store would evaluate.
    ///
    /// # Errors
    /// [`QueryError::Busy`] or [`QueryError::Closed`]; a wrong text is not an error here.
    pub fn check_query(&self, text: String) -> Result<Pending<QueryCheck, QueryError>, QueryError> {
        self.inner.queries.check(text)
    }

    /// A view of the graph as it is now, for at most [`StoreOptions::view_duration_max`](crate::StoreOptions).
    ///
    /// # Errors
    /// [`ReadError`]; [`ReadError::Busy`] if as many views as allowed are held.
    pub fn graph(&self) -> Result<GraphView, ReadError> {
        let slot = self.inner.views.take().ok_or(ReadError::Busy)?;
        let reader = Arc::clone(&self.inner.reader);
        let is_ours = move |log_id| {
            let entry = reader.entry(log_id).map_err(|error| GraphError::Storage(error.to_string()))?;
            Ok(entry.is_some_and(|stored| stored.entry.kind != EntryKind::LogReceived))
        };
        Ok(GraphView::new(self.snapshot()?, self.inner.options.view_duration_max, slot, Box::new(is_ours)))
    }
}

/// Opens what a query reads: the graph as it is now, and the prefixes seen on logs.
pub(crate) fn for_queries(
    shared: &Arc<Shared>,
) -> impl Fn() -> Result<(Snapshot, Vec<(String, String)>), QueryError> + Send + Sync + 'static {
    let shared = Arc::clone(shared);
    move || Ok((snapshot(&shared).map_err(query_error)?, shared.prefixes().to_vec()))
}

fn query_error(error: ReadError) -> QueryError {
    match error {
        ReadError::Busy => QueryError::Busy,
        ReadError::NotReady { applied, total } => QueryError::NotReady { applied, total },
        ReadError::Closed => QueryError::Closed,
        ReadError::Storage(cause) => QueryError::Storage(cause),
    }
}

/// A view of the graph, unless it is only half there.
fn snapshot(shared: &Shared) -> Result<Snapshot, ReadError> {
    match shared.status() {
        StoreStatus::CatchingUp { applied, total } => Err(ReadError::NotReady { applied, total }),
        StoreStatus::Failed(_) if shared.is_partial() => {
            let (applied, total) = shared.progress();
            Err(ReadError::NotReady { applied, total })
        }
        StoreStatus::Closed => Err(ReadError::Closed),
        StoreStatus::Ready | StoreStatus::Failed(_) => Ok(shared.index.snapshot()?),
    }
}
