//! Running `segb-verify` on what a server left.

use std::process::{Command, Output};

use crate::binary;

/// What it answered.
#[derive(Debug)]
pub struct Verification {
    /// The exit code: 0 verified, 1 something does not fit, 2 unusable, 3 not everything could be checked.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Verification {
    /// What `--json` printed.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}{}", self.stdout, self.stderr))
    }
}

/// Runs the program to its end.
pub fn segb_verify(arguments: &[&str]) -> Verification {
    let output = Command::new(binary("segb-verify")).args(arguments).output().expect("the program runs");
    let Output { status, stdout, stderr } = output;
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Verification {
        code: status.code().expect("an end of its own"),
        stdout: text(stdout),
        stderr: text(stderr),
    }
}
