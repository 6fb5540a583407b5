//! The files of the web UI, on its port.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method, StatusCode,
        header::{ACCEPT, ACCEPT_ENCODING, HeaderName, IF_NONE_MATCH},
    },
};
use segb_ui::{Answer, Request, answer};

use crate::{ApiError, error};

/// Gives out a page or a file of the UI. The pages hold no data: what they show they ask the API for.
pub(crate) async fn show(request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let header = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    let found = answer(&Request {
        path: request.path(),
        accept_encoding: header(ACCEPT_ENCODING),
        if_none_match: header(IF_NONE_MATCH),
        accept: header(ACCEPT),
    });
    let Answer { status, headers, body } = found.ok_or_else(ApiError::no_such_route)?;
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(error::not_allowed("GET, HEAD"));
    }
    let status = StatusCode::from_u16(status).map_err(|error| ApiError::internal(error.to_string()))?;
    let mut response = HttpResponse::build(status);
    for header in headers {
        response.insert_header(header);
    }
    Ok(response.body(body))
}
