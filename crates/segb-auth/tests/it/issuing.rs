//! Tokens that we make.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use segb_auth::{AuthError, IssueError, Role, Secret, TokenRequest};

use crate::forge::{NOW, SECRET, auth, base64, bearer, hs256};

fn secret() -> Secret {
    Secret::new(SECRET, false).unwrap()
}

fn request() -> TokenRequest {
    TokenRequest::new("robot-1", [Role::Logger])
}

#[track_caller]
fn check(request: &TokenRequest, expected: IssueError) {
    assert_eq!(request.issue(&secret(), NOW, [0; 16]), Err(expected));
}

#[test]
fn the_token_is_exactly_this() {
    let request = TokenRequest::new("robot-1", [Role::Admin, Role::Logger, Role::Admin])
        .name("Robot \"1\"")
        .expires_in_seconds(60)
        .not_before_delay_seconds(5);
    let issued = request.issue(&secret(), NOW, *b"\x00\x01\x02\x03456789abcdef").unwrap();

    let (message, signature) = issued.token.rsplit_once('.').unwrap();
    let (header, claims) = message.split_once('.').unwrap();
    let text = |part| String::from_utf8(URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    assert_eq!(text(header), r#"{"typ":"JWT","alg":"HS256"}"#);
    assert_eq!(
        text(claims),
        concat!(
            r#"{"username":"robot-1","roles":["admin","logger"],"iat":1767225600,"nbf":1767225605,"#,
            r#""exp":1767225660,"jti":"00010203343536373839616263646566","name":"Robot \"1\""}"#
        )
    );
    assert_eq!(signature, base64(hs256(SECRET, message)));
    assert_eq!(issued.username, "robot-1");
    assert_eq!(issued.roles, [Role::Admin, Role::Logger]);
    assert_eq!((issued.not_before, issued.expires_at), (NOW + 5, NOW + 60));
}

#[test]
fn the_token_is_accepted() {
    let issued = request().name("R").issue(&secret(), NOW, [0xab; 16]).unwrap();
    let actor = bearer(&issued.token).unwrap();
    assert_eq!(actor.username, "robot-1");
    assert_eq!(actor.roles, [Role::Logger]);
    assert_eq!(actor.name.as_deref(), Some("R"));
    assert_eq!(actor.jti, Some("ab".repeat(16)));
}

#[test]
fn the_token_is_valid_from_its_start_to_its_end() {
    let issued = request().not_before_delay_seconds(10).issue(&secret(), NOW, [0; 16]).unwrap();
    let header = format!("Bearer {}", issued.token);
    let at = |now| auth().authenticate(Some(header.as_bytes()), now).map(|actor| actor.username);
    assert_eq!(at(NOW + 9), Err(AuthError::InvalidToken));
    assert_eq!(at(NOW + 10), Ok("robot-1".to_owned()));
    assert_eq!(at(NOW + 3599), Ok("robot-1".to_owned()));
    assert_eq!(at(NOW + 3600), Err(AuthError::ExpiredToken));
}

#[test]
fn a_life_has_limits() {
    for seconds in [0, 59, 2_592_001, u32::MAX] {
        check(&request().expires_in_seconds(seconds), IssueError::ExpiresInOutOfRange);
    }
    for seconds in [60, 2_592_000] {
        assert!(request().expires_in_seconds(seconds).issue(&secret(), NOW, [0; 16]).is_ok());
    }
}

#[test]
fn a_token_is_for_somebody_and_something() {
    check(&TokenRequest::new("", [Role::Admin]), IssueError::BlankUsername);
    check(&TokenRequest::new(" \t\u{a0}", [Role::Admin]), IssueError::BlankUsername);
    check(&TokenRequest::new("ana", []), IssueError::NoRoles);
}

#[test]
fn a_token_fits_into_the_header() {
    check(&TokenRequest::new("x".repeat(6200), [Role::Admin]), IssueError::TooLong);
    check(&request().name("x".repeat(6200)), IssueError::TooLong);
    let long = TokenRequest::new("x".repeat(5800), [Role::Admin]).issue(&secret(), NOW, [0; 16]).unwrap();
    assert!(bearer(&long.token).is_ok());
}

#[test]
fn times_that_do_not_fit_are_refused() {
    assert_eq!(request().issue(&secret(), i64::MAX, [0; 16]), Err(IssueError::TimeOutOfRange));
}

#[test]
fn a_blank_name_is_left_out() {
    for name in ["", "  "] {
        let issued = request().name(name).issue(&secret(), NOW, [0; 16]).unwrap();
        assert_eq!(bearer(&issued.token).unwrap().name, None);
    }
}

#[test]
fn debug_hides_the_token() {
    let issued = request().issue(&secret(), NOW, [0; 16]).unwrap();
    assert!(!format!("{issued:?}").contains(&issued.token));
}
