//! Where a tile is: `tile/<L>/<N>[.p/<W>]` and `tile/entries/<N>[.p/<W>]` (C2SP tlog-tiles, "Merkle Tree" and "Log
//! entries").

use std::{fmt, ops::Range, str::FromStr};

use crate::decimal::parse_decimal;

/// The highest level that a path can name (C2SP tlog-tiles, "Merkle Tree"). Our trees end at level 7.
const LEVEL_MAX: u8 = 63;
/// The index of a tile is written in groups of three digits.
const INDEX_GROUP: u64 = 1000;
/// The longest path: `tile/entries/`, seven groups for an index below 2⁶⁴ and `.p/255` make 53 bytes.
const PATH_BYTES_MAX: usize = 64;

/// What a tile holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TileKind {
    /// Hashes of the tree: at level 0 leaves, at level *l* subtrees of 256ˡ leaves.
    Hashes {
        /// The level, 0 to 63.
        level: u8,
    },
    /// The records of entries, called a bundle.
    Entries,
}

/// The address of a tile; it prints and reads as its path, without a leading slash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tile {
    kind: TileKind,
    index: u64,
    width: u16,
}

/// A text that is not the path of a tile, or numbers that no tile has. The caller's fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected tile/<level>/<index> or tile/entries/<index>, for example tile/0/x001/234.p/5")]
pub struct InvalidTile;

impl Tile {
    /// The width of a full tile: 256 hashes or records.
    pub const WIDTH_FULL: u16 = 256;

    /// The tile number `index`, from 0, of its kind and level, as it was when it held `width` hashes or records.
    ///
    /// # Errors
    /// [`InvalidTile`] if the level is above 63 or the width not within 1 to 256.
    pub fn new(kind: TileKind, index: u64, width: u16) -> Result<Self, InvalidTile> {
        let level_possible = !matches!(kind, TileKind::Hashes { level } if level > LEVEL_MAX);
        if level_possible && (1..=Self::WIDTH_FULL).contains(&width) {
            Ok(Self { kind, index, width })
        } else {
            Err(InvalidTile)
        }
    }

    /// What it holds.
    pub const fn kind(&self) -> TileKind {
        self.kind
    }

    /// Its number within its kind and level, from 0.
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// How many hashes or records it holds, 1 to 256; below 256 it is a partial tile.
    pub const fn width(&self) -> u16 {
        self.width
    }

    /// Whether a tree of `tree_size` leaves has this tile. A partial tile exists from the size at which it was the
    /// rightmost one, also when the tree has outgrown it.
    pub fn is_in_tree(&self, tree_size: u64) -> bool {
        let shift = 8 * u32::from(self.level());
        let available = tree_size.checked_shr(shift).unwrap_or(0);
        self.elements().is_some_and(|elements| elements.end <= available)
    }

    /// The sequences of the entries in this bundle; for a hash tile the numbers of its hashes within its level.
    /// `None` if they do not fit 64 bits: no tree has such a tile.
    pub fn elements(&self) -> Option<Range<u64>> {
        let start = self.index.checked_mul(Self::WIDTH_FULL.into())?;
        Some(start..start.checked_add(self.width.into())?)
    }

    /// Bundles are cut like the leaves.
    pub(super) const fn level(&self) -> u8 {
        match self.kind {
            TileKind::Hashes { level } => level,
            TileKind::Entries => 0,
        }
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Hashes { level } => write!(formatter, "tile/{level}/")?,
            TileKind::Entries => formatter.write_str("tile/entries/")?,
        }
        let mut divisor = 1;
        while self.index / divisor >= INDEX_GROUP {
            divisor *= INDEX_GROUP;
        }
        while divisor > 1 {
            write!(formatter, "x{:03}/", self.index / divisor % INDEX_GROUP)?;
            divisor /= INDEX_GROUP;
        }
        write!(formatter, "{:03}", self.index % INDEX_GROUP)?;
        if self.width < Self::WIDTH_FULL { write!(formatter, ".p/{}", self.width) } else { Ok(()) }
    }
}

impl FromStr for Tile {
    type Err = InvalidTile;

    fn from_str(path: &str) -> Result<Self, InvalidTile> {
        if path.len() > PATH_BYTES_MAX {
            return Err(InvalidTile);
        }
        let (kind, rest) =
            path.strip_prefix("tile/").and_then(|rest| rest.split_once('/')).ok_or(InvalidTile)?;
        let kind = match kind {
            "entries" => TileKind::Entries,
            level => TileKind::Hashes { level: decimal(level)?.try_into().map_err(|_| InvalidTile)? },
        };
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => (index, decimal(width)?.try_into().map_err(|_| InvalidTile)?),
            None => (rest, Self::WIDTH_FULL),
        };
        let tile = Self::new(kind, parse_index(index)?, width)?;
        // A tile has one path: what reads alike but is written otherwise (`.p/256`, `x000/001`) is refused here.
        if tile.to_string() == path { Ok(tile) } else { Err(InvalidTile) }
    }
}

fn decimal(text: &str) -> Result<u64, InvalidTile> {
    parse_decimal(text).ok_or(InvalidTile)
}

fn parse_index(text: &str) -> Result<u64, InvalidTile> {
    text.split('/').try_fold(0_u64, |index, group| {
        let digits = group.strip_prefix('x').unwrap_or(group);
        if digits.len() != 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(InvalidTile);
        }
        let value: u64 = digits.parse().map_err(|_| InvalidTile)?;
        index.checked_mul(INDEX_GROUP).and_then(|index| index.checked_add(value)).ok_or(InvalidTile)
    })
}
