//! Keys of notes and cosignatures as text.

use segb_journal::checkpoint::{CosignatureVerifier, Cosigner};
use segb_journal::note::{KeyName, ParseKeyError, Signer, Verifier};

/// Of the documentation of Go's `golang.org/x/mod/sumdb/note`, where the format comes from.
pub const GO_PUBLIC: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
pub const GO_SECRET: &str = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";

/// Made with OpenSSL from the seeds 00 01 … 1f and 20 21 … 3f.
pub const LOG_SECRET: &str =
    "PRIVATE+KEY+glassbox.example/journal+cb14b36f+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";
pub const LOG_PUBLIC: &str = "glassbox.example/journal+cb14b36f+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";
pub const WITNESS_PUBLIC: &str = "witness.example/w1+20324abe+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X";

pub fn seed(first: u8) -> [u8; 32] {
    std::array::from_fn(|place| first + u8::try_from(place).unwrap())
}

pub fn log() -> Signer {
    Signer::from_seed("glassbox.example/journal".parse().unwrap(), &seed(0))
}

pub fn witness() -> Cosigner {
    Cosigner::from_seed("witness.example/w1".parse().unwrap(), &seed(32))
}

#[test]
fn keys_print_and_read() {
    assert_eq!(log().verifier().to_string(), LOG_PUBLIC);
    assert_eq!(log().to_secret_text().as_str(), LOG_SECRET);
    assert_eq!(LOG_PUBLIC.parse::<Verifier>().unwrap(), log().verifier());
    assert_eq!(witness().verifier().to_string(), WITNESS_PUBLIC);
    assert_eq!(WITNESS_PUBLIC.parse::<CosignatureVerifier>().unwrap(), witness().verifier());
    let read: Cosigner = witness().to_secret_text().parse().unwrap();
    assert_eq!(read.verifier(), witness().verifier());
    for (secret, public) in [(GO_SECRET, GO_PUBLIC), (LOG_SECRET, LOG_PUBLIC)] {
        let signer: Signer = secret.parse().unwrap();
        assert_eq!(signer.verifier().to_string(), public);
        assert_eq!(signer.to_secret_text().as_str(), secret);
    }
    let verifier: Verifier = GO_PUBLIC.parse().unwrap();
    assert_eq!(
        (verifier.name().as_str(), verifier.key_id().to_string().as_str()),
        ("PeterNeumann", "c74f20a3")
    );
}

/// RFC 8032, section 7.1, test 1.
#[test]
fn a_seed_gives_the_key_of_rfc_8032() {
    let bytes = |text: &str| *text.parse::<segb_journal::Hash>().unwrap().as_bytes();
    let seed = bytes("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    let signer = Signer::from_seed("x".parse().unwrap(), &seed);
    let public = bytes("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    assert_eq!(*signer.verifier().as_bytes(), public);
}

#[test]
fn secrets_are_not_shown() {
    assert_eq!(format!("{:?}", log()), "SecretKey(glassbox.example/journal cb14b36f)");
    assert_eq!(format!("{:?}", witness()), "SecretKey(witness.example/w1 20324abe)");
}

#[test]
fn what_is_no_public_key_is_refused() {
    for text in [
        "",
        "+",
        "++",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        &GO_PUBLIC.replace("Neumann", " Neumann"),
        &GO_PUBLIC.replace("LDE4izWy10TW", ""),
        &format!("{GO_PUBLIC}AAAA"),
        &format!("{GO_PUBLIC}\n"),
        &format!(" {GO_PUBLIC}"),
        &GO_PUBLIC.replace('/', "_"),
        &format!("{GO_PUBLIC}{}", "A".repeat(1_000_000)),
        GO_SECRET,
    ] {
        assert_eq!(text.parse::<Verifier>(), Err(ParseKeyError::Malformed), "{text}");
    }
    for text in [
        GO_PUBLIC.replace("PeterNeumann", "PeterPan"),
        GO_PUBLIC.replace("c74f20a3", "c74f20a4"),
        GO_PUBLIC.replace("c74f20a3", "C74F20A3"),
        GO_PUBLIC.replace("c74f20a3", "0c74f20a3"),
        GO_PUBLIC.replace("c74f20a3", ""),
    ] {
        assert_eq!(text.parse::<Verifier>(), Err(ParseKeyError::WrongId), "{text}");
    }
    let wrong_type = ParseKeyError::WrongType { expected: 1, found: 4 };
    assert_eq!(WITNESS_PUBLIC.parse::<Verifier>(), Err(wrong_type));
    let wrong_type = ParseKeyError::WrongType { expected: 4, found: 1 };
    assert_eq!(LOG_PUBLIC.parse::<CosignatureVerifier>(), Err(wrong_type));
    // Small-order points, under which one signature verifies everything: (0, 1), and one of order 8.
    for point in
        ["AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
    {
        assert_eq!(format!("x+00000000+{point}").parse::<Verifier>(), Err(ParseKeyError::NotAKey), "{point}");
    }
}

#[test]
fn what_is_no_secret_key_is_refused_without_showing_it() {
    for (text, expected) in [
        (LOG_PUBLIC.to_owned(), ParseKeyError::Malformed),
        (LOG_SECRET.replace("PRIVATE", "private"), ParseKeyError::Malformed),
        (LOG_SECRET.replace("HR4f", "HR4"), ParseKeyError::Malformed),
        (LOG_SECRET.replace("HR4f", "HR4g"), ParseKeyError::WrongId),
        (witness().to_secret_text().to_string(), ParseKeyError::WrongType { expected: 1, found: 4 }),
    ] {
        let error = text.parse::<Signer>().unwrap_err();
        assert!(!error.to_string().contains("AQABAg"));
        assert_eq!(error, expected);
    }
}

#[test]
fn names_have_no_space_and_no_plus() {
    for name in ["a", "glassbox.example/journal", "é", "名前"] {
        assert_eq!(name.parse::<KeyName>().unwrap().as_str(), name);
    }
    for name in [
        "",
        " ",
        "a b",
        "a+b",
        "a\n",
        "a\r",
        "a\tb",
        "a\u{a0}b",
        "a\u{2003}b",
        "a\u{85}b",
        "a\u{3000}",
        "a\0b",
        "\u{1b}[1m",
    ] {
        assert!(name.parse::<KeyName>().is_err(), "{name:?}");
    }
}
