//! Which crate may know which: a new arrow is a decision, and is made here.

use std::{collections::BTreeMap, process::Command};

/// Package → the packages of this workspace that it may use outside its tests.
const ARROWS: [(&str, &[&str]); 16] = [
    ("segb-auth", &[]),
    // What a robot needs to check receipts, and no part of the server.
    ("segb-client", &["segb-journal"]),
    ("segb-context", &["segb-journal"]),
    ("segb-demo", &["segb-client", "segb-scenarios"]),
    // Whatever parses foreign bytes.
    ("segb-fuzz", &["segb-auth", "segb-graph", "segb-http", "segb-journal"]),
    ("segb-generate-jwt", &["segb-auth"]),
    // The graph alone: what logs say, and not how they are kept. It can be embedded without a journal.
    ("segb-graph", &[]),
    ("segb-http", &["segb-auth", "segb-context", "segb-reports", "segb-store", "segb-ui"]),
    ("segb-journal", &[]),
    // Of the store only the overview needs something: which logs came when.
    ("segb-reports", &["segb-graph", "segb-journal", "segb-store"]),
    // Scenarios reach a server over HTTP only, also the one that demonstrates itself.
    ("segb-scenarios", &["segb-client"]),
    ("segb-server", &["segb-auth", "segb-client", "segb-http", "segb-scenarios", "segb-store"]),
    ("segb-store", &["segb-context", "segb-graph", "segb-journal"]),
    ("segb-tests", &["segb-auth", "segb-journal"]),
    // A verifier that shares no storage code with what it verifies.
    ("segb-verify", &["segb-journal"]),
    ("segb-ui", &[]),
];

#[test]
fn arrows_between_crates_are_the_ones_decided_on() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("metadata");
    let packages = metadata["packages"].as_array().expect("packages");
    let found: BTreeMap<&str, Vec<&str>> = packages
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"].as_array().expect("dependencies").iter();
            let mut own: Vec<&str> = dependencies
                .filter(|dependency| dependency["kind"].is_null())
                .filter_map(|dependency| dependency["name"].as_str())
                .filter(|name| name.starts_with("segb-"))
                .collect();
            own.sort_unstable();
            (package["name"].as_str().expect("a name"), own)
        })
        .collect();
    let decided: BTreeMap<&str, Vec<&str>> =
        ARROWS.into_iter().map(|(name, uses)| (name, uses.to_vec())).collect();
    assert_eq!(found, decided);
}

#[test]
fn each_crate_says_what_it_does_not_know() {
    for name in [
        "segb-auth",
        "segb-client",
        "segb-context",
        "segb-graph",
        "segb-http",
        "segb-journal",
        "segb-reports",
        "segb-scenarios",
        "segb-store",
        "segb-ui",
    ] {
        let path = format!("{}/../crates/{name}/src/lib.rs", env!("CARGO_MANIFEST_DIR"));
        let source = std::fs::read_to_string(&path).expect("a crate");
        let first: String = source
            .lines()
            .map_while(|line| line.strip_prefix("//!"))
            .take_while(|line| !line.trim().is_empty())
            .collect();
        assert!(
            first.contains(" no "),
            "the first paragraph of {name} does not say what it does not know: {first}"
        );
    }
}
