//! Why there is no report.

use std::time::Duration;

use segb_graph::view::GraphError;
use segb_store::ReadError;

/// Why a report or an explanation cannot be given. What is odd in the data is never among the reasons.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// Nothing in the graph has this name. The caller's mistake, perhaps.
    #[error("no log says anything about {0}")]
    UnknownResource(String),
    /// There is more of it than a report is made of. The caller can ask for less.
    #[error("the report would be made of more than {0} facts")]
    TooLarge(usize),
    /// It took longer than the store allows. The caller can ask for less.
    #[error("the report took longer than {0:?}")]
    Deadline(Duration),
    /// The graph cannot be read; the reason says whether it can be later.
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl From<GraphError> for ReportError {
    fn from(error: GraphError) -> Self {
        match error {
            GraphError::Deadline(limit) => Self::Deadline(limit),
            other => Self::Read(ReadError::Storage(other.to_string())),
        }
    }
}
