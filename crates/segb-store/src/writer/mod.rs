//! Writing: two threads behind a bounded queue.
//!
//! The *recorder* takes whatever waits as one batch and puts it into the journal: the commit. The *indexer* takes what
//! is committed, puts it into the graph index and answers the senders. While the disk works for one batch, the
//! processor can work for the one before.

mod figures;
mod indexer;
mod queue;
mod recorder;
mod shared;

pub use figures::StoreFigures;
pub(crate) use indexer::{COMMITTED_WAITING_MAX, Indexer, OwnedChange, meaning, run as run_indexer};
pub(crate) use queue::{Content, Job, Queue, RecordJob};
pub(crate) use recorder::Recorder;
pub(crate) use shared::Shared;
pub use shared::StoreStatus;
