//! `GET /explain`: why did the robot do this?

use actix_web::HttpResponse;
use segb_reports::{ExplainRequest, Explanation, explain};

use super::reports::{JSON, compute, unwritten};
use crate::{
    ApiError, Authorized, actions::ReadReports, error::ErrorBody, negotiation::Accept,
    parameters::Parameters, request::note,
};

const TEXT: &str = "text/plain; charset=utf-8";
/// Links from the resource to the farthest step, unless the caller asks for another number.
const DEPTH_DEFAULT: u64 = 20;
const DEPTH_MAX: u64 = 100;
/// Steps in one answer, unless the caller asks for another number.
const STEPS_DEFAULT: u64 = 200;
const STEPS_MAX: u64 = 2_000;

/// Explains what led to something, and what came of it.
///
/// As a graph of steps and links, or with `Accept: text/plain` in sentences, in the order things happened.
#[utoipa::path(
    get, path = "/explain", operation_id = "explain", tag = "reports",
    params(
        ("resource" = String, Query, description = "An IRI, or a blank node as exports name it"),
        ("depth" = Option<u64>, Query, description = "So many links away, 1 to 100; 20 if not given"),
        ("limit" = Option<u64>, Query, description = "So many steps, 1 to 2000; 200 if not given"),
    ),
    responses(
        (status = 200, content((Explanation = "application/json"), (String = "text/plain"))),
        (status = 404, body = ErrorBody), (status = 406, body = ErrorBody), (status = 422, body = ErrorBody),
        (status = 503, body = ErrorBody), (status = 504, body = ErrorBody),
    ),
)]
pub(crate) async fn show(
    authorized: Authorized<ReadReports>,
    accept: Accept,
    mut parameters: Parameters,
) -> Result<HttpResponse, ApiError> {
    let media_type = accept.one_of(&[JSON, TEXT])?;
    let request = ExplainRequest {
        resource: parameters.required_resource("resource"),
        depth: parameters.integer("depth", 1..=DEPTH_MAX).unwrap_or(DEPTH_DEFAULT) as usize,
        steps_max: parameters.integer("limit", 1..=STEPS_MAX).unwrap_or(STEPS_DEFAULT) as usize,
    };
    parameters.finish()?;
    let (body, steps) = compute(authorized.store(), move |_, view| {
        let explanation = explain(view, &request)?;
        let body =
            if media_type == TEXT { Ok(explanation.to_text()) } else { serde_json::to_string(&explanation) };
        Ok((body, explanation.steps.len()))
    })
    .await?;
    note!(info, authorized.context(), "explained something by {steps} steps");
    authorized.app().sendings().whole(HttpResponse::Ok().content_type(media_type), body.map_err(unwritten)?)
}
