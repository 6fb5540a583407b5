//! `npm ci` and `npm run build`, in a copy of the sources.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

/// Builds the UI; an error is the reason why it cannot be had.
pub(crate) fn build(web: &Path, copy: &Path, sources: &[&str]) -> Result<PathBuf, String> {
    if !Command::new("npm").arg("--version").output().is_ok_and(|output| output.status.success()) {
        return Err("Node and npm are not installed".to_owned());
    }
    let lock = "package-lock.json";
    let same_packages = copy.join("node_modules").is_dir()
        && matches!((fs::read(web.join(lock)), fs::read(copy.join(lock))), (Ok(new), Ok(old)) if new == old);
    for name in sources {
        let (from, to) = (web.join(name), copy.join(name));
        replace(&from, &to).map_err(|error| format!("{} cannot be copied: {error}", from.display()))?;
    }
    if !same_packages {
        // Gone first, so that a half-made installation is never taken for a whole one.
        let _ = fs::remove_dir_all(copy.join("node_modules"));
        if let Err(reason) = npm(copy, &["ci", "--no-audit", "--no-fund", "--ignore-scripts"]) {
            let _ = fs::remove_dir_all(copy.join("node_modules"));
            return Err(reason);
        }
    }
    npm(copy, &["run", "build"])?;
    Ok(copy.join("dist"))
}

fn npm(directory: &Path, arguments: &[&str]) -> Result<(), String> {
    let output = Command::new("npm").args(arguments).current_dir(directory).output();
    let output = output.map_err(|error| format!("npm does not start: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    let end: Vec<&str> = text.lines().rev().take(30).collect();
    let end: Vec<&str> = end.into_iter().rev().collect();
    Err(format!("`npm {}` failed: {}", arguments.join(" "), end.join(" | ")))
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
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::copy(from, to).map(drop)
}
