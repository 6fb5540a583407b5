//! The program of every target: which one it is, it knows by its name.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(
    // libFuzzer's own hook ends the program at every panic; some of a parser are caught, and refuse a document.
    init: drop(std::panic::take_hook()),
    |bytes: &[u8]| (segb_fuzz::target(env!("CARGO_BIN_NAME")).run)(bytes)
);
