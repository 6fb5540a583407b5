//! `GET /journal/key`: by which key is the journal signed?

use actix_web::web::Json;
use serde::Serialize;
use utoipa::ToSchema;

use super::checkpoint::no_key;
use crate::{ApiError, app::PublicJournal, error::ErrorBody};

#[derive(Serialize, ToSchema)]
pub(crate) struct JournalKey {
    /// The name of the journal, in the first line of every checkpoint.
    origin: String,
    /// `name+id+base64`, as the tools of transparency logs take it (C2SP signed-note).
    verifier_key: String,
    /// The kind of signature.
    algorithm: &'static str,
}

/// Gives the public key of the checkpoints. Keep it somewhere else: who can change the server can change this answer.
#[utoipa::path(
    get, path = "/journal/key", operation_id = "show_journal_key", tag = "evidence", security(()),
    responses((status = 200, body = JournalKey), (status = 404, body = ErrorBody)),
)]
pub(crate) async fn show(journal: PublicJournal) -> Result<Json<JournalKey>, ApiError> {
    let verifier_key = journal.verifier_key().ok_or_else(no_key)?;
    let origin = verifier_key.split('+').next().unwrap_or_default().to_owned();
    Ok(Json(JournalKey { origin, verifier_key, algorithm: "Ed25519" }))
}
