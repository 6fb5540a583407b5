//! `POST /shared-context/reconcile`: what has become clear?

use actix_web::web::{self, Json};
use segb_context::Reconciliation;

use super::schema;
use crate::{
    ApiError, Authorized,
    actions::ReconcileSharedContexts,
    body::{Body, NoContent},
    error::ErrorBody,
    request::note,
};

/// Compares the ambiguous contexts again, merges what is clear by now, and brings the cases for review up to date.
#[utoipa::path(
    post, path = "/shared-context/reconcile", operation_id = "reconcile_shared_contexts", tag = "shared context",
    responses((status = 200, body = schema::Reconciliation), (status = 422, body = ErrorBody)),
)]
pub(crate) async fn reconcile(
    authorized: Authorized<ReconcileSharedContexts>,
    _: Body<NoContent>,
) -> Result<Json<Reconciliation>, ApiError> {
    let (store, call) = (authorized.store().clone(), authorized.context_call());
    let reconciliation = web::block(move || store.reconcile_contexts(call)).await??;
    let Reconciliation { scanned_ambiguous, merged_count, pending_cases, .. } = &reconciliation;
    note!(
        info,
        authorized.context(),
        "reconciled {scanned_ambiguous} ambiguous shared contexts: {merged_count} merged, {pending_cases} cases pending"
    );
    Ok(Json(reconciliation))
}
