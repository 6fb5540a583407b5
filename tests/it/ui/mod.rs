//! The web UI: what is served, its own checks, and a real browser.

mod browser;
mod checks;
mod serving;
