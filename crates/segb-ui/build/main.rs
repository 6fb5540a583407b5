//! Builds the web UI from `web/`, or takes a prebuilt one, and embeds its files, compressed.
//!
//! The sources are copied into `OUT_DIR` and built there, so that the source tree stays as it is. Without Node the
//! build goes on with a page that says how to get the UI, unless `SEGB_REQUIRE_UI` says that this is an error.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a build script is a program: cargo tells it what to do by the environment, and reads what it prints"
)]

mod embed;
mod npm;

use std::{env, error::Error, path::PathBuf};

/// Names a directory with a built UI; nothing is built then.
const PREBUILT: &str = "SEGB_UI_DIST";
/// If it is `1`, a build without the UI is an error.
const REQUIRE: &str = "SEGB_REQUIRE_UI";

/// What the UI is made of: a change of anything else in `web/` does not change it.
const SOURCES: [&str; 8] = [
    "index.html",
    "openapi.json",
    "package.json",
    "package-lock.json",
    "policy.txt",
    "src",
    "tsconfig.json",
    "vite.config.ts",
];

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    for name in [PREBUILT, REQUIRE] {
        println!("cargo:rerun-if-env-changed={name}");
    }
    for name in ["build", "missing"] {
        println!("cargo:rerun-if-changed={}", root.join(name).display());
    }
    for name in SOURCES {
        println!("cargo:rerun-if-changed={}", root.join("web").join(name).display());
    }
    let (directory, is_built) = match env::var_os(PREBUILT).filter(|path| !path.is_empty()) {
        Some(prebuilt) => {
            let prebuilt = PathBuf::from(prebuilt);
            println!("cargo:rerun-if-changed={}", prebuilt.display());
            if !prebuilt.join("index.html").is_file() {
                return Err(format!("{PREBUILT}: {} has no index.html", prebuilt.display()).into());
            }
            (prebuilt, true)
        }
        None => match npm::build(&root.join("web"), &out.join("web"), &SOURCES) {
            Ok(built) => (built, true),
            Err(reason) if env::var_os(REQUIRE).is_some_and(|value| value == "1") => {
                return Err(format!("{REQUIRE} is set, and the web UI cannot be built: {reason}").into());
            }
            Err(reason) => {
                println!("cargo:warning=this build has no web UI: {reason}");
                (root.join("missing"), false)
            }
        },
    };
    embed::embed(&directory, &out, is_built)
}
