//! What query processes are started from, and what became of them.

use std::{ffi::OsString, path::PathBuf};

use serde::{Deserialize, Serialize};

/// A program that calls [`serve`](crate::query::serve) when it is started with these arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryProgram {
    /// Its file.
    pub path: PathBuf,
    /// What it is started with.
    pub arguments: Vec<OsString>,
}

impl QueryProgram {
    /// The program that is running, also if its file was replaced since it was started.
    pub fn this_one(arguments: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        let arguments = arguments.into_iter().map(Into::into).collect();
        Self { path: PathBuf::from("/proc/self/exe"), arguments }
    }
}

/// How many query processes ended, and why, since the start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessFigures {
    /// Were started.
    pub started: u64,
    /// How long the latest one took to be ready, in microseconds.
    pub start_last_us: u64,
    /// Could not be started.
    pub not_started: u64,
    /// Killed because time was up.
    pub deadline: u64,
    /// Ended at the limit of memory.
    pub memory: u64,
    /// Killed because nobody waited for the answer any more.
    pub abandoned: u64,
    /// Ended by themselves, were stopped or killed from outside, or said what cannot be read.
    pub lost: u64,
    /// Ended after an answer, because they held memory that they did not need.
    pub retired: u64,
}
