//! Reports over generated graphs, against SPARQL and against implementations that do what the definitions say, slowly.

mod graphs;
mod oracle;
mod properties;
