//! The SEGB server: settings → logger → store and HTTP → run until a signal.

mod arguments;
mod chores;
mod commands;
mod evidence;
mod journal_key;
mod listeners;
mod logger;
mod serve;
mod settings;
mod system;
mod witness;

use std::{
    io::{Write, stderr},
    process::ExitCode,
};

use clap::Parser;

use arguments::{Arguments, Command};
use settings::Settings;

/// The exit code for settings that cannot be used, which is also clap's for bad arguments.
const EXIT_BAD_SETTINGS: u8 = 2;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let (settings, warnings) = match Settings::load(&arguments) {
        Ok(loaded) => loaded,
        Err(error) => return fail(&error, EXIT_BAD_SETTINGS),
    };
    let outcome = match arguments.command {
        None if arguments.check_config => commands::check_config(&settings, &warnings),
        None => logger::start(&settings).and_then(|_stderr| commands::serve(&settings, &warnings)),
        Some(Command::Rebuild { check: true }) => commands::check_index(&settings),
        Some(Command::Rebuild { check: false }) => {
            logger::start(&settings).and_then(|_stderr| commands::rebuild(&settings))
        }
        Some(Command::Backup { directory }) => commands::backup(&settings, &directory),
        Some(Command::ExportEvidence(wanted)) => evidence::export(&settings, wanted),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&*error, 1),
    }
}

fn fail(error: &dyn std::error::Error, code: u8) -> ExitCode {
    // There is nobody else to tell if this fails.
    let _ = writeln!(stderr(), "Error: {error}");
    ExitCode::from(code)
}
