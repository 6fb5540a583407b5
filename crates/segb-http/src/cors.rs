//! Which pages of other origins may call (the Fetch standard's CORS protocol).

use actix_cors::Cors;
use actix_web::{
    HttpRequest,
    http::header::{
        ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderName, HeaderValue, LOCATION, ORIGIN, RETRY_AFTER,
    },
};
use regex::Regex;

use crate::{body::IDEMPOTENCY_KEY, request::REQUEST_ID, routes::ttl::REPLAYED};

/// How long a browser may keep the answer to a preflight request, in seconds: what Starlette says.
const PREFLIGHT_AGE_S: usize = 600;

/// The origins whose pages may call; none by default.
#[derive(Debug, Clone, Default)]
pub struct CorsOptions {
    origins: Vec<String>,
    origin_regex: Option<Regex>,
}

impl CorsOptions {
    /// Allows `origins`, for example `http://localhost:5173` (`*` is every origin), and those that match the
    /// expression as a whole.
    ///
    /// # Errors
    /// If the expression is none.
    pub fn new(origins: Vec<String>, origin_regex: Option<&str>) -> Result<Self, regex::Error> {
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
            .allowed_methods(["GET", "HEAD", "POST"])
            .allowed_headers([ACCEPT, AUTHORIZATION, CONTENT_TYPE])
            .allowed_header(HeaderName::from_static(IDEMPOTENCY_KEY))
            .allowed_header(HeaderName::from_static(REQUEST_ID))
            .expose_headers([LOCATION, RETRY_AFTER])
            .expose_headers([HeaderName::from_static(REQUEST_ID), HeaderName::from_static(REPLAYED)])
            .max_age(PREFLIGHT_AGE_S)
    }
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
