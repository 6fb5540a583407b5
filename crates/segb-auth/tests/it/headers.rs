//! The header of the request, and that of the token.

use segb_auth::AuthError::{HeaderRequired, InvalidToken};
use segb_auth::HEADER_BYTES_MAX;

use crate::forge::{NOW, auth, base64, bearer, claims, refused, token, token_of, with};

#[track_caller]
fn check(header: &[u8], expected: Result<&str, segb_auth::AuthError>) {
    let found = auth().authenticate(Some(header), NOW).map(|actor| actor.username);
    assert_eq!(found, expected.map(str::to_owned), "{}", header.escape_ascii());
}

#[test]
fn a_header_is_required() {
    assert_eq!(auth().authenticate(None, NOW), Err(HeaderRequired));
    for header in
        ["", " ", "\t", "Bearer", "bearer", "Bearer ", "Bearer \t ", "Basic YTpi", "Basic", "Token x"]
    {
        check(header.as_bytes(), Err(HeaderRequired));
    }
    let token = token(&claims());
    check(token.as_bytes(), Err(HeaderRequired));
    check(format!("Bearer{token}").as_bytes(), Err(HeaderRequired));
    check(format!("Bearer:{token}").as_bytes(), Err(HeaderRequired));
    check(format!("JWT {token}").as_bytes(), Err(HeaderRequired));
}

#[test]
fn the_scheme_is_written_in_any_case() {
    let token = token(&claims());
    for scheme in ["Bearer", "bearer", "BEARER", "bEaReR"] {
        check(format!("{scheme} {token}").as_bytes(), Ok("ana"));
    }
}

#[test]
fn space_around_the_token_does_not_matter() {
    let token = token(&claims());
    for header in [format!("Bearer   {token}"), format!(" Bearer {token} \t"), format!("Bearer\t{token}")] {
        check(header.as_bytes(), Ok("ana"));
    }
}

#[test]
fn one_token_and_nothing_else() {
    let token = token(&claims());
    for header in [
        format!("Bearer {token} {token}"),
        format!("Bearer {token},{token}"),
        format!("Bearer Bearer {token}"),
        format!("Bearer \"{token}\""),
        format!("Bearer {token};"),
        format!("Bearer {token}\n"),
        format!("Bearer {token}\0"),
    ] {
        check(header.as_bytes(), Err(InvalidToken));
    }
}

#[test]
fn what_is_no_text_is_refused() {
    check(b"\xff", Err(InvalidToken));
    check(b"Bearer \xff\xfe.a.b", Err(InvalidToken));
    check(b"Bearer \xc3", Err(InvalidToken));
    check("Bearer ñandú.ñ.ñ".as_bytes(), Err(InvalidToken));
}

#[test]
fn a_header_has_8_kib_at_most() {
    let padded = |length: usize| token(&with("padding", "x".repeat(length)));
    // Base64 makes four letters of three bytes, so some lengths are out of reach: look for the one that fits exactly.
    let fitting = (5500..6200).map(padded).find(|token| token.len() == HEADER_BYTES_MAX - "Bearer ".len());
    let header = format!("Bearer {}", fitting.unwrap());
    assert_eq!(header.len(), 8192);
    check(header.as_bytes(), Ok("ana"));
    check(format!("{header} ").as_bytes(), Err(InvalidToken));
    check(format!("Bearer {}", padded(6200)).as_bytes(), Err(InvalidToken));
    check(&[b' '; 8193], Err(InvalidToken));
    check(&vec![b'x'; 10_000_000], Err(InvalidToken));
}

#[test]
fn a_token_has_three_parts() {
    let right = token(&claims());
    let (message, signature) = right.rsplit_once('.').unwrap();
    let (header, body) = message.split_once('.').unwrap();
    for text in [
        "x".to_owned(),
        ".".to_owned(),
        "..".to_owned(),
        "...".to_owned(),
        "....".to_owned(),
        header.to_owned(),
        message.to_owned(),
        format!("{message}."),
        format!("{header}..{signature}"),
        format!(".{body}.{signature}"),
        format!("{right}."),
        format!(".{right}"),
        format!("{right}.{signature}"),
        format!("{header}.{header}.{body}.{signature}"),
        format!("{header}.{body}.{body}.{body}.{signature}"),
    ] {
        refused(&text);
    }
}

#[test]
fn a_detached_payload_is_refused() {
    let header = base64(r#"{"alg":"HS256"}"#);
    let signature = base64(crate::forge::hs256(crate::forge::SECRET, &format!("{header}.")));
    refused(&format!("{header}..{signature}"));
}

#[test]
fn the_json_form_of_a_jws_is_refused() {
    refused(r#"{"protected":"e30","payload":"e30","signature":"e30"}"#);
}

#[test]
fn extensions_are_refused() {
    let body = claims().to_string();
    for header in [
        r#"{"alg":"HS256","crit":["exp"],"exp":9999999999}"#,
        r#"{"alg":"HS256","crit":["x"],"x":1}"#,
        r#"{"alg":"HS256","crit":[]}"#,
        r#"{"alg":"HS256","crit":null}"#,
        r#"{"alg":"HS256","crit":"b64"}"#,
        r#"{"alg":"HS256","crit":["b64"],"b64":false}"#,
        r#"{"alg":"HS256","b64":false}"#,
        r#"{"alg":"HS256","b64":true}"#,
    ] {
        refused(&token_of(header, body.as_bytes()));
    }
}

#[test]
fn no_member_of_the_token_header_comes_twice() {
    let body = claims().to_string();
    for header in [
        r#"{"alg":"HS256","alg":"HS256"}"#,
        r#"{"alg":"none","alg":"HS256"}"#,
        r#"{"alg":"HS256","alg":"none"}"#,
        r#"{"alg":"HS256","x":1,"x":1}"#,
        r#"{"alg":"HS256","\u0061lg":"HS256"}"#,
        r#"{"alg":"HS256","typ":"JWT","typ":"JWT"}"#,
    ] {
        refused(&token_of(header, body.as_bytes()));
    }
}

#[test]
fn the_token_header_is_one_json_object() {
    let body = claims().to_string();
    for header in ["", "null", "[]", "\"HS256\"", "{", r#"{"alg":"HS256"}x"#, r#"[{"alg":"HS256"}]"#] {
        refused(&token_of(header, body.as_bytes()));
    }
}

#[test]
fn descriptive_members_do_not_matter() {
    let body = claims().to_string();
    for header in [
        r#"{"alg":"HS256"}"#,
        r#"{"alg":"HS256","typ":"jwt"}"#,
        r#"{"alg":"HS256","typ":"at+jwt"}"#,
        r#"{"alg":"HS256","kid":"2026","cty":"JWT"}"#,
        r#"{"alg":"HS256","x":{"y":[1,2,{"z":null}]}}"#,
    ] {
        assert!(bearer(&token_of(header, body.as_bytes())).is_ok(), "{header}");
    }
}
