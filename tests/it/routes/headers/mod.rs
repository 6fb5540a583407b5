//! What every answer carries, and what headers of a request do.

mod cors;
mod methods;
mod origin;
mod request_id;
mod security;
