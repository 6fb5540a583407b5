//! The program and its library, against journals that the store writes.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, also in the functions that its cases share"
)]

mod access;
mod file_bytes;
mod fixture;
mod journal;
mod mutation;
mod receipt;
mod rewritten;
mod versions;
mod witness;
