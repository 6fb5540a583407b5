//! `GET /audit/{sequence}/proof`: that a record is in the access journal.

use actix_web::web::Json;
use segb_store::{AccessProof, Hash, journal_format::tree::InclusionProof};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    ApiError, Authorized,
    actions::ReadAudit,
    error::ErrorBody,
    parameters::{Parameters, Sequence},
    request::note,
    routes::logs::proof::Inclusion,
};

/// Everything that is needed to check that a record is in the access journal, but for the public key.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuditProof {
    sequence: u64,
    /// What is hashed: the canonical form of the record (RFC 8785).
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
    mut parameters: Parameters,
) -> Result<Json<AuditProof>, ApiError> {
    let size = parameters.integer("size", 0..=i64::MAX as u64);
    parameters.finish()?;
    let proof = super::read(&authorized, move |store| store.prove_access(sequence, size)).await?;
    let records = proof.inclusion.tree_size;
    note!(info, authorized.context(), "proved record {sequence} of {records} of the access journal");
    Ok(Json(proof.into()))
}
