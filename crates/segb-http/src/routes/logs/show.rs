//! `GET /logs/{log_id}`: one entry of the journal.

use actix_web::{
    http::StatusCode,
    web::{self, Json},
};

use super::JournalEntry;
use crate::{ApiError, Authorized, actions::ReadLogs, error::ErrorBody, parameters::LogId, request::note};

/// Shows what is known about a log.
#[utoipa::path(
    get, path = "/logs/{log_id}", operation_id = "show_log", tag = "journal",
    params(("log_id" = Uuid, Path)),
    responses((status = 200, body = JournalEntry), (status = 404, body = ErrorBody), (status = 422, body = ErrorBody)),
)]
pub(crate) async fn show(
    authorized: Authorized<ReadLogs>,
    LogId(log_id): LogId,
) -> Result<Json<JournalEntry>, ApiError> {
    let store = authorized.store().clone();
    let entry = web::block(move || store.entry(log_id)).await??;
    let entry = entry.ok_or_else(|| ApiError::new(StatusCode::NOT_FOUND, "Log not found."))?;
    note!(info, authorized.context(), "showed log {log_id}");
    Ok(Json(entry.into()))
}
