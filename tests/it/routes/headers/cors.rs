//! Which pages of other origins may call.

use segb_tests::{Reply, ServerBuilder, exchange_head};
use serde_json::json;

fn preflight(address: &str, origin: &str, method: &str, headers: &str) -> Reply {
    let lines = [
        format!("Origin: {origin}"),
        format!("Access-Control-Request-Method: {method}"),
        format!("Access-Control-Request-Headers: {headers}"),
    ];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    exchange_head(address, "OPTIONS /ttl", &lines, b"")
}

/// Whether a page of this origin may read an answer, and may send a POST with a token.
fn check(address: &str, origin: &str, allowed: bool) {
    let line = format!("Origin: {origin}");
    let simple = exchange_head(address, "GET /auth/mode", &[&line], b"");
    assert_eq!(simple.status, 200, "{origin}");
    let expected = if allowed { origin } else { "" };
    assert_eq!(simple.header("Access-Control-Allow-Origin"), expected, "{origin}");
    assert!(simple.header("Vary").to_ascii_lowercase().contains("origin"), "{origin}: {:?}", simple.headers);
    let reply = preflight(address, origin, "POST", "authorization,content-type,idempotency-key,x-request-id");
    assert_eq!(reply.header("Access-Control-Allow-Origin"), expected, "{origin}");
    assert_eq!(reply.status, if allowed { 200 } else { 400 }, "{origin}: {}", reply.text());
    if !allowed {
        assert_eq!(reply.detail(), "Origin is not allowed to make this request.", "{origin}");
        assert_eq!(reply.header("Content-Type"), "application/json", "{origin}");
    }
    if allowed {
        let methods = reply.header("Access-Control-Allow-Methods").to_owned();
        assert!(["GET", "HEAD", "POST", "DELETE"].iter().all(|method| methods.contains(method)), "{methods}");
        assert!(!methods.contains("PUT"), "{methods}");
        let headers = reply.header("Access-Control-Allow-Headers").to_ascii_lowercase();
        for header in ["authorization", "content-type", "accept", "idempotency-key", "x-request-id"] {
            assert!(headers.contains(header), "{headers}");
        }
        assert_eq!(reply.header("Access-Control-Max-Age"), "600");
        assert_eq!(reply.header("Access-Control-Allow-Credentials"), "");
    }
}

#[test]
fn the_origins_of_the_development_server_may_call() {
    let server = ServerBuilder::protected().start();
    for (origin, allowed) in [
        ("http://localhost:5173", true),
        ("http://127.0.0.1:5173", true),
        ("http://localhost:5174", false),
        ("https://localhost:5173", false),
        ("http://localhost:51730", false),
        ("http://evil.example", false),
        ("http://localhost:5173.evil.example", false),
        ("null", false),
    ] {
        check(server.address(), origin, allowed);
    }
    for (method, headers, detail) in [
        ("PUT", "content-type", "Requested method is not allowed."),
        ("POST", "x-unknown", "One or more request headers are not allowed."),
    ] {
        let reply = preflight(server.address(), "http://localhost:5173", method, headers);
        assert_eq!(reply.status, 400, "{method} {headers}");
        assert_eq!(reply.json(), json!({ "detail": detail }), "{method} {headers}");
    }
    // What a page may see of an answer, also of an error.
    let line = "Origin: http://localhost:5173";
    let refused = exchange_head(server.address(), "GET /events", &[line], b"");
    assert_eq!(refused.status, 401);
    assert_eq!(refused.header("Access-Control-Allow-Origin"), "http://localhost:5173");
    let exposed = refused.header("Access-Control-Expose-Headers").to_ascii_lowercase();
    for header in ["x-request-id", "location", "retry-after", "idempotent-replayed", "payload-salt"] {
        assert!(exposed.contains(header), "{exposed}");
    }
}

#[test]
fn the_origins_are_settings() {
    let server = ServerBuilder::learning()
        .set("CORS_ORIGINS", "https://ui.example, https://other.example:8443/")
        .set("CORS_ORIGIN_REGEX", r"https://[a-z]+\.robots\.example")
        .start();
    for (origin, allowed) in [
        ("https://ui.example", true),
        ("https://other.example:8443", true),
        ("https://ari.robots.example", true),
        ("https://ari.robots.example.evil", false),
        ("https://evil.example/https://ari.robots.example", false),
        ("https://a.b.robots.example", false),
        ("http://localhost:5173", false),
    ] {
        check(server.address(), origin, allowed);
    }
    let everybody = ServerBuilder::learning().set("CORS_ORIGINS", "*").start();
    check(everybody.address(), "http://anybody.example", true);
}

/// A page can let its own domain stand for this machine; then it is of the server's origin, and only the name tells.
#[test]
fn in_learning_mode_on_this_machine_a_domain_is_not_answered() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    assert_eq!(client.publish("<urn:a> a <urn:b> .").status, 201);
    let ask = |method: &str, path: &str, host: &str| {
        let request = client.request(method, path).header("Host", host);
        request
            .header("Origin", &format!("http://{host}"))
            .header("Content-Type", "application/json")
            .send(b"{}")
    };
    for (method, path) in [("POST", "/ttl/delete_all"), ("GET", "/events"), ("GET", "/logs")] {
        let reply = ask(method, path, "evil.example:5000");
        assert!(
            reply.status == 403 && reply.detail().contains("not to a domain"),
            "{path}: {}",
            reply.text()
        );
    }
    for host in ["localhost:5000", "127.0.0.1:1", "[::1]:5000"] {
        assert_eq!(ask("GET", "/events", host).status, 200, "{host}");
    }
    assert_eq!(ask("GET", "/healthz/live", "evil.example").status, 200, "what is public stays so");
    let exposed = ServerBuilder::learning().set("SEGB_HOST", "0.0.0.0").start();
    let client = exposed.client();
    let request = client.request("GET", "/events").header("Host", "glassbox.example");
    assert_eq!(request.send(&[]).status, 200, "whoever opens it to the network names it as they like");
}

#[test]
fn in_learning_mode_a_foreign_page_changes_nothing() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    assert_eq!(client.publish("<urn:a> a <urn:b> .").status, 201);
    let post = |origin: &str| {
        // What a browser sends without asking first: no header that needs a preflight.
        let lines = [format!("Origin: {origin}"), "Content-Length: 2".to_owned()];
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        exchange_head(server.address(), "POST /ttl/delete_all", &lines, b"{}")
    };
    for origin in ["http://evil.example", "null", "http://localhost:5174"] {
        let reply = post(origin);
        assert_eq!(reply.status, 403, "{origin}");
        let detail = "Pages of this origin may not call; the setting CORS_ORIGINS lists those that may.";
        assert_eq!(reply.detail(), detail, "{origin}");
    }
    assert_eq!(client.select("SELECT * { ?s ?p ?o }").len(), 1);
    assert_eq!(post(&format!("http://{}", server.address())).status, 200, "its own origin");
    assert_eq!(post("http://localhost:5173").status, 200, "an allowed origin");
}
