//! The sources of the web UI with their packages, to check them and to drive a browser.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, PoisonError},
};

use crate::{require_tool, tool_missing};

/// What is copied.
const SOURCES: [&str; 9] = [
    "e2e",
    "index.html",
    "openapi.json",
    "package.json",
    "package-lock.json",
    "policy.txt",
    "src",
    "tsconfig.json",
    "vite.config.ts",
];
/// Names another browser than Debian's.
const CHROMIUM: &str = "SEGB_CHROMIUM";
const DEBIANS_CHROMIUM: &str = "/usr/bin/chromium";
/// What the packages in the copy were installed by.
const INSTALLED_BY: &str = "node_modules/.segb-lock";

/// One at a time makes the copy; it is kept for the next run.
static COPYING: Mutex<()> = Mutex::new(());

/// Where the sources of the web UI are.
pub fn web_sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/segb-ui/web")
}

/// A copy of the sources of the web UI with their packages, within `directory`, so that the source tree stays as it is;
/// none if the packages cannot be had here.
pub fn web_with_packages(directory: &Path) -> Option<PathBuf> {
    let _only_one = COPYING.lock().unwrap_or_else(PoisonError::into_inner);
    if !require_tool("npm", &["--version"]) {
        return None;
    }
    let (sources, copy) = (web_sources(), directory.join("ui"));
    for name in SOURCES {
        replace(&sources.join(name), &copy.join(name)).expect("the sources can be copied");
    }
    let wanted = fs::read(sources.join("package-lock.json")).expect("a lock file");
    if fs::read(copy.join(INSTALLED_BY)).unwrap_or_default() != wanted {
        let arguments = ["ci", "--no-audit", "--no-fund", "--ignore-scripts"];
        let output = Command::new("npm").args(arguments).current_dir(&copy).output().expect("npm runs");
        if !output.status.success() {
            let why = String::from_utf8_lossy(&output.stderr);
            tool_missing(&format!("the packages of the UI cannot be had: {why}"));
            return None;
        }
        fs::write(copy.join(INSTALLED_BY), wanted).expect("a mark");
    }
    Some(copy)
}

/// The command that runs a part of `e2e/` in a browser against the UI at `base`; none if there is no browser.
pub fn browse(web: &Path, base: &str, part: &str) -> Option<Command> {
    let named = std::env::var_os(CHROMIUM).and_then(|path| path.into_string().ok());
    let chromium = named.unwrap_or_else(|| DEBIANS_CHROMIUM.to_owned());
    if !require_tool(&chromium, &["--version"]) || !require_tool("node", &["--version"]) {
        return None;
    }
    let mut command = Command::new("node");
    command.args(["e2e/main.mjs", part]).current_dir(web).env(CHROMIUM, chromium).env("UI_URL", base);
    Some(command)
}

fn replace(from: &Path, to: &Path) -> io::Result<()> {
    if from.is_dir() {
        if to.exists() {
            fs::remove_dir_all(to)?;
        }
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            replace(&entry.path(), &to.join(entry.file_name()))?;
        }
        return Ok(());
    }
    fs::create_dir_all(to.parent().expect("a directory"))?;
    fs::copy(from, to).map(drop)
}
