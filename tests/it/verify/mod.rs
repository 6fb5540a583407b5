//! What a real server leaves, checked by `segb-verify`.

mod journal;
mod receipts;
mod witness;
