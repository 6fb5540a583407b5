//! Is the server alive, and can it be used?

use actix_web::{HttpResponse, http::StatusCode, web::Json};
use segb_store::StoreStatus;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::Readiness;

#[derive(Serialize, ToSchema)]
pub(crate) struct Live {
    live: bool,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Ready {
    /// Whether logs can be sent and the graph be read.
    ready: bool,
    /// The same.
    store: bool,
    /// The same, by the name that old clients know.
    virtuoso: bool,
}

/// Says that the server runs.
#[utoipa::path(get, path = "/healthz/live", operation_id = "live", tag = "health", security(()), responses((status = 200, body = Live)))]
pub(crate) async fn live() -> Json<Live> {
    Json(Live { live: true })
}

/// Says whether the server can be used: 503 while the graph is being built from the journal.
#[utoipa::path(
    get, path = "/healthz/ready", operation_id = "ready", tag = "health", security(()),
    responses((status = 200, body = Ready), (status = 503, body = Ready)),
)]
pub(crate) async fn ready(Readiness(status): Readiness) -> HttpResponse {
    let ready = matches!(status, StoreStatus::Ready);
    let code = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    HttpResponse::build(code).json(Ready { ready, store: ready, virtuoso: ready })
}
