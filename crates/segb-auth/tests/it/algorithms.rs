//! HS256, and nothing that a token says changes that.

use segb_auth::Auth;

use crate::forge::{
    HEADER, NOW, OTHER_SECRET, SECRET, base64, bearer, claims, hs256, hs384, hs512, refused, token, token_by,
    token_of,
};

fn header(alg: &str) -> String {
    format!(r#"{{"typ":"JWT","alg":"{alg}"}}"#)
}

#[test]
fn a_right_token_is_accepted() {
    assert_eq!(bearer(&token(&claims())).unwrap().username, "ana");
}

#[test]
fn a_token_made_by_pyjwt_is_accepted() {
    // jwt.encode({"username": "ana", "roles": ["auditor"], "exp": 1767225660}, SECRET, algorithm="HS256")
    let token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.\
                 eyJ1c2VybmFtZSI6ImFuYSIsInJvbGVzIjpbImF1ZGl0b3IiXSwiZXhwIjoxNzY3MjI1NjYwfQ.\
                 qWth5MoKLB0Qi7hapY2F7QV9n9dFHQBebFWX4BtKQQ8";
    assert_eq!(bearer(token).unwrap().username, "ana");
}

#[test]
fn other_hmacs_are_refused_though_rightly_signed() {
    let body = claims().to_string();
    refused(&token_by(&header("HS384"), body.as_bytes(), |message| hs384(SECRET, message)));
    refused(&token_by(&header("HS512"), body.as_bytes(), |message| hs512(SECRET, message)));
}

#[test]
fn another_name_on_an_hs256_signature_is_refused() {
    let names = [
        "HS384",
        "HS512",
        "RS256",
        "RS384",
        "RS512",
        "ES256",
        "ES384",
        "PS256",
        "EdDSA",
        "none",
        "None",
        "NONE",
        "nOnE",
        "hs256",
        "Hs256",
        "HS256 ",
        " HS256",
        "",
        "HS256\\u0000",
        "dir",
        "A128KW",
    ];
    for name in names {
        refused(&token_of(&header(name), claims().to_string().as_bytes()));
    }
}

#[test]
fn hs256_written_with_escapes_is_hs256() {
    let header = r#"{"\u0061lg":"\u0048S256"}"#;
    assert!(bearer(&token_of(header, claims().to_string().as_bytes())).is_ok());
}

#[test]
fn no_algorithm_is_refused() {
    for header in [r#"{"typ":"JWT"}"#, r#"{"alg":null}"#, r#"{"alg":["HS256"]}"#, r#"{"alg":256}"#, "{}"] {
        refused(&token_of(header, claims().to_string().as_bytes()));
    }
}

#[test]
fn unsigned_is_refused() {
    let body = claims().to_string();
    refused(&token_by(&header("none"), body.as_bytes(), |_| Vec::new()));
    refused(&token_by(HEADER, body.as_bytes(), |_| Vec::new()));
}

#[test]
fn a_public_key_used_as_secret_is_refused() {
    // The confusion of algorithms: "verify" a signature by a public key, with the secret as that key, or the other
    // way round. There is no public key here at all, so the signature is just a wrong one.
    let public_key =
        "-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAL\n-----END PUBLIC KEY-----";
    let body = claims().to_string();
    refused(&token_by(HEADER, body.as_bytes(), |message| hs256(public_key, message)));
    refused(&token_by(&header("RS256"), body.as_bytes(), |message| hs256(public_key, message)));
}

#[test]
fn keys_offered_by_the_token_are_not_used() {
    let body = claims().to_string();
    let key = base64(OTHER_SECRET);
    for header in [
        format!(r#"{{"alg":"HS256","jwk":{{"kty":"oct","k":"{key}"}}}}"#),
        r#"{"alg":"HS256","jku":"http://127.0.0.1/keys"}"#.to_owned(),
        r#"{"alg":"HS256","kid":"/dev/null"}"#.to_owned(),
    ] {
        refused(&token_by(&header, body.as_bytes(), |message| hs256(OTHER_SECRET, message)));
    }
}

#[test]
fn a_wrong_signature_is_refused() {
    let right = token(&claims());
    let (message, signature) = right.rsplit_once('.').unwrap();
    refused(&token_by(HEADER, claims().to_string().as_bytes(), |message| hs256(OTHER_SECRET, message)));
    refused(&format!("{message}.{}", base64([0; 32])));
    refused(&format!("{message}.{}", &signature[..42]));
    refused(&format!("{message}.{}", &signature[..40]));
    refused(&format!("{message}.{signature}A"));
    refused(&format!("{message}.{}", base64(hs256(SECRET, "another message"))));
}

#[test]
fn every_changed_byte_of_a_token_spoils_it() {
    let right = token(&claims());
    for position in 0..right.len() {
        let mut bytes = right.clone().into_bytes();
        bytes[position] = if bytes[position] == b'A' { b'B' } else { b'A' };
        refused(std::str::from_utf8(&bytes).unwrap());
    }
}

#[test]
fn a_token_is_written_in_one_way_only() {
    // Base64 with padding, in the other alphabet, or with stray bits in its last letter is another text for the same
    // bytes (RFC 7515, section 2).
    let right = token(&claims());
    let (message, signature) = right.rsplit_once('.').unwrap();
    refused(&format!("{message}.{signature}="));
    refused(&format!("{message}.{signature}\n"));
    refused(&format!("{message}. {signature}"));
    let last = signature.chars().last().unwrap();
    let stray = ('A'..='Z').chain('a'..='z').chain('0'..='9').filter(|letter| *letter != last);
    for letter in stray {
        refused(&format!("{message}.{}{letter}", &signature[..42]));
    }
}

#[test]
fn the_previous_secret_is_accepted_while_it_is_set() {
    let body = claims().to_string();
    let old = token_by(HEADER, body.as_bytes(), |message| hs256(OTHER_SECRET, message));
    let old = format!("Bearer {old}");
    let new = format!("Bearer {}", token(&claims()));

    let changing = Auth::detect(Some(SECRET), Some(OTHER_SECRET), false).unwrap();
    assert_eq!(changing.authenticate(Some(old.as_bytes()), NOW).unwrap().username, "ana");
    assert_eq!(changing.authenticate(Some(new.as_bytes()), NOW).unwrap().username, "ana");

    let changed = Auth::detect(Some(SECRET), Some(""), false).unwrap();
    assert!(changed.authenticate(Some(old.as_bytes()), NOW).is_err());
}

#[test]
fn the_previous_secret_bends_no_rule() {
    let changing = Auth::detect(Some(SECRET), Some(OTHER_SECRET), false).unwrap();
    let expired = serde_json::json!({"username": "ana", "roles": ["admin"], "exp": NOW});
    let token = token_by(HEADER, expired.to_string().as_bytes(), |message| hs256(OTHER_SECRET, message));
    let found = changing.authenticate(Some(format!("Bearer {token}").as_bytes()), NOW);
    assert_eq!(found, Err(segb_auth::AuthError::ExpiredToken));
}
