//! The server log: lines to stderr and to a file that is rotated.

mod rotation;
mod stderr;

use std::{
    error::Error,
    fs,
    io::{self, Write},
};

use env_logger::{Builder, Target};
use log::LevelFilter;
use rotation::RotatingFile;
use segb_http::server_log;
pub use stderr::Stderr;

use crate::{settings::Settings, system};

/// Modules of others whose lines are not worth their place, and the level from which on they are. The first calls it
/// an error of ours when a caller sends something that is not HTTP, the second tells of every thread.
const NOISE: [(&str, LevelFilter); 2] =
    [("actix_http::h1::dispatcher", LevelFilter::Off), ("actix_server", LevelFilter::Warn)];

/// Starts logging. That the file cannot be written is no reason not to run. Dropping what is returned waits until
/// stderr has everything.
pub fn start(settings: &Settings) -> Result<Stderr, Box<dyn Error>> {
    let path = settings.server_log_path();
    let directory = path.parent().map_or(Ok(()), fs::create_dir_all);
    let file = directory.and_then(|()| RotatingFile::open(&path));
    let problem = file.as_ref().err().map(|error| format!("{}: {error}", path.display()));
    let stderr = Stderr::start()?;
    let mut builder = Builder::new();
    builder
        .filter_level(settings.logging_level)
        .format(|out, record| server_log::write_record(out, system::now(), record))
        .target(Target::Pipe(Box::new(Sink { stderr: stderr.clone(), file: file.ok(), complained: false })));
    if settings.logging_level < LevelFilter::Debug {
        for (module, level) in NOISE {
            builder.filter_module(module, level.min(settings.logging_level));
        }
    }
    builder.try_init()?;
    if let Some(problem) = problem {
        log::error!("the server log goes to stderr only: {problem}");
    }
    Ok(stderr)
}

/// Where records go. Never fails: a full disk must not keep the server from answering.
struct Sink {
    stderr: Stderr,
    file: Option<RotatingFile>,
    complained: bool,
}

impl Write for Sink {
    fn write(&mut self, record: &[u8]) -> io::Result<usize> {
        self.stderr.offer(record);
        if let Some(file) = &mut self.file {
            match file.write_record(record) {
                Ok(()) => self.complained = false,
                Err(error) if !self.complained => {
                    self.complained = true;
                    self.stderr.offer(format!("the server log cannot be written: {error}\n").as_bytes());
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
