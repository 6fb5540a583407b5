//! How an entry commits to its payload without containing it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Hash;

/// The random bytes hashed in front of a payload, so that a short payload cannot be guessed from its commitment once
/// payload and salt have been erased. Kept beside the payload, never in the entry.
#[derive(Clone, PartialEq, Eq)]
pub struct Salt([u8; Salt::LENGTH_BYTES]);

impl Salt {
    /// 256 bits: as hard to guess as the hash itself.
    pub const LENGTH_BYTES: usize = 32;

    /// Wraps bytes that come from a cryptographic random number generator, or from where a salt was kept.
    pub const fn from_bytes(bytes: [u8; Self::LENGTH_BYTES]) -> Self {
        Self(bytes)
    }

    /// The bytes of the salt.
    pub const fn as_bytes(&self) -> &[u8; Self::LENGTH_BYTES] {
        &self.0
    }

    /// 64 lower-case hexadecimal digits: how a salt is given to somebody who may open the commitment. There is no
    /// `Display`, so that a salt gets into no message by chance.
    pub fn to_hex(&self) -> String {
        Hash::from_bytes(self.0).to_string()
    }
}

impl std::fmt::Debug for Salt {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Salt(…)")
    }
}

/// `SHA-256(salt ‖ payload)`: binding (another payload does not fit) and, while the salt is secret or gone, hiding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Commitment(Hash);

impl Commitment {
    /// Commits to `payload` under `salt`.
    pub fn new(salt: &Salt, payload: &[u8]) -> Self {
        Self(Hash::of(&[salt.as_bytes(), payload]))
    }

    /// Wraps a commitment that was kept.
    pub const fn from_hash(hash: Hash) -> Self {
        Self(hash)
    }

    /// The hash value.
    pub const fn as_hash(&self) -> &Hash {
        &self.0
    }

    /// Whether `payload` under `salt` is what was committed to.
    pub fn verify(&self, salt: &Salt, payload: &[u8]) -> bool {
        *self == Self::new(salt, payload)
    }
}

/// Commits to a payload that comes in pieces, such as one that is decompressed on the way and need not be held.
#[derive(Debug, Clone)]
pub struct CommitmentBuilder(Sha256);

impl CommitmentBuilder {
    /// Begins with the salt and no payload.
    pub fn new(salt: &Salt) -> Self {
        Self(Sha256::new_with_prefix(salt.as_bytes()))
    }

    /// Adds the next piece of the payload.
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The commitment to all pieces in their order.
    pub fn finish(self) -> Commitment {
        Commitment(Hash::from_bytes(self.0.finalize().into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commitment_fits_its_payload_and_salt_only() {
        let (salt, other) = (Salt::from_bytes([1; 32]), Salt::from_bytes([2; 32]));
        let commitment = Commitment::new(&salt, b"log");
        assert!(commitment.verify(&salt, b"log"));
        assert!(!commitment.verify(&salt, b"Log"));
        assert!(!commitment.verify(&other, b"log"));
        assert_eq!(*commitment.as_hash(), Hash::of(&[&[1; 32], b"log"]));
        let mut pieces = CommitmentBuilder::new(&salt);
        pieces.update(b"l");
        pieces.update(b"og");
        assert_eq!(pieces.finish(), commitment);
    }
}
