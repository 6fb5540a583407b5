//! Who a token says it is for.

use segb_auth::AuthError::{self, InvalidToken, MissingClaim};
use segb_auth::{InvalidClaim, Role};
use serde_json::{Value, json};

use crate::forge::{
    HEADER, NOW, bearer, check, claims, hs256, refused, token, token_by, token_of, with, without,
};

const USERNAME: AuthError = AuthError::InvalidClaim(InvalidClaim::Username);
const ROLES: AuthError = AuthError::InvalidClaim(InvalidClaim::Roles);
const UNKNOWN_ROLE: AuthError = AuthError::InvalidClaim(InvalidClaim::UnknownRole);

#[test]
fn the_actor_is_what_the_token_says() {
    let mut claims = claims();
    claims["roles"] = json!(["admin", "logger", "admin"]);
    claims["name"] = json!("Ana María");
    claims["jti"] = json!("0123");
    let actor = bearer(&token(&claims)).unwrap();
    assert_eq!(actor.username, "ana");
    assert_eq!(actor.roles, [Role::Admin, Role::Logger]);
    assert_eq!(actor.name.as_deref(), Some("Ana María"));
    assert_eq!(actor.jti.as_deref(), Some("0123"));
    assert!(actor.authenticated);
}

#[test]
fn the_details_are_the_documented_ones() {
    let detail = |claims: &Value| bearer(&token(claims)).unwrap_err().detail();
    let prefix = "Could not validate credentials.";
    assert_eq!(detail(&with("aud", "x")), format!("{prefix} Invalid Token"));
    assert_eq!(detail(&with("exp", NOW)), format!("{prefix} Expired Token"));
    assert_eq!(detail(&without("exp")), format!("{prefix} Missing claim: exp"));
    assert_eq!(detail(&without("username")), format!("{prefix} Missing claim: username"));
    assert_eq!(detail(&without("roles")), format!("{prefix} Missing claim: roles"));
    assert_eq!(detail(&with("username", "")), format!("{prefix} Invalid Token: username claim is invalid"));
    assert_eq!(detail(&with("roles", json!([]))), format!("{prefix} Invalid Token: roles claim is invalid"));
    assert_eq!(
        detail(&with("roles", json!(["root"]))),
        format!("{prefix} Invalid Token: role is not allowed")
    );
    assert_eq!(AuthError::HeaderRequired.detail(), "Authorization header is required");
    assert_eq!(segb_auth::Forbidden.detail(), "User does not have permission to perform this action");
}

#[test]
fn required_claims_are_named_when_missing() {
    for name in ["exp", "username", "roles"] {
        check(&without(name), Err(MissingClaim(name)));
        check(&with(name, Value::Null), Err(MissingClaim(name)));
    }
    check(&json!({}), Err(MissingClaim("exp")));
    check(&json!({"exp": NOW + 60}), Err(MissingClaim("username")));
    check(&json!({"exp": NOW + 60, "username": 1}), Err(MissingClaim("roles")));
    check(&json!({"Username": "ana", "roles": ["admin"], "exp": NOW + 60}), Err(MissingClaim("username")));
}

#[test]
fn expiry_is_told_before_other_faults_of_the_claims() {
    check(&json!({"exp": NOW}), Err(AuthError::ExpiredToken));
    check(&json!({"exp": NOW, "username": 1, "roles": 1, "aud": "x"}), Err(AuthError::ExpiredToken));
}

#[test]
fn nothing_is_said_about_the_claims_of_a_token_with_a_wrong_signature() {
    for claims in [json!({}), with("exp", 0), with("roles", json!(["root"])), without("username")] {
        let forged = token_by(HEADER, claims.to_string().as_bytes(), |message| hs256("guess", message));
        refused(&forged);
    }
}

#[test]
fn username_is_a_string_that_is_not_blank() {
    for value in [json!(""), json!(" "), json!("\t\n"), json!("\u{a0}\u{2003}"), json!(7), json!(true)] {
        check(&with("username", value), Err(USERNAME));
    }
    for value in [json!(["ana"]), json!({"name": "ana"}), json!(1.5)] {
        check(&with("username", value), Err(USERNAME));
    }
    for name in ["ana", " ana ", "ana\nadmin", "アナ", "a\u{0}b"] {
        check(&with("username", name), Ok(name));
    }
}

#[test]
fn roles_is_a_list_of_strings_that_is_not_empty() {
    let wrong = [
        json!([]),
        json!("admin"),
        json!("logger,admin"),
        json!({"admin": true}),
        json!({"0": "admin"}),
        json!(1),
        json!(true),
        json!([1]),
        json!(["admin", 1]),
        json!(["admin", null]),
        json!([["admin"]]),
        json!([null]),
        json!(["root", 1]),
    ];
    for value in wrong {
        check(&with("roles", value), Err(ROLES));
    }
}

#[test]
fn one_unknown_role_spoils_the_token() {
    for value in [json!(["root"]), json!(["admin", "root"]), json!(["Admin"]), json!([" admin"]), json!([""])]
    {
        check(&with("roles", value), Err(UNKNOWN_ROLE));
    }
}

#[test]
fn any_audience_is_refused() {
    for value in
        [json!("segb"), json!(["segb"]), json!([]), json!(null), json!(""), json!(0), json!({}), json!(false)]
    {
        check(&with("aud", value), Err(InvalidToken));
    }
}

#[test]
fn name_and_jti_are_strings() {
    for value in [json!(1), json!(["x"]), json!({}), json!(true)] {
        check(&with("name", value.clone()), Err(InvalidToken));
        check(&with("jti", value), Err(InvalidToken));
    }
    check(&with("jti", Value::Null), Err(InvalidToken));
    check(&with("name", Value::Null), Ok("ana"));
    check(&with("name", ""), Ok("ana"));
}

#[test]
fn other_claims_are_ignored() {
    let mut claims = claims();
    claims["sub"] = json!("somebody");
    claims["iss"] = json!("https://example.org/");
    claims["permissions"] = json!({"admin": [true, {"deep": null}]});
    claims["is_admin"] = json!(true);
    check(&claims, Ok("ana"));
    check(&with("sub", 5), Ok("ana"));
    check(&with("iss", json!(["a", "b"])), Ok("ana"));
}

#[test]
fn no_claim_comes_twice() {
    let bodies = [
        r#"{"username":"ana","username":"root","roles":["admin"],"exp":1767225660}"#,
        r#"{"username":"ana","roles":["logger"],"roles":["admin"],"exp":1767225660}"#,
        r#"{"username":"ana","roles":["admin"],"exp":1,"exp":1767225660}"#,
        r#"{"username":"ana","roles":["admin"],"exp":1767225660,"exp":1767225660}"#,
        r#"{"username":"ana","roles":["admin"],"exp":1767225660,"x":1,"x":1}"#,
        r#"{"username":"ana","roles":["admin"],"exp":1767225660,"\u0065xp":1767225660}"#,
    ];
    for body in bodies {
        refused(&token_of(HEADER, body.as_bytes()));
    }
}

#[test]
fn the_claims_are_one_json_object() {
    for body in ["", "null", "[]", "\"x\"", "1", "{", "{}{}", "{},", "{\"a\":}", "{'a':1}", "\u{feff}{}"] {
        refused(&token_of(HEADER, body.as_bytes()));
    }
    refused(&token_of(HEADER, b"{\"username\":\"\xff\",\"roles\":[\"admin\"],\"exp\":1767225660}"));
    refused(&token_of(HEADER, br#"{"username":"\ud800","roles":["admin"],"exp":1767225660}"#));
    let spaced = format!(" \n{} \n", claims());
    assert!(bearer(&token_of(HEADER, spaced.as_bytes())).is_ok());
}
