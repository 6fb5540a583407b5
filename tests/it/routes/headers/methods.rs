//! Unknown paths and methods that a path does not have.

use segb_tests::{ServerBuilder, exchange_head};
use serde_json::json;

/// Each path with the methods it has.
const PATHS: [(&str, &str); 16] = [
    ("/healthz/live", "GET, HEAD"),
    ("/healthz/ready", "GET, HEAD"),
    ("/auth/mode", "GET, HEAD"),
    ("/openapi.json", "GET, HEAD"),
    ("/docs", "GET, HEAD"),
    ("/metrics", "GET, HEAD"),
    ("/ttl", "POST"),
    ("/ttl/validate", "POST"),
    ("/ttl/delete_all", "POST"),
    ("/events", "GET, HEAD"),
    ("/query", "GET, HEAD, POST"),
    ("/query/validate", "POST"),
    ("/logs", "GET, HEAD"),
    ("/logs/server", "GET, HEAD"),
    ("/logs/00000000-0000-4000-8000-000000000000", "GET, HEAD"),
    ("/logs/00000000-0000-4000-8000-000000000000/payload", "GET, HEAD"),
];

#[test]
fn a_method_that_a_path_does_not_have_is_405() {
    // In protected mode and without a token: that a method is not there is no secret.
    let server = ServerBuilder::protected().start();
    for (path, allowed) in PATHS {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "PROPFIND", "get"]
        {
            if allowed.split(", ").any(|has| has == method) {
                continue;
            }
            let reply = exchange_head(server.address(), &format!("{method} {path}"), &[], b"");
            assert_eq!(reply.status, 405, "{method} {path}: {}", reply.text());
            assert_eq!(reply.header("Allow"), allowed, "{method} {path}");
            if method != "HEAD" {
                assert_eq!(reply.json(), json!({ "detail": "Method Not Allowed" }), "{method} {path}");
            }
        }
    }
}

#[test]
fn an_unknown_path_is_404() {
    let server = ServerBuilder::protected().start();
    for path in [
        "/",
        "/nothing",
        "/ttl/",
        "/TTL",
        "//ttl",
        "/ttl/insert",
        "/healthz",
        "/logs/server/more",
        "/query/../ttl",
        "/docs/index.html",
        "/.env",
        "/..%2f..%2fetc%2fpasswd",
    ] {
        for method in ["GET", "POST", "DELETE"] {
            let reply = exchange_head(server.address(), &format!("{method} {path}"), &[], b"");
            assert_eq!(reply.status, 404, "{method} {path}: {}", reply.text());
            assert_eq!(reply.json(), json!({ "detail": "Not Found" }), "{method} {path}");
        }
    }
}
