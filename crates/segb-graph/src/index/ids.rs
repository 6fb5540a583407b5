//! The numbers that stand for terms in the index, and the keys made of them.

/// The number of a term in the graph index: 40 bits, from 1, given in order of first appearance. It means nothing
/// outside of one view of the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TermId(u64);

/// The bytes of a [`TermId`] in a key, big-endian, so that keys sort by number.
pub(crate) const ID_BYTES: usize = 5;

impl TermId {
    /// No term has this number, so that no triple fits it.
    pub const ABSENT: Self = Self(0);
    pub(crate) const FIRST: Self = Self(1);
    /// The largest number that fits into [`ID_BYTES`].
    const MAX: u64 = (1 << (8 * ID_BYTES)) - 1;

    /// The number, for tables of one's own.
    pub const fn as_u64(self) -> u64 {
        self.0
    }

    /// The number after this one; none when 40 bits are used up.
    pub(crate) fn next(self) -> Option<Self> {
        (self.0 < Self::MAX).then_some(Self(self.0 + 1))
    }

    pub(crate) fn to_bytes(self) -> [u8; ID_BYTES] {
        let [_, _, _, bytes @ ..] = self.0.to_be_bytes();
        bytes
    }

    /// Reads the id at the start of `bytes`; none if there are fewer than [`ID_BYTES`].
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let id: [u8; ID_BYTES] = bytes.get(..ID_BYTES)?.try_into().ok()?;
        let [a, b, c, d, e] = id;
        Some(Self(u64::from_be_bytes([0, 0, 0, a, b, c, d, e])))
    }
}

/// Subject, predicate, object.
pub type IdTriple = [TermId; 3];

/// Several ids behind one another.
pub(crate) fn key<const N: usize, const BYTES: usize>(ids: [TermId; N]) -> [u8; BYTES] {
    let mut key = [0; BYTES];
    for (slot, id) in key.chunks_exact_mut(ID_BYTES).zip(ids) {
        slot.copy_from_slice(&id.to_bytes());
    }
    key
}

/// Reads back a [`key`].
pub(crate) fn ids<const N: usize>(key: &[u8]) -> Option<[TermId; N]> {
    let mut ids = [TermId::FIRST; N];
    if key.len() != N * ID_BYTES {
        return None;
    }
    for (id, bytes) in ids.iter_mut().zip(key.chunks_exact(ID_BYTES)) {
        *id = TermId::from_bytes(bytes)?;
    }
    Some(ids)
}
