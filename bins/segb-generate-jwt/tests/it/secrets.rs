//! Where the secret is looked for, and that it is never shown.

use std::collections::HashSet;

use crate::harness::{OTHER_SECRET, Place, SECRET};
use crate::tokens::verify;

/// Whether the token that is made in `place` is signed with `secret`, which is tried in the last second of its life.
#[track_caller]
fn signed_with(place: &Place, arguments: &[&str], secret: &str) -> bool {
    let ran = place.run(&[&["--username", "r", "--role", "logger", "--json"], arguments].concat());
    let line: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let last_second = line["exp"].as_i64().unwrap() - 1;
    verify(line["token"].as_str().unwrap(), secret, last_second).is_ok()
}

#[test]
fn the_file_wins_over_the_environment_and_that_over_dot_env() {
    let dot_env = format!("SECRET_KEY={OTHER_SECRET}\n");
    let place = Place::new().file(".env", &dot_env);
    assert!(signed_with(&place, &[], OTHER_SECRET));
    let place = Place::with_secret().file(".env", &dot_env);
    assert!(signed_with(&place, &[], SECRET));
    let place = Place::with_secret().file("key", OTHER_SECRET);
    assert!(signed_with(&place, &["--secret-file", "key"], OTHER_SECRET));
}

#[test]
fn white_space_around_the_secret_in_a_file_is_ignored() {
    let place = Place::new().file("key", format!(" \n{SECRET}\r\n\n"));
    assert!(signed_with(&place, &["--secret-file", "key"], SECRET));
}

#[test]
fn another_variable_may_hold_the_secret() {
    let place = Place::with_secret().env("ROBOT_KEY", OTHER_SECRET);
    assert!(signed_with(&place, &["--secret-env", "ROBOT_KEY"], OTHER_SECRET));
    let place = Place::with_secret().file(".env", format!("ROBOT_KEY='{OTHER_SECRET}'"));
    assert!(signed_with(&place, &["--secret-env", "ROBOT_KEY"], OTHER_SECRET));
}

#[test]
fn an_empty_variable_is_an_unset_one() {
    let place = Place::new().env("SECRET_KEY", "").file(".env", format!("SECRET_KEY={SECRET}"));
    assert!(signed_with(&place, &[], SECRET));
}

#[test]
fn dot_env_is_read_as_people_write_it() {
    for content in [
        format!("# settings\n\nSEGB_PORT=5000\nSECRET_KEY={SECRET}\n"),
        format!("export SECRET_KEY=\"{SECRET}\""),
        format!("SECRET_KEY={SECRET} # keep it\r\n"),
        format!("SECRET_KEY=\nSECRET_KEY={SECRET}\n"),
    ] {
        assert!(signed_with(&Place::new().file(".env", content), &[], SECRET));
    }
}

#[test]
fn dot_env_of_a_parent_directory_is_not_read() {
    let parent = Place::new().file(".env", format!("SECRET_KEY={SECRET}"));
    let child = parent.path().join("child");
    std::fs::create_dir(&child).unwrap();
    std::fs::write(child.join(".env"), "SECRET_KEY=short").unwrap();
    let output = parent
        .command(crate::harness::PROGRAM)
        .args(["--username", "r", "--role", "logger"])
        .current_dir(child)
        .output();
    let error = parent.finished(output.unwrap()).stderr;
    assert!(error.starts_with("Error: the secret in the file .env is shorter than 32 bytes"), "{error}");
}

#[test]
fn a_broken_dot_env_is_an_error_that_does_not_show_it() {
    let place = Place::new().file(".env", format!("SECRET_KEY=\"{SECRET}\n"));
    let error = place.error(&[]);
    assert_eq!(
        error,
        "Error: the file .env in the current directory has a line that is not of the form NAME=value\n"
    );
    let place = Place::new();
    std::fs::create_dir(place.path().join(".env")).unwrap();
    let error = place.error(&[]);
    assert!(error.starts_with("Error: the file .env in the current directory cannot be read"), "{error}");
}

#[test]
fn weak_secrets_are_refused_unless_allowed() {
    let place = Place::new().env("SECRET_KEY", "hunter2");
    let error = place.error(&[]);
    assert!(
        error.starts_with("Error: the secret in the environment variable is shorter than 32 bytes"),
        "{error}"
    );
    assert!(!error.contains("hunter2"));
    assert!(signed_with(&place, &["--allow-weak-secret"], "hunter2"));

    let blank = Place::new().env("SECRET_KEY", "  ");
    assert!(blank.error(&[]).contains("holds only white space"));
    assert!(signed_with(&blank, &["--allow-weak-secret"], "  "));
}

#[test]
fn a_file_that_holds_no_secret_is_an_error_even_if_the_variable_does() {
    let place =
        Place::with_secret().file("empty", " \n").file("latin1", b"\xff").file("huge", vec![b'x'; 70_000]);
    let error = |file| place.error(&["--secret-file", file, "--allow-weak-secret"]);
    assert_eq!(error("empty"), "Error: the secret in the file given by --secret-file is empty\n");
    assert_eq!(error("latin1"), "Error: the secret in the file given by --secret-file is not UTF-8 text\n");
    assert!(error("huge").contains("too large"));
    assert!(error("absent").contains("cannot be read"));
    assert!(error(".").contains("cannot be read"));
    assert!(error("/dev/zero").contains("too large"));
}

#[test]
fn a_secret_given_by_mistake_is_not_repeated() {
    let place = Place::new();
    for arguments in [
        vec!["--secret", SECRET],
        vec![&*format!("--secret={SECRET}")],
        vec!["--secret-key", SECRET],
        vec![SECRET],
        vec!["-s", SECRET],
        vec!["--secret-file", SECRET],
        vec!["--secret-env", SECRET],
    ] {
        // Which also checks that the secret is not shown.
        place.error(&arguments);
    }
    assert!(place.error(&["--secret", SECRET]).contains("never taken from the command line"));
}

#[test]
fn a_generated_secret_is_new_and_good_for_dot_env() {
    let mut seen = HashSet::new();
    for _ in 0..5 {
        let ran = Place::new().run(&["--generate-secret"]);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "no hint where nobody watches");
        let secret = ran.stdout.strip_suffix('\n').unwrap().to_owned();
        assert_eq!(secret.len(), 43);
        assert!(secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')));
        let place = Place::new().file(".env", format!("SECRET_KEY={secret}\n"));
        assert!(signed_with(&place, &[], &secret));
        assert!(seen.insert(secret));
    }
}
