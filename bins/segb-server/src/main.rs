//! The SEGB server: settings → logger → store and HTTP → run until a signal.

mod arguments;
mod chores;
mod commands;
mod demo;
mod evidence;
mod journal_key;
mod listeners;
mod logger;
mod queries;
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
use demo::Demo;
use settings::Settings;

/// The exit code for settings that cannot be used, which is also clap's for bad arguments.
const EXIT_BAD_SETTINGS: u8 = 2;

fn main() -> ExitCode {
    if queries::are_asked_for() {
        return queries::serve();
    }
    let mut arguments = Arguments::parse();
    if arguments.demo && arguments.command.is_some() {
        return fail(&"--demo starts a server, and goes with no command", EXIT_BAD_SETTINGS);
    }
    // Deleted when this function ends.
    let demo = match arguments.demo.then(Demo::prepare).transpose() {
        Ok(demo) => demo,
        Err(error) => return fail(&format!("no temporary directory: {error}"), 1),
    };
    arguments.demo_directory = demo.as_ref().map(|demo| demo.directory().to_owned());
    let (settings, warnings) = match Settings::load(&arguments) {
        Ok(loaded) => loaded,
        Err(error) => return fail(&error, EXIT_BAD_SETTINGS),
    };
    let outcome = match arguments.command {
        None if arguments.check_config => commands::check_config(&settings, &warnings),
        None => {
            logger::start(&settings).and_then(|_stderr| commands::serve(&settings, &warnings, demo.is_some()))
        }
        Some(Command::Rebuild { check: true }) => commands::check_index(&settings),
        Some(Command::Rebuild { check: false }) => {
            logger::start(&settings).and_then(|_stderr| commands::rebuild(&settings))
        }
        Some(Command::Backup { directory }) => commands::backup(&settings, &directory),
        Some(Command::ExportEvidence(wanted)) => evidence::export(&settings, wanted),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error, 1),
    }
}

fn fail(error: &dyn std::fmt::Display, code: u8) -> ExitCode {
    // There is nobody else to tell if this fails.
    let _ = writeln!(stderr(), "Error: {error}");
    ExitCode::from(code)
}
