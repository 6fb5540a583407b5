use crate::WeakSecret;

/// Why a caller is not believed (to be answered with 401). Always the caller's to mend: with another token, or with
/// any at all. Every text is safe to show and none repeats what the caller sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuthError {
    /// No header, an empty one, another scheme than `Bearer`, or `Bearer` with nothing after it.
    #[error("Authorization header is required")]
    HeaderRequired,
    /// The token is not one of ours: malformed, wrongly signed, of another algorithm, not yet valid, for somebody
    /// else (`aud`), or with a claim of the wrong type; or there are two. Says no more, to teach a forger nothing.
    #[error("Could not validate credentials. Invalid Token")]
    InvalidToken,
    /// The token was good until the time in its claim `exp` came.
    #[error("Could not validate credentials. Expired Token")]
    ExpiredToken,
    /// The token is signed by us and lacks a claim, or the claim is `null`: `exp`, `username` or `roles`.
    #[error("Could not validate credentials. Missing claim: {0}")]
    MissingClaim(&'static str),
    /// The token is signed by us and one of its claims cannot be used.
    #[error("Could not validate credentials. Invalid Token: {0}")]
    InvalidClaim(InvalidClaim),
}

impl AuthError {
    /// The text for the field `detail` of the answer, as listed in `docs/authentication.md`.
    #[must_use]
    pub fn detail(&self) -> String {
        self.to_string()
    }
}

/// Which claim of a rightly signed token cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidClaim {
    /// `username` is no string, or blank.
    #[error("username claim is invalid")]
    Username,
    /// `roles` is no list, is empty, or holds something that is no string.
    #[error("roles claim is invalid")]
    Roles,
    /// `roles` holds a name that is no role. One is enough to spoil the token: a name that means nothing today
    /// could mean something tomorrow.
    #[error("role is not allowed")]
    UnknownRole,
}

/// The caller is known and none of its roles may do this (to be answered with 403). Mended by another token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("User does not have permission to perform this action")]
pub struct Forbidden;

impl Forbidden {
    /// The text for the field `detail` of the answer.
    #[must_use]
    pub fn detail(&self) -> String {
        self.to_string()
    }
}

/// Why a server must not start with these secrets. The operator's to mend; the texts never hold a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SecretError {
    /// The present secret is weak and weak secrets are not allowed.
    #[error(
        "SECRET_KEY {0}. Make a strong one with `segb-generate-jwt --generate-secret`, leave SECRET_KEY empty for learning mode, or set ALLOW_WEAK_SECRET=true on a machine where nothing matters"
    )]
    Current(WeakSecret),
    /// The previous secret is weak and weak secrets are not allowed.
    #[error(
        "SECRET_KEY_PREVIOUS {0}. Leave SECRET_KEY_PREVIOUS empty, or set ALLOW_WEAK_SECRET=true on a machine where nothing matters"
    )]
    Previous(WeakSecret),
    /// There is a previous secret and no present one: somebody expects protection and would get learning mode.
    #[error("SECRET_KEY_PREVIOUS is set and SECRET_KEY is not: set both while changing secrets, or neither")]
    PreviousWithoutCurrent,
    /// The program installed another provider of cryptography for tokens, and that one gets HMAC-SHA256 wrong.
    #[error("the cryptography that this program installed for tokens does not compute HS256 correctly")]
    CryptoProvider,
}
