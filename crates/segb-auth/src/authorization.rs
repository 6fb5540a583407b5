use std::fmt;

use jsonwebtoken::DecodingKey;

use crate::action::allowed_roles;
use crate::token::verified_claims;
use crate::{Action, Actor, AuthError, Forbidden, Secret, SecretError, claims, provider};

/// The longest `Authorization` header that is looked at, in bytes. Our own tokens take a few hundred.
pub const HEADER_BYTES_MAX: usize = 8 * 1024;

/// How a server treats its callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// There is no secret: nobody needs a token and everybody may do everything.
    Learning,
    /// There is a secret: every guarded action needs a token signed with it.
    Protected,
}

/// Decides who a caller is and what it may do. Made once at start, then shared by all requests.
pub struct Auth(Guard);

enum Guard {
    Open,
    Closed { current: DecodingKey, previous: Option<DecodingKey> },
}

impl Auth {
    /// Detects the mode from the settings `SECRET_KEY` and `SECRET_KEY_PREVIOUS`. Without a secret (unset or empty)
    /// it is learning mode, with one protected mode. While secrets are being changed, tokens signed with the
    /// previous one are taken too.
    ///
    /// With `allow_weak`, a secret may be shorter than [`crate::SECRET_BYTES_MIN`] or all white space. It is then
    /// used as it is: white space never means learning mode.
    ///
    /// # Errors
    ///
    /// [`SecretError`] if a secret is weak and `allow_weak` is false, if there is a previous secret but no present
    /// one, or if the program's own token cryptography is wrong. A server must not start then.
    pub fn detect(
        secret: Option<&str>,
        previous: Option<&str>,
        allow_weak: bool,
    ) -> Result<Self, SecretError> {
        let previous = previous.filter(|text| !text.is_empty());
        let Some(secret) = secret.filter(|text| !text.is_empty()) else {
            return match previous {
                None => Ok(Self(Guard::Open)),
                Some(_) => Err(SecretError::PreviousWithoutCurrent),
            };
        };
        let current = Secret::new(secret, allow_weak).map_err(SecretError::Current)?;
        let previous = previous.map(|text| Secret::new(text, allow_weak)).transpose();
        let previous = previous.map_err(SecretError::Previous)?;
        Self::protected(&current, previous.as_ref())
    }

    /// Protected mode with these secrets.
    ///
    /// # Errors
    ///
    /// [`SecretError::CryptoProvider`] if the program's own token cryptography is wrong.
    pub fn protected(current: &Secret, previous: Option<&Secret>) -> Result<Self, SecretError> {
        if !provider::is_ready() {
            return Err(SecretError::CryptoProvider);
        }
        Ok(Self(Guard::Closed {
            current: DecodingKey::from_secret(current.as_bytes()),
            previous: previous.map(|secret| DecodingKey::from_secret(secret.as_bytes())),
        }))
    }

    /// Which mode it is.
    #[must_use]
    pub fn mode(&self) -> Mode {
        match self.0 {
            Guard::Open => Mode::Learning,
            Guard::Closed { .. } => Mode::Protected,
        }
    }

    /// Says who calls, given the values of all headers `Authorization` (RFC 6750, section 2.1), of which there may be
    /// one, and the present time in seconds since 1970. In learning mode it is [`Actor::anonymous`], whatever the
    /// headers say.
    ///
    /// # Errors
    ///
    /// [`AuthError`] if no token is there, or one that cannot be believed, or more than one. The signature is checked
    /// before anything is said about the claims.
    pub fn authenticate<'h>(
        &self,
        headers: impl IntoIterator<Item = &'h [u8]>,
        now_unix_seconds: i64,
    ) -> Result<Actor, AuthError> {
        let Guard::Closed { current, previous } = &self.0 else {
            return Ok(Actor::anonymous());
        };
        let token = bearer_token(headers)?;
        let claims = verified_claims(token, current)
            .or_else(|| previous.as_ref().and_then(|key| verified_claims(token, key)))
            .ok_or(AuthError::InvalidToken)?;
        claims::actor(&claims, now_unix_seconds)
    }

    /// Lets `actor` do `action` if one of its roles may, by [`allowed_roles`].
    ///
    /// # Errors
    ///
    /// [`Forbidden`] if none may.
    pub fn authorize(&self, actor: &Actor, action: Action) -> Result<(), Forbidden> {
        let allowed = allowed_roles(action);
        if actor.roles.iter().any(|role| allowed.contains(role)) { Ok(()) } else { Err(Forbidden) }
    }
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Auth").field(&self.mode()).finish()
    }
}

/// The token in the one header `Bearer <token>`, the name of the scheme in any case (RFC 9110, section 11.1).
fn bearer_token<'h>(headers: impl IntoIterator<Item = &'h [u8]>) -> Result<&'h str, AuthError> {
    let mut headers = headers.into_iter();
    let header = headers.next().ok_or(AuthError::HeaderRequired)?;
    // Of two headers, a proxy in front may have believed the other one.
    if header.len() > HEADER_BYTES_MAX || headers.next().is_some() {
        return Err(AuthError::InvalidToken);
    }
    let header = str::from_utf8(header).map_err(|_| AuthError::InvalidToken)?.trim_matches([' ', '\t']);
    let (scheme, token) = header.split_once([' ', '\t']).unwrap_or((header, ""));
    let token = token.trim_start_matches([' ', '\t']);
    if !scheme.eq_ignore_ascii_case("Bearer") || token.is_empty() {
        return Err(AuthError::HeaderRequired);
    }
    Ok(token)
}
