//! What was received, and what the server says about itself.

mod erase;
mod forgery;
mod list;
mod one;
mod rotation;
mod server;
mod stream;
