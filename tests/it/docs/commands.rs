//! The commands of README.md, docs/authentication.md and docs/robots.md, run as a reader would run them.

use std::{fmt::Write, fs, path::Path, process::Command};

use segb_tests::{binary, python_with_client, require_tool};

/// A fenced block of a page.
pub struct Block {
    pub language: String,
    pub text: String,
}

/// All of them, in their order.
pub fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for line in page.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(language), None) => {
                open = Some(Block { language: language.trim().to_owned(), text: String::new() });
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some(block)) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    blocks
}

/// What stands in for `cargo` while a page is run: the programs that are built already. The server goes to the
/// background, because a reader would start it in another terminal, and takes the place of the one before.
fn cargo_stand_in(directory: &Path, port: u16) -> String {
    format!(
        r#"#!/bin/bash
set -eu
case "$*" in
  "run --release -p segb-server" | "run --release -p segb-server -- --demo")
    shift 4
    if [ -f server.pid ]; then kill "$(cat server.pid)"; while kill -0 "$(cat server.pid)" 2>/dev/null; do sleep 0.05; done; fi
    SEGB_PORT={port} SEGB_UI_PORT=0 '{server}' "${{@:2}}" >>server.out 2>&1 </dev/null & echo $! >server.pid
    for _ in $(seq 600); do curl -sf http://127.0.0.1:{port}/healthz/ready >/dev/null && break; sleep 0.1; done
    [ $# -lt 2 ] || for _ in $(seq 600); do grep -q 'Nothing of this is kept' server.out && exit 0; sleep 0.1; done
    curl -sf http://127.0.0.1:{port}/healthz/live >/dev/null && exit 0
    cat server.out >&2; exit 1 ;;
  "run --release -p segb-demo -- "*) shift 5; SEGB_API_URL=http://127.0.0.1:{port} exec '{demo}' "$@" ;;
  "run --release -p segb-generate-jwt -- "*) shift 5; exec '{jwt}' "$@" ;;
  "run --release -p segb-verify -- "*) shift 5; exec '{verify}' "$@" ;;
  *) echo "the pages do not say: cargo $*" >&2; exit 1 ;;
esac
"#,
        server = binary("segb-server").display(),
        demo = binary("segb-demo").display(),
        jwt = binary("segb-generate-jwt").display(),
        verify = binary("segb-verify").display(),
    )
    .replace("server.pid", &directory.join("server.pid").display().to_string())
    .replace("server.out", &directory.join("server.out").display().to_string())
}

/// One script of all blocks; the output of block n goes to the file `out.n`. Without Python, its blocks are left out.
fn script(blocks: &[Block], address: &str, python: Option<&Path>) -> String {
    let mut script = "set -eu\n".to_owned();
    for (number, block) in blocks.iter().enumerate() {
        let text = block.text.replace("127.0.0.1:5000", address);
        let commands = match (block.language.as_str(), python) {
            ("sh", _) => text,
            ("python", Some(python)) => format!("{} - <<'PYTHON'\n{text}PYTHON\n", python.display()),
            _ => continue,
        };
        writeln!(script, "echo 'block {number}' >&2\n{{\n{commands}}} > out.{number}").expect("memory");
    }
    script
}

fn run_page(name: &str, skip: impl Fn(&Block) -> bool) -> Vec<(String, String)> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    let blocks: Vec<Block> = blocks(&fs::read_to_string(page).expect("the page"))
        .into_iter()
        .filter(|block| !skip(block))
        .collect();
    let directory = tempfile::tempdir().expect("a directory");
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let port = port.expect("a free port").port();
    let stand_in = directory.path().join("bin");
    fs::create_dir(&stand_in).expect("a directory");
    let work = directory.path().join("work");
    fs::create_dir(&work).expect("a directory");
    fs::write(stand_in.join("cargo"), cargo_stand_in(directory.path(), port)).expect("a file");
    assert!(Command::new("chmod").arg("+x").arg(stand_in.join("cargo")).status().expect("chmod").success());
    let path = format!("{}:{}", stand_in.display(), std::env::var_os("PATH").expect("a PATH").display());
    let python = python_with_client(Path::new(env!("CARGO_TARGET_TMPDIR")));
    let output = Command::new("bash")
        .args(["-c", &script(&blocks, &format!("127.0.0.1:{port}"), python.as_deref())])
        .current_dir(&work)
        .env_clear()
        .env("PATH", path)
        .output()
        .expect("bash runs");
    let server = fs::read_to_string(directory.path().join("server.pid")).unwrap_or_default();
    let _ = Command::new("kill").arg(server.trim()).status();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {stderr}");
    let read = |number: usize| fs::read_to_string(work.join(format!("out.{number}"))).unwrap_or_default();
    check_answers(name, &blocks, &read);
    let shell = blocks.iter().enumerate().filter(|(_, block)| block.language == "sh");
    shell.map(|(number, block)| (block.text.clone(), read(number))).collect()
}

/// A `json` block is the answer to the last command before it.
fn check_answers(name: &str, blocks: &[Block], read: &dyn Fn(usize) -> String) {
    for (number, block) in blocks.iter().enumerate().filter(|(_, block)| block.language == "json") {
        let output = read(number - 1);
        let last = output.lines().last().unwrap_or_default();
        assert_eq!(last, block.text.trim(), "{name}: after\n{}", blocks[number - 1].text);
    }
}

fn tools() -> bool {
    require_tool("bash", &["-c", "true"]) && require_tool("curl", &["--version"])
}

#[test]
fn the_page_on_authentication_is_true() {
    if !tools() {
        return;
    }
    let outputs = run_page("docs/authentication.md", |_| false);
    let all: String = outputs.into_iter().map(|(_, output)| output).collect();
    for expected in ["\"message\":\"TTL inserted\"", "<urn:example:robot-1>", "ns:what", "\"log_file\":"] {
        assert!(all.contains(expected), "{expected} is not in\n{all}");
    }
}

#[test]
fn the_page_for_robots_is_true() {
    if !tools() {
        return;
    }
    let outputs = run_page("docs/robots.md", |_| false);
    let all: String = outputs.into_iter().map(|(_, output)| output).collect();
    for expected in ["rescued a dog", "was accepted: one event", "30 logs stored, 0 failed", "/docs  the API"]
    {
        assert!(all.contains(expected), "{expected} is not in\n{all}");
    }
}

#[test]
fn the_readme_is_true() {
    if !tools() {
        return;
    }
    // This is running right now.
    let outputs = run_page("README.md", |block| block.text.trim() == "cargo test --workspace");
    let all: String = outputs.into_iter().map(|(_, output)| output).collect();
    for expected in [
        "\"triple_count\":5",
        "ex:ari a oro:Robot",
        "\"Good morning, Ana!\",urn:segb:log:",
        "\"hall\"",
        "\"entries\":[",
        "VERIFIED",
    ] {
        assert!(all.contains(expected), "{expected} is not in\n{all}");
    }
}
