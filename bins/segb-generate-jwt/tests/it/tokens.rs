//! The tokens, checked by the crate that the server checks them with.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use segb_auth::{Actor, Auth, AuthError, Role};
use serde_json::{Value, json};

use crate::harness::{OTHER_SECRET, Place, SECRET};

#[expect(clippy::disallowed_methods, reason = "the program under test asks the clock too")]
fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

pub fn verify(token: &str, secret: &str, now: i64) -> Result<Actor, AuthError> {
    let auth = Auth::detect(Some(secret), None, true).unwrap();
    auth.authenticate(Some(format!("Bearer {token}").as_bytes()), now)
}

/// A part of a token as JSON: 0 the header, 1 the claims.
fn part(token: &str, index: usize) -> Value {
    let part = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[test]
fn a_token_is_good_for_its_secret_only() {
    let token = Place::with_secret().token(&["--name", "Robot 1"]);
    let actor = verify(&token, SECRET, now()).unwrap();
    assert_eq!(actor.username, "r");
    assert_eq!(actor.roles, [Role::Logger]);
    assert_eq!(actor.name.as_deref(), Some("Robot 1"));
    assert_eq!(verify(&token, OTHER_SECRET, now()), Err(AuthError::InvalidToken));
}

#[test]
fn the_claims_are_the_documented_ones() {
    let before = now();
    let token = Place::with_secret().token(&["--expires-in", "60", "--not-before-delay", "5", "--name", "R"]);
    let claims = part(&token, 1);
    let iat = claims["iat"].as_i64().unwrap();
    let jti = claims["jti"].as_str().unwrap();
    assert!((before..=now()).contains(&iat));
    assert!(jti.len() == 32 && jti.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')), "{jti}");
    let expected = json!({
        "username": "r", "roles": ["logger"], "iat": iat, "nbf": iat + 5, "exp": iat + 60, "jti": jti, "name": "R",
    });
    assert_eq!(claims, expected);
    assert_eq!(part(&token, 0), json!({"typ": "JWT", "alg": "HS256"}));
}

#[test]
fn the_defaults_are_an_hour_at_once_and_no_name() {
    let claims = part(&Place::with_secret().token(&[]), 1);
    let iat = claims["iat"].as_i64().unwrap();
    assert_eq!((claims["nbf"].as_i64(), claims["exp"].as_i64()), (Some(iat), Some(iat + 3600)));
    assert!(claims.get("name").is_none());
}

#[test]
fn every_token_is_another() {
    let place = Place::with_secret();
    assert_ne!(part(&place.token(&[]), 1)["jti"], part(&place.token(&[]), 1)["jti"]);
}

#[test]
fn roles_are_each_once_in_the_order_given() {
    let token = Place::with_secret().token(&["--role", "auditor", "--role", "logger", "--role", "admin"]);
    assert_eq!(part(&token, 1)["roles"], json!(["logger", "auditor", "admin"]));
}

#[test]
fn json_is_one_line_about_the_token() {
    let arguments = ["--username", "ana", "--role", "auditor", "--expires-in", "2592000", "--json"];
    let ran = Place::with_secret().run(&arguments);
    let line = ran.stdout.strip_suffix('\n').unwrap();
    assert!(!line.contains('\n'));
    let found: Value = serde_json::from_str(line).unwrap();
    let token = found["token"].as_str().unwrap();
    let exp = part(token, 1)["exp"].as_i64().unwrap();
    let exp_utc = jiff::Timestamp::from_second(exp).unwrap().strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string();
    let expected = format!(
        r#"{{"token":"{token}","username":"ana","roles":["auditor"],"exp":{exp},"exp_utc":"{exp_utc}","algorithm":"HS256"}}"#
    );
    assert_eq!(line, expected);
    assert!(verify(token, SECRET, now()).is_ok());
}

#[test]
fn a_life_has_limits() {
    let place = Place::with_secret();
    for seconds in ["60", "2592000"] {
        place.token(&["--expires-in", seconds]);
    }
    for seconds in ["0", "59", "2592001", "-60", "1e3", "60.5", "99999999999999999999", ""] {
        let error = place.error(&["--expires-in", seconds]);
        assert!(error.contains("--expires-in"), "{error}");
    }
}

#[test]
fn a_token_that_is_never_good_is_made_with_a_warning() {
    let arguments = ["--username", "r", "--role", "logger", "--not-before-delay", "3600"];
    let ran = Place::with_secret().run(&arguments);
    assert_eq!(ran.code, Some(0));
    assert!(ran.stderr.starts_with("Warning: this token is never valid"), "{}", ran.stderr);
    assert_eq!(verify(ran.stdout.trim_end(), SECRET, now()), Err(AuthError::InvalidToken));
    let error = Place::with_secret().error(&["--not-before-delay", "-1"]);
    assert!(error.contains("--not-before-delay"), "{error}");
}
