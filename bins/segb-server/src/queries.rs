//! Query processes: this program, started by itself in a mode that no person asks for.

use std::process::ExitCode;

use segb_store::QueryProgram;

/// The first argument of a query process.
const MODE: &str = "query-process";

/// Whether this process is to work on queries. It must not load settings or listen to anything then.
pub fn are_asked_for() -> bool {
    std::env::args_os().nth(1).is_some_and(|argument| argument == MODE)
}

/// The program of query processes; none where the system has no limits for them.
#[cfg(target_os = "linux")]
pub fn program() -> Option<QueryProgram> {
    Some(QueryProgram::this_one([MODE]))
}

/// None: queries run in threads.
#[cfg(not(target_os = "linux"))]
pub fn program() -> Option<QueryProgram> {
    None
}

/// Answers queries until the server that started this process is gone.
#[cfg(target_os = "linux")]
pub fn serve() -> ExitCode {
    match segb_store::serve_queries() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => super::fail(&error, 1),
    }
}

/// There is no such mode here.
#[cfg(not(target_os = "linux"))]
pub fn serve() -> ExitCode {
    super::fail(&"this system has no query processes", 1)
}
