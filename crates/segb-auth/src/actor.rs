use crate::Role;

/// The username of everybody in learning mode.
pub const ANONYMOUS_USERNAME: &str = "anonymous_user";

/// The caller of a request: who a verified token says it is, or nobody in particular in learning mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The claim `username`, exactly as signed; not blank. May hold any character: escape it where it is shown.
    pub username: String,
    /// The claim `roles`: at least one, each once, in the order of the token.
    pub roles: Vec<Role>,
    /// The claim `name`: a name for people to read.
    pub name: Option<String>,
    /// The claim `jti`: the identifier of the token (RFC 7519, section 4.1.7).
    pub jti: Option<String>,
    /// Whether a token proved who this is. False in learning mode only.
    pub authenticated: bool,
}

impl Actor {
    /// Everybody in learning mode: [`ANONYMOUS_USERNAME`] with all roles.
    #[must_use]
    pub fn anonymous() -> Self {
        Self {
            username: ANONYMOUS_USERNAME.to_owned(),
            roles: Role::ALL.to_vec(),
            name: None,
            jti: None,
            authenticated: false,
        }
    }
}
