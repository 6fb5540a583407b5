//! Which pages of other origins may call (the Fetch standard's CORS protocol).

use actix_cors::{Cors, CorsError};
use actix_web::{
    Error, HttpRequest,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Uri,
        header::{
            ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderName, HeaderValue, LOCATION, ORIGIN, RETRY_AFTER,
        },
    },
    middleware::Next,
};
use regex::Regex;

use crate::{
    ApiError,
    headers::{IDEMPOTENCY_KEY, PAYLOAD_SALT, REPLAYED, REQUEST_ID},
};

/// How long a browser may keep the answer to a preflight request, in seconds: what Starlette says.
const PREFLIGHT_AGE_S: usize = 600;

/// The origins whose pages may call; none by default.
#[derive(Debug, Clone, Default)]
pub struct CorsOptions {
    origins: Vec<String>,
    origin_regex: Option<Regex>,
}

/// Why there are no such [`CorsOptions`]. The operator's mistake; safe to show.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CorsOptionsError {
    /// This is neither `*` nor `scheme://host` or `scheme://host:port`, so no page could ever be meant.
    #[error("{0:?} is no origin")]
    Origin(String),
    /// The expression is none.
    #[error(transparent)]
    Regex(#[from] regex::Error),
}

impl CorsOptions {
    /// Allows `origins`, for example `http://localhost:5173` (`*` is every origin), and those that match the
    /// expression as a whole.
    ///
    /// # Errors
    /// [`CorsOptionsError`].
    pub fn new(origins: Vec<String>, origin_regex: Option<&str>) -> Result<Self, CorsOptionsError> {
        if let Some(wrong) = origins.iter().find(|origin| *origin != "*" && !is_origin(origin)) {
            return Err(CorsOptionsError::Origin(wrong.clone()));
        }
        // A match of a part would let `http://good.example.evil.example` in.
        let origin_regex = origin_regex.map(|text| Regex::new(&format!(r"\A(?:{text})\z"))).transpose()?;
        Ok(Self { origins, origin_regex })
    }

    fn allow(&self, origin: &[u8]) -> bool {
        let Ok(origin) = std::str::from_utf8(origin) else {
            return false;
        };
        self.origins.iter().any(|allowed| allowed == "*" || allowed.trim_end_matches('/') == origin)
            || self.origin_regex.as_ref().is_some_and(|expression| expression.is_match(origin))
    }

    /// Whether a request that changes something comes from the page of an origin that may not call.
    ///
    /// A browser keeps such a page from reading the answer, but sends a request of a simple form all the same. Where
    /// no token is asked for, any page that somebody on this machine looks at could empty the graph.
    pub(crate) fn refuses(&self, request: &HttpRequest) -> bool {
        let Some(origin) = request.headers().get(ORIGIN).map(HeaderValue::as_bytes) else {
            return false;
        };
        let is_same = || {
            let host = request.headers().get(HOST).map(HeaderValue::as_bytes);
            host.is_some_and(|host| authority(origin) == Some(host))
        };
        !request.method().is_safe() && !self.allow(origin) && !is_same()
    }

    /// The middleware. Answers preflight requests before anybody asks for a token.
    pub(crate) fn middleware(&self) -> Cors {
        let options = self.clone();
        Cors::default()
            .allowed_origin_fn(move |origin: &HeaderValue, _| options.allow(origin.as_bytes()))
            .allowed_methods(["GET", "HEAD", "POST", "DELETE"])
            .allowed_headers([ACCEPT, AUTHORIZATION, CONTENT_TYPE])
            .allowed_header(HeaderName::from_static(IDEMPOTENCY_KEY))
            .allowed_header(HeaderName::from_static(REQUEST_ID))
            .expose_headers([LOCATION, RETRY_AFTER])
            .expose_headers([REQUEST_ID, REPLAYED, PAYLOAD_SALT].map(HeaderName::from_static))
            .max_age(PREFLIGHT_AGE_S)
    }
}

/// Goes around the middleware and answers what that refuses as everything else is refused.
pub(crate) async fn reword<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let response = next.call(request).await?;
    let refusal = response.response().error().and_then(|error| error.as_error::<CorsError>());
    Ok(match refusal.map(ApiError::from) {
        None => response.map_into_left_body(),
        Some(refusal) => response.error_response(refusal).map_into_right_body(),
    })
}

/// Whether it is `scheme://host` or `scheme://host:port`; a slash at the end does no harm.
fn is_origin(text: &str) -> bool {
    let text = text.trim_end_matches('/');
    let Ok(uri) = text.parse::<Uri>() else {
        return false;
    };
    let (Some(scheme), Some(host)) = (uri.scheme_str(), uri.host()) else {
        return false;
    };
    // A star within a name would look like a pattern, and there are none.
    if host.is_empty() || host.contains('*') {
        return false;
    }
    let port = uri.port_u16().map_or_else(String::new, |port| format!(":{port}"));
    text == format!("{scheme}://{host}{port}")
}

/// Host and port of an origin (RFC 6454, section 7).
fn authority(origin: &[u8]) -> Option<&[u8]> {
    origin.strip_prefix(b"http://").or_else(|| origin.strip_prefix(b"https://"))
}

#[cfg(test)]
mod tests {
    use actix_web::{http::Method, test::TestRequest};

    use super::*;

    #[test]
    fn foreign_pages_change_nothing() {
        let options = CorsOptions::new(vec!["http://localhost:5173".to_owned()], None).unwrap();
        for (method, origin, refused) in [
            (Method::POST, Some("http://evil.example"), true),
            (Method::POST, Some("null"), true),
            (Method::POST, Some("http://127.0.0.1:8080"), false),
            (Method::POST, Some("http://localhost:5173"), false),
            (Method::POST, None, false),
            (Method::GET, Some("http://evil.example"), false),
        ] {
            let mut request =
                TestRequest::with_uri("/").method(method).insert_header((HOST, "127.0.0.1:8080"));
            if let Some(origin) = origin {
                request = request.insert_header((ORIGIN, origin));
            }
            assert_eq!(options.refuses(&request.to_http_request()), refused, "{origin:?}");
        }
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for (origin, good) in [
            ("*", true),
            ("https://ui.example", true),
            ("https://ui.example:8443/", true),
            ("http://[::1]:5173", true),
            ("app://localhost", true),
            ("", false),
            ("foo bar", false),
            ("localhost:5173", false),
            ("ui.example", false),
            ("http://", false),
            ("http://:80", false),
            ("http://a:99999", false),
            ("http://a/page", false),
            ("http://a?b", false),
            ("http://a#b", false),
            ("http://user@a", false),
            ("https://*.example", false),
        ] {
            assert_eq!(CorsOptions::new(vec![origin.to_owned()], None).is_ok(), good, "{origin:?}");
        }
    }

    #[test]
    fn origins_are_matched_as_a_whole() {
        let origins = vec!["http://localhost:5173".to_owned()];
        let options = CorsOptions::new(origins, Some("https://[a-z]+|https://[a-z]+\\.example")).unwrap();
        for (origin, allowed) in [
            ("http://localhost:5173", true),
            ("http://localhost:51730", false),
            ("https://ui.example", true),
            ("https://ui", true),
            ("https://ui.example.evil", false),
            ("null", false),
        ] {
            assert_eq!(options.allow(origin.as_bytes()), allowed, "{origin}");
        }
        assert!(!CorsOptions::default().allow(b"http://localhost:5173"));
    }
}
