//! The kept inputs.

use std::{fs, path::Path};

/// Together they stay below this, in bytes.
const CORPORA_BYTES_MAX: u64 = 200_000;

/// All inputs that are kept for a target, in the order of their names.
pub fn corpus(target: &str) -> Vec<Vec<u8>> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    let mut files: Vec<_> =
        fs::read_dir(&directory).expect("a corpus").map(|file| file.expect("a file").path()).collect();
    files.sort();
    files.iter().map(|file| fs::read(file).expect("an input")).collect()
}

#[test]
fn the_corpora_are_small() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut bytes = 0;
    for target in fs::read_dir(root).expect("corpora") {
        let target = target.expect("a corpus").path();
        let name = target.file_name().and_then(|name| name.to_str()).expect("a name");
        segb_fuzz::target(name);
        for file in fs::read_dir(&target).expect("a corpus") {
            bytes += file.expect("an input").metadata().expect("metadata").len();
        }
    }
    assert!(bytes < CORPORA_BYTES_MAX, "{bytes} bytes");
}

/// With `SEGB_FUZZ_WRITE` set, they are written.
#[test]
fn what_is_signed_is_in_the_corpora_as_it_is_signed_now() {
    for (target, name, text) in segb_fuzz::signed_examples() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target).join(name);
        if std::env::var_os("SEGB_FUZZ_WRITE").is_some() {
            fs::create_dir_all(file.parent().expect("a directory")).expect("a directory");
            fs::write(&file, &text).expect("a file");
        }
        assert_eq!(fs::read_to_string(&file).unwrap_or_default(), text, "{}", file.display());
    }
}
