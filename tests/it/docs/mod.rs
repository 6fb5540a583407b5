//! The documentation is true: its paths exist, its commands run, its answers are the server's.

mod commands;
pub mod journal_format;
mod links;
mod routes;
