//! `GET /logs`: the entries of the journal, newest first.

use actix_web::web::{self, Json};
use segb_store::EntryFilter;
use serde::Serialize;
use utoipa::ToSchema;

use super::JournalEntry;
use crate::{
    ApiError, Authorized, actions::ReadLogs, error::ErrorBody, parameters::Parameters, request::note,
};

/// Entries in one answer, unless the caller asks for another number.
const LIMIT_DEFAULT: u64 = 100;
/// Entries in one answer, at most.
const LIMIT_MAX: u64 = 1_000;

#[derive(Serialize, ToSchema)]
pub(crate) struct Entries {
    entries: Vec<JournalEntry>,
    /// The value of `before` for the next, older entries; null at the end.
    next_before: Option<u64>,
}

/// Lists what was received, newest first.
#[utoipa::path(
    get, path = "/logs", operation_id = "list_logs", tag = "journal",
    params(
        ("since" = Option<String>, Query, format = DateTime, description = "From this moment on (RFC 3339)"),
        ("until" = Option<String>, Query, format = DateTime, description = "Before this moment (RFC 3339)"),
        ("actor" = Option<String>, Query, description = "Of this actor"),
        ("kind" = Option<String>, Query, description = "Of this kind: `log_received`, `review_case_accepted`, …"),
        ("limit" = Option<u64>, Query, description = "1 to 1000; 100 if not given"),
        ("before" = Option<u64>, Query, description = "Only entries with a lower sequence number"),
    ),
    responses((status = 200, body = Entries), (status = 422, body = ErrorBody)),
)]
pub(crate) async fn list(
    authorized: Authorized<ReadLogs>,
    mut parameters: Parameters,
) -> Result<Json<Entries>, ApiError> {
    let filter = EntryFilter {
        since: parameters.moment("since"),
        until: parameters.moment("until"),
        actor: parameters.text("actor"),
        kind: parameters.entry_kind("kind"),
        before_sequence: parameters.integer("before", 0..=i64::MAX as u64),
        limit: parameters.integer("limit", 1..=LIMIT_MAX).unwrap_or(LIMIT_DEFAULT) as u32,
    };
    parameters.finish()?;
    let store = authorized.store().clone();
    let page = web::block(move || store.entries(&filter)).await??;
    note!(info, authorized.context(), "listed {} entries", page.entries.len());
    let entries = page.entries.into_iter().map(JournalEntry::from).collect();
    Ok(Json(Entries { entries, next_before: page.next_before_sequence }))
}
