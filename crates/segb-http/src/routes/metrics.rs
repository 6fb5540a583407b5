//! `GET /metrics`: for Prometheus.

use actix_web::{HttpResponse, http::header::CONTENT_TYPE};
use segb_store::StoreStatus;

use crate::{Authorized, actions::ReadMetrics};

/// Shows the measurements of the running server, in the text format of Prometheus.
#[utoipa::path(
    get, path = "/metrics", operation_id = "show_metrics", tag = "operation",
    responses((status = 200, body = String, content_type = "text/plain; version=0.0.4")),
)]
pub(crate) async fn show(authorized: Authorized<ReadMetrics>) -> HttpResponse {
    let store = authorized.store();
    let ready = matches!(store.status(), StoreStatus::Ready);
    let text = authorized.app().metrics().render(&store.figures(), ready);
    HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")).body(text)
}
