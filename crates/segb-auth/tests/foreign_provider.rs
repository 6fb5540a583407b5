//! An embedding program that installed its own cryptography for tokens, with more algorithms than ours. In a process
//! of its own, because a provider is installed for the whole process.

#![expect(clippy::unwrap_used, reason = "the helpers of tests fail by panicking, as tests do")]

use std::sync::atomic::{AtomicUsize, Ordering};

use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::signature::{Error, Signer, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, encode};
use segb_auth::{Auth, AuthError, Role, Secret, TokenRequest};
use sha2::{Sha256, Sha512};

const SECRET: &str = "a-secret-for-tests-of-32-bytes-or-more";

static USES: AtomicUsize = AtomicUsize::new(0);

/// HS256 and HS512.
struct Foreign(Algorithm, Vec<u8>);

impl Signer<Vec<u8>> for Foreign {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        USES.fetch_add(1, Ordering::Relaxed);
        if self.0 == Algorithm::HS512 {
            let mac = Hmac::<Sha512>::new_from_slice(&self.1).unwrap().chain_update(message);
            return Ok(mac.finalize().into_bytes().to_vec());
        }
        let mac = Hmac::<Sha256>::new_from_slice(&self.1).unwrap().chain_update(message);
        Ok(mac.finalize().into_bytes().to_vec())
    }
}

impl Verifier<Vec<u8>> for Foreign {
    fn verify(&self, message: &[u8], tag: &Vec<u8>) -> Result<(), Error> {
        if self.try_sign(message)? == *tag { Ok(()) } else { Err(Error::new()) }
    }
}

impl JwtSigner for Foreign {
    fn algorithm(&self) -> Algorithm {
        self.0
    }
}

impl JwtVerifier for Foreign {
    fn algorithm(&self) -> Algorithm {
        self.0
    }
}

static FOREIGN: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| Ok(Box::new(Foreign(*algorithm, key.as_bytes().to_vec()))),
    verifier_factory: |algorithm, key| Ok(Box::new(Foreign(*algorithm, key.try_get_as_bytes()?.to_vec()))),
    key_utils: KeyUtils::new_unimplemented(),
};

#[test]
fn only_hs256_is_taken_with_a_foreign_provider_too() {
    FOREIGN.install_default().unwrap();
    let auth = Auth::detect(Some(SECRET), None, false).unwrap();
    let secret = Secret::new(SECRET, false).unwrap();
    let issued = TokenRequest::new("ana", [Role::Admin]).issue(&secret, 1000, [0; 16]).unwrap();
    let uses = USES.load(Ordering::Relaxed);
    let bearer = |token: &str| auth.authenticate(Some(format!("Bearer {token}").as_bytes()), 1000);

    assert_eq!(bearer(&issued.token).unwrap().username, "ana");
    assert!(USES.load(Ordering::Relaxed) > uses, "the foreign provider is the one in use");

    let claims = serde_json::json!({"username": "ana", "roles": ["admin"], "exp": 2000});
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    let hs512 = encode(&Header::new(Algorithm::HS512), &claims, &key).unwrap();
    assert_eq!(bearer(&hs512), Err(AuthError::InvalidToken));
    // The program itself still gets what it installed.
    let mut validation = jsonwebtoken::Validation::new(Algorithm::HS512);
    validation.validate_exp = false;
    let key = DecodingKey::from_secret(SECRET.as_bytes());
    assert!(jsonwebtoken::decode::<serde_json::Value>(&hs512, &key, &validation).is_ok());
}
