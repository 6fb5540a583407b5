//! `/holds`: logs that may not be erased.

use actix_web::{
    http::StatusCode,
    web::{self, Json, Path},
};
use segb_store::{PlacedHold, journal_format::statement};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    ApiError, Authorized,
    actions::ManageHolds,
    body::{Body, HoldBody, ReleaseBody},
    error::ErrorBody,
    request::note,
};

/// What is to be held: all logs of a time, or these.
#[derive(Serialize, ToSchema)]
pub(crate) struct HoldRequest {
    /// Why, 1 to 1000 characters.
    reason: String,
    /// Logs received from this moment on.
    since: Option<String>,
    /// Logs received before this moment; without it also those to come.
    until: Option<String>,
    /// Only these, 1 to 10000.
    log_ids: Option<Vec<String>>,
}

/// Why a hold ends.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReleaseRequest {
    /// At most 1000 characters.
    reason: Option<String>,
}

/// A hold; the answer is made by the store.
#[derive(Serialize, ToSchema)]
pub(crate) struct Hold {
    hold_id: String,
    since: Option<String>,
    until: Option<String>,
    log_ids: Option<Vec<String>>,
    reason: String,
    placed_at: String,
    placed_by: String,
    /// Null while it holds.
    released_at: Option<String>,
    released_by: Option<String>,
    release_reason: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Holds {
    /// Also those that are over, in the order in which they were placed.
    #[schema(value_type = Vec<Hold>)]
    holds: Vec<PlacedHold>,
}

/// Forbids to erase logs, until it is released.
#[utoipa::path(
    post, path = "/holds", operation_id = "place_hold", tag = "evidence", request_body = HoldRequest,
    responses((status = 201, body = Hold), (status = 422, body = ErrorBody)),
)]
pub(crate) async fn place(
    authorized: Authorized<ManageHolds>,
    body: Body<HoldBody>,
) -> Result<(Json<PlacedHold>, StatusCode), ApiError> {
    let HoldBody { reason, since, until, log_ids } = body.content;
    let random = u64::from_be_bytes(authorized.app().entropy().bytes());
    let hold = statement::Hold {
        request_id: authorized.context().id().to_owned(),
        hold_id: format!("hold_{:012x}", random >> 16),
        since,
        until,
        log_ids,
        reason,
    };
    let (store, provenance) = (authorized.store().clone(), authorized.provenance(None));
    let hold = web::block(move || store.place_hold(hold, provenance)).await??;
    note!(warn, authorized.context(), "placed {}", hold.hold_id);
    Ok((Json(hold), StatusCode::CREATED))
}

/// Lists the holds.
#[utoipa::path(
    get, path = "/holds", operation_id = "list_holds", tag = "evidence",
    responses((status = 200, body = Holds)),
)]
pub(crate) async fn list(authorized: Authorized<ManageHolds>) -> Result<Json<Holds>, ApiError> {
    let store = authorized.store().clone();
    let holds = web::block(move || store.holds()).await??;
    note!(info, authorized.context(), "listed {} holds", holds.len());
    Ok(Json(Holds { holds }))
}

/// Ends a hold.
#[utoipa::path(
    delete, path = "/holds/{hold_id}", operation_id = "release_hold", tag = "evidence",
    params(("hold_id" = String, Path)), request_body = Option<ReleaseRequest>,
    responses((status = 200, body = Hold), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody),
        (status = 422, body = ErrorBody)),
)]
pub(crate) async fn release(
    authorized: Authorized<ManageHolds>,
    hold_id: Path<String>,
    body: Body<ReleaseBody>,
) -> Result<Json<PlacedHold>, ApiError> {
    let (store, provenance) = (authorized.store().clone(), authorized.provenance(None));
    let (request_id, reason) = (authorized.context().id().to_owned(), body.content.reason);
    let hold = web::block(move || store.release_hold(&hold_id, reason, provenance, request_id)).await??;
    note!(warn, authorized.context(), "released {}", hold.hold_id);
    Ok(Json(hold))
}
