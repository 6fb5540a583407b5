//! How smooth the pages are that draw much, in a real browser.

use std::{path::Path, process::Stdio};

use segb_tests::{LOGS_OF_INTERACTION, ServerBuilder, browse, interaction, web_with_packages};

use super::{Connection, settle, triples};

/// Of the generator, so that every run measures the same graph.
const SEED: u64 = 7;
/// Interactions that are needed for 10 000 activities: each has 55.
const INTERACTIONS: u64 = 182;

/// Publishes 10 000 activities and drives the browser, whose figures go to standard output. With `fill` it only
/// publishes, into that data directory.
pub(super) fn measure(fill: Option<&Path>) {
    let builder = ServerBuilder::learning().with_ui();
    let mut server = match fill {
        Some(data_dir) => builder.data_dir(data_dir).start(),
        None => builder.start(),
    };
    let mut connection = Connection::open(&server);
    for number in 0..INTERACTIONS {
        for log in interaction(SEED, number) {
            let body = serde_json::json!({ "ttl_content": log, "user": "load" }).to_string();
            connection.publish(body.as_bytes());
        }
    }
    settle(&server);
    println!("# {INTERACTIONS} interactions of {LOGS_OF_INTERACTION} logs, {} triples", triples(&server));
    if fill.is_none() {
        let program = std::env::current_exe().expect("the path of this program");
        let target = program.parent().and_then(Path::parent).expect("the target directory");
        let web = web_with_packages(&target.join("tmp")).expect("the packages of the UI");
        let mut command = browse(&web, server.ui_client().base(), "figures").expect("a browser");
        let status = command.stdout(Stdio::inherit()).stderr(Stdio::inherit()).status().expect("node runs");
        assert!(status.success(), "the browser finished");
    }
    server.terminate();
}
