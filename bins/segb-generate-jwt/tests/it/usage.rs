//! The command line: help, version and what is wrong with it.

use crate::harness::Place;

#[test]
fn help_teaches_by_example() {
    let ran = Place::new().run(&["--help"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    for option in [
        "--username",
        "--role",
        "--expires-in",
        "--name",
        "--not-before-delay",
        "--secret-env",
        "--secret-file",
        "--allow-weak-secret",
        "--json",
        "--generate-secret",
    ] {
        assert!(ran.stdout.contains(option), "{option}");
    }
    let examples = ran.stdout.split("Examples:").nth(1).unwrap();
    assert!(examples.matches("segb-generate-jwt").count() >= 4);
}

#[test]
fn version_is_that_of_the_package() {
    let ran = Place::new().run(&["--version"]);
    assert_eq!(ran.stdout, concat!("segb-generate-jwt ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn misuse_is_an_error() {
    for arguments in [
        &[][..],
        &["--username", "r"],
        &["--role", "logger"],
        &["--username", "r", "--role", "root"],
        &["--username", "r", "--role", "Admin"],
        &["--username", "r", "--role", "logger,admin"],
        &["--username", "r", "--role"],
        &["--username", "", "--role", "logger"],
        &["--username", "  ", "--role", "logger"],
        &["--username", "r", "--username", "s", "--role", "logger"],
        &["--username", "r", "--role", "logger", "extra"],
        &["--unknown"],
        &["-x"],
    ] {
        let ran = Place::with_secret().run(arguments);
        assert_eq!(ran.code, Some(2), "{arguments:?}");
    }
}

#[test]
fn a_new_secret_goes_with_nothing_else() {
    for other in [&["--json"][..], &["--username", "r"], &["--role", "admin"], &["--expires-in", "60"]] {
        let ran = Place::with_secret().run(&[&["--generate-secret"], other].concat());
        assert_eq!(ran.code, Some(2), "{other:?}");
    }
}

#[test]
fn a_username_that_no_header_can_hold_is_an_error() {
    let error = Place::with_secret().error(&["--name", &"x".repeat(7000)]);
    assert_eq!(error, "Error: the token would be longer than 8192 bytes; use a shorter username or name\n");
}
