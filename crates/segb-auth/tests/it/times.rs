//! From when and until when a token is valid. There is no leeway.

use segb_auth::AuthError::{ExpiredToken, InvalidToken};
use serde_json::{Value, json};

use crate::forge::{HEADER, NOW, auth, bearer, check, token, token_of, with};

#[test]
fn exp_is_the_first_second_that_is_too_late() {
    check(&with("exp", NOW + 1), Ok("ana"));
    check(&with("exp", NOW), Err(ExpiredToken));
    check(&with("exp", NOW - 1), Err(ExpiredToken));
    check(&with("exp", 0), Err(ExpiredToken));
    check(&with("exp", -1), Err(ExpiredToken));
    check(&with("exp", i64::MIN), Err(ExpiredToken));
    check(&with("exp", i64::MAX), Ok("ana"));
    check(&with("exp", u64::MAX), Ok("ana"));
}

#[test]
fn nbf_and_iat_are_not_in_the_future() {
    for name in ["nbf", "iat"] {
        check(&with(name, NOW), Ok("ana"));
        check(&with(name, NOW - 1), Ok("ana"));
        check(&with(name, 0), Ok("ana"));
        check(&with(name, NOW + 1), Err(InvalidToken));
        check(&with(name, u64::MAX), Err(InvalidToken));
    }
}

#[test]
fn an_expired_token_is_expired_even_if_never_valid() {
    let mut claims = with("exp", NOW);
    claims["nbf"] = json!(NOW + 60);
    check(&claims, Err(ExpiredToken));
}

#[test]
fn fractions_of_a_second_are_dropped() {
    #[expect(clippy::cast_precision_loss, reason = "the number is far below 2^52")]
    let now = NOW as f64;
    check(&with("exp", now + 1.0), Ok("ana"));
    check(&with("exp", now + 1.9), Ok("ana"));
    check(&with("exp", now + 0.9), Err(ExpiredToken));
    check(&with("exp", now), Err(ExpiredToken));
    check(&with("iat", now + 0.9), Ok("ana"));
    check(&with("iat", now + 1.1), Err(InvalidToken));
}

#[test]
fn numbers_may_be_written_in_any_way_json_has() {
    for (exp, good) in [("1.8e9", true), ("18E8", true), ("1e300", true), ("-1e300", false), ("1e-9", false)]
    {
        let body = format!(r#"{{"username":"ana","roles":["admin"],"exp":{exp}}}"#);
        let found = bearer(&token_of(HEADER, body.as_bytes()));
        assert_eq!(
            found.map(|actor| actor.username).map_err(|error| error == ExpiredToken),
            if good { Ok("ana".to_owned()) } else { Err(true) }
        );
    }
}

#[test]
fn times_are_numbers() {
    let wrong: [Value; 8] = [
        json!("1767229200"),
        json!("never"),
        json!(""),
        json!(true),
        json!([1_767_229_200]),
        json!({"seconds": 1_767_229_200}),
        json!({}),
        json!([]),
    ];
    for value in wrong {
        for name in ["exp", "nbf", "iat"] {
            check(&with(name, value.clone()), Err(InvalidToken));
        }
    }
    check(&with("nbf", Value::Null), Err(InvalidToken));
    check(&with("iat", Value::Null), Err(InvalidToken));
}

#[test]
fn numbers_that_are_none_are_refused() {
    for exp in
        ["NaN", "Infinity", "-Infinity", "1e999", "01767229200", "+1767229200", "0x7fffffff", "1767229200."]
    {
        let body = format!(r#"{{"username":"ana","roles":["admin"],"exp":{exp}}}"#);
        assert_eq!(bearer(&token_of(HEADER, body.as_bytes())), Err(InvalidToken), "{exp}");
    }
}

#[test]
fn the_time_is_the_one_given_not_that_of_the_system() {
    let mut claims = with("exp", 1000);
    claims["nbf"] = json!(10);
    let header = format!("Bearer {}", token(&claims));
    let at = |now| auth().authenticate(Some(header.as_bytes()), now).map(|actor| actor.username);
    assert_eq!(at(9), Err(InvalidToken));
    assert_eq!(at(10), Ok("ana".to_owned()));
    assert_eq!(at(999), Ok("ana".to_owned()));
    assert_eq!(at(1000), Err(ExpiredToken));
    assert_eq!(at(-1), Err(InvalidToken));
    assert_eq!(at(i64::MAX), Err(ExpiredToken));
    assert_eq!(at(i64::MIN), Err(InvalidToken));
}
