//! `POST /ttl/validate`: is it Turtle, and does it say what it should?

use actix_web::web::{self, Json};
use segb_store::{ValidationReport, validate as validate_document};
use serde::Serialize;
use utoipa::ToSchema;

use super::insert::TurtleRequest;
use crate::{
    ApiError, Authorized,
    actions::ValidateTurtle,
    body::{Body, TurtleBody},
    error::ErrorBody,
    request::note,
};

/// How the report looks; it is made by the store.
#[derive(Serialize, ToSchema)]
pub(crate) struct Validation {
    /// Whether the syntax is right and there is no issue of severity `error`.
    valid: bool,
    syntax_ok: bool,
    semantic_ok: bool,
    /// Distinct triples.
    triple_count: u64,
    issues: Vec<ValidationIssue>,
}

/// One thing that is wrong with a document.
#[derive(Serialize, ToSchema)]
pub(crate) struct ValidationIssue {
    /// `error` or `warning`.
    severity: String,
    /// `TTL_SYNTAX_ERROR`, `SEM_EMPTY_GRAPH`, …
    code: String,
    message: String,
    focus_node: Option<String>,
    predicate: Option<String>,
    value: Option<String>,
}

/// Checks a Turtle document without storing it.
#[utoipa::path(
    post, path = "/ttl/validate", operation_id = "validate_turtle", tag = "logs",
    request_body(content((TurtleRequest = "application/json"), (String = "text/turtle"))),
    responses((status = 200, body = Validation), (status = 422, body = ErrorBody)),
)]
pub(crate) async fn validate(
    authorized: Authorized<ValidateTurtle>,
    body: Body<TurtleBody>,
) -> Result<Json<ValidationReport>, ApiError> {
    let Body { content: TurtleBody { document, .. }, share } = body;
    let bytes = document.len();
    let limits = authorized.store().turtle_limits().to_owned();
    let report = web::block(move || validate_document(document, &limits)).await?;
    drop(share);
    let (valid, issues) = (report.valid, report.issues.len());
    note!(info, authorized.context(), "validated {bytes} bytes of Turtle: valid {valid}, {issues} issues");
    Ok(Json(report))
}
