//! Who may do what.

mod forge;
mod matrix;
mod refusal;
mod revocations;
mod tokens;

pub(crate) use revocations::jti;
