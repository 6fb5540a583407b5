//! The bytes of a hash tile.

use super::{Tile, TileKind};
use crate::Hash;
use crate::tree::{HashReader, ReadTreeError, node_position, read_checked};

/// The levels of the tree between two levels of tiles: a full tile is a subtree of 2⁸ hashes.
const TREE_LEVELS_PER_TILE: u8 = 8;

/// Why a tile cannot be given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadTileError<E> {
    /// The caller's fault: a tree of this size does not have the tile.
    #[error("a tree of {tree_size} leaves has no {tile}")]
    NotInTree {
        /// The tile asked for.
        tile: Tile,
        /// The size of the tree, in leaves.
        tree_size: u64,
    },
    /// The caller's fault: the tile holds entries, which the tree does not know.
    #[error("{tile} holds entries, not hashes")]
    HoldsEntries {
        /// The tile asked for.
        tile: Tile,
    },
    /// The tree cannot be read.
    #[error(transparent)]
    Read(#[from] ReadTreeError<E>),
}

/// The bytes of a hash tile in the tree of `tree_size` leaves: its hashes of 32 bytes one after the other, 8 192 bytes
/// if it is full (C2SP tlog-tiles, "Merkle Tree"). Reads at most 256 hashes, at once.
///
/// # Errors
/// [`ReadTileError`].
pub fn read_hash_tile<R: HashReader>(
    tile: Tile,
    tree_size: u64,
    reader: &R,
) -> Result<Vec<u8>, ReadTileError<R::Error>> {
    let TileKind::Hashes { level } = tile.kind() else { return Err(ReadTileError::HoldsEntries { tile }) };
    let absent = || ReadTileError::NotInTree { tile, tree_size };
    let elements = tile.elements().filter(|_| tile.is_in_tree(tree_size)).ok_or_else(absent)?;
    let tree_level = level.checked_mul(TREE_LEVELS_PER_TILE).ok_or_else(absent)?;
    let positions: Option<Vec<u64>> = elements.map(|index| node_position(tree_level, index)).collect();
    let hashes = read_checked(reader, &positions.ok_or_else(absent)?)?;
    Ok(hashes.iter().flat_map(Hash::as_bytes).copied().collect())
}
