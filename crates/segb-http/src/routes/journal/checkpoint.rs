//! `GET /journal/checkpoint`: what the server says its journal is, signed.

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
};

use crate::{ApiError, app::PublicJournal, error::ErrorBody, parameters::Parameters};

/// Gives the latest checkpoint: a signed note with origin, size and root of the journal (C2SP tlog-checkpoint), with the
/// signatures of witnesses as far as there are any.
#[utoipa::path(
    get, path = "/journal/checkpoint", operation_id = "show_checkpoint", tag = "evidence", security(()),
    params(("cosigned" = Option<bool>, Query,
        description = "`true`: the latest one that witnesses have signed, which may be about fewer entries")),
    responses((status = 200, body = String, content_type = "text/plain"), (status = 404, body = ErrorBody),
        (status = 422, body = ErrorBody)),
)]
pub(crate) async fn show(
    journal: PublicJournal,
    mut parameters: Parameters,
) -> Result<HttpResponse, ApiError> {
    let cosigned = parameters.truth("cosigned").unwrap_or(false);
    parameters.finish()?;
    let note = if cosigned {
        journal.cosigned().await?.ok_or_else(no_witness)?
    } else {
        journal.checkpoint().await?.ok_or_else(no_key)?.note
    };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(note))
}

fn no_witness() -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, "No witness has signed a checkpoint of this journal yet.")
}

/// Without a key nothing is signed.
pub(crate) fn no_key() -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, "This server has no key to sign its journal with.")
}
