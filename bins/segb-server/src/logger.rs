//! The server log: lines to stderr and to a file that is rotated.

mod rotation;

use std::{
    error::Error,
    fs,
    io::{self, Write, stderr},
};

use env_logger::{Builder, Target};
use log::LevelFilter;
use rotation::RotatingFile;
use segb_http::server_log;

use crate::{settings::Settings, system};

/// Calls it an error of ours when a caller sends something that is not HTTP.
const NOISE: &str = "actix_http::h1::dispatcher";

/// Starts logging. That the file cannot be written is no reason not to run.
pub fn start(settings: &Settings) -> Result<(), Box<dyn Error>> {
    let path = settings.server_log_path();
    let directory = path.parent().map_or(Ok(()), fs::create_dir_all);
    let file = directory.and_then(|()| RotatingFile::open(&path));
    let problem = file
        .as_ref()
        .err()
        .map(|error| format!("{}: {error}", path.display()));
    Builder::new()
        .filter_level(settings.logging_level)
        .filter_module(NOISE, LevelFilter::Off)
        .format(|out, record| server_log::write_record(out, system::now(), record))
        .target(Target::Pipe(Box::new(Sink {
            file: file.ok(),
            complained: false,
        })))
        .try_init()?;
    if let Some(problem) = problem {
        log::error!("the server log goes to stderr only: {problem}");
    }
    Ok(())
}

/// Where records go. Never fails: a full disk must not keep the server from answering.
struct Sink {
    file: Option<RotatingFile>,
    complained: bool,
}

impl Write for Sink {
    fn write(&mut self, record: &[u8]) -> io::Result<usize> {
        let _ = stderr().write_all(record);
        if let Some(file) = &mut self.file {
            match file.write_record(record) {
                Ok(()) => self.complained = false,
                Err(error) if !self.complained => {
                    self.complained = true;
                    let _ = writeln!(stderr(), "the server log cannot be written: {error}");
                }
                Err(_) => {}
            }
        }
        Ok(record.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
