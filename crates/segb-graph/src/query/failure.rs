//! What can go wrong while an answer is produced.

use std::io;

use spareval::QueryEvaluationError;

use super::{QueryError, dataset::DatasetError, xml};

/// Why producing an answer stopped.
#[derive(Debug)]
pub(crate) enum Failure {
    /// To be told to the caller.
    Query(QueryError),
    /// It was cancelled, because time was up or nobody waits for it.
    Cancelled,
    /// The sink takes no more; it knows why.
    Sink,
}

impl From<QueryError> for Failure {
    fn from(error: QueryError) -> Self {
        Self::Query(error)
    }
}

impl From<io::Error> for Failure {
    fn from(_: io::Error) -> Self {
        Self::Sink
    }
}

impl From<DatasetError> for Failure {
    fn from(error: DatasetError) -> Self {
        Self::Query(QueryError::Storage(error.to_string()))
    }
}

impl From<QueryEvaluationError> for Failure {
    fn from(error: QueryEvaluationError) -> Self {
        match error {
            QueryEvaluationError::Cancelled => Self::Cancelled,
            QueryEvaluationError::Dataset(cause) => Self::Query(QueryError::Storage(cause.to_string())),
            QueryEvaluationError::Service(_)
            | QueryEvaluationError::UnboundService
            | QueryEvaluationError::UnsupportedService(_)
            | QueryEvaluationError::InvalidServiceName(_) => Self::Query(QueryError::Service),
            other => Self::Query(QueryError::Evaluation(other.to_string())),
        }
    }
}

impl Failure {
    /// Fails for text that XML cannot carry.
    pub(super) fn check_xml(advice: &'static str, text: &str) -> Result<(), Self> {
        match xml::unrepresentable(text) {
            None => Ok(()),
            Some(character) => {
                let what = format!("the character U+{:04X}", u32::from(character));
                Err(Self::Query(QueryError::NotRepresentable {
                    format: "XML".into(),
                    what,
                    advice: advice.into(),
                }))
            }
        }
    }
}
