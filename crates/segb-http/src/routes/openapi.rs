//! `GET /openapi.json`: what this API is, for machines.

use actix_web::{HttpRequest, web::Json};
use utoipa::openapi::{OpenApi, Server};

use crate::{App, description::Description};

/// Describes this API.
#[utoipa::path(get, path = "/openapi.json", operation_id = "show_openapi", tag = "documentation", security(()), responses((status = 200)))]
pub(crate) async fn show(app: App, description: &'static Description, request: HttpRequest) -> Json<OpenApi> {
    let mut document = description.document(&app.options().version);
    let mounted_at = request.path().strip_suffix("/openapi.json").unwrap_or_default();
    document.servers = Some(vec![Server::new(if mounted_at.is_empty() { "/" } else { mounted_at })]);
    Json(document)
}
