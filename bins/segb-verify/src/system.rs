//! The one place where the system's clock and randomness are read.

use rand::Rng as _;

/// Seconds since 1970-01-01T00:00:00Z.
pub fn unix_s() -> u64 {
    std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default().as_secs()
}

/// Bytes fit for keys: from a generator of this thread, seeded by the operating system.
pub fn random_bytes<const LENGTH: usize>() -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}
