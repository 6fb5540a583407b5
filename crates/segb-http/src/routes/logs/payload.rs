//! `GET /logs/{log_id}/payload`: a log again, byte for byte.

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS},
    },
    web,
};
use segb_store::{Payload, Tombstone};

use crate::{
    ApiError, Authorized, actions::ReadLogs, error::ErrorBody, headers::PAYLOAD_SALT, parameters::LogId,
    request::note,
};

/// What bytes of unknown kind are.
const UNKNOWN_MEDIA_TYPE: &str = "application/octet-stream";

/// Gives back a log exactly as it was received, and in the header `Payload-Salt` what opens the entry's commitment.
#[utoipa::path(
    get, path = "/logs/{log_id}/payload", operation_id = "show_log_payload", tag = "journal",
    params(("log_id" = Uuid, Path)),
    responses((status = 200, body = String, content_type = "text/turtle",
            headers(("Payload-Salt" = String, description = "32 bytes in hexadecimal; \
                the commitment is SHA-256 of them and the payload"))),
        (status = 404, body = ErrorBody), (status = 410, body = ErrorBody), (status = 422, body = ErrorBody)),
)]
pub(crate) async fn show(
    authorized: Authorized<ReadLogs>,
    LogId(log_id): LogId,
) -> Result<HttpResponse, ApiError> {
    let store = authorized.store().clone();
    let payload = web::block(move || -> Result<Payload, ApiError> {
        if let Some(payload) = store.payload(log_id)? {
            return Ok(payload);
        }
        Err(match store.entry(log_id)?.and_then(|stored| stored.erasure) {
            Some(Tombstone { erased_at, erased_by, .. }) => {
                let detail = format!("The payload of this log was erased at {erased_at} by {erased_by}.");
                ApiError::new(StatusCode::GONE, detail)
            }
            None => ApiError::new(StatusCode::NOT_FOUND, "Log payload not found."),
        })
    })
    .await??;
    note!(info, authorized.context(), "gave out the {} bytes of log {log_id}", payload.bytes.len());
    let media_type = payload.media_type.unwrap_or_else(|| UNKNOWN_MEDIA_TYPE.to_owned());
    let extension = match media_type.as_str() {
        "text/turtle" => "ttl",
        "application/json" => "json",
        _ => "bin",
    };
    // Somebody else's bytes: to be kept in a file, never to be shown as a page of ours.
    let disposition = format!("attachment; filename=\"{log_id}.{extension}\"");
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CONTENT_TYPE, media_type))
        .insert_header((CONTENT_DISPOSITION, disposition))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((PAYLOAD_SALT, payload.salt.to_hex()));
    authorized.app().sendings().whole(&mut response, payload.bytes)
}
