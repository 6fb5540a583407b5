//! The program itself. What it plays is tested with servers, in the package `segb-tests`, which needs it to be built.

#![expect(clippy::expect_used, reason = "a test")]

use std::process::{Command, Output, Stdio};

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_segb-demo"));
    command.args(arguments).env_clear().stdin(Stdio::null());
    command.output().expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn help_names_every_scenario_by_number_and_word() {
    let output = run(&["--help"]);
    assert_eq!(output.status.code(), Some(0));
    let help = text(&output.stdout);
    for scenario in
        ["01", "02", "03", "04", "05", "06", "interaction", "report-ready", "matched", "ambiguous"]
    {
        assert!(help.contains(scenario), "{scenario}: {help}");
    }
}

#[test]
fn what_is_no_scenario_ends_with_2_and_no_server_with_1() {
    for arguments in [&["07"][..], &[], &["01", "--seed", "many"]] {
        assert_eq!(run(arguments).status.code(), Some(2), "{arguments:?}");
    }
    // Port 9 of this machine: nobody listens there, and without a server there is nothing to play to.
    let output = run(&["01", "--url", "http://127.0.0.1:9"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).starts_with("Error: "), "{}", text(&output.stderr));
}
