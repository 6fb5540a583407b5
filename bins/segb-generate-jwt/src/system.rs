//! The clock and the random generator, which `segb-auth` takes as arguments.

use jiff::Timestamp;
use rand::TryRng as _;
use rand::rngs::SysRng;

use crate::error::ToolError;

#[expect(clippy::disallowed_methods, reason = "this binary is where the time comes from")]
pub fn now_unix_seconds() -> i64 {
    Timestamp::now().as_second()
}

/// Random bytes from the operating system.
pub fn random<const N: usize>() -> Result<[u8; N], ToolError> {
    let mut bytes = [0; N];
    SysRng.try_fill_bytes(&mut bytes).map_err(|error| ToolError::Random(error.to_string()))?;
    Ok(bytes)
}
