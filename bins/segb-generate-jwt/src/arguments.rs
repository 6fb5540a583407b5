//! The command line.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, Parser};
use segb_auth::{EXPIRES_IN_SECONDS_DEFAULT, EXPIRES_IN_SECONDS_MAX, EXPIRES_IN_SECONDS_MIN, Role};

const EXAMPLES: &str = "\
Examples:
  Make a secret, and put it into the file .env that the server reads:
    echo \"SECRET_KEY=$(segb-generate-jwt --generate-secret)\" >> .env

  A token for a robot, good for an hour, with the secret from .env:
    segb-generate-jwt --username robot-1 --role logger

  A token for an auditor, good for a week, kept in a shell variable:
    AUDITOR_TOKEN=$(segb-generate-jwt --username ana --role auditor --expires-in 604800)

  A token with two roles, with the secret from a file, as JSON:
    segb-generate-jwt --username ops --role admin --role auditor --secret-file segb.key --json

The secret is taken from --secret-file, else from the environment variable SECRET_KEY (or the one
named by --secret-env), else from the file .env in the current directory, else you are asked for it.
It is never taken from the command line, where other users and the shell's history could see it.";

/// Make an access token for a SEGB server in protected mode, or the secret that tokens are signed with
#[derive(Debug, Parser)]
#[command(name = "segb-generate-jwt", version, after_help = EXAMPLES)]
pub struct Arguments {
    /// Print a new secret instead of a token: 32 random bytes as URL-safe base64, ready for .env
    #[arg(long, exclusive = true)]
    pub generate_secret: bool,

    #[command(flatten)]
    pub token: TokenArguments,
}

/// What the token says.
#[derive(Debug, Args)]
pub struct TokenArguments {
    /// Who the token is for: the actor in the journal and in the server log
    #[arg(long, value_name = "NAME", required_unless_present = "generate_secret")]
    pub username: Option<String>,

    /// What the token allows; may be given several times
    #[arg(long, required_unless_present = "generate_secret", value_parser = role_parser())]
    pub role: Vec<Role>,

    /// How long the token is good, from 60 (a minute) to 2592000 (30 days)
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = EXPIRES_IN_SECONDS_DEFAULT,
        value_parser = clap::value_parser!(u32)
            .range(EXPIRES_IN_SECONDS_MIN as i64..=EXPIRES_IN_SECONDS_MAX as i64),
        allow_negative_numbers = true
    )]
    pub expires_in: u32,

    /// A name for people to read
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// How long from now until the token becomes good; its end is counted from now all the same
    #[arg(long, value_name = "SECONDS", default_value_t = 0, allow_negative_numbers = true)]
    pub not_before_delay: u32,

    #[command(flatten)]
    pub secret: SecretArguments,

    /// Print one line of JSON with the token, its user, roles and end
    #[arg(long)]
    pub json: bool,
}

/// Where the secret is.
#[derive(Debug, Args)]
pub struct SecretArguments {
    /// The environment variable with the secret
    #[arg(long, value_name = "VARIABLE", default_value = "SECRET_KEY")]
    pub secret_env: String,

    /// A file with the secret; white space around it is ignored
    #[arg(long, value_name = "FILE")]
    pub secret_file: Option<PathBuf>,

    /// Take a secret under 32 bytes, which is easily guessed: for experiments only
    #[arg(long)]
    pub allow_weak_secret: bool,
}

/// What the command line asks for.
pub enum Request {
    /// To do the work.
    Run(Arguments),
    /// To print this help or version.
    Show(String),
    /// Nothing that can be understood, for this reason.
    Misused(String),
}

pub fn parse() -> Request {
    match Arguments::try_parse() {
        Ok(arguments) => Request::Run(arguments),
        Err(error) if error.use_stderr() => Request::Misused(explain(&error)),
        Err(error) => Request::Show(error.render().to_string()),
    }
}

fn role_parser() -> impl clap::builder::TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::ALL.map(Role::as_str)).try_map(|name| name.parse::<Role>())
}

/// The error of `clap` without its prefix. An argument it did not expect is not repeated, because it might be a
/// secret that somebody tried to hand over.
fn explain(error: &clap::Error) -> String {
    if error.kind() == ErrorKind::UnknownArgument {
        let name = match error.get(ContextKind::InvalidArg) {
            Some(ContextValue::String(argument)) if argument.starts_with("--") => argument.as_str(),
            _ => "",
        };
        let name = name.split('=').next().unwrap_or_default();
        return format!(
            "unexpected argument {name}\n\nA secret is never taken from the command line. For more information, try '--help'."
        );
    }
    let text = error.render().to_string();
    text.strip_prefix("error: ").unwrap_or(&text).trim_end().to_owned()
}
