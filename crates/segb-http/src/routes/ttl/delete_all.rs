//! `POST /ttl/delete_all`: the graph is emptied, the journal keeps everything.

use actix_web::web::Json;
use segb_store::ClearOutcome;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ApiError, Authorized,
    actions::ClearGraph,
    body::{Body, UserBody},
    error::ErrorBody,
    request::note,
};

/// The body of a request that carries nothing else.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "only describes the body, which is read member by member")]
pub(crate) struct UserRequest {
    /// Who the sender says to be.
    user: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Message {
    message: &'static str,
}

/// Empties the knowledge graph. The journal keeps every log.
#[utoipa::path(
    post, path = "/ttl/delete_all", operation_id = "clear_graph", tag = "logs", request_body = UserRequest,
    responses((status = 200, body = Message), (status = 422, body = ErrorBody)),
)]
pub(crate) async fn delete_all(
    authorized: Authorized<ClearGraph>,
    body: Body<UserBody>,
) -> Result<Json<Message>, ApiError> {
    let provenance = authorized.provenance(body.content.user);
    let context = authorized.context();
    let message = match authorized.store().clear(provenance)?.await? {
        ClearOutcome::AlreadyEmpty => {
            note!(info, context, "the graph was already empty");
            "No TTLs to delete"
        }
        ClearOutcome::Cleared { sequence, removed_triples } => {
            note!(warn, context, "cleared the graph of {removed_triples} triples, sequence {sequence}");
            "Graph cleared."
        }
    };
    Ok(Json(Message { message }))
}
