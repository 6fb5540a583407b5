//! The clock and the randomness of the operating system.

use std::time::SystemTime;

use segb_client::{Randomness, TimeError, Timestamp, from_system_time};

#[expect(clippy::disallowed_methods, reason = "this is the clock that is passed in")]
pub fn now() -> Result<Timestamp, TimeError> {
    from_system_time(SystemTime::now())
}

pub fn random_seed() -> u64 {
    rand::random()
}

pub fn randomness() -> Randomness {
    Box::new(|bytes| rand::fill(bytes))
}
