//! Headers that keep browsers from doing harm with an answer.

use segb_tests::{Client, ServerBuilder};

fn check(client: &Client, method: &str, path: &str, status: u16) {
    let reply = client.request(method, path).send(&[]);
    let case = format!("{method} {path}");
    assert_eq!(reply.status, status, "{case}");
    for (name, value) in [
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "no-referrer"),
        ("Cache-Control", "no-store"),
    ] {
        assert_eq!(reply.header(name), value, "{case}");
    }
    let policy = reply.header("Content-Security-Policy");
    assert!(policy.starts_with("default-src 'none'"), "{case}: {policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{case}: {policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{case}: {policy}");
    // No more about the program than has to be.
    assert_eq!(reply.header("Server"), "", "{case}");
}

#[test]
fn every_answer_has_them() {
    let server = ServerBuilder::protected().with_ui().start();
    let (api, ui) = (server.client(), server.ui_client());
    for (method, path, status) in [
        ("GET", "/healthz/live", 200),
        ("HEAD", "/healthz/live", 200),
        ("GET", "/openapi.json", 200),
        ("GET", "/docs", 200),
        ("GET", "/events", 401),
        ("GET", "/nothing", 404),
        ("DELETE", "/ttl", 405),
    ] {
        check(&api, method, path, status);
        check(&ui, method, &format!("/api{path}"), status);
    }
    check(&ui, "GET", "/nothing", 404);
    let home = ui.get("/");
    assert_eq!((home.status, home.header("X-Content-Type-Options")), (200, "nosniff"));
}
