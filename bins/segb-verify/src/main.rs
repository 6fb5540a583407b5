//! Checks the evidence that a SEGB server leaves: journals, receipts and bundles; and is a witness of its checkpoints.
//!
//! The program is a thin shell around the library of the same name, which knows what is checked; `docs/verifying.md`
//! shows how it is used.

mod arguments;
mod commands;
mod output;
mod progress;
mod serve;
mod system;

use std::process::ExitCode;

use arguments::{Arguments, Command};
use clap::Parser as _;

fn main() -> ExitCode {
    let Arguments { command, json } = Arguments::parse();
    let outcome = match command {
        Command::Journal(arguments) => commands::journal(&arguments, json),
        Command::Receipt(arguments) => commands::receipt(&arguments, json),
        Command::Bundle(arguments) => commands::bundle(&arguments, json),
        Command::Witness(arguments) => serve::witness(arguments, json),
    };
    outcome.unwrap_or_else(|error| output::complain(error.as_ref(), json))
}
