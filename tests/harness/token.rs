//! Tokens for the tests.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::SystemTime,
};

use segb_auth::{Role, Secret, TokenRequest};

/// The secret of servers under test.
pub const SECRET: &str = "tests-only-secret-tests-only-secret-0123456789";

/// Tokens need ids that differ, not ids that nobody can guess.
static NEXT_ID: AtomicU64 = AtomicU64::new(1);

/// A token for `username`, good for an hour.
pub fn token(username: &str, roles: &[Role]) -> String {
    token_with(SECRET, username, roles, 0)
}

/// A token signed with `secret` and issued `age_seconds` ago, good for an hour from then.
pub fn token_with(secret: &str, username: &str, roles: &[Role], age_seconds: i64) -> String {
    let now = SystemTime::UNIX_EPOCH.elapsed().expect("after 1970").as_secs() as i64;
    let secret = Secret::new(secret, true).expect("a usable secret");
    TokenRequest::new(username, roles.to_vec())
        .issue(
            &secret,
            now - age_seconds,
            NEXT_ID.fetch_add(1, Ordering::Relaxed).to_be_bytes().repeat(2).try_into().expect("16 bytes"),
        )
        .expect("a valid request")
        .token
}
