//! The tests and the type check of the UI's own sources, in a copy, so that the source tree stays as it is.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
    sync::Mutex,
};

use segb_tests::{require_tool, tool_missing};

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

/// One at a time makes the copy; it is kept for the next run.
static COPYING: Mutex<()> = Mutex::new(());

/// A directory with the UI's sources and packages; none if it cannot be had here.
pub(super) fn sources_with_packages() -> Option<PathBuf> {
    let _only_one = COPYING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if !require_tool("npm", &["--version"]) {
        return None;
    }
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/segb-ui/web");
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ui");
    let lock = |directory: &Path| fs::read(directory.join("node_modules/.segb-lock")).unwrap_or_default();
    let wanted = fs::read(web.join("package-lock.json")).expect("a lock file");
    for name in SOURCES {
        replace(&web.join(name), &copy.join(name)).expect("the sources can be copied");
    }
    if lock(&copy) != wanted {
        let arguments = ["ci", "--no-audit", "--no-fund", "--ignore-scripts"];
        let output = Command::new("npm").args(arguments).current_dir(&copy).output().expect("npm runs");
        if !output.status.success() {
            tool_missing(&format!(
                "the packages of the UI cannot be had: {}",
                String::from_utf8_lossy(&output.stderr)
            ));
            return None;
        }
        fs::write(copy.join("node_modules/.segb-lock"), wanted).expect("a mark");
    }
    Some(copy)
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

#[test]
fn its_logic_is_tested_and_its_types_fit() {
    let Some(directory) = sources_with_packages() else { return };
    for script in ["check", "test"] {
        let output =
            Command::new("npm").args(["run", script]).current_dir(&directory).output().expect("npm runs");
        assert!(
            output.status.success(),
            "npm run {script}:\n{}\n{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

#[test]
fn the_lock_file_names_no_place_to_download_from() {
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/segb-ui/web");
    let lock = fs::read_to_string(web.join("package-lock.json")).expect("a lock file");
    assert!(!lock.contains("\"resolved\"") && !lock.contains("http:") && lock.contains("\"integrity\""));
}
