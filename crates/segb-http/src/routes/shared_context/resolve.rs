//! `POST /shared-context/resolve`: which URI is to be used for what a robot observed?

use actix_web::web::{self, Json};
use segb_context::Resolution;

use super::schema;
use crate::{
    ApiError, Authorized,
    actions::ResolveSharedContext,
    body::{Body, ObservationBody},
    error::ErrorBody,
    request::note,
};

/// Places an observation in a shared context. The answer is on disk when it comes.
#[utoipa::path(
    post, path = "/shared-context/resolve", operation_id = "resolve_shared_context", tag = "shared context",
    request_body = schema::Observation,
    responses((status = 200, body = schema::Resolution), (status = 422, body = ErrorBody),
        (status = 503, body = ErrorBody, description = "Too much is waiting; try again"),
        (status = 507, body = ErrorBody, description = "The disk is full")),
)]
pub(crate) async fn resolve(
    authorized: Authorized<ResolveSharedContext>,
    body: Body<ObservationBody>,
) -> Result<Json<Resolution>, ApiError> {
    let Body { content: ObservationBody(observation), share } = body;
    let (store, call) = (authorized.store().clone(), authorized.context_call());
    let resolution = web::block(move || store.resolve_context(&observation, call)).await??;
    drop(share);
    let Resolution { shared_context_uri, status, confidence, candidate_count, .. } = &resolution;
    note!(
        info,
        authorized.context(),
        "shared context {status}: {shared_context_uri}, confidence {confidence:.4}, {candidate_count} candidates"
    );
    Ok(Json(resolution))
}
