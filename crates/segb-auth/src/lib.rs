//! Who calls, and what may they do: the mode of the server, its secrets, the claims of a token, the roles, and the
//! table that says which role may do what. Everything here is a function of its arguments: the crate knows no I/O,
//! no HTTP, no clock and no environment.
//!
//! A server builds one [`Auth`] from its settings at start. For each request it calls [`Auth::authenticate`] with
//! the value of the `Authorization` header (RFC 6750, section 2.1) and the present time, and then
//! [`Auth::authorize`] with the [`Action`] that the request asks for. Tokens are made with [`TokenRequest::issue`].
//!
//! ```
//! use segb_auth::{Action, Auth, AuthError, Role, Secret, TokenRequest};
//!
//! let secret = segb_auth::generate_secret([7; 32]); // 32 bytes from the system's random generator
//! let auth = Auth::detect(Some(&secret), None, false)?;
//!
//! let now = 1_767_225_600; // seconds since 1970, from the clock of the caller
//! let request = TokenRequest::new("robot-1", [Role::Logger]).expires_in_seconds(3600);
//! let issued = request.issue(&Secret::new(&secret, false)?, now, [1; 16])?;
//!
//! let header = format!("Bearer {}", issued.token);
//! let actor = auth.authenticate(Some(header.as_bytes()), now)?;
//! assert_eq!(actor.username, "robot-1");
//! assert!(auth.authorize(&actor, Action::InsertLog).is_ok());
//! assert!(auth.authorize(&actor, Action::ReadGraph).is_err());
//!
//! let an_hour_later = auth.authenticate(Some(header.as_bytes()), now + 3600);
//! assert_eq!(an_hour_later, Err(AuthError::ExpiredToken));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What a token must look like
//!
//! A JSON Web Signature in compact form (RFC 7515, section 3.1) with the algorithm HS256 and no other: the header
//! of a token cannot choose, because only HS256 is built in. The rules for the claims are in `docs/authentication.md`
//! and next to the code that checks them.
//!
//! # Programs that use `jsonwebtoken` themselves
//!
//! `jsonwebtoken` takes its cryptography from a provider that can be installed once per process. [`Auth::detect`]
//! and [`TokenRequest::issue`] install one that does HS256 and nothing else. An embedding program that needs other
//! algorithms for tokens of its own installs its provider before; ours then stays out, the other one is tried
//! on a known answer first, and the rules above hold as before.

mod action;
mod actor;
mod authorization;
mod claims;
mod error;
mod issue;
mod object;
mod provider;
mod role;
mod secret;
mod token;

pub use action::{Action, allowed_roles};
pub use actor::{ANONYMOUS_USERNAME, Actor};
pub use authorization::{Auth, HEADER_BYTES_MAX, Mode};
pub use error::{AuthError, Forbidden, InvalidClaim, SecretError};
pub use issue::{
    EXPIRES_IN_SECONDS_DEFAULT, EXPIRES_IN_SECONDS_MAX, EXPIRES_IN_SECONDS_MIN, IssueError, IssuedToken,
    TokenRequest,
};
pub use role::{Role, UnknownRole};
pub use secret::{SECRET_BYTES_MIN, Secret, WeakSecret, generate_secret};
