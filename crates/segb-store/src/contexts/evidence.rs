//! What the journal keeps of an operation on shared contexts: the payload of its entry.

use segb_context::{Change, Decision, Merge, ObservationRequest, Reconciliation, Resolution, ReviewCase};
use segb_journal::EntryKind;
use serde::{Deserialize, Serialize};

/// The media type of the payload.
pub(crate) const MEDIA_TYPE: &str = "application/json";

/// The payload of an entry about shared contexts: what was asked, what was answered, and what that changed.
#[derive(Serialize)]
pub(super) struct Evidence<'a> {
    /// The id of the request, as in the server log.
    pub(super) request_id: &'a str,
    #[serde(flatten)]
    pub(super) operation: Operation<'a>,
    /// The rows, as they are from now on.
    pub(super) change: &'a Change,
    /// Turtle: what the entry asserts in the graph.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) assertions: Option<String>,
}

/// What was done.
#[derive(Serialize)]
#[serde(tag = "operation", rename_all = "snake_case")]
pub(super) enum Operation<'a> {
    Resolve { observation: &'a ObservationRequest, resolution: &'a Resolution },
    Reconcile { reconciliation: &'a Reconciliation },
    Accept { proposed: &'a ReviewCase, decision: &'a Decision },
    Reject { proposed: &'a ReviewCase, decision: &'a Decision },
}

impl Operation<'_> {
    pub(super) fn kind(&self) -> EntryKind {
        match self {
            Self::Resolve { .. } => EntryKind::SharedContextResolved,
            Self::Reconcile { .. } => EntryKind::SharedContextsReconciled,
            Self::Accept { .. } => EntryKind::ReviewCaseAccepted,
            Self::Reject { .. } => EntryKind::ReviewCaseRejected,
        }
    }
}

/// Says in Turtle which contexts were merged; none if none were.
pub(super) fn assertions(merges: &[Merge]) -> Option<String> {
    let triple = |merge: &Merge| {
        format!("<{}> <http://www.w3.org/ns/prov#alternateOf> <{}> .\n", merge.source_uri, merge.target_uri)
    };
    (!merges.is_empty()).then(|| merges.iter().map(triple).collect())
}

/// What a person decided about a shared context, and on what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordedDecision {
    /// The id of the request, as in the server log.
    pub request_id: String,
    /// The case as it was: the candidates that were proposed, with their scores.
    pub proposed: ReviewCase,
    /// What was chosen.
    pub decision: Decision,
}

/// The Turtle that the payload of an entry which is no log asserts.
pub(crate) fn asserted_by(payload: &[u8]) -> Result<Option<String>, serde_json::Error> {
    #[derive(Deserialize)]
    struct Assertions {
        assertions: Option<String>,
    }
    Ok(serde_json::from_slice::<Assertions>(payload)?.assertions)
}
