//! Where a request comes from: `X-Forwarded-For` is believed from trusted proxies only.

use segb_tests::{Server, ServerBuilder, exchange_head};

/// Publishes with these headers and checks which origin the journal and the server log remember.
fn check(server: &Server, forwarded: &[&str], expected: &str) {
    let body = "<urn:a> a <urn:b> .";
    let length = format!("Content-Length: {}", body.len());
    let lines: Vec<String> = forwarded.iter().map(|value| format!("X-Forwarded-For: {value}")).collect();
    let mut headers = vec!["Content-Type: text/turtle", &length];
    headers.extend(lines.iter().map(String::as_str));
    let reply = exchange_head(server.address(), "POST /ttl", &headers, body.as_bytes());
    assert_eq!(reply.status, 201, "{forwarded:?}: {}", reply.text());
    let client = server.client();
    let newest = client.get("/logs?limit=1").json()["entries"][0].clone();
    assert_eq!(newest["origin"], expected, "{forwarded:?}");
    let log = client.get(&format!("/logs/server?contains={}", reply.header("X-Request-ID"))).json();
    let entries = log["entries"].as_array().expect("entries");
    assert_eq!(entries.len(), 2, "{log}");
    assert!(entries.iter().all(|entry| entry["origin_ip"] == expected), "{forwarded:?}: {log}");
}

#[test]
fn without_trusted_proxies_it_is_not_believed() {
    let server = ServerBuilder::learning().start();
    for forwarded in [&[][..], &["198.51.100.7"], &["127.0.0.2"], &["198.51.100.7, 127.0.0.1"], &["garbage"]]
    {
        check(&server, forwarded, "127.0.0.1");
    }
}

#[test]
fn a_trusted_proxy_is_believed_about_the_hop_before_it() {
    let server = ServerBuilder::learning().set("TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8,::1").start();
    for (forwarded, expected) in [
        (&[][..], "127.0.0.1"),
        (&["198.51.100.7"], "198.51.100.7"),
        (&[" 198.51.100.7:4711 "], "198.51.100.7"),
        (&["[2001:db8::1]:4711"], "2001:db8::1"),
        (&["::ffff:198.51.100.7"], "198.51.100.7"),
        (&["1.1.1.1, 198.51.100.7"], "198.51.100.7"),
        (&["1.1.1.1, 198.51.100.7, 10.1.2.3"], "198.51.100.7"),
        (&["1.1.1.1", "198.51.100.7"], "198.51.100.7"),
        (&["1.1.1.1, garbage"], "127.0.0.1"),
        (&["garbage"], "127.0.0.1"),
        (&["10.0.0.9"], "10.0.0.9"),
        (&[""], "127.0.0.1"),
    ] {
        check(&server, forwarded, expected);
    }
}

#[test]
fn a_proxy_that_is_not_named_is_no_proxy() {
    let server = ServerBuilder::learning().set("TRUSTED_PROXIES", "10.0.0.0/8,127.0.0.2").start();
    check(&server, &["198.51.100.7"], "127.0.0.1");
}
