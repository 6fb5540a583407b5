//! `GET /shared-context/stats`: how many shared contexts are there?

use actix_web::web::{self, Json};
use segb_context::ContextStats;

use super::schema;
use crate::{ApiError, Authorized, actions::ReadSharedContextStats, request::note};

/// Counts the shared contexts.
#[utoipa::path(
    get, path = "/shared-context/stats", operation_id = "show_shared_context_stats", tag = "shared context",
    responses((status = 200, body = schema::Stats)),
)]
pub(crate) async fn show(
    authorized: Authorized<ReadSharedContextStats>,
) -> Result<Json<ContextStats>, ApiError> {
    let store = authorized.store().clone();
    let stats = web::block(move || store.context_stats()).await??;
    note!(info, authorized.context(), "counted the shared contexts");
    Ok(Json(stats))
}
