//! `X-Request-ID`: on every answer, the caller's if it is a sane one.

use segb_tests::{Reply, ServerBuilder, exchange, exchange_head};

/// Requests for every kind of answer: request line, header, body, status.
const REQUESTS: [(&str, &str, &str, u16); 14] = [
    ("GET /healthz/live", "", "", 200),
    ("HEAD /healthz/live", "", "", 200),
    ("GET /healthz/ready", "", "", 200),
    ("GET /docs", "", "", 200),
    ("GET /nothing", "", "", 404),
    ("GET /", "", "", 404),
    ("DELETE /ttl", "", "", 405),
    ("GET /events", "", "", 401),
    ("GET /events", "Authorization: Bearer garbage", "", 401),
    ("POST /ttl", "Content-Type: application/json", "{", 401),
    ("GET /%zz", "", "", 404),
    ("GET /%00%0d%0aX-Injected:%20yes", "", "", 404),
    ("OPTIONS /ttl", "Origin: http://localhost:5173\r\nAccess-Control-Request-Method: POST", "", 200),
    ("OPTIONS /ttl", "Origin: http://evil.example\r\nAccess-Control-Request-Method: POST", "", 400),
];

fn send(address: &str, request: &str, header: &str, body: &str, id: &str) -> Reply {
    let length = format!("Content-Length: {}", body.len());
    let mut headers: Vec<&str> = [header, id].into_iter().filter(|line| !line.is_empty()).collect();
    if !body.is_empty() {
        headers.push(&length);
    }
    exchange_head(address, request, &headers, body.as_bytes())
}

fn is_new(id: &str) -> bool {
    id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[test]
fn every_answer_has_one() {
    let server = ServerBuilder::protected().with_ui().start();
    let ui = server.ui_client().base().trim_start_matches("http://").to_owned();
    for (request, header, body, status) in REQUESTS {
        let under_api = request.replacen(" /", " /api/", 1);
        for (address, request) in [(server.address(), request), (&ui, &under_api)] {
            let reply = send(address, request, header, body, "");
            assert_eq!(reply.status, status, "{request} {header}: {}", reply.text());
            assert!(is_new(reply.header("X-Request-ID")), "{request} {header}: {:?}", reply.headers);
            assert_eq!(reply.headers.get_all("X-Request-ID").iter().count(), 1, "{request}");
            assert_eq!(reply.header("X-Injected"), "", "{request}");
            let reply = send(address, request, header, body, "X-Request-ID: 7f3e-a.b_c~d:e");
            assert_eq!(reply.header("X-Request-ID"), "7f3e-a.b_c~d:e", "{request} {header}");
        }
    }
    for path in ["/", "/nothing", "/healthz/live"] {
        let reply = server.ui_client().get(path);
        assert!(is_new(reply.header("X-Request-ID")), "{path}");
    }
}

#[test]
fn errors_about_a_body_have_one_too() {
    let server = ServerBuilder::learning()
        .set("SEGB_BODY_BYTES_MAX", "1024")
        .set("SEGB_BODY_SECONDS_MAX", "1")
        .start();
    let address = server.address();
    let sparql = "Content-Type: application/sparql-query";
    for (request, headers, body, status) in [
        ("POST /ttl", vec!["Content-Length: 1"], &b"{"[..], 422),
        ("POST /ttl", vec!["Content-Length: 1"], b"\xff", 400),
        ("POST /ttl", vec!["Content-Length: 2000"], b"{", 413),
        ("POST /ttl", vec!["Content-Length: 20"], b"{", 408),
        ("POST /ttl", vec!["Transfer-Encoding: chunked"], b"nonsense\r\n\r\n", 400),
        ("POST /query", vec!["Content-Length: 2"], b"{}", 415),
        ("POST /query", vec!["Content-Length: 2", sparql], b"{}", 422),
        ("GET /events", vec!["Accept: image/png"], b"", 406),
        ("GET /logs?limit=0", vec![], b"", 422),
        ("GET /logs/no-id", vec![], b"", 422),
    ] {
        let mut headers = headers;
        headers.push("X-Request-ID: mine-1");
        let reply = exchange_head(address, request, &headers, body);
        assert_eq!(reply.status, status, "{request} {headers:?}: {}", reply.text());
        assert_eq!(reply.header("X-Request-ID"), "mine-1", "{request} {headers:?}");
        assert!(reply.json()["detail"].is_string() || reply.json()["detail"].is_array(), "{request}");
    }
}

#[test]
fn an_id_that_is_not_sane_is_replaced() {
    let server = ServerBuilder::learning().start();
    let longest = "x".repeat(128);
    let too_long = "x".repeat(129);
    for (id, taken) in [
        ("a", true),
        (longest.as_str(), true),
        (&too_long, false),
        ("", false),
        ("a b", false),
        ("a|b", false),
        ("a\tb", false),
        ("<script>", false),
        ("\u{e9}", false),
        ("a,b", false),
    ] {
        let line = format!("X-Request-ID: {id}");
        let reply = exchange_head(server.address(), "GET /healthz/live", &[&line], b"");
        let found = reply.header("X-Request-ID");
        assert!(if taken { found == id } else { is_new(found) }, "{id:?}: {found:?}");
    }
    let ids = [(); 3].map(|()| server.client().get("/healthz/live").header("X-Request-ID").to_owned());
    assert!(ids[0] != ids[1] && ids[1] != ids[2], "{ids:?}");
}

#[test]
fn garbage_is_answered_and_does_no_harm() {
    let server = ServerBuilder::learning().start();
    let huge_head = format!("GET / HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n", "x".repeat(1 << 20));
    let many_headers = format!("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", "A: b\r\n".repeat(5_000));
    for garbage in [
        &b"garbage\r\n\r\n"[..],
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"POST /ttl HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
        b"GET / HTTP/1.1\r\nBad Header: x\r\n\r\n",
        // Two lengths of one body, which a proxy in front may read otherwise than we do.
        b"POST /ttl HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        b"POST /ttl HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        huge_head.as_bytes(),
        many_headers.as_bytes(),
    ] {
        let shown = String::from_utf8_lossy(&garbage[..garbage.len().min(40)]).into_owned();
        let reply = exchange(server.address(), garbage);
        assert!(matches!(reply.status, 400 | 431), "{shown:?}: {}", reply.status);
    }
    assert_eq!(server.client().get("/healthz/live").status, 200);
}

#[test]
fn a_head_that_comes_too_slowly_gets_a_bare_408() {
    let server = ServerBuilder::learning().start();
    let reply = exchange(server.address(), b"GET /healthz/live HTTP/1.1\r\nHost: x\r\n");
    assert_eq!((reply.status, reply.text().as_str()), (408, ""));
    assert_eq!(reply.header("X-Request-ID"), "", "nothing is known of a request yet");
}
