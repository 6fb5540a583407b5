//! What is wrong with a token, in the words of the contract.

use segb_auth::Role;
use segb_tests::{SECRET, ServerBuilder, exchange_head, token, token_with};
use serde_json::json;

use super::forge::{claims, now, sign, sign_as, unsigned, with, without};

const PREVIOUS: &str = "the-secret-before-the-secret-before-0123456789";
const HEADER_REQUIRED: &str = "Authorization header is required";
const INVALID: &str = "Could not validate credentials. Invalid Token";
const EXPIRED: &str = "Could not validate credentials. Expired Token";

/// Sends GET /query with this `Authorization` header, byte by byte; without `detail` it has to be let in.
fn check(address: &str, header: Option<&str>, detail: Option<&str>) {
    let line = header.map(|value| format!("Authorization: {value}"));
    let headers: Vec<&str> = line.as_deref().into_iter().collect();
    let reply = exchange_head(address, "GET /query?query=ASK%20%7B%7D", &headers, b"");
    let case = header.map(|value| value.chars().take(300).collect::<String>());
    match detail {
        None => assert_eq!(reply.status, 200, "{case:?}: {}", reply.text()),
        Some(detail) => {
            assert_eq!(reply.status, 401, "{case:?}: {}", reply.text());
            assert_eq!(reply.json(), json!({ "detail": detail }), "{case:?}");
            assert_eq!(reply.header("WWW-Authenticate"), "Bearer", "{case:?}");
        }
    }
}

#[test]
fn each_defect_has_its_text() {
    let server = ServerBuilder::protected().set("SECRET_KEY_PREVIOUS", PREVIOUS).start();
    let address = server.address();
    let good = token("ana", &[Role::Auditor]);
    let header = json!({ "typ": "JWT", "alg": "HS256" });
    let missing = |name: &str| format!("Could not validate credentials. Missing claim: {name}");
    let spoiled = |what: &str| format!("{INVALID}: {what}");

    check(address, None, Some(HEADER_REQUIRED));
    for value in ["", "Bearer", "Bearer   ", "Basic YTpi", &good] {
        check(address, Some(value), Some(HEADER_REQUIRED));
    }
    for scheme in ["Bearer", "bearer", "BEARER"] {
        check(address, Some(&format!("{scheme} {good}")), None);
    }

    let bearer = |token: &str, detail: Option<&str>| check(address, Some(&format!("Bearer {token}")), detail);
    // What is good, to know that the rest is refused for what it is meant to be.
    bearer(&sign(&claims()), None);
    bearer(&sign(&with("nbf", now() - 1)), None);
    bearer(&sign(&with("name", "Ana")), None);
    bearer(&token_with(PREVIOUS, "ana", &[Role::Auditor], 0), None);

    for token in [
        "garbage".to_owned(),
        "a.b.c".to_owned(),
        format!("{good}x"),
        format!("{good}.{good}"),
        token_with("some-other-secret-some-other-secret-01", "ana", &[Role::Auditor], 0),
        sign_as(&header, &claims(), "some-other-secret-some-other-secret-01"),
        format!("{}.", unsigned(&json!({ "alg": "none" }), &claims())),
        sign_as(&json!({ "alg": "none" }), &claims(), SECRET),
        sign_as(&json!({ "alg": "HS512" }), &claims(), SECRET),
        sign_as(&json!({ "alg": "HS256", "crit": ["x"], "x": 1 }), &claims(), SECRET),
        sign(&with("aud", "somebody")),
        sign(&with("nbf", now() + 600)),
        sign(&with("iat", now() + 600)),
        sign(&with("exp", "soon")),
        // A good token, but in a header over 8 KiB.
        sign(&with("note", "x".repeat(8 << 10))),
    ] {
        bearer(&token, Some(INVALID));
    }
    bearer(&token_with(SECRET, "ana", &[Role::Auditor], 3_601), Some(EXPIRED));
    bearer(&sign(&with("exp", now())), Some(EXPIRED));
    for name in ["username", "roles", "exp"] {
        bearer(&sign(&without(name)), Some(&missing(name)));
    }
    for username in [json!("  "), json!(""), json!(7)] {
        bearer(&sign(&with("username", username)), Some(&spoiled("username claim is invalid")));
    }
    for roles in [json!([]), json!("auditor"), json!([1]), json!(["auditor", null])] {
        bearer(&sign(&with("roles", roles)), Some(&spoiled("roles claim is invalid")));
    }
    for roles in [json!(["auditor", "root"]), json!(["Auditor"]), json!([""])] {
        bearer(&sign(&with("roles", roles)), Some(&spoiled("role is not allowed")));
    }
}

#[test]
fn two_headers_are_refused_whatever_they_are() {
    let server = ServerBuilder::protected().start();
    let good = format!("Authorization: Bearer {}", token("ana", &[Role::Auditor]));
    let other = format!("authorization: Bearer {}", token("ops", &[Role::Admin]));
    for second in [good.as_str(), &other, "Authorization: Bearer garbage", "Authorization:"] {
        for headers in [[good.as_str(), second], [second, &good]] {
            let reply = exchange_head(server.address(), "GET /query?query=ASK%20%7B%7D", &headers, b"");
            assert_eq!(reply.status, 401, "{second}: {}", reply.text());
            assert_eq!(reply.json(), json!({ "detail": INVALID }), "{second}");
            assert_eq!(reply.header("WWW-Authenticate"), "Bearer", "{second}");
        }
    }
}

#[test]
fn without_the_previous_secret_its_tokens_are_refused() {
    let server = ServerBuilder::protected().start();
    let old = token_with(PREVIOUS, "ana", &[Role::Auditor], 0);
    check(server.address(), Some(&format!("Bearer {old}")), Some(INVALID));
}

#[test]
fn in_learning_mode_tokens_do_not_matter() {
    let server = ServerBuilder::learning().start();
    for value in ["Bearer garbage", "Basic YTpi", ""] {
        check(server.address(), Some(value), None);
    }
}
