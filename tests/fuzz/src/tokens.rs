//! Tokens in protected mode: nobody is an actor without a signature, and with one only as the claims say. An input is
//! taken as the value of the header `Authorization`, and besides its first line as the header of a token and the rest as
//! its claims, which are then signed: no fuzzer hits upon a signature.

use std::sync::LazyLock;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use segb_auth::{Action, Actor, Auth, AuthError, HEADER_BYTES_MAX, allowed_roles};
use serde_json::{Map, Value};
use sha2::Sha256;

const SECRET: &str = "a-secret-for-fuzzing-of-32-bytes-or-more";
const PREVIOUS: &str = "the-secret-before-it-of-32-bytes-or-more";
const STRANGE: &str = "a-secret-of-somebody-else-of-32-bytes-or-more";
const NOW: i64 = 1_767_225_600;

static AUTH: LazyLock<Auth> =
    LazyLock::new(|| Auth::detect(Some(SECRET), Some(PREVIOUS), false).expect("good secrets"));

pub(crate) fn run(bytes: &[u8]) {
    let _ = check_header(bytes);
    let header_end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (header, claims) = bytes.split_at(header_end);
    let claims = claims.get(1..).unwrap_or_default();
    let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    for secret in [SECRET, PREVIOUS] {
        let token = format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature(secret, &message)));
        if let Ok(actor) = check_header(format!("bearer  {token}").as_bytes()) {
            check_claims(header, claims, &actor);
        }
        let two = [token.as_bytes(), token.as_bytes()].map(|token| [b"Bearer ", token].concat());
        assert!(
            AUTH.authenticate(two.iter().map(Vec::as_slice), NOW).is_err(),
            "of two headers one is taken"
        );
    }
    let token = format!("Bearer {message}.{}", URL_SAFE_NO_PAD.encode(signature(STRANGE, &message)));
    assert_eq!(check_header(token.as_bytes()), Err(AuthError::InvalidToken));
}

/// Whoever is an actor has shown a signature that we compute for ourselves.
fn check_header(header: &[u8]) -> Result<Actor, AuthError> {
    let actor = AUTH.authenticate([header], NOW)?;
    assert!(header.len() <= HEADER_BYTES_MAX);
    let text = str::from_utf8(header).expect("a header in UTF-8").trim_matches([' ', '\t']);
    let token = text.rsplit([' ', '\t']).next().unwrap_or_default();
    let (message, tag) = token.rsplit_once('.').expect("a signature");
    let tag = URL_SAFE_NO_PAD.decode(tag).expect("a signature in base64");
    assert!([SECRET, PREVIOUS].iter().any(|secret| signature(secret, message) == tag), "not signed by us");
    assert!(actor.authenticated && !actor.username.trim().is_empty() && !actor.roles.is_empty(), "{actor:?}");
    for action in Action::ALL {
        let allowed = actor.roles.iter().any(|role| allowed_roles(action).contains(role));
        assert_eq!(AUTH.authorize(&actor, action).is_ok(), allowed);
    }
    Ok(actor)
}

/// What a signed token says is what is believed.
fn check_claims(header: &[u8], claims: &[u8], actor: &Actor) {
    let header: Map<String, Value> = serde_json::from_slice(header).expect("a header");
    assert!(header["alg"] == "HS256" && !header.contains_key("crit") && !header.contains_key("b64"));
    let claims: Map<String, Value> = serde_json::from_slice(claims).expect("claims");
    assert!(!claims.contains_key("aud"), "it is for somebody else");
    assert!(claims["exp"].as_f64().is_some_and(|end| end > NOW as f64), "it has ended");
    for name in ["nbf", "iat"] {
        let begins = claims.get(name).map(|begin| begin.as_f64().expect("a number"));
        assert!(begins.is_none_or(|begin| begin < (NOW + 1) as f64), "it has not begun");
    }
    assert_eq!(claims["username"], actor.username.as_str());
    let roles = claims["roles"].as_array().expect("a list");
    assert!(actor.roles.iter().all(|role| roles.iter().any(|name| name == role.as_str())));
}

fn signature(secret: &str, message: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key");
    mac.update(message.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// A token that is believed, and one of somebody else.
pub(crate) fn examples() -> Vec<(&'static str, &'static str, String)> {
    let header = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"HS256"}"#);
    let claims = format!(r#"{{"username":"ana","roles":["auditor"],"exp":{}}}"#, NOW + 60);
    let message = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims));
    let token = |secret| format!("Bearer {message}.{}", URL_SAFE_NO_PAD.encode(signature(secret, &message)));
    [("signed", token(SECRET)), ("signed-by-another", token(STRANGE))]
        .map(|(name, text)| ("tokens", name, text))
        .into()
}
