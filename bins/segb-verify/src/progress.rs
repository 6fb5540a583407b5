//! How far long work has come, for whoever watches.

use std::io::{IsTerminal as _, stderr};

use indicatif::{ProgressBar, ProgressStyle};

/// A bar on standard error, if that is a terminal and nobody asked for JSON; else nothing is drawn.
pub fn bar(total: u64, json: bool) -> ProgressBar {
    if json || !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(total);
    let template = "{bar:40} {pos} of {len} entries, {per_sec}, {eta} left";
    // A template that cannot be read would be a bar of another look, no more.
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
