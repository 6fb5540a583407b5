//! `POST /logs/{log_id}/erase`: a payload is destroyed, its proofs are not.

use actix_web::web::{self, Json};
use segb_store::ErasureRequest;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Tombstone;
use crate::{
    ApiError, Authorized,
    actions::EraseLogs,
    body::{Body, ErasureBody},
    error::ErrorBody,
    parameters::LogId,
    request::note,
};

/// Why a log is to be erased.
#[derive(Serialize, ToSchema)]
pub(crate) struct EraseRequest {
    /// Why, 1 to 1000 characters.
    reason: String,
    /// By what law or rule, 1 to 1000 characters.
    legal_ground: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ErasedLog {
    /// The log that is erased.
    log_id: Uuid,
    #[schema(value_type = Tombstone)]
    erasure: segb_store::Tombstone,
    /// Whether nothing of the payload is left in the journal's files. If false, a backup is reading them; the rest is
    /// overwritten as soon as that ends.
    complete: bool,
}

/// Destroys the payload of a log and its salt, and takes what only this log said out of the graph. The entry and all
/// proofs stay.
#[utoipa::path(
    post, path = "/logs/{log_id}/erase", operation_id = "erase_log", tag = "evidence",
    params(("log_id" = Uuid, Path)), request_body = EraseRequest,
    responses((status = 200, body = ErasedLog), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody),
        (status = 422, body = ErrorBody), (status = 503, body = ErrorBody), (status = 507, body = ErrorBody)),
)]
pub(crate) async fn erase(
    authorized: Authorized<EraseLogs>,
    LogId(log_id): LogId,
    body: Body<ErasureBody>,
) -> Result<Json<ErasedLog>, ApiError> {
    let ErasureBody { reason, legal_ground } = body.content;
    let (store, provenance) = (authorized.store().clone(), authorized.provenance(None));
    let request_id = authorized.context().id().to_owned();
    let request = ErasureRequest { log_id, reason, legal_ground };
    let erased = web::block(move || store.erase(&request, provenance, request_id)).await??;
    note!(warn, authorized.context(), "erased log {log_id}");
    Ok(Json(ErasedLog { log_id, erasure: erased.tombstone, complete: erased.complete }))
}
