//! Cosignatures of witnesses (C2SP tlog-cosignature).

use segb_journal::checkpoint::{
    AddCosignaturesError, Cosigner, SignedCheckpoint, TimeOutOfRange, UnverifiedCheckpoint,
    VerifiedCosignature,
};
use segb_journal::note::{NoteSignature, VerifyNoteError, parse_signature_lines};
use segb_journal::tree::EMPTY_ROOT;

use crate::checkpoints::signed;
use crate::keys::{WITNESS_PUBLIC, log, seed, witness};

/// The second signature in the example of C2SP tlog-cosignature; its key is not given.
const SPECIFICATION_LINE: &str = "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

/// Made with OpenSSL over the checkpoint of the empty journal, at 1 769 853 600 s.
const LINE: &str = "— witness.example/w1 IDJKvgAAAABpfdKgwDPO9LJ79RNjHvc4qnklRDYH2uuiLjUgG2pRZuhSxuoL24eNZGDfbCGEm96iNURpV13P0YVQXWib7X01i8vBCA==";
/// As well, at 2⁶³ s: the signature is right, the time is not allowed.
const LINE_BEYOND: &str = "— witness.example/w1 IDJKvoAAAAAAAAAA3Ao1RDkzbUrDxs5ACqj5XdbxYBVBqUuwPyQ8So4vivKW/5czlzTMjrqZvoMIw+IFpfZ45E2Yz3u2T0MaDuOaBw==";
const UNIX_S: u64 = 1_769_853_600;

fn other() -> Cosigner {
    Cosigner::from_seed("witness.example/w2".parse().unwrap(), &seed(64))
}

fn cosigned(with: impl IntoIterator<Item = NoteSignature>) -> SignedCheckpoint {
    let mut checkpoint = signed(0, EMPTY_ROOT);
    checkpoint.add_cosignatures(with, &[witness().verifier(), other().verifier()]).unwrap();
    checkpoint
}

#[test]
fn the_example_of_the_specification_is_read() {
    let line = parse_signature_lines(SPECIFICATION_LINE).unwrap().remove(0);
    assert_eq!((line.name().as_str(), line.bytes().len()), ("witness.example.com/w1", 72));
    assert_eq!(line.bytes()[..8], 1_679_315_147_u64.to_be_bytes()); // the time in the text of the specification
}

#[test]
fn we_cosign_what_openssl_signs() {
    let line = witness().cosign(&signed(0, EMPTY_ROOT), UNIX_S).unwrap();
    assert_eq!(line.to_string(), LINE);
    let checkpoint = cosigned([line]);
    assert!(checkpoint.to_string().ends_with(&format!("{LINE}\n")));
    let verified = checkpoint.cosignatures(&[WITNESS_PUBLIC.parse().unwrap()]).unwrap();
    assert_eq!(
        verified,
        [VerifiedCosignature { witness: "witness.example/w1".parse().unwrap(), unix_s: UNIX_S }]
    );
}

#[test]
fn a_cosigned_checkpoint_is_still_signed_by_its_log() {
    let text = cosigned([witness().cosign(&signed(0, EMPTY_ROOT), UNIX_S).unwrap()]).to_string();
    let read = UnverifiedCheckpoint::parse(text.as_bytes()).unwrap();
    let verified = read.verify(&"glassbox.example/journal".parse().unwrap(), &[log().verifier()]).unwrap();
    assert_eq!(verified.cosignatures(&[witness().verifier()]).unwrap().len(), 1);
}

#[test]
fn several_witnesses_are_told_apart_and_a_newer_time_replaces_an_older() {
    let bare = signed(0, EMPTY_ROOT);
    let mut checkpoint = cosigned([witness().cosign(&bare, 5).unwrap(), other().cosign(&bare, 6).unwrap()]);
    let keys = [witness().verifier(), other().verifier()];
    checkpoint.add_cosignatures([witness().cosign(&bare, 7).unwrap()], &keys).unwrap();
    let times: Vec<u64> = checkpoint.cosignatures(&keys).unwrap().iter().map(|said| said.unix_s).collect();
    assert_eq!(times, [6, 7]);
    assert_eq!(checkpoint.cosignatures(&keys[1..]).unwrap()[0].witness.as_str(), "witness.example/w2");
}

#[test]
fn only_valid_cosignatures_by_trusted_witnesses_are_added() {
    let bare = signed(0, EMPTY_ROOT);
    let add = |lines: Vec<NoteSignature>| {
        let mut checkpoint = bare.clone();
        let result = checkpoint.add_cosignatures(lines, &[witness().verifier()]);
        assert!(result.is_ok() || checkpoint == bare);
        result.map(|()| checkpoint.note().signatures().len())
    };
    let (valid, unknown) = (witness().cosign(&bare, 1).unwrap(), other().cosign(&bare, 1).unwrap());
    assert_eq!(add(vec![unknown.clone(), valid.clone()]), Ok(2));
    assert_eq!(add(vec![unknown]), Err(AddCosignaturesError::Signature(VerifyNoteError::NotSigned)));
    assert_eq!(add(vec![]), Err(AddCosignaturesError::Signature(VerifyNoteError::NotSigned)));
    let elsewhere = witness().cosign(&signed(1, EMPTY_ROOT), 1).unwrap();
    for lines in [vec![elsewhere.clone()], vec![valid, elsewhere]] {
        let error = add(lines).unwrap_err();
        assert!(matches!(error, AddCosignaturesError::Signature(VerifyNoteError::InvalidSignature { .. })));
    }
}

#[test]
fn the_time_is_signed_and_below_2_63() {
    let bare = signed(0, EMPTY_ROOT);
    assert_eq!(witness().cosign(&bare, 1 << 63), Err(TimeOutOfRange));
    let last = (1 << 63) - 1;
    let checkpoint = cosigned([witness().cosign(&bare, last).unwrap()]);
    assert_eq!(checkpoint.cosignatures(&[witness().verifier()]).unwrap()[0].unix_s, last);
    // Another time, one from 2⁶³ on, only a time, not even that.
    let time = "IDJKvgAAAABpfdKg";
    let (later, beyond) = (LINE.replace(time, "IDJKvgAAAABpfdKh"), LINE_BEYOND.to_owned());
    let (only, short) = (format!("— witness.example/w1 {time}"), "— witness.example/w1 IDJKvgA=".to_owned());
    for wrong in [later, beyond, only, short] {
        let lines = parse_signature_lines(&format!("{wrong}\n")).unwrap();
        let error = bare.clone().add_cosignatures(lines, &[witness().verifier()]).unwrap_err();
        let invalid = AddCosignaturesError::Signature(VerifyNoteError::InvalidSignature {
            name: witness().verifier().name().clone(),
            key_id: witness().verifier().key_id(),
        });
        assert_eq!(error, invalid, "{wrong}");
    }
}

#[test]
fn every_flipped_bit_of_a_cosignature_is_noticed() {
    let (text, ours) = (signed(0, EMPTY_ROOT).to_string(), "glassbox.example/journal".parse().unwrap());
    for bit in 0..LINE.len() * 8 {
        let mut line = LINE.as_bytes().to_vec();
        line[bit / 8] ^= 1 << (bit % 8);
        let Ok(read) = UnverifiedCheckpoint::parse(&[text.as_bytes(), &line, b"\n"].concat()) else {
            continue;
        };
        let read = read.verify(&ours, &[log().verifier()]).unwrap();
        assert!(read.cosignatures(&[witness().verifier()]).is_err(), "{read}");
    }
}
