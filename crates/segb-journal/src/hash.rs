//! A SHA-256 digest that reads and prints as lower-case hexadecimal.

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};

/// A SHA-256 digest (FIPS 180-4), 32 bytes; its text form is 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash([u8; Hash::LENGTH_BYTES]);

impl Hash {
    /// The length of a SHA-256 digest.
    pub const LENGTH_BYTES: usize = 32;

    /// The digest of the concatenation of `parts`.
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update(part);
        }
        Self(hasher.finalize().into())
    }

    /// Wraps 32 bytes that are already a digest.
    pub const fn from_bytes(bytes: [u8; Self::LENGTH_BYTES]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes of the digest.
    pub const fn as_bytes(&self) -> &[u8; Self::LENGTH_BYTES] {
        &self.0
    }

    /// The spelling of the C2SP formats: standard base64 with padding (RFC 4648, section 4), 44 characters.
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.0)
    }

    /// Reads what [`to_base64`](Self::to_base64) wrote; `None` for every other spelling.
    pub fn from_base64(text: &str) -> Option<Self> {
        STANDARD.decode(text).ok()?.try_into().ok().map(Self)
    }
}

/// A text that is not 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a SHA-256 hash is written as 64 lower-case hexadecimal digits")]
pub struct InvalidHash;

impl fmt::Display for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Hash({self})")
    }
}

impl FromStr for Hash {
    type Err = InvalidHash;

    fn from_str(text: &str) -> Result<Self, InvalidHash> {
        let digits = text.as_bytes();
        if digits.len() != 2 * Self::LENGTH_BYTES {
            return Err(InvalidHash);
        }
        let mut bytes = [0; Self::LENGTH_BYTES];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = hex_digit(pair[0])? << 4 | hex_digit(pair[1])?;
        }
        Ok(Self(bytes))
    }
}

/// Upper-case digits are refused: a hash has one spelling, so that records stay canonical.
fn hex_digit(digit: u8) -> Result<u8, InvalidHash> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(InvalidHash),
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digest_of_abc_is_the_one_of_fips_180_4() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Hash::of(&[b"a", b"bc"]).to_string(), expected);
        assert_eq!(expected.parse::<Hash>(), Ok(Hash::of(&[b"abc"])));
    }

    #[test]
    fn only_the_canonical_spelling_is_read() {
        let upper = Hash::of(&[b"abc"]).to_string().to_uppercase();
        for wrong in ["", "ba78", &upper, &"g".repeat(64), &"ä".repeat(32)] {
            assert_eq!(wrong.parse::<Hash>(), Err(InvalidHash), "{wrong}");
        }
    }

    #[test]
    fn base64_has_one_spelling_too() {
        let hash = Hash::of(&[b"abc"]);
        let text = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
        assert_eq!((hash.to_base64().as_str(), Hash::from_base64(text)), (text, Some(hash)));
        let (url_safe, unpadded) = (text.replace('+', "-"), text.trim_end_matches('='));
        let (stray_bits, line) = (text.replace("a0=", "a1="), format!("{text}\n"));
        for wrong in ["", "AAAA", &url_safe, unpadded, &stray_bits, &line, &format!("{text}{text}")] {
            assert_eq!(Hash::from_base64(wrong), None, "{wrong}");
        }
    }
}
