//! What holds for every tree.

use proptest::prelude::*;
use segb_journal::Hash;
use segb_journal::tree::{
    self, ConsistencyProof, HashReader, InclusionProof, ProveConsistencyError, ProveInclusionError,
    ReadTreeError, RootBuilder, SIZE_MAX, StoredHash, VerifyConsistencyError, VerifyInclusionError,
    prove_consistency, prove_inclusion,
};

use crate::trees::{NotStored, Stored, flipped, grow, leaf};

/// Every shape of small tree, and both sides of a power of two.
const SIZE: u64 = 67;

fn at(roots: &[Hash], size: u64) -> Hash {
    roots[usize::try_from(size).unwrap()]
}

#[test]
fn every_leaf_of_every_tree_is_proved() {
    let (stored, roots) = grow(SIZE);
    for tree_size in 1..=SIZE {
        for index in 0..tree_size {
            let proof = prove_inclusion(index, tree_size, &stored).unwrap();
            assert_eq!(proof.verify(leaf(index), at(&roots, tree_size)), Ok(()), "{index} in {tree_size}");
        }
        let error = ProveInclusionError::NotInTree { leaf_index: tree_size, tree_size };
        assert_eq!(prove_inclusion(tree_size, tree_size, &stored), Err(error));
    }
}

#[test]
fn every_tree_continues_every_smaller_one() {
    let (stored, roots) = grow(SIZE);
    for to in 0..=SIZE {
        for from in 0..=to {
            let proof = prove_consistency(from, to, &stored).unwrap();
            assert_eq!(proof.verify(at(&roots, from), at(&roots, to)), Ok(()), "{from} to {to}");
        }
        let error = ProveConsistencyError::OutOfOrder { from: to + 1, to };
        assert_eq!(prove_consistency(to + 1, to, &stored), Err(error));
    }
}

#[test]
fn all_ways_to_a_root_agree() {
    let (stored, roots) = grow(SIZE);
    for size in 0..=SIZE {
        assert_eq!(tree::root(size, &stored).unwrap(), at(&roots, size));
        let mut resumed = RootBuilder::resume(size, &stored).unwrap();
        assert_eq!((resumed.size(), resumed.head().root), (size, at(&roots, size)));
        resumed.append(leaf(size)).unwrap();
        assert_eq!(resumed.root(), *grow(size + 1).1.last().unwrap());
    }
}

#[test]
fn both_ways_to_append_store_the_same() {
    let (stored, _) = grow(SIZE);
    let (mut builder, mut next) = (RootBuilder::new(), 0);
    for sequence in 0..SIZE {
        let computed = builder.append_storing(leaf(sequence)).unwrap();
        assert_eq!(tree::hashes_to_store(sequence, leaf(sequence), &stored).unwrap(), computed);
        assert_eq!(tree::leaf_position(sequence), Some(next));
        for StoredHash { position, hash } in computed {
            assert_eq!((position, hash), (next, stored.0[usize::try_from(next).unwrap()]));
            next += 1;
        }
        assert_eq!(tree::stored_count(sequence + 1), Some(next));
    }
}

#[test]
fn a_subtree_lies_after_its_right_child() {
    let position = |level, index| tree::node_position(level, index).unwrap();
    let first: Vec<u64> =
        [(0, 0), (0, 1), (1, 0), (0, 2), (0, 3), (1, 1), (2, 0)].map(|(l, i)| position(l, i)).into();
    assert_eq!(first, [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(position(62, 0), i64::MAX.unsigned_abs() - 1);
    assert_eq!(tree::stored_count(SIZE_MAX), Some(i64::MAX.unsigned_abs()));
    for (level, index) in [(0, SIZE_MAX), (0, u64::MAX), (62, 1), (63, 0), (64, 0), (255, u64::MAX)] {
        assert_eq!(tree::node_position(level, index), None, "{level} {index}");
    }
}

#[test]
fn what_is_not_stored_is_an_error_and_no_proof() {
    let (stored, _) = grow(10);
    assert!(matches!(tree::root(11, &stored), Err(ReadTreeError::Reader(NotStored(_)))));
    assert!(matches!(RootBuilder::resume(11, &stored), Err(ReadTreeError::Reader(NotStored(_)))));
    let inclusion = prove_inclusion(3, 12, &stored);
    assert!(matches!(inclusion, Err(ProveInclusionError::Read(ReadTreeError::Reader(NotStored(_))))));
    let consistency = prove_consistency(3, 12, &stored);
    assert!(matches!(consistency, Err(ProveConsistencyError::Read(ReadTreeError::Reader(NotStored(_))))));
}

struct Forgetful;

impl HashReader for Forgetful {
    type Error = NotStored;

    fn hashes(&self, positions: &[u64]) -> Result<Vec<Hash>, NotStored> {
        Ok(positions.iter().skip(1).map(|_| leaf(0)).collect())
    }
}

#[test]
fn a_reader_that_answers_short_is_found_out() {
    let short = ReadTreeError::WrongCount { asked: 2, got: 1 };
    assert_eq!(tree::root(3, &Forgetful), Err(short.clone()));
    assert_eq!(tree::hashes_to_store(3, leaf(3), &Forgetful), Err(short.clone()));
    assert_eq!(RootBuilder::resume(3, &Forgetful), Err(short.clone()));
    assert_eq!(prove_inclusion(0, 4, &Forgetful), Err(ProveInclusionError::Read(short.clone())));
    assert_eq!(prove_consistency(2, 4, &Forgetful).unwrap_err().to_string(), {
        ReadTreeError::<NotStored>::WrongCount { asked: 1, got: 0 }.to_string()
    });
}

#[test]
fn absurd_sizes_are_refused_without_work() {
    let stored = Stored::default();
    for size in [SIZE_MAX + 1, 1 << 63, u64::MAX] {
        assert_eq!(tree::root(size, &stored), Err(ReadTreeError::TooLarge { size }));
        assert!(matches!(prove_inclusion(0, size, &stored), Err(ProveInclusionError::Read(_))));
        assert!(matches!(prove_consistency(1, size, &stored), Err(ProveConsistencyError::Read(_))));
        assert!(tree::hashes_to_store(size, leaf(0), &stored).is_err());
        for leaf_index in [0, size - 1, size] {
            let proof = InclusionProof { leaf_index, tree_size: size, hashes: vec![leaf(0); 62] };
            assert!(matches!(proof.verify(leaf(0), leaf(1)), Err(VerifyInclusionError::NotInTree { .. })));
        }
        let proof = ConsistencyProof { from: size - 1, to: size, hashes: vec![leaf(0); 62] };
        assert!(matches!(proof.verify(leaf(0), leaf(1)), Err(VerifyConsistencyError::OutOfOrder { .. })));
    }
    for hashes in [vec![], vec![leaf(0); 62], vec![leaf(0); 63], vec![leaf(0); 1_000_000]] {
        let proof = InclusionProof { leaf_index: SIZE_MAX - 1, tree_size: SIZE_MAX, hashes: hashes.clone() };
        assert_eq!(proof.verify(leaf(0), leaf(1)), Err(VerifyInclusionError::Mismatch));
        let proof = ConsistencyProof { from: SIZE_MAX - 1, to: SIZE_MAX, hashes };
        assert_eq!(proof.verify(leaf(0), leaf(1)), Err(VerifyConsistencyError::Mismatch));
    }
}

/// Subtrees of equal leaves are equal, so that a tree of any size can be imagined without being built.
struct Uniform(Vec<Hash>);

impl HashReader for Uniform {
    type Error = NotStored;

    fn hashes(&self, positions: &[u64]) -> Result<Vec<Hash>, NotStored> {
        // The level of a position: descend from the subtree over everything.
        let level = |position: u64| {
            let (mut level, mut start) = (62_u8, 0_u64);
            loop {
                let own = start + (1_u64 << (level + 1)) - 2;
                if position == own {
                    return level;
                }
                let right = start + (1_u64 << level) - 1;
                (level, start) = (level - 1, if position < right { start } else { right });
            }
        };
        Ok(positions.iter().map(|position| self.0[usize::from(level(*position))]).collect())
    }
}

#[test]
fn the_largest_trees_are_proved_within_the_limits() {
    let levels = std::iter::successors(Some(leaf(0)), |hash| Some(tree::node_hash(hash, hash)));
    let reader = Uniform(levels.take(63).collect());
    for size in [SIZE_MAX, SIZE_MAX - 1, SIZE_MAX / 2 + 1, SIZE_MAX / 3] {
        let root = tree::root(size, &reader).unwrap();
        for index in [0, size / 3, size / 2, size - 1] {
            let proof = prove_inclusion(index, size, &reader).unwrap();
            assert!(proof.hashes.len() <= 62, "{}", proof.hashes.len());
            assert_eq!(proof.verify(leaf(0), root), Ok(()));
        }
        for from in [1, size / 3, size / 2, size - 1] {
            let proof = prove_consistency(from, size, &reader).unwrap();
            assert!(proof.hashes.len() <= 63, "{}", proof.hashes.len());
            assert_eq!(proof.verify(tree::root(from, &reader).unwrap(), root), Ok(()));
        }
    }
    let mut full = RootBuilder::resume(SIZE_MAX, &reader).unwrap();
    assert_eq!(full.append(leaf(0)), Err(tree::TreeFull));
    assert_eq!(full.root(), tree::root(SIZE_MAX, &reader).unwrap());
}

#[test]
fn nothing_continues_only_the_empty_tree() {
    let (_, roots) = grow(5);
    let proof = |to, hashes| ConsistencyProof { from: 0, to, hashes };
    assert_eq!(proof(5, vec![]).verify(roots[0], roots[5]), Ok(()));
    for (to, hashes, from_root, to_root) in [
        (5, vec![], roots[1], roots[5]),         // another root for the empty tree
        (5, vec![], roots[0], roots[0]),         // five leaves with the root of none
        (0, vec![], roots[0], roots[1]),         // no leaves with the root of one
        (5, vec![roots[1]], roots[0], roots[5]), // more proof than there is
    ] {
        assert_eq!(
            proof(to, hashes).verify(from_root, to_root),
            Err(VerifyConsistencyError::Mismatch),
            "{to}"
        );
    }
}

#[test]
fn proofs_are_json_with_hexadecimal_hashes() {
    let (stored, _) = grow(2);
    let inclusion = prove_inclusion(0, 2, &stored).unwrap();
    let text = format!("{{\"leaf_index\":0,\"tree_size\":2,\"hashes\":[\"{}\"]}}", leaf(1));
    assert_eq!(serde_json::to_string(&inclusion).unwrap(), text);
    assert_eq!(serde_json::from_str::<InclusionProof>(&text).unwrap(), inclusion);
    let consistency = prove_consistency(1, 2, &stored).unwrap();
    let text = format!("{{\"from\":1,\"to\":2,\"hashes\":[\"{}\"]}}", leaf(1));
    assert_eq!(serde_json::to_string(&consistency).unwrap(), text);
    assert_eq!(serde_json::from_str::<ConsistencyProof>(&text).unwrap(), consistency);
    for wrong in [text.replace('2', "-2"), text.replace("to", "until"), text.replace('}', ",\"x\":1}")] {
        assert!(serde_json::from_str::<ConsistencyProof>(&wrong).is_err(), "{wrong}");
    }
}

fn index_and_size() -> impl Strategy<Value = (u64, u64)> {
    (1..2000_u64).prop_flat_map(|size| (0..size, Just(size)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_inclusion_proof_fails((index, size) in index_and_size(), bit in 0..1_000_000_usize, other: u64) {
        let (stored, roots) = grow(size);
        let (root, proof) = (at(&roots, size), prove_inclusion(index, size, &stored).unwrap());
        prop_assert_eq!(proof.verify(leaf(index), root), Ok(()));
        prop_assert!(proof.verify(flipped(leaf(index), bit), root).is_err());
        prop_assert!(proof.verify(leaf(index), flipped(root, bit)).is_err());
        if !proof.hashes.is_empty() {
            let mut changed = proof.clone();
            let place = bit / 256 % changed.hashes.len();
            changed.hashes[place] = flipped(changed.hashes[place], bit);
            prop_assert!(changed.verify(leaf(index), root).is_err());
            let mut shorter = proof.clone();
            shorter.hashes.remove(place);
            prop_assert!(shorter.verify(leaf(index), root).is_err());
        }
        let mut longer = proof.clone();
        longer.hashes.push(root);
        prop_assert!(longer.verify(leaf(index), root).is_err());
        // Another place, or another tree: with the root that belongs to it.
        let leaf_index = other % size;
        let moved = InclusionProof { leaf_index, ..proof.clone() };
        prop_assert_eq!(moved.verify(leaf(index), root).is_ok(), leaf_index == index);
        let tree_size = 1 + other % size;
        let resized = InclusionProof { tree_size, ..proof };
        prop_assert_eq!(resized.verify(leaf(index), at(&roots, tree_size)).is_ok(), tree_size == size);
    }

    #[test]
    fn a_changed_consistency_proof_fails((from, to) in index_and_size(), bit in 0..1_000_000_usize, other: u64) {
        let (stored, roots) = grow(to);
        let proof = prove_consistency(from, to, &stored).unwrap();
        let (from_root, to_root) = (at(&roots, from), at(&roots, to));
        prop_assert_eq!(proof.verify(from_root, to_root), Ok(()));
        prop_assert!(proof.verify(flipped(from_root, bit), to_root).is_err());
        prop_assert!(from == 0 || proof.verify(from_root, flipped(to_root, bit)).is_err());
        if !proof.hashes.is_empty() {
            let mut changed = proof.clone();
            let place = bit / 256 % changed.hashes.len();
            changed.hashes[place] = flipped(changed.hashes[place], bit);
            prop_assert!(changed.verify(from_root, to_root).is_err());
            let mut shorter = proof.clone();
            shorter.hashes.remove(place);
            prop_assert!(shorter.verify(from_root, to_root).is_err());
        }
        let mut longer = proof.clone();
        longer.hashes.push(to_root);
        prop_assert!(longer.verify(from_root, to_root).is_err());
        // Every proof from nothing is empty, so only others can be told apart by their sizes.
        if from > 0 {
            let size = 1 + other % to;
            let moved = ConsistencyProof { from: size, ..proof.clone() };
            prop_assert_eq!(moved.verify(at(&roots, size), to_root).is_ok(), size == from);
            let resized = ConsistencyProof { to: size, ..proof };
            prop_assert_eq!(resized.verify(from_root, at(&roots, size)).is_ok(), size == to);
        }
    }
}
