//! Tiles and bundles (C2SP tlog-tiles).

use proptest::prelude::*;
use segb_journal::Hash;
use segb_journal::tile::{
    DecodeBundleError, EncodeBundleError, InvalidTile, ReadTileError, Tile, TileKind, decode_bundle,
    encode_bundle, read_hash_tile,
};
use segb_journal::tree::{HashReader, RootBuilder, SIZE_MAX, TreeHead, node_hash};

use crate::trees::{NotStored, Stored, grow, leaf};

fn hashes(level: u8, index: u64, width: u16) -> Tile {
    Tile::new(TileKind::Hashes { level }, index, width).unwrap()
}

fn entries(index: u64, width: u16) -> Tile {
    Tile::new(TileKind::Entries, index, width).unwrap()
}

#[test]
fn paths_print_and_read() {
    for (path, tile) in [
        ("tile/0/000", hashes(0, 0, 256)),
        ("tile/0/x001/x234/067", hashes(0, 1_234_067, 256)), // the example of the specification
        ("tile/2/999.p/1", hashes(2, 999, 1)),
        ("tile/63/x001/000.p/255", hashes(63, 1000, 255)),
        ("tile/entries/000.p/12", entries(0, 12)),
        ("tile/entries/x018/x446/x744/x073/x709/x551/615", entries(u64::MAX, 256)),
    ] {
        assert_eq!(tile.to_string(), path);
        assert_eq!(path.parse(), Ok(tile), "{path}");
    }
}

#[test]
fn other_paths_are_refused() {
    let long = format!("tile/0/{}001", "x000/".repeat(100_000));
    for path in [
        "",
        "/tile/0/000",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile//000",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/00/000",
        "tile/+1/000",
        "tile/-1/000",
        "tile/64/000",
        "tile/256/000",
        "tile/data/000",
        "tile/0/000/",
        "tile/0/001/234",
        "tile/0/x001/x234",
        "tile/0/x001",
        "tile/0/x000/001",
        "tile/0/X001/234",
        "tile/0/xx01/234",
        "tile/0/x01/234",
        "tile/0/x001//234",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/05",
        "tile/0/000.p/+5",
        "tile/0/000.p/",
        "tile/0/000.p",
        "tile/0/000.p/5/",
        "tile/0/000.p/5.p/5",
        "tile/0/000.P/5",
        "tile/0/000\r",
        "tile/0/000\n",
        "tile/0/../000",
        "tile/0/٠٠٠",
        "tile/0/x018/x446/x744/x073/x709/x551/616",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
        "tile/entries",
        "tile/Entries/000",
        &long,
    ] {
        assert_eq!(path.parse::<Tile>(), Err(InvalidTile), "{path}");
    }
    assert!(Tile::new(TileKind::Hashes { level: 64 }, 0, 1).is_err());
    assert!(Tile::new(TileKind::Entries, 0, 0).is_err());
    assert!(Tile::new(TileKind::Entries, 0, 257).is_err());
}

/// The example of the specification: 70 000 entries are 273 full tiles and one of 112 at level 0, one and one of 17 at
/// level 1, and one of 1 at level 2.
#[test]
fn a_tree_has_the_tiles_of_its_size_and_of_smaller_ones() {
    let size = 70_000;
    for tile in
        [hashes(0, 272, 256), hashes(0, 273, 112), hashes(1, 0, 256), hashes(1, 1, 17), hashes(2, 0, 1)]
    {
        assert!(tile.is_in_tree(size), "{tile}");
    }
    for tile in [hashes(0, 273, 111), hashes(0, 0, 1), hashes(1, 1, 3), entries(273, 112), entries(5, 256)] {
        assert!(tile.is_in_tree(size), "{tile} of an earlier size");
    }
    for tile in [
        hashes(0, 273, 113),
        hashes(0, 273, 256),
        hashes(0, 274, 1),
        hashes(1, 1, 18),
        hashes(2, 0, 2),
        hashes(3, 0, 1),
        hashes(63, 0, 1),
        hashes(0, u64::MAX, 256),
        entries(273, 113),
        entries(u64::MAX, 1),
    ] {
        assert!(!tile.is_in_tree(size), "{tile}");
        if tile.kind() != TileKind::Entries {
            let error = ReadTileError::NotInTree { tile, tree_size: size };
            assert_eq!(read_hash_tile(tile, size, &Stored::default()), Err(error));
        }
    }
    assert_eq!(entries(273, 112).elements(), Some(69_888..70_000));
}

#[test]
fn hash_tiles_hold_the_hashes_of_their_level() {
    let (stored, roots) = grow(70_000);
    let tile = read_hash_tile(hashes(0, 273, 112), 70_000, &stored).unwrap();
    let expected: Vec<u8> = (69_888..70_000).flat_map(|number| *leaf(number).as_bytes()).collect();
    assert_eq!(tile, expected);
    let upper = read_hash_tile(hashes(1, 0, 256), 70_000, &stored).unwrap();
    assert_eq!(upper.len(), 8192);
    assert_eq!(upper[..32], roots[256].as_bytes()[..]);
    // What a monitor does: from the tiles of one checkpoint to its root.
    let top = read_hash_tile(hashes(2, 0, 1), 70_000, &stored).unwrap();
    let middle = read_hash_tile(hashes(1, 1, 17), 70_000, &stored).unwrap();
    let fold = |bytes: &[u8]| {
        let mut level: Vec<Hash> =
            bytes.chunks(32).map(|hash| Hash::from_bytes(hash.try_into().unwrap())).collect();
        while level.len() > 1 {
            level = level
                .chunks(2)
                .map(|pair| if let [left, right] = pair { node_hash(left, right) } else { pair[0] })
                .collect();
        }
        level[0]
    };
    let fringe = node_hash(&fold(&middle[16 * 32..]), &fold(&tile));
    let right = node_hash(&fold(&middle[..16 * 32]), &fringe);
    assert_eq!(node_hash(&fold(&top), &right), roots[70_000]);
    assert_eq!(fold(&upper), fold(&top));
}

#[test]
fn what_cannot_be_read_is_no_tile() {
    let (stored, _) = grow(10);
    let unread = read_hash_tile(hashes(0, 0, 11), 11, &stored);
    assert!(matches!(unread, Err(ReadTileError::Read(_))));
    let tile = entries(0, 10);
    assert_eq!(read_hash_tile(tile, 10, &stored), Err(ReadTileError::HoldsEntries { tile }));
    struct Anything;
    impl HashReader for Anything {
        type Error = NotStored;
        fn hashes(&self, positions: &[u64]) -> Result<Vec<Hash>, NotStored> {
            Ok(vec![leaf(0); positions.len()])
        }
    }
    // Sizes beyond every tree, where positions would overflow.
    for (tile, size) in [(hashes(0, (1 << 56) - 1, 256), u64::MAX), (hashes(7, 254, 256), u64::MAX)] {
        assert!(
            matches!(read_hash_tile(tile, size, &Anything), Err(ReadTileError::NotInTree { .. })),
            "{tile}"
        );
    }
    assert_eq!(read_hash_tile(hashes(7, 0, 64), SIZE_MAX, &Anything).unwrap().len(), 64 * 32);
}

#[test]
fn a_bundle_is_records_behind_their_lengths() {
    assert_eq!(encode_bundle(["ab", ""]).unwrap(), b"\x00\x02ab\x00\x00");
    assert_eq!(decode_bundle(b"\x00\x02ab\x00\x00"), Ok(vec![&b"ab"[..], b""]));
    assert_eq!(encode_bundle(Vec::<String>::new()).unwrap(), b"");
    assert_eq!(encode_bundle([vec![1; 65_535]]).unwrap()[..3], [0xff, 0xff, 1]);
    let too_long = EncodeBundleError::RecordTooLong { index: 1, length: 65_536 };
    assert_eq!(encode_bundle([vec![], vec![1; 65_536]]), Err(too_long));
    assert_eq!(encode_bundle(std::iter::repeat("x")), Err(EncodeBundleError::TooManyRecords));
    for (bytes, index) in [(&b"\x00"[..], 0), (b"\x00\x01", 0), (b"\x00\x01a\x00", 1), (b"\xff\xffabc", 0)] {
        assert_eq!(decode_bundle(bytes), Err(DecodeBundleError::Truncated { index }), "{bytes:?}");
    }
    assert_eq!(decode_bundle(&[0; 514]), Err(DecodeBundleError::TooManyRecords));
    assert_eq!(decode_bundle(&[0; 512]).unwrap().len(), 256);
}

#[test]
fn a_monitor_follows_a_journal_by_its_bundles() {
    let (_, roots) = grow(300);
    let records: Vec<[u8; 8]> = (0..300_u64).map(u64::to_be_bytes).collect();
    let mut builder = RootBuilder::new();
    for bundle in records.chunks(256).map(|chunk| encode_bundle(chunk).unwrap()) {
        for record in decode_bundle(&bundle).unwrap() {
            builder.append(segb_journal::tree::leaf_hash(record)).unwrap();
        }
    }
    assert_eq!(builder.head(), TreeHead { size: 300, root: roots[300] });
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_tile_has_one_path(level in 0..=63_u8, index: u64, shift in 0..64_u32, width in 1..=256_u16) {
        for tile in [hashes(level, index >> shift, width), entries(index >> shift, width)] {
            prop_assert_eq!(tile.to_string().parse(), Ok(tile));
        }
    }

    #[test]
    fn no_text_is_trouble(text in "(tile/)?(entries|[0-9]{0,3})?/?[x0-9/.p]{0,60}|.*") {
        if let Ok(tile) = text.parse::<Tile>() {
            prop_assert_eq!(tile.to_string(), text);
        }
    }

    #[test]
    fn bundles_are_read_as_written(records in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..300), 0..20)) {
        let bundle = encode_bundle(&records).unwrap();
        prop_assert_eq!(decode_bundle(&bundle).unwrap(), records);
    }

    #[test]
    fn no_bundle_is_trouble(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        if let Ok(records) = decode_bundle(&bytes) {
            prop_assert_eq!(encode_bundle(records).unwrap(), bytes);
        }
    }
}
