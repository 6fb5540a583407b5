//! `GET /audit`: the records of the access journal, newest first.

use actix_web::web::Json;
use segb_store::AccessFilter;
use serde::Serialize;
use utoipa::ToSchema;

use super::AuditRecord;
use crate::{
    ApiError, Authorized, actions::ReadAudit, description::Description, error::ErrorBody,
    parameters::Parameters, request::note,
};

/// Records in one answer, unless the caller asks for another number.
const LIMIT_DEFAULT: u64 = 100;
/// Records in one answer, at most.
const LIMIT_MAX: u64 = 1_000;

#[derive(Serialize, ToSchema)]
pub(crate) struct AuditRecords {
    records: Vec<AuditRecord>,
    /// The value of `before` for the next, older records; null at the end.
    next_before: Option<u64>,
}

/// Lists who did what, newest first: every read, every act of an operator, every request that was turned away.
#[utoipa::path(
    get, path = "/audit", operation_id = "list_accesses", tag = "evidence",
    params(
        ("since" = Option<String>, Query, format = DateTime, description = "From this moment on (RFC 3339)"),
        ("until" = Option<String>, Query, format = DateTime, description = "Before this moment (RFC 3339)"),
        ("actor" = Option<String>, Query, description = "Of this actor"),
        ("action" = Option<String>, Query, description = "An `operationId`, or `gap`"),
        ("result" = Option<u16>, Query, description = "With this status, 100 to 599"),
        ("limit" = Option<u64>, Query, description = "1 to 1000; 100 if not given"),
        ("before" = Option<u64>, Query, description = "Only records with a lower sequence number"),
    ),
    responses((status = 200, body = AuditRecords), (status = 422, body = ErrorBody)),
)]
pub(crate) async fn list(
    authorized: Authorized<ReadAudit>,
    description: &'static Description,
    mut parameters: Parameters,
) -> Result<Json<AuditRecords>, ApiError> {
    let filter = AccessFilter {
        since: parameters.moment("since"),
        until: parameters.moment("until"),
        actor: parameters.text("actor"),
        action: parameters.access_action("action", description.operations()),
        result: parameters.integer("result", 100..=599).map(|status| status as u16),
        before_sequence: parameters.integer("before", 0..=i64::MAX as u64),
        limit: parameters.integer("limit", 1..=LIMIT_MAX).unwrap_or(LIMIT_DEFAULT) as u32,
    };
    parameters.finish()?;
    let page = super::read(&authorized, move |store| store.accesses(&filter)).await?;
    note!(info, authorized.context(), "listed {} records of accesses", page.records.len());
    let records = page.records.into_iter().map(AuditRecord::from).collect();
    Ok(Json(AuditRecords { records, next_before: page.next_before_sequence }))
}
