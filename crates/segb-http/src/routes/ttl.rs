//! Logs come in.

pub(crate) mod delete_all;
pub(crate) mod insert;
pub(crate) mod validate;
