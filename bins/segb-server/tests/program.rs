//! The program as it is run: arguments, exit codes, ports, signals.

#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, also in the functions that its cases share"
)]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, ChildStderr, Command, Output, Stdio},
};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// The program in a directory of its own, without the settings of whoever runs the tests.
fn program(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_segb-server"));
    command.env_clear().current_dir(directory).args(arguments).stdin(Stdio::null());
    command
}

fn run(directory: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    program(directory, arguments).envs(settings.iter().copied()).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A server that runs, and the address of its API.
struct Server {
    child: Child,
    stderr: BufReader<ChildStderr>,
    address: String,
    started: String,
}

impl Server {
    fn start(directory: &Path, settings: &[(&str, &str)]) -> Self {
        let mut command = program(directory, &["--port", "0", "--ui-port", "0"]);
        let mut child = command.envs(settings.iter().copied()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut started = String::new();
        let address = loop {
            let mut line = String::new();
            assert!(stderr.read_line(&mut line).unwrap() > 0, "the server ended:\n{started}");
            started.push_str(&line);
            if let Some((_, address)) = line.trim_end().split_once("API: http://") {
                break address.to_owned();
            }
        };
        Self { child, stderr, address, started }
    }

    fn get(&self, path: &str) -> String {
        let port = self.address.rsplit(':').next().unwrap();
        let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Sends SIGTERM and waits for the end; the rest of stderr.
    fn stop(mut self) -> String {
        let status = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(status.success());
        let mut rest = String::new();
        self.stderr.read_to_string(&mut rest).unwrap();
        assert!(self.child.wait().unwrap().success(), "{rest}");
        rest
    }
}

#[test]
fn a_server_starts_answers_and_stops() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start(directory.path(), &[]);
    assert!(server.started.contains("LEARNING MODE"), "{}", server.started);
    assert!(server.address.starts_with("127.0.0.1:"), "{}", server.address);
    assert!(server.get("/healthz/live").ends_with("{\"live\":true}"));
    assert!(server.get("/auth/mode").ends_with("{\"auth_enabled\":false}"));
    assert!(server.get("/nothing").starts_with("HTTP/1.1 404"));

    let second = run(directory.path(), &["--port", "0"], &[]);
    assert_eq!(second.status.code(), Some(1));
    let told = text(&second.stderr);
    assert!(told.starts_with("Error: ") && told.contains("in use by another SEGB server"), "{told}");
    assert_eq!(told.lines().count(), 1, "it writes nothing into the log of the first: {told}");

    assert!(server.stop().contains("| stopped\n"));
    let log = std::fs::read_to_string(directory.path().join("logs/segb.log")).unwrap();
    assert!(log.contains("HTTP GET /healthz/live -> 200"), "{log}");
    assert_eq!(log.matches("setting SEGB_PORT").count(), 1, "{log}");
}

#[test]
fn a_secret_protects_and_is_not_shown() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start(directory.path(), &[("SECRET_KEY", SECRET)]);
    assert!(server.started.contains("mode: protected"), "{}", server.started);
    assert!(server.address.starts_with("0.0.0.0:"), "{}", server.address);
    assert!(!server.started.contains(SECRET));
    assert!(server.get("/auth/mode").ends_with("{\"auth_enabled\":true}"));
    let answer = server.get("/events");
    assert!(answer.starts_with("HTTP/1.1 401") && answer.contains("www-authenticate: Bearer"), "{answer}");
    server.stop();
}

#[test]
fn settings_come_from_everywhere_in_order() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(
        directory.path().join("segb.toml"),
        "SEGB_PORT = 1\nSEGB_WORKERS = 1\nSEGB_HOST = \"::1\"\n",
    )
    .unwrap();
    std::fs::write(
        directory.path().join(".env"),
        format!("SEGB_WORKERS=2\nSEGB_PORT=2\nSECRET_KEY={SECRET}\n"),
    )
    .unwrap();
    let output =
        run(directory.path(), &["--check-config", "--port", "4"], &[("SEGB_PORT", "3"), ("SEGB_PRT", "3")]);
    assert!(output.status.success());
    let shown = text(&output.stdout);
    for line in [
        "SECRET_KEY = ******** (.env)",
        "SEGB_HOST = ::1 (segb.toml)",
        "SEGB_PORT = 4 (argument)",
        "SEGB_WORKERS = 2 (.env)",
        "SEGB_UI_PORT = 8080 (default)",
        "mode: protected (tokens)",
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{line}\n{shown}");
    }
    assert_eq!(text(&output.stderr), "Warning: SEGB_PRT (environment) is not a setting; it is ignored\n");
    assert!(!directory.path().join("segb-data").exists());
}

#[test]
fn bad_settings_end_with_2() {
    let directory = tempfile::tempdir().unwrap();
    for (settings, expected) in [
        (("SEGB_PORT", "many"), "Error: SEGB_PORT: \"many\" (environment)"),
        (("SECRET_KEY", "short"), "Error: SECRET_KEY "),
        (("SECRET_KEY", "     "), "Error: SECRET_KEY "),
    ] {
        let output = run(directory.path(), &[], &[settings]);
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).starts_with(expected), "{}", text(&output.stderr));
    }
    assert_eq!(run(directory.path(), &["--no-such"], &[]).status.code(), Some(2));
    assert_eq!(run(directory.path(), &["--config", "missing.toml"], &[]).status.code(), Some(2));
}

#[test]
fn a_taken_port_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let output = run(directory.path(), &["--port", &address.port().to_string()], &[]);
    assert_eq!(output.status.code(), Some(1));
    let expected = format!("Error: SEGB_PORT: {address} is already in use");
    assert!(text(&output.stderr).contains(&expected), "{}", text(&output.stderr));
}

#[test]
fn the_graph_is_rebuilt_and_the_journal_backed_up() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start(directory.path(), &[]);
    let output = run(directory.path(), &["backup", "copy"], &[]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).starts_with("Copied 2 entries"));
    server.stop();
    let output = run(directory.path(), &["rebuild"], &[]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("the graph is rebuilt: 2 entries"), "{}", text(&output.stderr));
}
