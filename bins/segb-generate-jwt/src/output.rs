//! What is printed: the result on standard output, alone on its line, and everything else on standard error.

use std::io::{self, IsTerminal as _, Write as _};

use jiff::Timestamp;
use jiff::tz::Offset;
use segb_auth::{IssuedToken, Role};
use serde::Serialize;

use crate::error::ToolError;

/// The line that `--json` prints, with its members in this order.
#[derive(Serialize)]
struct TokenLine<'a> {
    token: &'a str,
    username: &'a str,
    roles: &'a [Role],
    exp: i64,
    exp_utc: String,
    algorithm: &'static str,
}

pub fn token(issued: &IssuedToken, json: bool) -> Result<(), ToolError> {
    if issued.not_before >= issued.expires_at {
        note("Warning: this token is never valid: it ends before it becomes valid.");
    }
    if json { print_line(&json_line(issued)?) } else { print_line(&issued.token) }
}

fn json_line(issued: &IssuedToken) -> Result<String, ToolError> {
    let end = Timestamp::from_second(issued.expires_at).map_err(|_| ToolError::Time)?;
    let line = TokenLine {
        token: &issued.token,
        username: &issued.username,
        roles: &issued.roles,
        exp: issued.expires_at,
        exp_utc: end.display_with_offset(Offset::UTC).to_string(),
        algorithm: "HS256",
    };
    serde_json::to_string(&line).map_err(|error| ToolError::Output(error.into()))
}

/// Prints a new secret, and if somebody is watching, where it belongs.
pub fn secret(secret: &str) -> Result<(), ToolError> {
    print_line(secret)?;
    if io::stderr().is_terminal() {
        note("Put it into the server's .env as SECRET_KEY=… and keep it to yourself.");
    }
    Ok(())
}

pub fn print(text: &str) -> Result<(), ToolError> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(ToolError::Output)
}

fn print_line(line: &str) -> Result<(), ToolError> {
    print(&format!("{line}\n"))
}

pub fn complain(error: &ToolError) {
    note(&format!("Error: {error}"));
}

/// Writes to standard error. If even that fails there is nobody left to tell.
fn note(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}
