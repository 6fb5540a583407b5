//! Signed notes (C2SP signed-note).

use proptest::prelude::*;
use segb_journal::note::{
    InvalidNoteText, InvalidSignatureLine, Note, NoteFull, NoteSignature, ParseNoteError, Signer, Verifier,
    VerifyNoteError, parse_signature_lines,
};

use crate::keys::{GO_PUBLIC, GO_SECRET, log, seed};

/// The note and its signature in the documentation of Go's `golang.org/x/mod/sumdb/note`.
const GO_NOTE: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n\
    \n\
    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

/// The example of C2SP signed-note; its key is not given.
const SPECIFICATION_NOTE: &str = "Ognuno sta solo sul cuor della terra\n\
    trafitto da un raggio di sole:\n\
    \n\
    ed è subito sera.\n\
    \n\
    — quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";

fn signer(name: &str, first: u8) -> Signer {
    Signer::from_seed(name.parse().unwrap(), &seed(first))
}

fn line(text: &str) -> NoteSignature {
    parse_signature_lines(&format!("{text}\n")).unwrap().remove(0)
}

#[test]
fn the_example_of_go_is_made_and_verified() {
    let go: Verifier = GO_PUBLIC.parse().unwrap();
    let note = Note::parse(GO_NOTE.as_bytes()).unwrap();
    assert_eq!(note.verify(std::slice::from_ref(&go)).unwrap(), [&go]);
    assert_eq!(note.to_string(), GO_NOTE);
    let text = GO_NOTE.split_once("\n\n").unwrap().0.to_owned() + "\n";
    assert_eq!(Note::sign(text, &GO_SECRET.parse().unwrap()).unwrap(), note);
}

#[test]
fn the_example_of_the_specification_is_read() {
    let note = Note::parse(SPECIFICATION_NOTE.as_bytes()).unwrap();
    assert!(note.text().starts_with("Ognuno") && note.text().ends_with(":\n\ned è subito sera.\n"));
    let [signature] = note.signatures() else { panic!() };
    assert_eq!(signature.name().as_str(), "quasimodo.example/salvatore");
    assert_eq!((signature.key_id().to_string().as_str(), signature.bytes().len()), ("367ba04b", 64));
    assert_eq!(note.to_string(), SPECIFICATION_NOTE);
    assert_eq!(note.verify(&[log().verifier()]), Err(VerifyNoteError::NotSigned));
}

#[test]
fn only_trusted_keys_count() {
    let (trusted, namesake, stranger) = (signer("a", 0), signer("a", 1), signer("b", 2));
    let mut note = Note::sign("text\n".to_owned(), &stranger).unwrap();
    let sign = |key: &Signer| Note::sign("text\n".to_owned(), key).unwrap().signatures()[0].clone();
    note.add_signature(sign(&namesake)).unwrap();
    assert_eq!(note.verify(&[trusted.verifier()]), Err(VerifyNoteError::NotSigned));
    assert_eq!(note.verify(&[]), Err(VerifyNoteError::NotSigned));
    note.add_signature(sign(&trusted)).unwrap();
    let keys = [trusted.verifier(), stranger.verifier(), signer("c", 3).verifier()];
    assert_eq!(note.verify(&keys).unwrap(), [&keys[1], &keys[0]]);
    // The same key twice is one signer.
    let twice = format!("{note}{}\n", sign(&trusted));
    assert_eq!(Note::parse(twice.as_bytes()).unwrap().verify(&keys[..1]).unwrap().len(), 1);
}

#[test]
fn one_wrong_signature_by_a_trusted_key_spoils_the_note() {
    let keys = [signer("a", 0).verifier(), signer("b", 1).verifier()];
    let mut note = Note::sign("text\n".to_owned(), &signer("a", 0)).unwrap();
    let other = Note::sign("other\n".to_owned(), &signer("b", 1)).unwrap();
    note.add_signature(other.signatures()[0].clone()).unwrap();
    let error = VerifyNoteError::InvalidSignature { name: keys[1].name().clone(), key_id: keys[1].key_id() };
    assert_eq!(note.verify(&keys), Err(error));
    assert_eq!(note.verify(&keys[..1]).unwrap().len(), 1);
}

#[test]
fn a_newer_signature_replaces_one_by_the_same_key() {
    let mut note = Note::sign("text\n".to_owned(), &signer("a", 0)).unwrap();
    let signature = note.signatures()[0].clone();
    note.add_signature(line("— a AAAAAAA=")).unwrap();
    note.add_signature(signature.clone()).unwrap();
    assert_eq!(note.signatures(), [line("— a AAAAAAA="), signature]);
}

#[test]
fn texts_that_would_not_read_back_are_not_signed() {
    let sign = |text: &str| Note::sign(text.to_owned(), &log()).unwrap_err();
    assert_eq!(sign(""), InvalidNoteText::NoNewlineAtEnd);
    assert_eq!(sign("text"), InvalidNoteText::NoNewlineAtEnd);
    assert_eq!(sign("te\rxt\n"), InvalidNoteText::ControlCharacter);
    assert_eq!(sign(&format!("{}\n", "x".repeat(Note::BYTES_MAX - 1))), InvalidNoteText::TooLong);
}

#[test]
fn other_bytes_are_not_notes() {
    let signature = "— a AAAAAAA=";
    let check = |note: &[u8], expected: ParseNoteError| {
        assert_eq!(Note::parse(note), Err(expected), "{:?}", String::from_utf8_lossy(note));
    };
    for note in ["", "\n", "text", "text\n", &format!("text\n{signature}\n"), &format!("\n{signature}\n")] {
        check(note.as_bytes(), ParseNoteError::NoSignatures);
    }
    check(b"te\xffxt\n\n", ParseNoteError::NotUtf8);
    check("text\n\n\u{2014}\0 a AAAAAAA=\n".as_bytes(), ParseNoteError::ControlCharacter);
    check(GO_NOTE.replace('\n', "\r\n").as_bytes(), ParseNoteError::ControlCharacter);
    check(&[b'\n'; Note::BYTES_MAX + 1], ParseNoteError::TooLong);
    let malformed = ParseNoteError::Signature(InvalidSignatureLine::Malformed);
    for lines in [
        "",
        "\n",
        signature,
        "— a AAAAAAA=\n\n",
        "— a AAAAAAA= \n",
        "— a  AAAAAAA=\n",
        "—  a AAAAAAA=\n",
        "—a AAAAAAA=\n",
        "– a AAAAAAA=\n",
        "- a AAAAAAA=\n",
        " — a AAAAAAA=\n",
        "— AAAAAAA=\n",
        "— a\n",
        "— a \n",
        "— a AAAA\n",
        "— a AAAAAA==\n",
        "— a AAAAAAA\n",
        "— a AAAAAAB=\n",
        "— a AAAAAAA=AAAA\n",
        "— a AAAA-AA=\n",
        "— a+b AAAAAAA=\n",
        "— a\u{a0}b AAAAAAA=\n",
        "— a AAAAAAA=\ntext\n",
        "text\n— a AAAAAAA=\n",
    ] {
        check(format!("text\n\n{lines}").as_bytes(), malformed.clone());
    }
}

#[test]
fn a_note_has_at_most_100_signatures() {
    let full = format!("text\n\n{}", "— a AAAAAAA=\n".repeat(100));
    let mut note = Note::parse(full.as_bytes()).unwrap();
    assert_eq!(note.signatures().len(), 100);
    let error = ParseNoteError::Signature(InvalidSignatureLine::TooMany);
    assert_eq!(Note::parse(format!("{full}— a AAAAAAA=\n").as_bytes()), Err(error));
    // Adding by the same key tidies up; 100 different ones are the end.
    note.add_signature(line("— a AAAAAAA=")).unwrap();
    assert_eq!(note.signatures().len(), 1);
    for number in 1..100 {
        note.add_signature(line(&format!("— a{number} AAAAAAA="))).unwrap();
    }
    assert_eq!(note.add_signature(line("— b AAAAAAA=")), Err(NoteFull));
    let mut long = Note::sign(format!("{}\n", "x".repeat(Note::BYTES_MAX - 200)), &log()).unwrap();
    assert_eq!(long.add_signature(line(&format!("— {} AAAAAAA=", "b".repeat(200)))), Err(NoteFull));
    assert_eq!(long.signatures().len(), 1);
}

#[test]
fn the_text_may_have_empty_lines_and_look_like_signatures() {
    for text in ["\n", "\n\n\n", "a\n\n— a AAAAAAA=\n", "a\n\n\n"] {
        let note = Note::sign(text.to_owned(), &log()).unwrap();
        let read = Note::parse(note.to_string().as_bytes()).unwrap();
        assert_eq!((read.text(), &read), (text, &note));
        assert!(read.verify(&[log().verifier()]).is_ok());
    }
}

#[test]
fn every_flipped_bit_is_noticed() {
    let keys = [GO_PUBLIC.parse().unwrap()];
    for bit in 0..GO_NOTE.len() * 8 {
        let mut bytes = GO_NOTE.as_bytes().to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let verified = Note::parse(&bytes).is_ok_and(|note| note.verify(&keys).is_ok());
        assert!(!verified, "{:?}", String::from_utf8_lossy(&bytes));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn notes_are_read_as_written(text in "[^\\x00-\\x1f]{0,20}(\n[^\\x00-\\x1f]{0,20}){0,5}\n") {
        let note = Note::sign(text, &log()).unwrap();
        prop_assert_eq!(Note::parse(note.to_string().as_bytes()).unwrap(), note);
    }

    #[test]
    fn no_bytes_are_trouble(note in "(.|\n){0,30}\n\n(— [a+ ]{0,3} [A-Za-z0-9+/=]{0,12}\n){0,3}") {
        if let Ok(read) = Note::parse(note.as_bytes()) {
            prop_assert_eq!(read.to_string(), note);
        }
    }
}
