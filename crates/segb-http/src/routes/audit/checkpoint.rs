//! `GET /audit/checkpoint`: what the server says its access journal is, signed.

use actix_web::{HttpResponse, http::header::CONTENT_TYPE};

use crate::{
    ApiError, Authorized, actions::ReadAudit, error::ErrorBody, request::note,
    routes::journal::checkpoint::no_key,
};

/// Gives the latest checkpoint of the access journal (C2SP tlog-checkpoint), signed with the key of the journal. Its
/// origin is that of the journal with `/access` behind it.
#[utoipa::path(
    get, path = "/audit/checkpoint", operation_id = "show_access_checkpoint", tag = "evidence",
    responses((status = 200, body = String, content_type = "text/plain"), (status = 404, body = ErrorBody)),
)]
pub(crate) async fn show(authorized: Authorized<ReadAudit>) -> Result<HttpResponse, ApiError> {
    let checkpoint = super::read(&authorized, |store| store.access_checkpoint()).await?;
    let checkpoint = checkpoint.ok_or_else(no_key)?;
    note!(info, authorized.context(), "gave the checkpoint of {} records of accesses", checkpoint.size);
    Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/plain; charset=utf-8")).body(checkpoint.note))
}
