//! Tokens for the tests.

use std::time::{SystemTime, UNIX_EPOCH};

use segb_auth::{Role, Secret, TokenRequest};

/// The secret of servers under test.
pub const SECRET: &str = "tests-only-secret-tests-only-secret-0123456789";

/// A token for `username`, good for an hour.
pub fn token(username: &str, roles: &[Role]) -> String {
    token_with(SECRET, username, roles, 0)
}

/// A token signed with `secret` and issued `age_seconds` ago, good for an hour from then.
pub fn token_with(secret: &str, username: &str, roles: &[Role], age_seconds: i64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs() as i64;
    let secret = Secret::new(secret, true).expect("a usable secret");
    TokenRequest::new(username, roles.to_vec())
        .issue(&secret, now - age_seconds, uuid::Uuid::new_v4().into_bytes())
        .expect("a valid request")
        .token
}
