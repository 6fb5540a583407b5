//! The tests and the type check of the UI's own sources.

use std::{fs, path::Path, process::Command};

use segb_tests::{web_sources, web_with_packages};

#[test]
fn its_logic_is_tested_and_its_types_fit() {
    let Some(directory) = web_with_packages(Path::new(env!("CARGO_TARGET_TMPDIR"))) else { return };
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
    let lock = fs::read_to_string(web_sources().join("package-lock.json")).expect("a lock file");
    assert!(!lock.contains("\"resolved\"") && !lock.contains("http:") && lock.contains("\"integrity\""));
}
