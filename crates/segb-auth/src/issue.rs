use std::fmt;

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::Serialize;

use crate::{HEADER_BYTES_MAX, Role, Secret, provider};

/// The shortest life of a token, in seconds.
pub const EXPIRES_IN_SECONDS_MIN: u32 = 60;
/// The longest life of a token, in seconds: 30 days. A token cannot be taken back, so it has to end by itself.
pub const EXPIRES_IN_SECONDS_MAX: u32 = 2_592_000;
/// The life of a token if nothing is said: an hour.
pub const EXPIRES_IN_SECONDS_DEFAULT: u32 = 3600;

/// What a new token is to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRequest {
    username: String,
    roles: Vec<Role>,
    name: Option<String>,
    expires_in_seconds: u32,
    not_before_delay_seconds: u32,
}

impl TokenRequest {
    /// A token for `username` with these roles (doubles are dropped, the order is kept), valid at once and for
    /// [`EXPIRES_IN_SECONDS_DEFAULT`].
    pub fn new(username: impl Into<String>, roles: impl IntoIterator<Item = Role>) -> Self {
        let mut distinct = Vec::new();
        for role in roles {
            if !distinct.contains(&role) {
                distinct.push(role);
            }
        }
        Self {
            username: username.into(),
            roles: distinct,
            name: None,
            expires_in_seconds: EXPIRES_IN_SECONDS_DEFAULT,
            not_before_delay_seconds: 0,
        }
    }

    /// Adds a name for people to read. A blank one is left out of the token.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into()).filter(|name| !name.trim().is_empty());
        self
    }

    /// Sets the life of the token, counted from when it is issued: [`EXPIRES_IN_SECONDS_MIN`] to
    /// [`EXPIRES_IN_SECONDS_MAX`].
    #[must_use]
    pub const fn expires_in_seconds(mut self, seconds: u32) -> Self {
        self.expires_in_seconds = seconds;
        self
    }

    /// Makes the token valid only this long after it is issued. Its end stays where it is: a delay as long as the
    /// life makes a token that is never valid.
    #[must_use]
    pub const fn not_before_delay_seconds(mut self, seconds: u32) -> Self {
        self.not_before_delay_seconds = seconds;
        self
    }

    /// Signs the token with `secret`. `issued_at` is the present time in seconds since 1970 and `id` 16 random bytes
    /// that make this token different from all others (RFC 7519, section 4.1.7).
    ///
    /// # Errors
    ///
    /// [`IssueError`] if the request is one that no server would take, or if the signing fails.
    pub fn issue(&self, secret: &Secret, issued_at: i64, id: [u8; 16]) -> Result<IssuedToken, IssueError> {
        let claims = self.claims(issued_at, id)?;
        if !provider::is_ready() {
            return Err(IssueError::Signing);
        }
        let key = EncodingKey::from_secret(secret.as_bytes());
        let token = encode(&Header::new(Algorithm::HS256), &claims, &key).map_err(|_| IssueError::Signing)?;
        if "Bearer ".len() + token.len() > HEADER_BYTES_MAX {
            return Err(IssueError::TooLong);
        }
        Ok(IssuedToken {
            token,
            username: self.username.clone(),
            roles: self.roles.clone(),
            not_before: claims.nbf,
            expires_at: claims.exp,
        })
    }

    fn claims(&self, issued_at: i64, id: [u8; 16]) -> Result<Claims<'_>, IssueError> {
        if self.username.trim().is_empty() {
            return Err(IssueError::BlankUsername);
        }
        if self.roles.is_empty() {
            return Err(IssueError::NoRoles);
        }
        if !(EXPIRES_IN_SECONDS_MIN..=EXPIRES_IN_SECONDS_MAX).contains(&self.expires_in_seconds) {
            return Err(IssueError::ExpiresInOutOfRange);
        }
        let after =
            |seconds: u32| issued_at.checked_add(i64::from(seconds)).ok_or(IssueError::TimeOutOfRange);
        Ok(Claims {
            username: &self.username,
            roles: &self.roles,
            iat: issued_at,
            nbf: after(self.not_before_delay_seconds)?,
            exp: after(self.expires_in_seconds)?,
            jti: format!("{:032x}", u128::from_be_bytes(id)),
            name: self.name.as_deref(),
        })
    }
}

/// The payload of a token, in this order.
#[derive(Serialize)]
struct Claims<'a> {
    username: &'a str,
    roles: &'a [Role],
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
}

/// A token and what it says. Whoever has it can act as its user, so `Debug` leaves the token out.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IssuedToken {
    /// The token in compact form, for the header `Authorization: Bearer <token>`.
    pub token: String,
    /// Whom it is for.
    pub username: String,
    /// What it allows, each role once.
    pub roles: Vec<Role>,
    /// The first second in which it is valid, since 1970.
    pub not_before: i64,
    /// The first second in which it is no longer valid, since 1970.
    pub expires_at: i64,
}

impl fmt::Debug for IssuedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuedToken")
            .field("username", &self.username)
            .field("roles", &self.roles)
            .field("not_before", &self.not_before)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// Why a token is not issued. All but [`IssueError::Signing`] are the caller's to mend; every text is safe to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IssueError {
    /// The username is empty or only white space.
    #[error("the username must not be blank")]
    BlankUsername,
    /// There is no role, and a token without one would be good for nothing.
    #[error("at least one role is needed")]
    NoRoles,
    /// The token would live too short or too long.
    #[error("a token lives between {EXPIRES_IN_SECONDS_MIN} and {EXPIRES_IN_SECONDS_MAX} seconds (30 days)")]
    ExpiresInOutOfRange,
    /// The times do not fit into 64 bits: the clock is wrong.
    #[error("the present time is out of range; is the clock right?")]
    TimeOutOfRange,
    /// The token would not fit into a header of [`HEADER_BYTES_MAX`], because of its username or name.
    #[error("the token would be longer than {HEADER_BYTES_MAX} bytes; use a shorter username or name")]
    TooLong,
    /// The cryptography of the program failed; a fault of the program.
    #[error("the token could not be signed")]
    Signing,
}
