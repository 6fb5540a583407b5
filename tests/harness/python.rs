//! The client of the Python service, as robots have it.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use crate::{require_tool, tool_missing};

const PACKAGE: &str = "semantic-log-generator==1.0.5";
/// Names a directory in which the virtual environment is kept, so that it is made once.
const VENV: &str = "SEGB_PYTHON_VENV";

/// The Python interpreter of a virtual environment with the package; none if it cannot be had here. Unless the variable
/// says where, the environment is kept in `directory`.
pub fn python_with_client(directory: &Path) -> Option<PathBuf> {
    static PYTHON: OnceLock<Option<PathBuf>> = OnceLock::new();
    PYTHON.get_or_init(|| find_python(directory)).clone()
}

fn find_python(directory: &Path) -> Option<PathBuf> {
    let directory = match std::env::var_os(VENV) {
        Some(directory) => PathBuf::from(directory),
        None => directory.join("python-client"),
    };
    let python = directory.join("bin/python3");
    if has_package(&python) {
        return Some(python);
    }
    if !require_tool("python3", &["-c", "import venv, ensurepip"]) {
        return None;
    }
    let made = run(Command::new("python3").args(["-m", "venv"]).arg(&directory)).and_then(|()| {
        run(Command::new(&python).args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            PACKAGE,
        ]))
    });
    if let Err(error) = made {
        tool_missing(&format!("{PACKAGE} cannot be installed: {error}"));
        return None;
    }
    assert!(has_package(&python), "{PACKAGE} is installed");
    Some(python)
}

fn has_package(python: &Path) -> bool {
    let script = "import importlib.metadata as m; assert m.version('semantic-log-generator') == '1.0.5'";
    Command::new(python).args(["-c", script]).output().is_ok_and(|output| output.status.success())
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}
