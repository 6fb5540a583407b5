//! `GET /journal/checkpoint`: what the server says its journal is, signed.

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
};

use crate::{ApiError, app::PublicJournal, error::ErrorBody};

/// Gives the latest checkpoint: a signed note with origin, size and root of the journal (C2SP tlog-checkpoint).
#[utoipa::path(
    get, path = "/journal/checkpoint", operation_id = "show_checkpoint", tag = "evidence", security(()),
    responses((status = 200, body = String, content_type = "text/plain"), (status = 404, body = ErrorBody)),
)]
pub(crate) async fn show(journal: PublicJournal) -> Result<HttpResponse, ApiError> {
    let checkpoint = journal.checkpoint().await?.ok_or_else(no_key)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(checkpoint.note))
}

/// Without a key nothing is signed.
pub(crate) fn no_key() -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, "This server has no key to sign its journal with.")
}
