//! The cryptography under `jsonwebtoken`: HMAC-SHA256 (RFC 2104, RFC 7518 section 3.2) and nothing else.

use std::sync::OnceLock;

use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils, sign, verify};
use jsonwebtoken::errors::{ErrorKind, Result};
use jsonwebtoken::signature::{self, Signer, Verifier};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, EncodingKey};
use sha2::Sha256;

/// Makes `jsonwebtoken` ready to use. False if the program installed another provider before and that one gets
/// HS256 wrong.
///
/// If `jsonwebtoken` was called before any provider was installed it has put in a placeholder that panics; then this
/// panics too, which is while the program starts and not when a request comes.
pub(crate) fn is_ready() -> bool {
    static READY: OnceLock<bool> = OnceLock::new();
    *READY.get_or_init(|| PROVIDER.install_default().is_ok() || computes_known_answer())
}

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: verifier,
    key_utils: KeyUtils {
        rsa_pub_components_from_private_key: |_| Err(ErrorKind::UnsupportedAlgorithm.into()),
        rsa_pub_components_from_public_key: |_| Err(ErrorKind::UnsupportedAlgorithm.into()),
        ec_pub_components_from_private_key: |_, _| Err(ErrorKind::UnsupportedAlgorithm.into()),
        ed_pub_components_from_private_key: |_, _| Err(ErrorKind::UnsupportedAlgorithm.into()),
        compute_digest: |_, _| Err(ErrorKind::UnsupportedAlgorithm.into()),
    },
};

fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    Ok(Box::new(Hs256::new(*algorithm, key.family(), key.as_bytes())?))
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    Ok(Box::new(Hs256::new(*algorithm, key.family(), key.try_get_as_bytes()?)?))
}

/// A key, ready to sign and verify.
struct Hs256(Hmac<Sha256>);

impl Hs256 {
    fn new(algorithm: Algorithm, family: AlgorithmFamily, key: &[u8]) -> Result<Self> {
        if algorithm != Algorithm::HS256 {
            return Err(ErrorKind::UnsupportedAlgorithm.into());
        }
        // A public key of another family is no secret, so nothing may be signed with it (RFC 8725, section 2.1).
        if family != AlgorithmFamily::Hmac {
            return Err(ErrorKind::InvalidKeyFormat.into());
        }
        Hmac::new_from_slice(key).map(Self).map_err(|_| ErrorKind::InvalidKeyFormat.into())
    }
}

impl Signer<Vec<u8>> for Hs256 {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, signature::Error> {
        Ok(self.0.clone().chain_update(message).finalize().into_bytes().to_vec())
    }
}

impl Verifier<Vec<u8>> for Hs256 {
    fn verify(&self, message: &[u8], tag: &Vec<u8>) -> std::result::Result<(), signature::Error> {
        // Takes the same time wherever the difference is, and refuses a shortened tag.
        self.0.clone().chain_update(message).verify_slice(tag).map_err(signature::Error::from_source)
    }
}

impl JwtSigner for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

/// Whether the installed provider agrees with RFC 4231, section 4.3 (test case 2), and refuses another answer.
fn computes_known_answer() -> bool {
    const KEY: &[u8] = b"Jefe";
    const MESSAGE: &[u8] = b"what do ya want for nothing?";
    const ANSWER: &str = "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM";
    const WRONG: &str = "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEA";

    let verified = |tag| verify(tag, MESSAGE, &DecodingKey::from_secret(KEY), Algorithm::HS256);
    let signed = sign(MESSAGE, &EncodingKey::from_secret(KEY), Algorithm::HS256);
    signed.is_ok_and(|tag| tag == ANSWER)
        && verified(ANSWER).is_ok_and(|good| good)
        && !verified(WRONG).is_ok_and(|good| good)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_rfc() {
        assert!(is_ready());
        assert!(computes_known_answer());
    }

    #[test]
    fn knows_no_other_algorithm() {
        use Algorithm::{ES256, ES384, EdDSA, HS384, HS512, PS256, PS384, PS512, RS256, RS384, RS512};
        for algorithm in [HS384, HS512, ES256, ES384, RS256, RS384, RS512, PS256, PS384, PS512, EdDSA] {
            assert!(signer(&algorithm, &EncodingKey::from_secret(b"k")).is_err(), "{algorithm:?}");
            assert!(verifier(&algorithm, &DecodingKey::from_secret(b"k")).is_err(), "{algorithm:?}");
        }
    }

    #[test]
    fn takes_no_public_key_for_a_secret() {
        assert!(signer(&Algorithm::HS256, &EncodingKey::from_rsa_der(b"key")).is_err());
        assert!(verifier(&Algorithm::HS256, &DecodingKey::from_rsa_der(b"key")).is_err());
        assert!(verifier(&Algorithm::HS256, &DecodingKey::from_rsa_raw_components(b"n", b"e")).is_err());
    }

    #[test]
    fn a_tag_has_its_full_length() {
        let key = Hs256::new(Algorithm::HS256, AlgorithmFamily::Hmac, b"key").unwrap();
        let mut tag = key.try_sign(b"message").unwrap();
        assert!(key.verify(b"message", &tag).is_ok());
        tag.pop();
        assert!(key.verify(b"message", &tag).is_err());
        assert!(key.verify(b"message", &Vec::new()).is_err());
    }
}
