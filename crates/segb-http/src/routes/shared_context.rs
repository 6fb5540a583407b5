//! Shared contexts: robots ask, persons decide. The rules are those of the crate `segb-context`.

pub(crate) mod accept;
pub(crate) mod pending;
pub(crate) mod reconcile;
pub(crate) mod reject;
pub(crate) mod resolve;
pub(crate) mod schema;
pub(crate) mod stats;
