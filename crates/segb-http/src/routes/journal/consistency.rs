//! `GET /journal/consistency`: has the journal only grown?

use actix_web::web::Json;
use segb_store::journal_format::tree::ConsistencyProof;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{ApiError, app::PublicJournal, error::ErrorBody, parameters::Parameters};

/// How the proof looks; it is made by the store.
#[derive(Serialize, ToSchema)]
pub(crate) struct Consistency {
    from: u64,
    to: u64,
    /// In hexadecimal.
    hashes: Vec<String>,
}

/// Proves that the journal of `to` entries begins with that of `from` entries (RFC 6962, section 2.1.2).
#[utoipa::path(
    get, path = "/journal/consistency", operation_id = "prove_consistency", tag = "evidence", security(()),
    params(
        ("from" = u64, Query, description = "The size of an earlier checkpoint"),
        ("to" = Option<u64>, Query, description = "The size of a later one; the present size if not given"),
    ),
    responses((status = 200, body = Consistency), (status = 422, body = ErrorBody)),
)]
pub(crate) async fn prove(
    journal: PublicJournal,
    mut parameters: Parameters,
) -> Result<Json<ConsistencyProof>, ApiError> {
    let from = parameters.required_integer("from", 0..=i64::MAX as u64);
    let to = parameters.integer("to", 0..=i64::MAX as u64);
    parameters.finish()?;
    Ok(Json(journal.consistency(from, to).await?))
}
