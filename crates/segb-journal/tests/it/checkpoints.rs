//! Checkpoints (C2SP tlog-checkpoint).

use proptest::prelude::*;
use segb_journal::Hash;
use segb_journal::checkpoint::{
    Checkpoint, InvalidCheckpoint, InvalidExtension, Origin, ParseCheckpointError, SignedCheckpoint,
    UnverifiedCheckpoint, VerifyCheckpointError,
};
use segb_journal::note::{InvalidNoteText, Note, ParseNoteError, VerifyNoteError};
use segb_journal::tree::{EMPTY_ROOT, TreeHead};

use crate::keys::{LOG_PUBLIC, log};

/// The example of C2SP tlog-checkpoint; its key is not given.
const SPECIFICATION_CHECKPOINT: &str = "example.com/behind-the-sofa\n\
    20852163\n\
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\
    \n\
    — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";

/// A real checkpoint of the Go checksum database, and its key as it is built into the `go` command. The origin has
/// spaces, and the key has another name.
const GO_SUM_CHECKPOINT: &str = "go.sum database tree\n\
    15067302\n\
    gJyioq6dwR9n+NjEWORfYmH+ubeYm3kH42BBQ0bTpYI=\n\
    \n\
    — sum.golang.org Az3grp1rvWOs5NKlr/xR4GLN/CDyzzakmt1o61uSxYKpK1SerqOP2ClbX/peKUZjYnyomH5Xz7GZG3TpB7OeKn4E2ww=\n";
const GO_SUM_PUBLIC: &str = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";

/// Signed with OpenSSL.
pub const EMPTY_JOURNAL: &str = "glassbox.example/journal\n\
    0\n\
    47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\
    \n\
    — glassbox.example/journal yxSzby7RWdFqny/1hsJCUxc9idPVBomxHx7yH8qm01kMn+k4XqiB36EHo29bevelPOwRmPAFtYvFzN8VVo/VFOfoZAU=\n";

fn origin(text: &str) -> Origin {
    text.parse().unwrap()
}

pub fn signed(size: u64, root: Hash) -> SignedCheckpoint {
    let checkpoint = Checkpoint::new(origin("glassbox.example/journal"), TreeHead { size, root });
    SignedCheckpoint::sign(checkpoint, &log()).unwrap()
}

#[test]
fn the_example_of_the_specification_is_read() {
    let read = UnverifiedCheckpoint::parse(SPECIFICATION_CHECKPOINT.as_bytes()).unwrap();
    assert_eq!(read.origin().as_str(), "example.com/behind-the-sofa");
    assert_eq!(read.to_string(), SPECIFICATION_CHECKPOINT);
    let text = SPECIFICATION_CHECKPOINT.split_once("\n\n").unwrap().0.to_owned() + "\n";
    let checkpoint: Checkpoint = text.parse().unwrap();
    let root = "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62".parse().unwrap();
    assert_eq!(checkpoint.head(), TreeHead { size: 20_852_163, root });
    assert_eq!(checkpoint.to_string(), text);
}

#[test]
fn a_checkpoint_of_another_log_in_the_world_is_verified() {
    let read = UnverifiedCheckpoint::parse(GO_SUM_CHECKPOINT.as_bytes()).unwrap();
    let verified = read.verify(&origin("go.sum database tree"), &[GO_SUM_PUBLIC.parse().unwrap()]).unwrap();
    assert_eq!(verified.checkpoint().head().size, 15_067_302);
    assert_eq!(verified.to_string(), GO_SUM_CHECKPOINT);
}

#[test]
fn we_sign_what_openssl_signs() {
    assert_eq!(signed(0, EMPTY_ROOT).to_string(), EMPTY_JOURNAL);
    let read = UnverifiedCheckpoint::parse(EMPTY_JOURNAL.as_bytes()).unwrap();
    let keys = [LOG_PUBLIC.parse().unwrap()];
    assert_eq!(read.verify(&origin("glassbox.example/journal"), &keys).unwrap(), signed(0, EMPTY_ROOT));
}

#[test]
fn a_checkpoint_is_of_one_log_and_by_its_keys() {
    let read = UnverifiedCheckpoint::parse(EMPTY_JOURNAL.as_bytes()).unwrap();
    let (ours, other) = (origin("glassbox.example/journal"), origin("glassbox.example/access"));
    let wrong = VerifyCheckpointError::WrongOrigin { expected: other.clone(), found: ours.clone() };
    assert_eq!(read.clone().verify(&other, &[log().verifier()]), Err(wrong));
    let unsigned = VerifyCheckpointError::Signature(VerifyNoteError::NotSigned);
    assert_eq!(read.clone().verify(&ours, &[GO_SUM_PUBLIC.parse().unwrap()]), Err(unsigned));
    let forged = EMPTY_JOURNAL.replace("\n0\n", "\n1\n");
    let forged = UnverifiedCheckpoint::parse(forged.as_bytes()).unwrap().verify(&ours, &[log().verifier()]);
    assert!(matches!(
        forged,
        Err(VerifyCheckpointError::Signature(VerifyNoteError::InvalidSignature { .. }))
    ));
}

#[test]
fn every_flipped_bit_is_noticed() {
    let (ours, keys) = (origin("glassbox.example/journal"), [log().verifier()]);
    for bit in 0..EMPTY_JOURNAL.len() * 8 {
        let mut bytes = EMPTY_JOURNAL.as_bytes().to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let verified =
            UnverifiedCheckpoint::parse(&bytes).is_ok_and(|read| read.verify(&ours, &keys).is_ok());
        assert!(!verified, "{:?}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn extension_lines_are_kept_and_signed() {
    let checkpoint = Checkpoint::new(origin("a"), TreeHead::EMPTY).with_extension("one").unwrap();
    let checkpoint = checkpoint.with_extension(" two ").unwrap();
    assert_eq!(checkpoint.to_string().parse(), Ok(checkpoint.clone()));
    assert_eq!(checkpoint.extensions(), ["one", " two "]);
    let signed = SignedCheckpoint::sign(checkpoint.clone(), &log()).unwrap();
    assert_eq!(signed.note().text(), checkpoint.to_string());
    for line in ["", "a\nb", "a\r", "\0"] {
        assert_eq!(checkpoint.clone().with_extension(line), Err(InvalidExtension), "{line:?}");
    }
    let long = checkpoint.with_extension(&"x".repeat(Note::BYTES_MAX)).unwrap();
    assert_eq!(SignedCheckpoint::sign(long, &log()), Err(InvalidNoteText::TooLong));
}

#[test]
fn other_texts_are_not_checkpoints() {
    let root = EMPTY_ROOT.to_base64();
    let check = |text: &str, expected: InvalidCheckpoint| {
        assert_eq!(text.parse::<Checkpoint>(), Err(expected), "{text:?}");
    };
    for text in ["", "\n", "\n\n", "a", "a\n", "a\n0\n", &format!("a\n0\n{root}")] {
        check(text, InvalidCheckpoint::TooShort);
    }
    for origin in ["", "a\0", "a\r", &"a".repeat(256)] {
        check(&format!("{origin}\n0\n{root}\n"), InvalidCheckpoint::Origin);
    }
    for size in [
        "",
        "00",
        "01",
        "+1",
        "-1",
        " 1",
        "1 ",
        "1.0",
        "1e3",
        "0x1",
        "18446744073709551616",
        &"9".repeat(100_000),
    ] {
        check(&format!("a\n{size}\n{root}\n"), InvalidCheckpoint::Size);
    }
    let stray_bits = root.replace("FU=", "FV=");
    let longer = Hash::of(&[b"x"]).to_base64() + &root;
    for wrong in ["", "AAAA", &root[..43], &stray_bits, &format!("{root} "), &format!("{root}="), &longer] {
        check(&format!("a\n0\n{wrong}\n"), InvalidCheckpoint::Root);
    }
    for text in [format!("a\n0\n{root}\n\n"), format!("a\n0\n{root}\n\nx\n"), format!("a\n0\n{root}\nx\r\n")]
    {
        check(&text, InvalidCheckpoint::Extension(InvalidExtension));
    }
    assert!(format!("{}\n18446744073709551615\n{root}\n", "a".repeat(255)).parse::<Checkpoint>().is_ok());
}

#[test]
fn other_notes_are_not_checkpoints() {
    let note = Note::sign("text\n".to_owned(), &log()).unwrap().to_string();
    let error = UnverifiedCheckpoint::parse(note.as_bytes());
    assert_eq!(error, Err(ParseCheckpointError::Checkpoint(InvalidCheckpoint::TooShort)));
    let error = UnverifiedCheckpoint::parse(b"text\n");
    assert_eq!(error, Err(ParseCheckpointError::Note(ParseNoteError::NoSignatures)));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn checkpoints_are_read_as_written(origin in "[^\\x00-\\x1f]{1,40}", size: u64, root: [u8; 32]) {
        let head = TreeHead { size, root: Hash::from_bytes(root) };
        let checkpoint = Checkpoint::new(origin.parse().unwrap(), head);
        prop_assert_eq!(checkpoint.to_string().parse(), Ok(checkpoint));
    }

    #[test]
    fn a_text_reads_only_as_itself(text in "[a ]{0,2}\n?[0-9+-]{0,3}\r?\n[A-Za-z0-9+/=]{40,48}\n?[a\n]{0,3}|(.|\n)*") {
        if let Ok(checkpoint) = text.parse::<Checkpoint>() {
            prop_assert_eq!(checkpoint.to_string(), text);
        }
    }
}
