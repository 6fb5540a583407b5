//! Reports over generated graphs, against SPARQL and against implementations that do what the definitions say, slowly.

#![expect(clippy::unwrap_used, reason = "the helpers of tests fail by panicking, as tests do")]

mod graphs;
mod hostile;
mod memory;
mod oracle;
mod properties;
