//! `GET /logs/{log_id}/proof`: that an entry is in the journal.

use actix_web::web::{self, Json};
use segb_store::EntryProof;
use uuid::Uuid;

use crate::{
    ApiError, Authorized,
    actions::ReadLogs,
    error::ErrorBody,
    parameters::{LogId, Parameters},
    request::note,
    routes::proof::{self, proof},
};

proof! {
    /// Everything that is needed to check that an entry is in the journal, but for the public key.
    struct Proof {
        log_id: Uuid,
        sequence: u64,
        /// What is hashed: the canonical record of the entry (RFC 8785).
        record: String,
    }
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
    parameters: Parameters,
) -> Result<Json<Proof>, ApiError> {
    let size = proof::size(parameters)?;
    let store = authorized.store().clone();
    let proof = web::block(move || store.prove_entry(log_id, size)).await??;
    note!(info, authorized.context(), "proved log {log_id} in {} entries", proof.inclusion.tree_size);
    Ok(Json(proof.into()))
}
