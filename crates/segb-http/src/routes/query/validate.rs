//! `POST /query/validate`: is it a query?

use actix_web::web::Json;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ApiError, Authorized,
    actions::ValidateQuery,
    body::{Body, QueryBody},
    error::ErrorBody,
    request::note,
};

#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "only describes the body, which is read member by member")]
pub(crate) struct QueryToCheck {
    #[schema(example = "SELECT * WHERE { ?s ?p ?o } LIMIT 10")]
    query: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct CheckedQuery {
    valid: bool,
    /// `select`, `construct`, `ask`, `describe`, `update` or `unknown`.
    query_kind: &'static str,
    /// Always false: updates are never run.
    allows_update_execution: bool,
    message: String,
}

/// Checks a SPARQL query without running it.
#[utoipa::path(
    post, path = "/query/validate", operation_id = "validate_query", tag = "graph", request_body = QueryToCheck,
    responses((status = 200, body = CheckedQuery), (status = 422, body = ErrorBody)),
)]
pub(crate) async fn validate(
    authorized: Authorized<ValidateQuery>,
    body: Body<QueryBody>,
) -> Result<Json<CheckedQuery>, ApiError> {
    let query = body.content.query;
    let bytes = query.len();
    authorized.context().set_question(&query);
    let check = authorized.store().check_query(query)?.await?;
    let (valid, query_kind) = (check.valid, check.kind.as_str());
    note!(info, authorized.context(), "checked a query of {bytes} bytes: {query_kind}, valid {valid}");
    Ok(Json(CheckedQuery { valid, query_kind, allows_update_execution: false, message: check.message }))
}
