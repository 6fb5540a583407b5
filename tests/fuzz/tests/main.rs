//! Every target with its corpus, and with mutations of it that are the same each time.
//!
//! What fails is written out with the name of the target and the input, as a Rust string: kept as a file in the corpus,
//! it is tried ever after.

mod corpus;
mod mutate;

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use segb_fuzz::{TARGETS, Target};

use crate::{corpus::corpus, mutate::Mutator};

/// Inputs are kept shorter than this, in bytes: long ones take time and seldom show more.
const INPUT_BYTES_MAX: usize = 16 << 10;

fn check(name: &str) {
    let target = segb_fuzz::target(name);
    let corpus = corpus(name);
    assert!(!corpus.is_empty(), "no corpus for {name}");
    let mut inputs = Inputs::of(target);
    corpus.iter().for_each(|input| inputs.try_input(input));
    let mut mutator = Mutator::new(&corpus);
    for _ in 0..target.mutations {
        let mut input = mutator.next_input();
        input.truncate(INPUT_BYTES_MAX);
        inputs.try_input(&input);
    }
}

/// Tries one after the other.
struct Inputs {
    target: Target,
    /// Where the present one is written first: not every failure is a panic that can be caught.
    present: std::path::PathBuf,
}

impl Inputs {
    fn of(target: Target) -> Self {
        let present = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{}", target.name));
        Self { target, present }
    }

    fn try_input(&mut self, input: &[u8]) {
        let Self { target, present } = self;
        fs::write(present.as_path(), input).expect("a file in the target directory");
        let tried = catch_unwind(AssertUnwindSafe(|| (target.run)(input)));
        assert!(tried.is_ok(), "target {}, input b\"{}\"", target.name, input.escape_ascii());
    }
}

macro_rules! targets {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                check(stringify!($name));
            }
        )*

        #[test]
        fn every_target_is_run_here_and_has_a_program() {
            let tested = [$(stringify!($name)),*];
            assert_eq!(TARGETS.map(|target| target.name), tested);
            let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/libfuzzer/Cargo.toml");
            let manifest = fs::read_to_string(manifest).expect("the manifest of the programs for libFuzzer");
            for name in tested {
                let program = format!("[[bin]]\nname = \"{name}\"\n");
                assert!(manifest.contains(&program), "{name} has no program for libFuzzer");
            }
        }
    };
}

targets! { bodies bundles entries frames notes parameters queries tokens turtle }
