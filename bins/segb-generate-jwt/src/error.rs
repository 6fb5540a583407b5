use std::io;

use segb_auth::{IssueError, WeakSecret};

/// Why no token was printed. Printed after `Error: `; no text holds a secret, nor the names given for finding it,
/// because a secret may have been given in place of a name.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ToolError {
    /// The command line cannot be understood.
    #[error("{0}")]
    Usage(String),
    /// The file with the secret cannot be read.
    #[error("the file given by --secret-file cannot be read: {0}")]
    SecretFile(io::Error),
    /// What was found is no text in UTF-8.
    #[error("the secret {0} is not UTF-8 text")]
    NotText(SecretSource),
    /// The name given by `--secret-env` cannot be that of a variable.
    #[error("--secret-env takes the name of an environment variable (letters, digits, underscores)")]
    VariableName,
    /// `.env` is there and cannot be read.
    #[error("the file .env in the current directory cannot be read: {0}")]
    DotEnv(io::Error),
    /// `.env` is there and a line of it cannot be understood. Which one is not shown, because it may be the secret.
    #[error("the file .env in the current directory has a line that is not of the form NAME=value")]
    DotEnvLine,
    /// The secret is too easily guessed, or none.
    #[error("the secret {from} {weakness}{}", .weakness.advice())]
    Weak {
        /// Where the secret is from.
        from: SecretSource,
        /// What is wrong with it.
        weakness: Weakness,
    },
    /// There is no secret anywhere and nobody to ask for it.
    #[error(
        "there is no secret and no terminal to ask for it ({0}). Set SECRET_KEY, put it into .env, or use --secret-file"
    )]
    NoSecret(io::Error),
    /// The token would be one that no server takes.
    #[error("{0}")]
    Issue(#[from] IssueError),
    /// The system gave no random bytes.
    #[error("the system's random generator failed: {0}")]
    Random(String),
    /// The end of the token is after the year 9999.
    #[error("the end of the token is out of range; is the clock right?")]
    Time,
    /// The token could not be printed.
    #[error("cannot write to standard output: {0}")]
    Output(io::Error),
}

/// Where a secret was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretSource {
    /// The file of `--secret-file`.
    File,
    /// The environment.
    Environment,
    /// The file `.env` in the current directory.
    DotEnv,
    /// The keyboard.
    Prompt,
}

impl std::fmt::Display for SecretSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::File => "in the file given by --secret-file",
            Self::Environment => "in the environment variable",
            Self::DotEnv => "in the file .env",
            Self::Prompt => "that was typed",
        })
    }
}

/// A [`WeakSecret`], with what to do about it.
#[derive(Debug, Clone, Copy)]
pub struct Weakness(pub WeakSecret);

impl Weakness {
    const fn advice(self) -> &'static str {
        match self.0 {
            WeakSecret::Empty => "",
            _ => ". Make a strong one with --generate-secret, or take it as it is with --allow-weak-secret",
        }
    }
}

impl std::fmt::Display for Weakness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
