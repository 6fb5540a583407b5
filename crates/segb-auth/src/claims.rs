//! What the claims of a rightly signed token say (RFC 7519, section 4).

use serde_json::Value;

use crate::object::Object;
use crate::{Actor, AuthError, InvalidClaim, Role};

/// The actor that `claims` describe, at the time `now` in seconds since 1970.
///
/// The times come first: who shows an expired token needs a new one, whatever else is wrong with it. Claims that are
/// not known here are ignored.
pub(crate) fn actor(claims: &Object, now: i64) -> Result<Actor, AuthError> {
    check_times(claims, now)?;
    // A token for an audience is for somebody else: no name of ours is ever put there (RFC 7519, section 4.1.3).
    if claims.has("aud") {
        return Err(AuthError::InvalidToken);
    }
    let username = required(claims, "username")?;
    let roles = required(claims, "roles")?;
    Ok(Actor {
        username: checked_username(username)?,
        roles: checked_roles(roles)?,
        name: optional_text(claims.get("name").filter(|name| !name.is_null()))?,
        jti: optional_text(claims.get("jti"))?,
        authenticated: true,
    })
}

/// The token must not have ended (in its last second it has), have begun in the future or be made there. No leeway:
/// the clock that makes tokens and the one that checks them are the same or kept by NTP.
fn check_times(claims: &Object, now: i64) -> Result<(), AuthError> {
    let expires_at = seconds(required(claims, "exp")?)?;
    if expires_at <= now {
        return Err(AuthError::ExpiredToken);
    }
    for name in ["nbf", "iat"] {
        if let Some(value) = claims.get(name)
            && seconds(value)? > now
        {
            return Err(AuthError::InvalidToken);
        }
    }
    Ok(())
}

/// A `NumericDate` (RFC 7519, section 2) as whole seconds since 1970. It may have a fraction, which is dropped: tokens
/// made with Python's `time.time()` have one. Text is no date, even if it spells a number.
fn seconds(value: &Value) -> Result<i64, AuthError> {
    if let Some(whole) = value.as_i64() {
        return Ok(whole);
    }
    let with_fraction = value.as_f64().filter(|number| number.is_finite()).ok_or(AuthError::InvalidToken)?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "dropping the fraction is the intent, and `as` saturates"
    )]
    let whole = with_fraction as i64;
    Ok(whole)
}

/// The claim `name`, which must be there. `null` is not there.
fn required<'a>(claims: &'a Object, name: &'static str) -> Result<&'a Value, AuthError> {
    claims.get(name).filter(|value| !value.is_null()).ok_or(AuthError::MissingClaim(name))
}

fn checked_username(value: &Value) -> Result<String, AuthError> {
    let username = value.as_str().filter(|text| !text.trim().is_empty());
    username.map(str::to_owned).ok_or(AuthError::InvalidClaim(InvalidClaim::Username))
}

/// The roles, each once, in the order of the token. The shape of the whole list is checked before its names.
fn checked_roles(value: &Value) -> Result<Vec<Role>, AuthError> {
    let names: Option<Vec<&str>> = value.as_array().and_then(|list| list.iter().map(Value::as_str).collect());
    let names =
        names.filter(|names| !names.is_empty()).ok_or(AuthError::InvalidClaim(InvalidClaim::Roles))?;
    let mut roles = Vec::new();
    for name in names {
        let role = name.parse().map_err(|_| AuthError::InvalidClaim(InvalidClaim::UnknownRole))?;
        if !roles.contains(&role) {
            roles.push(role);
        }
    }
    Ok(roles)
}

fn optional_text(value: Option<&Value>) -> Result<Option<String>, AuthError> {
    value.map(|value| value.as_str().map(str::to_owned).ok_or(AuthError::InvalidToken)).transpose()
}
