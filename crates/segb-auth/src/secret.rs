use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

/// The least length of a secret, in bytes: that of the hash, as RFC 7518, section 3.2 wants it for HS256.
pub const SECRET_BYTES_MIN: usize = 32;

/// The key that tokens are signed with. Shows nothing of itself, and is wiped from memory when dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes `text` as a secret, byte for byte: white space around it is part of it.
    ///
    /// With `allow_weak`, anything that is not empty will do, white space included.
    ///
    /// # Errors
    ///
    /// [`WeakSecret`] if `text` is empty, and without `allow_weak` also if it is blank or under
    /// [`SECRET_BYTES_MIN`] bytes.
    pub fn new(text: &str, allow_weak: bool) -> Result<Self, WeakSecret> {
        if text.is_empty() {
            return Err(WeakSecret::Empty);
        }
        if !allow_weak && text.trim().is_empty() {
            return Err(WeakSecret::Blank);
        }
        if !allow_weak && text.len() < SECRET_BYTES_MIN {
            return Err(WeakSecret::Short);
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Why a text is not taken as a [`Secret`]. Each text continues a sentence that starts with the name of the setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WeakSecret {
    /// There is nothing; refused even where weak secrets are allowed.
    #[error("is empty")]
    Empty,
    /// There is only white space, which is a slip of the hand: neither a secret nor learning mode.
    #[error("is set but holds only white space")]
    Blank,
    /// There is too little: who has one token can find the secret by trying.
    #[error("is shorter than {SECRET_BYTES_MIN} bytes")]
    Short,
}

/// Writes 32 random bytes as a secret: 43 characters of URL-safe base64 without padding (RFC 4648, section 5),
/// which need no quoting in a shell or a `.env` file.
#[must_use]
pub fn generate_secret(bytes: [u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRONG: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn length_counts_bytes() {
        assert!(Secret::new(STRONG, false).is_ok());
        assert!(Secret::new(&"ñ".repeat(16), false).is_ok());
        assert_eq!(Secret::new(&STRONG[1..], false).unwrap_err(), WeakSecret::Short);
    }

    #[test]
    fn blank_is_weak_however_long() {
        assert_eq!(Secret::new(&" \t\n".repeat(20), false).unwrap_err(), WeakSecret::Blank);
        assert_eq!(Secret::new(" ", false).unwrap_err(), WeakSecret::Blank);
    }

    #[test]
    fn weak_may_be_allowed_but_never_empty() {
        assert!(Secret::new("x", true).is_ok());
        assert!(Secret::new(" ", true).is_ok());
        assert_eq!(Secret::new("", true).unwrap_err(), WeakSecret::Empty);
        assert_eq!(Secret::new("", false).unwrap_err(), WeakSecret::Empty);
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Secret::new(STRONG, false).unwrap()), "Secret(..)");
    }

    #[test]
    fn a_generated_secret_is_base64_of_32_bytes() {
        assert_eq!(generate_secret([0xff; 32]), "__________________________________________8");
        assert!(Secret::new(&generate_secret([0; 32]), false).is_ok());
    }
}
