//! `GET /evidence`: entries, payloads and proofs, to be carried away.

use actix_web::{
    HttpResponse,
    http::header::{CONTENT_DISPOSITION, X_CONTENT_TYPE_OPTIONS},
    web,
};
use segb_store::{BundleOrder, journal_format::bundle::Request};

use crate::{
    ApiError, Authorized, actions::ReadLogs, error::ErrorBody, parameters::Parameters, request::note,
    streaming,
};

const MEDIA_TYPE: &str = "application/zip";

/// Gives out evidence as a zip that can be checked anywhere.
///
/// It holds the entries of a window of time, or some logs, with their payloads, the proofs that they are in the journal,
/// and how to check that. At least one parameter is needed.
#[utoipa::path(
    get, path = "/evidence", operation_id = "export_evidence", tag = "evidence",
    params(
        ("since" = Option<String>, Query, format = DateTime, description = "From this moment on (RFC 3339)"),
        ("until" = Option<String>, Query, format = DateTime, description = "Before this moment (RFC 3339)"),
        ("log_id" = Option<String>, Query, description = "These ones: several with commas, or the parameter again"),
        ("actor" = Option<String>, Query, description = "Of this actor"),
        ("kind" = Option<String>, Query, description = "Of this kind: `log_received`, `review_case_accepted`, …"),
    ),
    responses((status = 200, body = String, content_type = "application/zip"),
        (status = 404, body = ErrorBody), (status = 422, body = ErrorBody), (status = 503, body = ErrorBody)),
)]
pub(crate) async fn export(
    authorized: Authorized<ReadLogs>,
    mut parameters: Parameters,
) -> Result<HttpResponse, ApiError> {
    let request = Request {
        since: parameters.moment("since"),
        until: parameters.moment("until"),
        log_ids: parameters.ids("log_id"),
        actor: parameters.text("actor"),
        kind: parameters.entry_kind("kind"),
    };
    parameters.finish()?;
    let order = BundleOrder {
        request,
        created_at: authorized.app().clock().now(),
        requested_by: Some(authorized.actor().username.clone()),
    };
    let store = authorized.store().clone();
    let bundle = web::block(move || store.evidence_bundle(order)).await??;
    let (summary, context) = (bundle.summary, authorized.context());
    note!(info, context, "giving out evidence: {} of {} entries", summary.entry_count, summary.tree_size);
    let mut response = streaming::answer(bundle.stream, MEDIA_TYPE, "evidence", context).await?;
    let disposition = format!("attachment; filename=\"{}\"", summary.file_name);
    for (name, value) in [(CONTENT_DISPOSITION, disposition.as_str()), (X_CONTENT_TYPE_OPTIONS, "nosniff")] {
        let value =
            value.try_into().map_err(|_| ApiError::internal("the name of the bundle is no header"))?;
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}
