//! The same trees in `ct-merkle`, which shares no code with what we use: roots and proofs are equal, and each side
//! verifies the other's.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use segb_journal::Hash;
use segb_journal::tree::{ConsistencyProof, InclusionProof, prove_consistency, prove_inclusion};
use sha2::Sha256;

use crate::trees::{grow, leaf};

const SIZE: u64 = 100;

fn hashes(bytes: &[u8]) -> Vec<Hash> {
    bytes.chunks_exact(32).map(|chunk| Hash::from_bytes(chunk.try_into().unwrap())).collect()
}

#[test]
fn roots_and_proofs_are_the_same() {
    let (stored, roots) = grow(SIZE);
    let mut oracle = MemoryBackedTree::<Sha256, [u8; 8]>::new();
    let mut oracle_roots = vec![oracle.root()];
    for size in 1..=SIZE {
        oracle.push((size - 1).to_be_bytes());
        oracle_roots.push(oracle.root());
        let at = usize::try_from(size).unwrap();
        let oracle_root = &oracle_roots[at];
        assert_eq!(oracle_root.as_bytes().as_slice(), roots[at].as_bytes(), "{size}");
        for index in 0..size {
            let ours = prove_inclusion(index, size, &stored).unwrap();
            let theirs = oracle.prove_inclusion(usize::try_from(index).unwrap());
            assert_eq!(ours.hashes, hashes(theirs.as_bytes()), "{index} in {size}");
            let ours = ct_merkle::InclusionProof::from_bytes(
                ours.hashes.iter().flat_map(|hash| *hash.as_bytes()).collect(),
            );
            oracle_root.verify_inclusion(&index.to_be_bytes(), index, &ours).unwrap();
            let hashes = hashes(theirs.as_bytes());
            let theirs = InclusionProof { leaf_index: index, tree_size: size, hashes };
            theirs.verify(leaf(index), roots[at]).unwrap();
        }
        for from in 1..=size {
            let ours = prove_consistency(from, size, &stored).unwrap();
            let theirs = oracle.prove_consistency(usize::try_from(size - from).unwrap());
            assert_eq!(ours.hashes, hashes(theirs.as_bytes()), "{from} to {size}");
            let from_at = usize::try_from(from).unwrap();
            oracle_root.verify_consistency(&oracle_roots[from_at], &theirs).unwrap();
            let theirs = ConsistencyProof { from, to: size, hashes: hashes(theirs.as_bytes()) };
            theirs.verify(roots[from_at], roots[at]).unwrap();
        }
    }
}
