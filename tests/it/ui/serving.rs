//! What the port of the UI serves beside the API.

use std::path::Path;

use segb_tests::ServerBuilder;
use serde_json::Value;

const PAGES: [&str; 14] = [
    "/",
    "/reports",
    "/timeline",
    "/explain",
    "/kg-graph",
    "/query",
    "/logs",
    "/logs/insert",
    "/logs/delete",
    "/logs/0e0f5a1a-3c0c-4f8e-9a55-0d2d1f0f5b0e",
    "/shared-context",
    "/system/logs",
    "/health",
    "/session",
];

#[test]
fn every_page_is_one_file_under_a_strict_policy() {
    let server = ServerBuilder::protected().with_ui().start();
    let ui = server.ui_client();
    let first = ui.get("/");
    for page in PAGES {
        let reply = ui.request("GET", page).header("Accept-Encoding", "identity").send(&[]);
        assert_eq!((reply.status, reply.header("Content-Type")), (200, "text/html; charset=utf-8"), "{page}");
        assert_eq!(reply.header("ETag"), first.header("ETag"), "{page}");
        assert_eq!(reply.header("Cache-Control"), "no-cache", "{page}");
        let policy = reply.header("Content-Security-Policy");
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
        ] {
            assert!(policy.contains(part), "{page}: {policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{page}: {policy}");
        let again = ui.request("GET", page).header("If-None-Match", reply.header("ETag")).send(&[]);
        assert_eq!((again.status, again.body.len()), (304, 0), "{page}");
    }
    for path in ["/nothing", "/logs/insert//", "/reports/x", "/index.php", "/assets/", "/.env"] {
        assert_eq!(ui.get(path).status, 404, "{path}");
    }
    // Who follows a link to nothing is told so by a page, under the same policy.
    let lost = ui.request("GET", "/nothing").header("Accept", "text/html").send(&[]);
    assert_eq!((lost.status, lost.header("Content-Type")), (404, "text/html; charset=utf-8"));
    assert_eq!(lost.header("Content-Security-Policy"), first.header("Content-Security-Policy"));
    let api = ui.request("GET", "/api/nothing").header("Accept", "text/html").send(&[]);
    assert_eq!((api.status, api.json()), (404, serde_json::json!({ "detail": "Not Found" })));
    let posted = ui.request("POST", "/reports").send(b"x");
    assert_eq!((posted.status, posted.header("Allow")), (405, "GET, HEAD"));
    assert!(ui.request("HEAD", "/reports").send(&[]).body.is_empty());
}

#[test]
fn files_come_compressed_and_stay() {
    let server = ServerBuilder::learning().with_ui().start();
    let ui = server.ui_client();
    let page = ui.request("GET", "/").header("Accept-Encoding", "identity").send(&[]).text();
    let assets: Vec<&str> =
        page.split("\"/assets/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    for name in assets {
        let path = format!("/assets/{name}");
        let plain = ui.request("GET", &path).header("Accept-Encoding", "identity").send(&[]);
        assert_eq!((plain.status, plain.header("Content-Encoding")), (200, ""), "{path}");
        assert_eq!(plain.header("Cache-Control"), "public, max-age=31536000, immutable", "{path}");
        let small = ui.request("GET", &path).header("Accept-Encoding", "gzip, br").send(&[]);
        if plain.body.len() > 2_000 {
            assert_eq!(small.header("Content-Encoding"), "br", "{path}");
            assert!(small.body.len() < plain.body.len() / 2, "{path}");
        }
        assert_eq!(small.header("ETag"), plain.header("ETag"), "{path}");
    }
}

#[test]
fn files_of_the_ui_are_counted_as_such() {
    let server = ServerBuilder::learning().with_ui().start();
    let ui = server.ui_client();
    for path in ["/", "/reports", "/nothing"] {
        ui.get(path);
    }
    let metrics = server.client().get("/metrics").text();
    let lines: Vec<&str> =
        metrics.lines().filter(|line| line.starts_with("segb_http_requests_total")).collect();
    assert!(lines.iter().any(|line| line.contains("route=\"/\"") && line.ends_with(" 2")), "{lines:?}");
    assert!(
        lines.iter().any(|line| line.contains("route=\"unmatched\"") && line.ends_with(" 1")),
        "{lines:?}"
    );
}

/// The types of the UI are made of this file; it has to be what the server says.
#[test]
fn the_snapshot_of_the_api_is_the_api() {
    let server = ServerBuilder::learning().start();
    let described = server.client().get("/openapi.json").json();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/segb-ui/web/openapi.json");
    let kept: Value = serde_json::from_slice(&std::fs::read(&path).expect("the snapshot")).expect("JSON");
    assert!(kept == described, "save the server's /openapi.json as {}", path.display());
}
