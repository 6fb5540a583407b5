//! What comes out is what went in, and what was asked for: terms character by character, graphs up to the names of
//! their blank nodes, answers of queries as another evaluator over another store gives them.

mod corpus;
mod fidelity;
mod oracle;
mod python_client;
mod queries;
pub mod rdf;
mod turtle_limits;
mod turtle_syntax;
