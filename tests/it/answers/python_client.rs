//! The package `semantic-log-generator` of PyPI, unchanged, against the real server.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use segb_auth::Role;
use segb_tests::{SECRET, Server, ServerBuilder, python_with_client, token, token_with};

fn python() -> Option<PathBuf> {
    python_with_client(Path::new(env!("CARGO_TARGET_TMPDIR")))
}

/// Runs a part of `client.py`.
fn script(python: &Path, server: &Server, part: &str, settings: &[(&str, &str)]) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("it/answers/client.py");
    let output = Command::new(python)
        .arg(script)
        .arg(part)
        .env_clear()
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("SEGB_API_URL", format!("http://{}", server.address()))
        .env("SCRATCH", server.directory())
        .envs(settings.iter().copied())
        .output()
        .expect("python runs");
    assert!(
        output.status.success(),
        "{part}:\n{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn it_publishes_and_reads_everything_back_in_learning_mode() {
    let Some(python) = python() else { return };
    let server = ServerBuilder::learning().start();
    script(&python, &server, "publish", &[("EXPECTED_ACTOR", "ari")]);
    script(&python, &server, "formats", &[]);
    script(&python, &server, "shared", &[]);
    script(&python, &server, "delete", &[]);
}

#[test]
fn it_publishes_and_reads_everything_back_in_protected_mode() {
    let Some(python) = python() else { return };
    let server = ServerBuilder::protected().start();
    let robot = token("robot-1", &[Role::Logger]);
    let auditor = token("ana", &[Role::Auditor]);
    let admin = token("root", &[Role::Admin]);
    let foreign = token_with(&SECRET.to_uppercase(), "robot-1", &[Role::Logger], 0);
    let expired = token_with(SECRET, "robot-1", &[Role::Logger], 3_600);
    let tokens = [
        ("ROBOT_TOKEN", robot.as_str()),
        ("AUDITOR_TOKEN", &auditor),
        ("ADMIN_TOKEN", &admin),
        ("FOREIGN_TOKEN", &foreign),
        ("EXPIRED_TOKEN", &expired),
        ("EXPECTED_ACTOR", "robot-1"),
    ];
    script(&python, &server, "publish", &tokens);
    script(&python, &server, "errors", &tokens);
    script(&python, &server, "shared", &tokens);
    script(&python, &server, "delete", &tokens);
}

#[test]
fn it_queues_while_the_server_is_down() {
    let Some(python) = python() else { return };
    let mut server = ServerBuilder::learning().start();
    // The same port again, so that the robot finds the server where it was.
    let port = server.address().rsplit_once(':').expect("a port").1.to_owned();
    let data = server.data_dir();
    server.terminate();
    script(&python, &server, "queue", &[]);
    let up = ServerBuilder::learning().set("SEGB_PORT", &port).data_dir(&data).start();
    let scratch = server.directory().to_str().expect("a readable path");
    script(&python, &up, "flush", &[("SCRATCH", scratch)]);
}
