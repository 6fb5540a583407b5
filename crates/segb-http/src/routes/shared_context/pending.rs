//! `GET /shared-context/review/pending`: what is there to decide?

use actix_web::{HttpResponse, web};

use super::schema;
use crate::{
    ApiError, Authorized, actions::ReviewSharedContexts, error::ErrorBody, parameters::Parameters, streaming,
};

/// Reviews the ambiguous contexts, as a reconciliation does, and lists what is left to decide and all contexts.
#[utoipa::path(
    get, path = "/shared-context/review/pending", operation_id = "list_review_cases", tag = "shared context",
    params(("limit" = Option<u64>, Query, description = "Only the newest so many of each list; all if not given")),
    responses((status = 200, body = schema::ReviewQueue), (status = 422, body = ErrorBody)),
)]
pub(crate) async fn list(
    authorized: Authorized<ReviewSharedContexts>,
    mut parameters: Parameters,
) -> Result<HttpResponse, ApiError> {
    let limit = parameters.integer("limit", 1..=i64::MAX as u64).unwrap_or(u64::MAX);
    parameters.finish()?;
    let (store, call) = (authorized.store().clone(), authorized.context_call());
    web::block(move || store.reconcile_contexts(call)).await??;
    let queue = authorized.store().review_queue(limit)?;
    streaming::answer(queue, "application/json", "review queue", authorized.context()).await
}
