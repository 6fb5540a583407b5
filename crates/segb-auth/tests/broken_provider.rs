//! An embedding program whose own cryptography for tokens believes everything: the server must not start.

use jsonwebtoken::Algorithm;
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::signature::{Error, Signer, Verifier};
use segb_auth::{Auth, IssueError, Mode, Role, Secret, SecretError, TokenRequest};

const SECRET: &str = "a-secret-for-tests-of-32-bytes-or-more";

struct Gullible;

impl Signer<Vec<u8>> for Gullible {
    fn try_sign(&self, _message: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(vec![0; 32])
    }
}

impl Verifier<Vec<u8>> for Gullible {
    fn verify(&self, _message: &[u8], _tag: &Vec<u8>) -> Result<(), Error> {
        Ok(())
    }
}

impl JwtSigner for Gullible {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl JwtVerifier for Gullible {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

static GULLIBLE: CryptoProvider = CryptoProvider {
    signer_factory: |_, _| Ok(Box::new(Gullible)),
    verifier_factory: |_, _| Ok(Box::new(Gullible)),
    key_utils: KeyUtils::new_unimplemented(),
};

#[test]
fn a_provider_that_believes_everything_is_found_at_start() {
    GULLIBLE.install_default().unwrap();
    let detected = Auth::detect(Some(SECRET), None, false).map(|auth| auth.mode());
    assert_eq!(detected, Err(SecretError::CryptoProvider));

    let secret = Secret::new(SECRET, false).unwrap();
    let issued = TokenRequest::new("ana", [Role::Admin]).issue(&secret, 1000, [0; 16]);
    assert_eq!(issued, Err(IssueError::Signing));

    let learning = Auth::detect(None, None, false).map(|auth| auth.mode());
    assert_eq!(learning, Ok(Mode::Learning), "learning mode needs no cryptography");
}
