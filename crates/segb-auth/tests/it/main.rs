//! The public API of segb-auth, with tokens made by hand: nothing here is signed by the code under test unless the
//! test is about issuing.

#![expect(clippy::unwrap_used, reason = "the helpers of tests fail by panicking, as tests do")]

mod algorithms;
mod claims;
mod documentation;
mod forge;
mod headers;
mod hostile;
mod issuing;
mod modes;
mod times;
