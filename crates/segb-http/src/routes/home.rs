//! `GET /` on the port of the UI.

use actix_web::HttpResponse;

const PAGE: &str = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>SEGB</title></head><body>\
    <h1>SEGB is running</h1><p>The web UI is not part of this build.</p>\
    <p>The API is under <code>/api</code> on this port and at the root of the API port: \
    <a href=\"api/docs\">its documentation</a>, <a href=\"api/healthz/ready\">is it ready?</a></p></body></html>";

/// Says where the API is.
pub(crate) async fn show() -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(PAGE)
}
