//! Programs that a test needs and a machine may not have.

use std::process::{Command, Stdio};

/// Set by CI: a missing tool is a failure, not a reason to skip.
const REQUIRE: &str = "SEGB_REQUIRE_TOOLS";

/// Whether `program arguments…` runs and succeeds. If not, says so loudly, and fails where tools are required.
pub fn require_tool(program: &str, arguments: &[&str]) -> bool {
    let works = Command::new(program)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !works {
        tool_missing(&format!("`{program} {}` does not run here", arguments.join(" ")));
    }
    works
}

/// Says loudly that a test is skipped, or fails where tools are required.
pub fn tool_missing(why: &str) {
    assert!(std::env::var_os(REQUIRE).is_none(), "{REQUIRE} is set, and {why}");
    eprintln!("\n*** SKIPPED, NOT TESTED: {why} ***\n");
}
