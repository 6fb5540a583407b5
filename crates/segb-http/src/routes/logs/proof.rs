//! `GET /logs/{log_id}/proof`: that an entry is in the journal.

use actix_web::web::{self, Json};
use segb_store::{EntryProof, Hash, journal_format::tree::InclusionProof};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    ApiError, Authorized,
    actions::ReadLogs,
    error::ErrorBody,
    parameters::{LogId, Parameters},
    request::note,
};

/// Everything that is needed to check that an entry is in the journal, but for the public key.
#[derive(Serialize, ToSchema)]
pub(crate) struct Proof {
    log_id: Uuid,
    sequence: u64,
    /// What is hashed: the canonical record of the entry (RFC 8785).
    record: String,
    /// SHA-256 of a zero byte and the record, in hexadecimal.
    #[schema(value_type = String)]
    leaf_hash: Hash,
    /// The hashes that lead from the leaf to the root (RFC 6962, section 2.1.1).
    #[schema(value_type = Inclusion)]
    inclusion: InclusionProof,
    /// The root of that tree, in hexadecimal.
    #[schema(value_type = String)]
    root: Hash,
    /// The signed checkpoint about that tree, unless an earlier size was asked for.
    checkpoint: Option<String>,
}

/// How the proof looks; it is made by the store.
#[derive(Serialize, ToSchema)]
pub(crate) struct Inclusion {
    leaf_index: u64,
    tree_size: u64,
    /// In hexadecimal.
    hashes: Vec<String>,
}

impl From<EntryProof> for Proof {
    fn from(proof: EntryProof) -> Self {
        let EntryProof { stored, record, inclusion, root, checkpoint } = proof;
        Self {
            log_id: stored.entry.log_id,
            sequence: stored.entry.sequence,
            record,
            leaf_hash: stored.leaf_hash,
            inclusion,
            root,
            checkpoint: checkpoint.map(|checkpoint| checkpoint.note),
        }
    }
}

/// Proves that an entry is in the journal, as it is or as it was at an earlier size.
#[utoipa::path(
    get, path = "/logs/{log_id}/proof", operation_id = "prove_log", tag = "evidence",
    params(("log_id" = Uuid, Path),
        ("size" = Option<u64>, Query, description = "The number of entries; the present one if not given")),
    responses((status = 200, body = Proof), (status = 404, body = ErrorBody), (status = 422, body = ErrorBody)),
)]
pub(crate) async fn prove(
    authorized: Authorized<ReadLogs>,
    LogId(log_id): LogId,
    mut parameters: Parameters,
) -> Result<Json<Proof>, ApiError> {
    let size = parameters.integer("size", 0..=i64::MAX as u64);
    parameters.finish()?;
    let store = authorized.store().clone();
    let proof = web::block(move || store.prove_entry(log_id, size)).await??;
    note!(info, authorized.context(), "proved log {log_id} in {} entries", proof.inclusion.tree_size);
    Ok(Json(proof.into()))
}
