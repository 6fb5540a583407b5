//! `POST /shared-context/review/{case_id}/reject`: a person says that a context is none of the candidates.

use actix_web::web::{self, Json, Path};
use segb_context::Decision;

use super::schema;
use crate::{
    ApiError, Authorized,
    actions::ReviewSharedContexts,
    body::{Body, NoContent},
    error::ErrorBody,
    request::note,
};

/// Keeps the context in question apart from all candidates of the case, from now on.
#[utoipa::path(
    post, path = "/shared-context/review/{case_id}/reject", operation_id = "reject_review_case",
    tag = "shared context", params(("case_id" = String, Path)),
    responses((status = 200, body = schema::Decision), (status = 422, body = ErrorBody)),
)]
pub(crate) async fn reject(
    authorized: Authorized<ReviewSharedContexts>,
    case_id: Path<String>,
    _: Body<NoContent>,
) -> Result<Json<Decision>, ApiError> {
    let (store, call) = (authorized.store().clone(), authorized.context_call());
    let decision = web::block(move || store.reject_case(&case_id, call)).await??;
    let Decision { case_id, source_context_uri, .. } = &decision;
    note!(warn, authorized.context(), "rejected {case_id}: shared context {source_context_uri} stays apart");
    Ok(Json(decision))
}
