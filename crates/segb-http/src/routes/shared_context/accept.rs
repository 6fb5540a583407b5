//! `POST /shared-context/review/{case_id}/accept`: a person says that two contexts are one.

use actix_web::web::{self, Json, Path};
use segb_context::Decision;

use super::schema;
use crate::{
    ApiError, Authorized,
    actions::ReviewSharedContexts,
    body::{Body, TargetBody},
    error::ErrorBody,
    request::note,
};

/// Merges the context in question into one of the candidates of the case.
#[utoipa::path(
    post, path = "/shared-context/review/{case_id}/accept", operation_id = "accept_review_case",
    tag = "shared context", params(("case_id" = String, Path)), request_body = schema::Target,
    responses((status = 200, body = schema::Decision), (status = 422, body = ErrorBody)),
)]
pub(crate) async fn accept(
    authorized: Authorized<ReviewSharedContexts>,
    case_id: Path<String>,
    body: Body<TargetBody>,
) -> Result<Json<Decision>, ApiError> {
    let (store, call) = (authorized.store().clone(), authorized.context_call());
    let target = body.content.target_context_uri;
    let decision = web::block(move || store.accept_case(&case_id, &target, call)).await??;
    let Decision { case_id, source_context_uri, selected_context_uri, .. } = &decision;
    let target = selected_context_uri.as_deref().unwrap_or_default();
    note!(
        warn,
        authorized.context(),
        "accepted {case_id}: shared context {source_context_uri} is merged into {target}"
    );
    Ok(Json(decision))
}
