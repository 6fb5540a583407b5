//! The tree and the entries cut into files that never change, so that stock monitors can follow the journal (C2SP
//! tlog-tiles): the addresses of tiles and bundles, and their bytes. How they are served is not known here.

mod bundle;
mod path;
mod read;

pub use bundle::{BUNDLE_RECORDS_MAX, DecodeBundleError, EncodeBundleError, decode_bundle, encode_bundle};
pub use path::{InvalidTile, Tile, TileKind};
pub use read::{ReadTileError, read_hash_tile};
