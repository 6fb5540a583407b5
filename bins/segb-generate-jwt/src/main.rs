//! Makes access tokens for a SEGB server in protected mode, and the secret they are signed with.
//!
//! The program is a thin shell around `segb-auth`: it finds the secret, asks the clock and the system's random
//! generator, and prints. `docs/authentication.md` shows how it is used.

mod arguments;
mod error;
mod output;
mod secret;
mod system;

use std::process::ExitCode;

use arguments::{Arguments, Request, TokenArguments};
use error::ToolError;
use segb_auth::TokenRequest;

fn main() -> ExitCode {
    let outcome = match arguments::parse() {
        Request::Run(arguments) => run(&arguments),
        Request::Show(text) => output::print(&text),
        Request::Misused(text) => Err(ToolError::Usage(text)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(&error);
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), ToolError> {
    match &arguments.token {
        _ if arguments.generate_secret => output::secret(&segb_auth::generate_secret(system::random()?)),
        token => issue(token),
    }
}

fn issue(arguments: &TokenArguments) -> Result<(), ToolError> {
    let secret = secret::find(&arguments.secret)?;
    let mut request =
        TokenRequest::new(arguments.username.as_deref().unwrap_or_default(), arguments.role.clone())
            .expires_in_seconds(arguments.expires_in)
            .not_before_delay_seconds(arguments.not_before_delay);
    if let Some(name) = &arguments.name {
        request = request.name(name);
    }
    let issued = request.issue(&secret, system::now_unix_seconds(), system::random()?)?;
    output::token(&issued, arguments.json)
}
