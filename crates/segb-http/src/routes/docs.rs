//! `GET /docs`: what this API is, for people. One page without anything from elsewhere, so that it works offline.

use std::sync::LazyLock;

use actix_web::{HttpResponse, http::header::CONTENT_SECURITY_POLICY};
use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("docs/page.css");
const SCRIPT: &str = include_str!("docs/page.js");

/// The page, and the policy that lets exactly this style and this script be used in it.
static PAGE: LazyLock<(String, String)> = LazyLock::new(|| {
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>SEGB API</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style>{STYLE}</style></head>\
         <body><main id=\"main\"><h1>SEGB API</h1><p id=\"state\">Loading <a href=\"openapi.json\">openapi.json</a> …</p>\
         </main><noscript>The description of this API is at <a href=\"openapi.json\">openapi.json</a>.</noscript>\
         <script>{SCRIPT}</script></body></html>"
    );
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; connect-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
        source(STYLE),
        source(SCRIPT),
    );
    (page, policy)
});

/// A hash source (Content Security Policy Level 3, section 2.3.1).
fn source(text: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(text)))
}

/// Shows this API on a page.
#[utoipa::path(
    get, path = "/docs", operation_id = "show_docs", tag = "documentation", security(()),
    responses((status = 200, body = String, content_type = "text/html")),
)]
pub(crate) async fn show() -> HttpResponse {
    let (page, policy) = &*PAGE;
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, policy.as_str()))
        .body(page.as_str())
}
