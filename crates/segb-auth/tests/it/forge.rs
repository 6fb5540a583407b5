//! Tokens made by hand.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use segb_auth::{Actor, Auth, AuthError};
use serde_json::{Value, json};
use sha2::{Sha256, Sha384, Sha512};

pub const SECRET: &str = "a-secret-for-tests-of-32-bytes-or-more";
pub const OTHER_SECRET: &str = "another-secret-for-tests-of-32-bytes";
pub const NOW: i64 = 1_767_225_600;
pub const HEADER: &str = r#"{"typ":"JWT","alg":"HS256"}"#;

/// A protected server.
pub fn auth() -> Auth {
    Auth::detect(Some(SECRET), None, false).unwrap()
}

/// Claims that are right, to be spoiled by the test.
pub fn claims() -> Value {
    json!({"username": "ana", "roles": ["auditor"], "exp": NOW + 60})
}

/// The right claims with `name` set to `value`.
pub fn with(name: &str, value: impl Into<Value>) -> Value {
    let mut claims = claims();
    claims[name] = value.into();
    claims
}

/// The right claims without `name`.
pub fn without(name: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

pub fn base64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn mac<M: Mac + KeyInit>(secret: &str, message: &str) -> Vec<u8> {
    let mut mac = <M as KeyInit>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

pub fn hs256(secret: &str, message: &str) -> Vec<u8> {
    mac::<Hmac<Sha256>>(secret, message)
}

pub fn hs384(secret: &str, message: &str) -> Vec<u8> {
    mac::<Hmac<Sha384>>(secret, message)
}

pub fn hs512(secret: &str, message: &str) -> Vec<u8> {
    mac::<Hmac<Sha512>>(secret, message)
}

/// The token of this header and these claims, both as JSON text, signed by `sign`.
pub fn token_by(header: &str, claims: &[u8], sign: impl Fn(&str) -> Vec<u8>) -> String {
    let message = format!("{}.{}", base64(header), base64(claims));
    let signature = base64(sign(&message));
    format!("{message}.{signature}")
}

/// The token of this header and these claims, signed by HS256 with [`SECRET`].
pub fn token_of(header: &str, claims: &[u8]) -> String {
    token_by(header, claims, |message| hs256(SECRET, message))
}

/// The token of these claims, all else being right.
pub fn token(claims: &Value) -> String {
    token_of(HEADER, claims.to_string().as_bytes())
}

/// Authenticates with `Authorization: Bearer <token>` at [`NOW`].
pub fn bearer(token: &str) -> Result<Actor, AuthError> {
    auth().authenticate(Some(format!("Bearer {token}").as_bytes()), NOW)
}

/// Checks what becomes of a token with these claims.
#[track_caller]
pub fn check(claims: &Value, expected: Result<&str, AuthError>) {
    let found = bearer(&token(claims)).map(|actor| actor.username);
    assert_eq!(found, expected.map(str::to_owned), "{claims}");
}

/// Checks that a token is refused with the one text that says no more.
#[track_caller]
pub fn refused(token: &str) {
    assert_eq!(bearer(token), Err(AuthError::InvalidToken), "{token}");
}
