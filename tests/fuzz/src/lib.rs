//! Everything that parses foreign bytes, as functions of bytes that panic when a promise is broken: no input makes a
//! parser panic, and what one takes is what another one, or the writer, takes for the same. The table [`TARGETS`] has
//! them by name. They know no file and no clock, and give the same result for the same input.

mod bodies;
mod bundles;
mod entries;
mod frames;
mod made;
mod notes;
mod parameters;
mod queries;
mod tokens;
mod turtle;

/// One function of bytes.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name, which is also that of its corpus and of its program under libFuzzer.
    pub name: &'static str,
    /// Panics when a promise is broken.
    pub run: fn(&[u8]),
    /// How many mutations `cargo test` tries: about two seconds' worth.
    pub mutations: usize,
}

/// All targets.
pub const TARGETS: [Target; 9] = [
    Target { name: "bodies", run: bodies::run, mutations: 6_000 },
    Target { name: "bundles", run: bundles::run, mutations: 300 },
    Target { name: "entries", run: entries::run, mutations: 6_000 },
    Target { name: "frames", run: frames::run, mutations: 6_000 },
    Target { name: "notes", run: notes::run, mutations: 5_000 },
    Target { name: "parameters", run: parameters::run, mutations: 6_000 },
    Target { name: "queries", run: queries::run, mutations: 2_000 },
    Target { name: "tokens", run: tokens::run, mutations: 6_000 },
    Target { name: "turtle", run: turtle::run, mutations: 3_000 },
];

/// The target of this name.
///
/// # Panics
/// There is none.
pub fn target(name: &str) -> Target {
    *TARGETS.iter().find(|target| target.name == name).expect("a target of the table")
}

/// Inputs that no hand can write, since they are signed: of each its target, a name and the text. They are in the
/// corpora, where a test compares them.
pub fn signed_examples() -> Vec<(&'static str, &'static str, String)> {
    let mut examples = notes::examples();
    examples.extend(tokens::examples());
    examples.push(("bundles", "whole", bundles::example()));
    examples.extend(entries::examples());
    examples
}
