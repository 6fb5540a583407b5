//! Who may not, is told so before anything else about the request is looked at.

use segb_auth::Role;
use segb_tests::{ServerBuilder, exchange_head, token};

/// Every route with a body or with parameters, and a request that is wrong for it in more than one way.
const WRONG: &[(&str, &str, &[u8])] = &[
    ("POST /ttl", "Content-Type: application/json", b"{"),
    ("POST /ttl", "Content-Type: text/turtle", b"\xff"),
    ("POST /ttl", "Idempotency-Key: not visible\tASCII", b"{}"),
    ("POST /ttl", "Content-Encoding: nonsense", b"{}"),
    ("POST /ttl/validate", "Content-Type: text/plain", b"\xff"),
    ("POST /ttl/delete_all", "Content-Type: application/json", b"[]"),
    ("POST /query", "Content-Type: image/png", b"x"),
    ("POST /query", "Accept: image/png", b"query=nonsense"),
    ("POST /query/validate", "Content-Type: application/json", b""),
    ("GET /query", "Accept: image/png", b""),
    ("GET /events", "Accept: image/png", b""),
    ("GET /logs?limit=many", "Accept: */*", b""),
    ("GET /logs/no-id", "Accept: */*", b""),
    ("GET /logs/no-id/payload", "Accept: */*", b""),
    ("GET /logs/server?level=LOUD", "Accept: */*", b""),
];

#[test]
fn identity_comes_before_everything_else() {
    let server = ServerBuilder::protected().start();
    // Of one role or the other, nobody may: for the routes of loggers an auditor calls, for all others a logger.
    let robot = format!("Authorization: Bearer {}", token("robot", &[Role::Logger]));
    let auditor = format!("Authorization: Bearer {}", token("ana", &[Role::Auditor]));
    for (request, header, body) in WRONG {
        let length = format!("Content-Length: {}", body.len());
        let reply = exchange_head(server.address(), request, &[header, &length], body);
        assert_eq!(reply.status, 401, "{request}, {header}: {}", reply.text());
        assert_eq!(reply.header("WWW-Authenticate"), "Bearer", "{request}, {header}");
        let stranger = if request.starts_with("POST /ttl") { &auditor } else { &robot };
        let reply = exchange_head(server.address(), request, &[header, &length, stranger], body);
        assert_eq!(reply.status, 403, "{request}, {header}: {}", reply.text());
    }
}

#[test]
fn the_body_of_a_refused_request_is_not_waited_for() {
    let server = ServerBuilder::protected().start();
    for header in ["Content-Length: 1000", "Content-Length: 100000000000", "Transfer-Encoding: chunked"] {
        let start = std::time::Instant::now();
        let reply = exchange_head(server.address(), "POST /ttl", &[header], b"1\r\n{\r\n");
        assert_eq!(reply.status, 401, "{header}");
        // Also the end of the connection has come: nobody without a token can hold all there may be.
        assert!(start.elapsed().as_secs() < 10, "{header}: {:?}", start.elapsed());
    }
}
