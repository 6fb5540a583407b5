//! `/auth/revocations`: tokens that got into wrong hands.

use actix_web::{
    http::StatusCode,
    web::{self, Json},
};
use segb_store::Revocation;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    ApiError, Authorized,
    actions::RevokeTokens,
    body::{Body, RevocationBody},
    error::ErrorBody,
    request::note,
};

/// Which token, and why.
#[derive(Serialize, ToSchema)]
pub(crate) struct RevocationRequest {
    /// The claim `jti` of the token, 1 to 255 characters.
    jti: String,
    /// Why, for whoever reads the journal; at most 1000 characters.
    reason: Option<String>,
}

/// A token that is not believed any more; the answer is made by the store.
#[derive(Serialize, ToSchema)]
pub(crate) struct RevokedToken {
    jti: String,
    reason: Option<String>,
    revoked_at: String,
    revoked_by: String,
    /// The entry of the journal that says so.
    log_id: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Revocations {
    /// The last first.
    #[schema(value_type = Vec<RevokedToken>)]
    revocations: Vec<Revocation>,
}

/// Revokes a token: from the answer on it is refused with 401, also after a restart.
#[utoipa::path(
    post, path = "/auth/revocations", operation_id = "revoke_token", tag = "operation",
    request_body = RevocationRequest,
    responses((status = 201, body = RevokedToken), (status = 422, body = ErrorBody)),
)]
pub(crate) async fn revoke(
    authorized: Authorized<RevokeTokens>,
    body: Body<RevocationBody>,
) -> Result<(Json<Revocation>, StatusCode), ApiError> {
    let RevocationBody { jti, reason } = body.content;
    let (store, provenance) = (authorized.store().clone(), authorized.provenance(None));
    let (wanted, request_id) = (jti.clone(), authorized.context().id().to_owned());
    let revocations = web::block(move || -> Result<Vec<Revocation>, ApiError> {
        store.revoke_token(&jti, reason, provenance, request_id)?;
        Ok(store.revocations()?)
    })
    .await??;
    let revocation = revocations.into_iter().find(|revocation| revocation.jti == wanted);
    let revocation = revocation.ok_or_else(|| ApiError::internal("the revocation is not in the journal"))?;
    note!(warn, authorized.context(), "revoked the token {wanted}");
    Ok((Json(revocation), StatusCode::CREATED))
}

/// Lists the revoked tokens.
#[utoipa::path(
    get, path = "/auth/revocations", operation_id = "list_revocations", tag = "operation",
    responses((status = 200, body = Revocations)),
)]
pub(crate) async fn list(authorized: Authorized<RevokeTokens>) -> Result<Json<Revocations>, ApiError> {
    let store = authorized.store().clone();
    let revocations = web::block(move || store.revocations()).await??;
    note!(info, authorized.context(), "listed {} revoked tokens", revocations.len());
    Ok(Json(Revocations { revocations }))
}
