//! Does the server ask for tokens?

use actix_web::web::Json;
use segb_auth::Mode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::App;

#[derive(Serialize, ToSchema)]
pub(crate) struct AuthMode {
    /// Whether a token is needed.
    auth_enabled: bool,
}

/// Says whether a token is needed.
#[utoipa::path(get, path = "/auth/mode", operation_id = "show_auth_mode", tag = "auth", security(()), responses((status = 200, body = AuthMode)))]
pub(crate) async fn show(app: App) -> Json<AuthMode> {
    Json(AuthMode { auth_enabled: app.mode() == Mode::Protected })
}
