//! The graph that the record adds up to, as users of the store see it: queries, views, exports.

use std::{sync::Arc, time::Instant};

use segb_graph::{
    export,
    index::{GraphIndex, Snapshot},
    pending::Pending,
    query::{GraphFormat, QueriedGraph, QueryAnswer, QueryCheck, QueryError, QueryRequest},
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
        check_ready(&self.inner.shared)?;
        Ok(self.inner.shared.index.snapshot()?)
    }

    /// Starts to write out the whole graph, as it is now, in constant memory.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn export(&self, format: GraphFormat) -> Result<Export, ReadError> {
        let slot = self.inner.exports.take().ok_or(ReadError::Busy)?;
        let snapshot = self.snapshot()?;
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

/// The graph of a store, for those who run queries on it.
pub(crate) struct Queried(pub(crate) Arc<Shared>);

impl QueriedGraph for Queried {
    fn index(&self) -> &GraphIndex {
        &self.0.index
    }

    fn check_ready(&self) -> Result<(), QueryError> {
        check_ready(&self.0).map_err(query_error)
    }

    fn prefixes(&self) -> Arc<Vec<(String, String)>> {
        self.0.prefixes()
    }
}

fn query_error(error: ReadError) -> QueryError {
    match error {
        ReadError::Busy => QueryError::Busy,
        ReadError::NotReady { applied, total } => QueryError::NotReady { applied, total },
        ReadError::Closed => QueryError::Closed,
        ReadError::Storage(cause) => QueryError::Storage(cause),
    }
}

/// Fails if the graph is only half there.
fn check_ready(shared: &Shared) -> Result<(), ReadError> {
    match shared.status() {
        StoreStatus::CatchingUp { applied, total } => Err(ReadError::NotReady { applied, total }),
        StoreStatus::Failed(_) if shared.is_partial() => {
            let (applied, total) = shared.progress();
            Err(ReadError::NotReady { applied, total })
        }
        StoreStatus::Closed => Err(ReadError::Closed),
        StoreStatus::Ready | StoreStatus::Failed(_) => Ok(()),
    }
}
