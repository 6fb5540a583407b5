//! Runs the program in an empty directory, with an empty environment.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_segb-generate-jwt");
pub const SECRET: &str = "a-secret-for-tests-of-32-bytes-or-more";
pub const OTHER_SECRET: &str = "another-secret-for-tests-of-32-bytes";

/// A directory to run the program in, and the environment it gets.
pub struct Place {
    directory: TempDir,
    environment: Vec<(String, String)>,
}

/// What the program did.
pub struct Ran {
    pub stdout: String,
    pub stderr: String,
    pub code: Option<i32>,
}

impl Place {
    pub fn new() -> Self {
        Self { directory: TempDir::new().unwrap(), environment: Vec::new() }
    }

    /// A place with [`SECRET`] in the environment.
    pub fn with_secret() -> Self {
        Self::new().env("SECRET_KEY", SECRET)
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        std::fs::write(self.path().join(name), content).unwrap();
        self
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// A command in this place; without the variables that the test itself got, but for those that find programs.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().current_dir(self.path());
        command.envs(["PATH", "HOME"].into_iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs the program and checks what holds for every run: no secret is shown, errors have their form.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.finished(self.command(PROGRAM).args(arguments).output().unwrap())
    }

    #[track_caller]
    pub fn finished(&self, output: Output) -> Ran {
        let ran = Ran {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code(),
        };
        for secret in [SECRET, OTHER_SECRET] {
            assert!(!ran.stdout.contains(secret) && !ran.stderr.contains(secret), "a secret was shown");
        }
        if ran.code != Some(0) {
            assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
            assert!(ran.stderr.starts_with("Error: "), "{}", ran.stderr);
            assert!(!ran.stderr.starts_with("Error: error"), "{}", ran.stderr);
        }
        ran
    }

    /// The token for a robot called r, made in this place with these further arguments.
    #[track_caller]
    pub fn token(&self, arguments: &[&str]) -> String {
        let ran = self.run(&[&["--username", "r", "--role", "logger"], arguments].concat());
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
        let token = ran.stdout.strip_suffix('\n').unwrap();
        assert!(!token.contains(char::is_whitespace), "{token}");
        token.to_owned()
    }

    /// The error when a token for a robot called r is asked for with these further arguments.
    #[track_caller]
    pub fn error(&self, arguments: &[&str]) -> String {
        let ran = self.run(&[&["--username", "r", "--role", "logger"], arguments].concat());
        assert_eq!(ran.code, Some(2), "{}", ran.stdout);
        ran.stderr
    }
}

/// Runs `script` with python3 and [`PROGRAM`] as first argument, or gives nothing if there is no python3.
///
/// With `SEGB_REQUIRE_TOOLS=1` a missing python3 is a failure.
#[track_caller]
#[expect(clippy::print_stderr, reason = "a test that is skipped has to say so")]
pub fn python(place: &Place, script: &str, arguments: &[&str]) -> Option<Output> {
    let found = place.command("python3").arg("-c").arg(script).arg(PROGRAM).args(arguments).output();
    match found {
        Ok(output) => Some(output),
        Err(error) => {
            let required = std::env::var_os("SEGB_REQUIRE_TOOLS").is_some_and(|value| value == "1");
            assert!(!required, "python3 is required and cannot be run: {error}");
            eprintln!("SKIPPED: python3 cannot be run ({error}), so the prompt is not tested");
            None
        }
    }
}
