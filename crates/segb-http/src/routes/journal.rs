//! The journal as a transparency log: what outsiders need to follow it and to hold it to what it said.

pub(crate) mod checkpoint;
pub(crate) mod consistency;
pub(crate) mod key;
pub(crate) mod tile;
