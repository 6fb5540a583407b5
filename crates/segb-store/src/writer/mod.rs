//! The one writer: a thread that takes whatever waits as one batch, puts it into the journal, then into the graph
//! index, then answers.

mod catch_up;
mod commit;
mod figures;
mod queue;
mod shared;

pub use figures::StoreFigures;
pub(crate) use commit::Writer;
pub(crate) use queue::{Job, RecordJob};
pub use shared::StoreStatus;
pub(crate) use shared::Shared;
