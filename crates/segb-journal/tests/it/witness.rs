//! What a witness decides (C2SP tlog-witness, "add-checkpoint").

use proptest::prelude::*;
use segb_journal::Hash;
use segb_journal::checkpoint::{Origin, ParseCheckpointError};
use segb_journal::note::{ParseNoteError, Verifier};
use segb_journal::tree::{ConsistencyProof, EMPTY_ROOT, TreeHead, prove_consistency};
use segb_journal::witness::{
    Accepted, AddCheckpoint, NewAddCheckpointError, ParseAddCheckpointError, Refusal, WatchedLog, decide,
};

use crate::checkpoints::{EMPTY_JOURNAL, signed};
use crate::keys::{GO_PUBLIC, log, witness};
use crate::trees::{flipped, grow};

/// The example of C2SP tlog-witness.
const SPECIFICATION_BODY: &str = "old 20852014\n\
    PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n\
    jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n\
    5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n\
    /6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n\
    \n\
    example.com/behind-the-sofa\n\
    20852163\n\
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\
    \n\
    — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\
    — example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=\n";

fn origin() -> Origin {
    "glassbox.example/journal".parse().unwrap()
}

/// What the log sends for its tree of `to` leaves, thinking that the witness knows the one of `from`.
fn request(from: u64, to: u64) -> AddCheckpoint {
    let (stored, roots) = grow(to);
    let proof = prove_consistency(from, to, &stored).unwrap();
    AddCheckpoint::new(proof, signed(to, roots[usize::try_from(to).unwrap()])).unwrap()
}

fn head(size: u64) -> TreeHead {
    TreeHead { size, root: *grow(size).1.last().unwrap() }
}

fn answer(request: AddCheckpoint, last_cosigned: TreeHead) -> Result<Accepted, Refusal> {
    decide(request, Some(WatchedLog { origin: &origin(), keys: &[log().verifier()], last_cosigned }))
}

#[track_caller]
fn check(request: AddCheckpoint, last_cosigned: TreeHead, status: u16, last_size: Option<u64>) {
    let refusal = answer(request, last_cosigned).unwrap_err();
    assert_eq!((refusal.status(), refusal.last_size()), (status, last_size), "{refusal}");
}

#[test]
fn the_example_of_the_specification_is_read_and_written() {
    let read = AddCheckpoint::parse(SPECIFICATION_BODY.as_bytes()).unwrap();
    assert_eq!(read.origin().as_str(), "example.com/behind-the-sofa");
    assert_eq!(read.to_string(), SPECIFICATION_BODY);
}

#[test]
fn a_growing_log_is_cosigned_at_every_size() {
    let mut last = TreeHead::EMPTY;
    for size in [0, 0, 1, 2, 2, 7, 8, 64, 65, 200] {
        let sent = request(last.size, size).to_string();
        let accepted = answer(AddCheckpoint::parse(sent.as_bytes()).unwrap(), last).unwrap();
        assert_eq!((accepted.head(), accepted.origin()), (head(size), &origin()));
        let line = accepted.cosign(&witness(), 1_769_853_600).unwrap();
        let mut checkpoint = accepted.checkpoint().clone();
        checkpoint.add_cosignatures([line], &[witness().verifier()]).unwrap();
        last = accepted.head();
    }
}

#[test]
fn a_log_that_is_not_watched_is_404() {
    let refusal = decide(request(0, 3), None).unwrap_err();
    assert_eq!((refusal.status(), refusal), (404, Refusal::UnknownLog(origin())));
    let (other, keys) = ("elsewhere".parse().unwrap(), [log().verifier()]);
    let watched = WatchedLog { origin: &other, keys: &keys, last_cosigned: TreeHead::EMPTY };
    assert_eq!(decide(request(0, 3), Some(watched)).unwrap_err().status(), 404);
}

#[test]
fn a_checkpoint_that_the_log_has_not_signed_is_403() {
    let unknown: [Verifier; 1] = [GO_PUBLIC.parse().unwrap()];
    for keys in [&unknown[..], &[]] {
        let watched = WatchedLog { origin: &origin(), keys, last_cosigned: TreeHead::EMPTY };
        assert_eq!(decide(request(0, 3), Some(watched)).unwrap_err().status(), 403);
    }
    let forged = request(0, 3).to_string().replace("\n3\n", "\n4\n");
    check(AddCheckpoint::parse(forged.as_bytes()).unwrap(), TreeHead::EMPTY, 403, None);
    // An unsigned request learns nothing about sizes.
    check(AddCheckpoint::parse(forged.as_bytes()).unwrap(), head(2), 403, None);
}

#[test]
fn an_old_size_above_the_new_one_is_400() {
    let sent = request(3, 3).to_string().replacen("old 3", "old 4", 1);
    check(AddCheckpoint::parse(sent.as_bytes()).unwrap(), head(4), 400, None);
}

#[test]
fn another_old_size_than_the_one_last_cosigned_is_409_with_that_size() {
    check(request(3, 5), head(4), 409, Some(4));
    check(request(0, 5), head(4), 409, Some(4));
    check(request(3, 5), TreeHead::EMPTY, 409, Some(0));
    check(request(3, 3), head(5), 409, Some(5)); // a rollback
}

#[test]
fn another_tree_of_the_same_size_is_409() {
    let other = TreeHead { root: flipped(head(5).root, 0), ..head(5) };
    check(request(5, 5), other, 409, Some(5));
    assert_eq!(answer(request(5, 5), other), Err(Refusal::OtherRoot { last_size: 5 }));
}

#[test]
fn a_tree_that_does_not_continue_the_last_one_is_422() {
    let other = TreeHead { root: flipped(head(5).root, 0), ..head(5) };
    check(request(5, 9), other, 422, None);
    // A proof where none belongs: from nothing, and to the same tree.
    let extra = |from: u64, to: u64| {
        let proof = ConsistencyProof { from, to, hashes: vec![EMPTY_ROOT] };
        AddCheckpoint::new(proof, signed(to, head(to).root)).unwrap()
    };
    check(extra(0, 5), TreeHead::EMPTY, 422, None);
    check(extra(0, 0), TreeHead::EMPTY, 422, None);
    check(extra(5, 5), head(5), 422, None);
    // None where one belongs.
    let missing = ConsistencyProof { from: 5, to: 9, hashes: vec![] };
    check(AddCheckpoint::new(missing, signed(9, head(9).root)).unwrap(), head(5), 422, None);
    // The empty tree has one root.
    let nothing = |to| ConsistencyProof { from: 0, to, hashes: vec![] };
    check(AddCheckpoint::new(nothing(0), signed(0, head(1).root)).unwrap(), TreeHead::EMPTY, 422, None);
    // A size beyond all trees.
    check(
        AddCheckpoint::new(nothing(u64::MAX), signed(u64::MAX, head(1).root)).unwrap(),
        TreeHead::EMPTY,
        422,
        None,
    );
}

#[test]
fn requests_that_cannot_be_right_are_not_made() {
    let proof = |to, count| ConsistencyProof { from: 1, to, hashes: vec![EMPTY_ROOT; count] };
    let error = AddCheckpoint::new(proof(4, 1), signed(5, head(5).root));
    assert_eq!(error, Err(NewAddCheckpointError::WrongSize { to: 4, size: 5 }));
    let error = AddCheckpoint::new(proof(5, 64), signed(5, head(5).root));
    assert_eq!(error, Err(NewAddCheckpointError::ProofTooLong));
}

#[test]
fn what_cannot_be_read_is_400() {
    let hash = EMPTY_ROOT.to_base64();
    let check = |body: &[u8], expected: ParseAddCheckpointError| {
        let error = AddCheckpoint::parse(body).unwrap_err();
        assert_eq!(error, expected, "{:?}", String::from_utf8_lossy(body));
        assert_eq!(Refusal::from(error).status(), 400);
    };
    for body in ["", "old 0\n", "old 0\nx", &format!("old 0\n{hash}\n")] {
        check(body.as_bytes(), ParseAddCheckpointError::NoCheckpoint);
    }
    for line in [
        "",
        "old",
        "old ",
        "old  0",
        "old 00",
        "old 01",
        "old -1",
        "old +1",
        "old 0 ",
        "Old 0",
        " old 0",
        "old 0\r",
        "old\t0",
        "old 18446744073709551616",
        &hash,
    ] {
        check(format!("{line}\n\n{EMPTY_JOURNAL}").as_bytes(), ParseAddCheckpointError::OldSize);
    }
    let stray_bits = hash.replace("FU=", "FV=");
    for line in ["AAAA", &format!("{hash} "), &format!("{hash}\r"), &stray_bits, &hash[..43], "old 0"] {
        check(format!("old 0\n{line}\n\n{EMPTY_JOURNAL}").as_bytes(), ParseAddCheckpointError::Proof);
    }
    let lines = |count| format!("old 0\n{}\n{EMPTY_JOURNAL}", format!("{hash}\n").repeat(count));
    assert!(AddCheckpoint::parse(lines(63).as_bytes()).is_ok());
    for count in [64, 10_000] {
        check(lines(count).as_bytes(), ParseAddCheckpointError::ProofTooLong);
    }
    check(b"old 0\n\n\xff", ParseAddCheckpointError::NotUtf8);
    check(&vec![b'\n'; AddCheckpoint::BODY_BYTES_MAX + 1], ParseAddCheckpointError::TooLong);
    let no_note =
        ParseAddCheckpointError::Checkpoint(ParseCheckpointError::Note(ParseNoteError::NoSignatures));
    check(b"old 0\n\n", no_note.clone());
    check(b"old 0\n\nglassbox.example/journal\n0\n", no_note);
    // The longest request that can be made can be read.
    let longest = Hash::of(&[]).to_base64().len() * 63 + 63 + "old 18446744073709551615\n\n".len();
    assert!(longest <= AddCheckpoint::BODY_BYTES_MAX - segb_journal::note::Note::BYTES_MAX);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn only_what_continues_the_last_tree_is_cosigned(from in 0..40_u64, more in 0..40_u64, claimed in 0..80_u64, bit in 0..256_usize) {
        let (from, to) = (from, from + more);
        let sent = request(from, to);
        prop_assert_eq!(answer(sent.clone(), head(from)).unwrap().head(), head(to));
        prop_assert_eq!(answer(sent.clone(), head(claimed)).is_ok(), claimed == from);
        let forked = TreeHead { size: from, root: flipped(head(from).root, bit) };
        prop_assert!(answer(sent, forked).is_err());
    }

    #[test]
    fn no_body_is_trouble(body in "(old [0-9]{0,3}\n)?([A-Za-z0-9+/=]{43,45}\n){0,2}\n?(.|\n){0,60}") {
        if let Ok(read) = AddCheckpoint::parse(body.as_bytes()) {
            prop_assert_eq!(read.to_string(), body);
        }
    }
}
