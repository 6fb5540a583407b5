//! Where the secret comes from: `--secret-file`, else the environment, else `.env`, else the keyboard.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use segb_auth::Secret;
use zeroize::Zeroizing;

use crate::arguments::SecretArguments;
use crate::error::{SecretSource, ToolError, Weakness};

/// How much of a file is read for a secret, in bytes. More is no secret but a wrong file.
const FILE_BYTES_MAX: u64 = 64 * 1024;

/// The text of a secret, wiped when dropped, and where it is from.
type Found = (Zeroizing<String>, SecretSource);

pub fn find(arguments: &SecretArguments) -> Result<Secret, ToolError> {
    let (text, from) = match &arguments.secret_file {
        Some(path) => from_file(path)?,
        None => from_setting(&arguments.secret_env)?,
    };
    Secret::new(&text, arguments.allow_weak_secret)
        .map_err(|weakness| ToolError::Weak { from, weakness: Weakness(weakness) })
}

fn from_setting(name: &str) -> Result<Found, ToolError> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || !name.chars().all(word) {
        return Err(ToolError::VariableName);
    }
    if let Some(found) = from_environment(name)? {
        return Ok(found);
    }
    if let Some(found) = from_dot_env(name)? {
        return Ok(found);
    }
    from_keyboard()
}

/// The content of the file without the white space around it: editors and `echo` end files with a line break.
fn from_file(path: &Path) -> Result<Found, ToolError> {
    let mut bytes = Zeroizing::new(Vec::new());
    let file = File::open(path).map_err(ToolError::SecretFile)?;
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(ToolError::SecretFile)?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(ToolError::SecretFile(io::Error::other("it is too large for a secret")));
    }
    let text = str::from_utf8(&bytes).map_err(|_| ToolError::NotText(SecretSource::File))?;
    Ok((Zeroizing::new(text.trim().to_owned()), SecretSource::File))
}

/// The variable's value as it is. An empty variable is an unset one, as it is for the server.
fn from_environment(name: &str) -> Result<Option<Found>, ToolError> {
    let Some(value) = std::env::var_os(name).filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let text = value.into_string().map_err(|_| ToolError::NotText(SecretSource::Environment))?;
    Ok(Some((Zeroizing::new(text), SecretSource::Environment)))
}

/// The value in the file `.env` of the current directory. If the name is there several times the last one counts, so
/// that a line added at the end replaces an empty one from `.env.example`.
fn from_dot_env(name: &str) -> Result<Option<Found>, ToolError> {
    let entries = match dotenvy::from_path_iter(".env") {
        Ok(entries) => entries,
        Err(error) if error.not_found() => return Ok(None),
        Err(error) => return Err(dot_env_error(error)),
    };
    let mut found = None;
    for entry in entries {
        let (key, value) = entry.map_err(dot_env_error)?;
        let value = Zeroizing::new(value);
        if key == name {
            found = Some((value, SecretSource::DotEnv));
        }
    }
    Ok(found.filter(|(value, _)| !value.is_empty()))
}

fn dot_env_error(error: dotenvy::Error) -> ToolError {
    match error {
        dotenvy::Error::Io(error) => ToolError::DotEnv(error),
        // The other errors show the line, and with it the secret.
        _ => ToolError::DotEnvLine,
    }
}

/// Asks at the terminal, without showing what is typed. White space around a pasted secret is ignored.
fn from_keyboard() -> Result<Found, ToolError> {
    let typed = rpassword::prompt_password("SECRET_KEY (not shown): ").map_err(ToolError::NoSecret)?;
    let typed = Zeroizing::new(typed);
    Ok((Zeroizing::new(typed.trim().to_owned()), SecretSource::Prompt))
}
