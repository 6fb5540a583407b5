//! Plays scenarios to a running SEGB server: arguments → segb-scenarios → lines and links.

mod arguments;
mod commands;
mod links;
mod system;

use std::{
    io::{Write, stderr},
    process::ExitCode,
};

use clap::Parser;

use arguments::Arguments;

fn main() -> ExitCode {
    match commands::run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // There is nobody else to tell if this fails.
            let _ = writeln!(stderr(), "Error: {error}");
            ExitCode::FAILURE
        }
    }
}
