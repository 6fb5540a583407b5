//! `GET /audit/{sequence}/proof`: that a record is in the access journal.

use actix_web::web::Json;
use segb_store::AccessProof;

use crate::{
    ApiError, Authorized,
    actions::ReadAudit,
    error::ErrorBody,
    parameters::{Parameters, Sequence},
    request::note,
    routes::proof::{self, proof},
};

proof! {
    /// Everything that is needed to check that a record is in the access journal, but for the public key.
    struct AuditProof {
        sequence: u64,
        /// What is hashed: the canonical form of the record (RFC 8785).
        record: String,
    }
}

impl From<AccessProof> for AuditProof {
    fn from(proof: AccessProof) -> Self {
        let AccessProof { stored, canonical, inclusion, root, checkpoint } = proof;
        Self {
            sequence: stored.record.sequence,
            record: canonical,
            leaf_hash: stored.leaf_hash,
            inclusion,
            root,
            checkpoint: checkpoint.map(|checkpoint| checkpoint.note),
        }
    }
}

/// Proves that a record is in the access journal, as it is or as it was at an earlier size.
#[utoipa::path(
    get, path = "/audit/{sequence}/proof", operation_id = "prove_access", tag = "evidence",
    params(("sequence" = u64, Path),
        ("size" = Option<u64>, Query, description = "The number of records; the present one if not given")),
    responses((status = 200, body = AuditProof), (status = 404, body = ErrorBody),
        (status = 422, body = ErrorBody)),
)]
pub(crate) async fn prove(
    authorized: Authorized<ReadAudit>,
    Sequence(sequence): Sequence,
    parameters: Parameters,
) -> Result<Json<AuditProof>, ApiError> {
    let size = proof::size(parameters)?;
    let proof = super::read(&authorized, move |store| store.prove_access(sequence, size)).await?;
    let records = proof.inclusion.tree_size;
    note!(info, authorized.context(), "proved record {sequence} of {records} of the access journal");
    Ok(Json(proof.into()))
}
