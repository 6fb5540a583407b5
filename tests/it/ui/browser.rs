//! The UI in a real browser: `crates/segb-ui/web/e2e/` drives Chromium against real servers, with data that the real
//! Python client publishes.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use segb_auth::Role;
use segb_tests::{
    SECRET, Server, ServerBuilder, browse, python_with_client, token, token_with, web_with_packages,
};

/// Seconds that a token of which the end is watched is still good for.
const SHORT_LIFE_S: i64 = 30;

struct Tools {
    web: PathBuf,
    python: PathBuf,
}

fn tools() -> Option<Tools> {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR"));
    Some(Tools { python: python_with_client(directory)?, web: web_with_packages(directory)? })
}

fn publish(tools: &Tools, server: &Server, token: Option<&str>, parts: &[&str]) {
    let mut command = Command::new(&tools.python);
    command
        .arg(tools.web.join("e2e/publish.py"))
        .args(parts)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("SEGB_API_URL", format!("http://{}", server.address()));
    if let Some(token) = token {
        command.env("SEGB_API_TOKEN", token);
    }
    let output = command.output().expect("python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn drive(tools: &Tools, server: &Server, part: &str, settings: &[(&str, String)]) {
    let Some(mut command) = browse(&tools.web, server.ui_client().base(), part) else { return };
    command
        .env("SCRATCH", server.directory())
        .envs(settings.iter().map(|(name, value)| (name, value.as_str())));
    let output = command.output().expect("node runs");
    assert!(
        output.status.success(),
        "{part}:\n{}\n{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
        server.stderr().lines().rev().take(20).collect::<Vec<_>>().join("\n")
    );
}

/// One test, because a browser is heavy: both modes, one after the other.
#[test]
fn every_page_works_for_everybody_who_may_see_it() {
    let Some(tools) = tools() else { return };
    let learning = ServerBuilder::learning().with_ui().start();
    publish(&tools, &learning, None, &["story", "contexts"]);
    // Before the last part of the next, which empties the graph.
    drive(&tools, &learning, "troubles", &[]);
    drive(&tools, &learning, "learning", &[]);
    publish(&tools, &learning, None, &["hostile"]);
    drive(&tools, &learning, "hostile", &[]);
    drop(learning);

    let protected = ServerBuilder::protected().with_ui().start();
    let robot = token("ari", &[Role::Logger]);
    publish(&tools, &protected, Some(&robot), &["story", "contexts"]);
    let tokens = [
        ("LOGGER_TOKEN", robot),
        ("AUDITOR_TOKEN", token("ana", &[Role::Auditor])),
        ("ADMIN_TOKEN", token("ops", &[Role::Admin])),
        ("FOREIGN_TOKEN", token_with(&SECRET.to_uppercase(), "eve", &[Role::Admin], 0)),
        ("EXPIRED_TOKEN", token_with(SECRET, "old", &[Role::Admin], 4_000)),
        ("ENDING_TOKEN", token_with(SECRET, "soon", &[Role::Admin], 3_600 - SHORT_LIFE_S)),
    ];
    drive(&tools, &protected, "protected", &tokens);
}
