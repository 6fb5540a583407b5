//! The one place where the system's clock and randomness are read.

use rand::Rng;
use segb_http::{Clock, Entropy};
use segb_store::Timestamp;
use uuid::Uuid;

/// 9999-01-01T00:00:00Z: a clock that shows more is broken and is taken to show this.
const UNIX_US_MAX: u64 = 253_370_764_800_000_000;

/// The clock of the machine.
pub fn clock() -> Clock {
    Clock::new(now)
}

/// The present moment.
#[expect(clippy::expect_used, reason = "the last moment of 9998 is a moment")]
pub fn now() -> Timestamp {
    let since_1970 = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    let unix_us = since_1970.as_micros().min(UNIX_US_MAX.into());
    Timestamp::from_unix_us(unix_us as i64).expect("within the years 1970 to 9998")
}

/// Bytes fit for keys.
pub fn random_bytes<const LENGTH: usize>() -> [u8; LENGTH] {
    entropy().bytes()
}

/// Fills them with such bytes.
pub fn fill_random(bytes: &mut [u8]) {
    rand::rng().fill_bytes(bytes);
}

/// A random UUID (version 4).
pub fn random_uuid() -> Uuid {
    uuid::Builder::from_random_bytes(random_bytes()).into_uuid()
}

/// Cryptographically secure: a generator of this thread, seeded by the operating system.
pub fn entropy() -> Entropy {
    Entropy::new(fill_random)
}
