//! The middleware around everything: the request id and the security headers on each answer, the line in the server
//! log, the measurements, the record of the access.

use std::{rc::Rc, time::Instant};

use actix_web::{
    Error, HttpMessage, HttpResponse,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::{
        CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
        X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
    },
    middleware::Next,
};

use super::{
    RequestContext,
    access::Attempt,
    note,
    unread::{Holding, Unread},
};
use crate::{ApiError, App, headers::REQUEST_ID, paths};

/// Characters of a path that the log shows.
const PATH_SHOWN_MAX: usize = 1_000;

/// Handles a request and takes note of it.
pub(crate) async fn observe<B: MessageBody + 'static>(
    app: App,
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, Holding>>, Error> {
    let started = Instant::now();
    let context = RequestContext::arrive(&request, &app);
    request.extensions_mut().insert(Rc::clone(&context));
    let method = request.method().clone();
    let path: String = request.path().chars().take(PATH_SHOWN_MAX).collect();
    let attempt = Attempt::new(&app, &context, request.uri());

    let unread = Unread::hold(&mut request);
    let outcome = next.call(request).await;

    let (route, status) = match &outcome {
        Ok(response) => (paths::measured_as(response.request(), response.status()), response.status()),
        Err(error) => (paths::UNMATCHED, error.as_response_error().status_code()),
    };
    attempt.answered(status);
    let elapsed = started.elapsed();
    app.metrics().record(route, &method, status.as_u16(), elapsed);
    let error = match &outcome {
        Ok(response) => response.response().error(),
        Err(error) => Some(error),
    };
    if let Some(cause) = error.and_then(|error| error.as_error::<ApiError>()).and_then(ApiError::cause) {
        note!(error, context, "{method} {path} failed: {cause}");
    }
    let elapsed_ms = elapsed.as_secs_f64() * 1e3;
    note!(info, context, "HTTP {method} {path} -> {} ({elapsed_ms:.1} ms)", status.as_u16());

    match outcome {
        Ok(mut response) => {
            mark(response.headers_mut(), &context);
            Ok(match unread {
                None => response.map_into_left_body(),
                Some(unread) => response.map_body(|_, body| EitherBody::right(unread.until_the_end_of(body))),
            })
        }
        Err(error) => {
            let mut response: HttpResponse = error.error_response();
            mark(response.headers_mut(), &context);
            Err(actix_web::error::InternalError::from_response(error, response).into())
        }
    }
}

/// Puts the request id and the security headers on an answer; what a route has set itself stays.
fn mark(headers: &mut HeaderMap, context: &RequestContext) {
    if let Ok(id) = HeaderValue::from_str(context.id()) {
        headers.insert(HeaderName::from_static(REQUEST_ID), id);
    }
    for (name, value) in [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (CACHE_CONTROL, "no-store"),
    ] {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}
