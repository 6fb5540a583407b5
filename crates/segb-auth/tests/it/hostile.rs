//! Nothing that a caller can send, or even sign, stops the program.

use proptest::prelude::*;
use segb_auth::Auth;

use crate::forge::{HEADER, NOW, OTHER_SECRET, SECRET, auth, bearer, refused, token_of};

#[test]
fn deep_nesting_is_refused_and_harmless() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let depth = 900;
        let nest = format!("{}1{}", open.repeat(depth), close.repeat(depth));
        let body = format!(r#"{{"username":"ana","roles":["admin"],"exp":{},"x":{nest}}}"#, NOW + 1);
        refused(&token_of(HEADER, body.as_bytes()));
        refused(&token_of(&format!(r#"{{"alg":"HS256","x":{nest}}}"#), b"{}"));
        refused(&token_of(HEADER, open.repeat(depth).as_bytes()));
    }
}

#[test]
fn many_members_are_harmless() {
    let many: String = (0..500).map(|number| format!(r#""m{number}":0,"#)).collect();
    let body = format!(r#"{{{many}"username":"ana","roles":["admin"],"exp":{}}}"#, NOW + 1);
    assert!(bearer(&token_of(HEADER, body.as_bytes())).is_ok());
}

proptest! {
    #[test]
    fn random_headers_never_panic(header: Vec<u8>, now: i64) {
        let _ = auth().authenticate(Some(header.as_slice()), now);
    }

    #[test]
    fn random_tokens_are_refused(token in "[A-Za-z0-9_.-]{1,200}", now: i64) {
        let header = format!("Bearer {token}");
        prop_assert!(auth().authenticate(Some(header.as_bytes()), now).is_err());
    }

    #[test]
    fn random_parts_never_panic(header: Vec<u8>, body: Vec<u8>, now: i64) {
        let header = String::from_utf8_lossy(&header).into_owned();
        for token in [token_of(&header, &body), token_of(HEADER, &body)] {
            let _ = auth().authenticate(Some(format!("Bearer {token}").as_bytes()), now);
        }
    }

    #[test]
    fn random_claims_never_panic(
        username in json(), roles in json(), exp in json(), nbf in json(), other in json(), now: i64,
    ) {
        let body = format!(
            r#"{{"username":{username},"roles":{roles},"exp":{exp},"nbf":{nbf},"name":{other},"x":{other}}}"#
        );
        let token = token_of(HEADER, body.as_bytes());
        let _ = auth().authenticate(Some(format!("Bearer {token}").as_bytes()), now);
    }

    #[test]
    fn random_secrets_never_panic(secret: String, previous: String, weak: bool) {
        if let Ok(auth) = Auth::detect(Some(&secret), Some(&previous), weak) {
            prop_assert!(!secret.is_empty() || previous.is_empty());
            let shown = format!("{auth:?}");
            prop_assert!(shown == "Auth(Learning)" || shown == "Auth(Protected)");
        }
    }
}

fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        any::<i64>().prop_map(|value| value.to_string()),
        any::<u64>().prop_map(|value| value.to_string()),
        any::<f64>().prop_map(|value| serde_json::Value::from(value).to_string()),
        any::<String>().prop_map(|value| serde_json::Value::from(value).to_string()),
        Just("\"admin\"".to_owned()),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec(inner, 0..4).prop_map(|items| {
                let members = items.iter().enumerate().map(|(index, item)| format!("\"{index}\":{item}"));
                format!("{{{}}}", members.collect::<Vec<_>>().join(","))
            }),
        ]
    })
}

#[test]
fn no_error_shows_a_secret() {
    let auth = Auth::detect(Some(SECRET), Some(OTHER_SECRET), false).unwrap();
    assert_eq!(format!("{auth:?}"), "Auth(Protected)");
    let weak = "hunter2";
    for result in [Auth::detect(Some(weak), None, false), Auth::detect(Some(SECRET), Some(weak), false)] {
        let error = result.unwrap_err();
        assert!(!format!("{error} {error:?}").contains(weak));
    }
}
