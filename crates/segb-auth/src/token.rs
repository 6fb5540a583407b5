//! From the text of a token to its claims, by way of its signature.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};

use crate::object::Object;

/// The claims of `token` if it is a compact JWS (RFC 7515, section 3.1) signed with `key` by HS256, else nothing.
/// Their meaning is not looked at yet, the times not either.
pub(crate) fn verified_claims(token: &str, key: &DecodingKey) -> Option<Object> {
    if !has_plain_header(token) {
        return None;
    }
    decode(token, key, &signature_only()).ok().map(|data| data.claims)
}

/// Whether `token` has three parts, the first of which is a header that asks for nothing but HS256.
///
/// `jsonwebtoken` reads the header too, but takes the last of two equal members and skips `crit`. That one lists
/// what a reader has to understand, and we understand no extension (RFC 7515, section 4.1.11); `b64` is such an
/// extension (RFC 7797). Members that only describe, like `typ` and `kid`, do not matter.
fn has_plain_header(token: &str) -> bool {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, _claims, _signature] = parts[..] else {
        return false;
    };
    let Ok(json) = URL_SAFE_NO_PAD.decode(header) else {
        return false;
    };
    let Ok(header) = serde_json::from_slice::<Object>(&json) else {
        return false;
    };
    header.get("alg").is_some_and(|alg| alg == "HS256") && !header.has("crit") && !header.has("b64")
}

/// What `jsonwebtoken` has to check: HS256, and no audience. It would compare times with the clock of the system, so
/// those checks are off and [`crate::claims`] makes them.
fn signature_only() -> Validation {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.leeway = 0;
    // Any audience at all is refused by `crate::claims`, after the checks that have an answer of their own.
    validation.validate_aud = false;
    validation
}
