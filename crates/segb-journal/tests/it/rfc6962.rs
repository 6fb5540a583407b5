//! The vectors that implementations of RFC 6962 share: eight leaves, the roots of the trees of the first 0 to 8, and
//! proofs in them. The structure of the proofs of RFC 6962, section 2.1.3, in the tree of seven leaves.

use segb_journal::Hash;
use segb_journal::tree::{
    self, ConsistencyProof, EMPTY_ROOT, InclusionProof, RootBuilder, leaf_hash, node_hash, prove_consistency,
    prove_inclusion,
};

use crate::trees::{Stored, grow, leaf};

const RECORDS: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];

const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

const NODE_0_1: &str = ROOTS[2];
const NODE_0_3: &str = ROOTS[4];
const LEAF_0: &str = ROOTS[1];
const LEAF_1: &str = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
const LEAF_4: &str = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
const NODE_2_3: &str = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
const NODE_4_7: &str = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";
const NODE_4_5: &str = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";
const NODE_6_7: &str = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";

fn hash(text: &str) -> Hash {
    text.parse().unwrap()
}

fn stored() -> Stored {
    let (mut stored, mut builder) = (Stored::default(), RootBuilder::new());
    for record in RECORDS {
        let nodes = builder.append_storing(leaf_hash(record)).unwrap();
        stored.0.extend(nodes.iter().map(|node| node.hash));
    }
    stored
}

#[test]
fn roots() {
    let (stored, mut builder) = (stored(), RootBuilder::new());
    for (size, expected) in ROOTS.iter().enumerate() {
        assert_eq!(builder.root(), hash(expected), "{size}");
        assert_eq!(tree::root(size as u64, &stored), Ok(hash(expected)), "{size}");
        if let Some(record) = RECORDS.get(size) {
            builder.append(leaf_hash(record)).unwrap();
        }
    }
    assert_eq!(EMPTY_ROOT, hash(ROOTS[0]));
}

#[test]
fn inclusion_proofs() {
    let cases: [(u64, u64, &[&str]); 6] = [
        (0, 1, &[]),
        (0, 8, &[LEAF_1, NODE_2_3, NODE_4_7]),
        (5, 8, &[LEAF_4, NODE_6_7, NODE_0_3]),
        (2, 3, &[NODE_0_1]),
        (1, 5, &[LEAF_0, NODE_2_3, LEAF_4]),
        (1, 2, &[LEAF_0]),
    ];
    for (leaf_index, tree_size, hashes) in cases {
        let hashes = hashes.iter().map(|text| hash(text)).collect();
        let expected = InclusionProof { leaf_index, tree_size, hashes };
        assert_eq!(prove_inclusion(leaf_index, tree_size, &stored()).unwrap(), expected);
        let leaf = leaf_hash(RECORDS[usize::try_from(leaf_index).unwrap()]);
        assert_eq!(expected.verify(leaf, hash(ROOTS[usize::try_from(tree_size).unwrap()])), Ok(()));
    }
}

#[test]
fn consistency_proofs() {
    let cases: [(u64, u64, &[&str]); 5] = [
        (1, 1, &[]),
        (1, 8, &[LEAF_1, NODE_2_3, NODE_4_7]),
        (6, 8, &[NODE_4_5, NODE_6_7, NODE_0_3]),
        (2, 5, &[NODE_2_3, LEAF_4]),
        (0, 8, &[]),
    ];
    for (from, to, hashes) in cases {
        let hashes = hashes.iter().map(|text| hash(text)).collect();
        let expected = ConsistencyProof { from, to, hashes };
        assert_eq!(prove_consistency(from, to, &stored()).unwrap(), expected);
        let root = |size: u64| hash(ROOTS[usize::try_from(size).unwrap()]);
        assert_eq!(expected.verify(root(from), root(to)), Ok(()));
    }
}

/// The figure of RFC 6962, section 2.1.3, with its letters.
#[test]
fn the_example_with_seven_leaves() {
    let [a, b, c, d, e, f, j] = [0, 1, 2, 3, 4, 5, 6].map(leaf);
    let (g, h, i) = (node_hash(&a, &b), node_hash(&c, &d), node_hash(&e, &f));
    let (k, l) = (node_hash(&g, &h), node_hash(&i, &j));
    let (stored, roots) = grow(7);
    assert_eq!(roots[7], node_hash(&k, &l));
    for (index, expected) in [(0, vec![b, h, l]), (3, vec![c, g, l]), (4, vec![f, j, k]), (6, vec![i, k])] {
        assert_eq!(prove_inclusion(index, 7, &stored).unwrap().hashes, expected, "{index}");
    }
    for (from, expected) in [(3, vec![c, d, g, l]), (4, vec![l]), (6, vec![i, j, k])] {
        assert_eq!(prove_consistency(from, 7, &stored).unwrap().hashes, expected, "{from}");
    }
}
