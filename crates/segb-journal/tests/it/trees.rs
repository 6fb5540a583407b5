//! Trees for the tests.

use segb_journal::Hash;
use segb_journal::tree::{HashReader, RootBuilder, leaf_hash};

/// Stored hashes in memory. Holds its caller to the contract of a reader, too: positions come in increasing order.
#[derive(Default)]
pub struct Stored(pub Vec<Hash>);

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("position {0} is not stored")]
pub struct NotStored(pub u64);

impl HashReader for Stored {
    type Error = NotStored;

    fn hashes(&self, positions: &[u64]) -> Result<Vec<Hash>, NotStored> {
        assert!(positions.is_sorted(), "{positions:?}");
        let read = |position: &u64| self.0.get(usize::try_from(*position).unwrap()).copied();
        positions.iter().map(|position| read(position).ok_or(NotStored(*position))).collect()
    }
}

/// The leaf of the record that consists of the number.
pub fn leaf(number: u64) -> Hash {
    leaf_hash(&number.to_be_bytes())
}

/// A tree of `size` numbered leaves, with its root at every size up to there.
pub fn grow(size: u64) -> (Stored, Vec<Hash>) {
    let (mut stored, mut builder) = (Stored::default(), RootBuilder::new());
    let mut roots = vec![builder.root()];
    for number in 0..size {
        stored.0.extend(builder.append_storing(leaf(number)).unwrap().into_iter().map(|node| node.hash));
        roots.push(builder.root());
    }
    (stored, roots)
}

/// The same hash with one bit flipped, `bit` counting from 0 and around.
pub fn flipped(hash: Hash, bit: usize) -> Hash {
    let mut bytes = *hash.as_bytes();
    bytes[bit / 8 % 32] ^= 1 << (bit % 8);
    Hash::from_bytes(bytes)
}
