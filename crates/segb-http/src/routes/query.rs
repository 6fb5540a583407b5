//! SPARQL.

pub(crate) mod run;
pub(crate) mod validate;
