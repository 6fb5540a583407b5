//! Tokens made by hand: right in all but one thing.

use std::time::SystemTime;

use segb_journal::Hash;
use segb_tests::{SECRET, base64_url};
use serde_json::{Value, json};

/// Bytes of a block of SHA-256.
const BLOCK: usize = 64;

/// Seconds since 1970.
pub fn now() -> i64 {
    let since_1970 = SystemTime::UNIX_EPOCH.elapsed();
    since_1970.expect("after 1970").as_secs() as i64
}

/// Claims of an auditor.
pub fn claims() -> Value {
    json!({ "username": "ana", "roles": ["auditor"], "exp": now() + 60 })
}

/// These claims with one of them changed.
pub fn with(name: &str, value: impl Into<Value>) -> Value {
    let mut claims = claims();
    claims[name] = value.into();
    claims
}

/// These claims without one of them.
pub fn without(name: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().expect("an object").remove(name);
    claims
}

/// A token with these claims, all else being right.
pub fn sign(claims: &Value) -> String {
    sign_as(&json!({ "typ": "JWT", "alg": "HS256" }), claims, SECRET)
}

/// A token with this header and these claims, signed by HS256 whatever the header says.
pub fn sign_as(header: &Value, claims: &Value, secret: &str) -> String {
    let message = unsigned(header, claims);
    let signature = base64_url(hmac_sha256(secret.as_bytes(), message.as_bytes()).as_bytes());
    format!("{message}.{signature}")
}

/// Header and claims of a token.
pub fn unsigned(header: &Value, claims: &Value) -> String {
    let (header, claims) = (header.to_string(), claims.to_string());
    format!("{}.{}", base64_url(header.as_bytes()), base64_url(claims.as_bytes()))
}

/// RFC 2104, for keys up to a block.
fn hmac_sha256(key: &[u8], message: &[u8]) -> Hash {
    let padded = |pad: u8| {
        let mut block = [pad; BLOCK];
        block.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
        block
    };
    let inner = Hash::of(&[&padded(0x36), message]);
    Hash::of(&[&padded(0x5c), inner.as_bytes()])
}
