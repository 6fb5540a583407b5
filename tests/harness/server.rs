//! Starting and stopping the real server.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::{Client, SECRET};

/// How long a server may take to listen, in a busy test run.
const START_MAX: Duration = Duration::from_secs(60);

/// A program of this workspace, next to the running one: `cargo test --workspace` builds them all.
pub fn binary(name: &str) -> PathBuf {
    let mut directory = std::env::current_exe().expect("the path of this program");
    directory.pop();
    if directory.ends_with("deps") {
        directory.pop();
    }
    let path = directory.join(name);
    assert!(path.exists(), "{} is missing: build the whole workspace", path.display());
    path
}

/// How a server is started: settings as environment variables, nothing inherited.
#[derive(Debug, Clone, Default)]
pub struct ServerBuilder {
    settings: BTreeMap<String, String>,
    data_dir: Option<PathBuf>,
    wrapper: Vec<String>,
    program: Option<PathBuf>,
}

/// A running server. It is killed when dropped.
#[derive(Debug)]
pub struct Server {
    builder: ServerBuilder,
    child: Child,
    api: String,
    ui: Option<String>,
    stderr: Arc<Mutex<String>>,
    /// Holds the temporary directory in which it runs.
    directory: Arc<TempDir>,
}

/// What a server puts into a new journal when it starts: its settings, and that it started. The first log comes after.
pub const START_ENTRIES: usize = 2;

impl ServerBuilder {
    /// Learning mode, on a free port for the API and none for the UI.
    pub fn learning() -> Self {
        Self::default().set("SEGB_PORT", "0").set("SEGB_UI_PORT", "0").set("SEGB_HOST", "127.0.0.1")
    }

    /// Protected mode with [`SECRET`].
    pub fn protected() -> Self {
        Self::learning().set("SECRET_KEY", SECRET)
    }

    /// Sets a setting.
    #[must_use]
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.settings.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Also listens on a UI port that is free right now.
    #[must_use]
    pub fn with_ui(self) -> Self {
        let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let port = free.expect("a free port").port();
        self.set("SEGB_UI_PORT", &port.to_string())
    }

    fn has_ui(&self) -> bool {
        self.settings.get("SEGB_UI_PORT").is_some_and(|port| port != "0")
    }

    /// Uses this data directory instead of a new one.
    #[must_use]
    pub fn data_dir(mut self, directory: &Path) -> Self {
        self.data_dir = Some(directory.to_owned());
        self
    }

    /// Starts the server as the argument of another command, such as `prlimit --nofile=64`.
    #[must_use]
    pub fn wrapped(mut self, command: &[&str]) -> Self {
        self.wrapper = command.iter().map(|&word| word.to_owned()).collect();
        self
    }

    /// Starts this file instead of the one that was built: a copy of it.
    #[must_use]
    pub fn program(mut self, program: &Path) -> Self {
        self.program = Some(program.to_owned());
        self
    }

    /// The command line, ready to be run in `directory`.
    pub fn command(&self, directory: &Path, arguments: &[&str]) -> Command {
        let program = self.program.clone().unwrap_or_else(|| binary("segb-server"));
        let mut command = match self.wrapper.split_first() {
            None => Command::new(program),
            Some((wrapper, rest)) => {
                let mut command = Command::new(wrapper);
                command.args(rest).arg(program);
                command
            }
        };
        let data_dir = self.data_dir.clone().unwrap_or_else(|| directory.join("segb-data"));
        command
            .args(arguments)
            .current_dir(directory)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("SEGB_DATA_DIR", data_dir)
            .envs(&self.settings);
        command
    }

    /// Starts the server and waits until it listens.
    pub fn start(self) -> Server {
        let directory = Arc::new(TempDir::new().expect("a temporary directory"));
        self.try_start_in(directory).unwrap_or_else(|log| panic!("the server does not start:\n{log}"))
    }

    /// As [`start`](Self::start); an error is what the server wrote before it ended.
    pub fn try_start(self) -> Result<Server, String> {
        self.try_start_in(Arc::new(TempDir::new().expect("a temporary directory")))
    }

    fn try_start_in(self, directory: Arc<TempDir>) -> Result<Server, String> {
        let mut child = self
            .command(directory.path(), &[])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the server can be started");
        let stderr = Arc::new(Mutex::new(String::new()));
        let reader = BufReader::new(child.stderr.take().expect("a piped stderr"));
        let sink = Arc::clone(&stderr);
        std::thread::spawn(move || {
            for line in reader.lines().map_while(Result::ok) {
                let mut text = sink.lock().expect("no panic while writing");
                text.push_str(&line);
                text.push('\n');
            }
        });
        let start = Instant::now();
        loop {
            let text = stderr.lock().expect("no panic while writing").clone();
            let ui = address(&text, "UI: ");
            let complete = ui.is_some() || !self.has_ui();
            if let Some(api) = address(&text, "API: ").filter(|_| complete) {
                return Ok(Server { builder: self, child, api, ui, stderr, directory });
            }
            if child.try_wait().expect("a child to wait for").is_some() {
                // The reader thread may need a moment for the last lines.
                std::thread::sleep(Duration::from_millis(100));
                return Err(stderr.lock().expect("no panic while writing").clone());
            }
            assert!(start.elapsed() < START_MAX, "the server does not listen after {START_MAX:?}:\n{text}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// The URL behind a label in the server's output.
fn address(text: &str, label: &str) -> Option<String> {
    let (_, rest) = text.split_once(label)?;
    let (url, _) = rest.split_once(char::is_whitespace)?;
    url.starts_with("http://").then(|| url.trim_end_matches('/').to_owned())
}

impl Server {
    /// A client for the API port.
    pub fn client(&self) -> Client {
        Client::new(&self.api)
    }

    /// A client for the UI port; the server must have been built [`with_ui`](ServerBuilder::with_ui).
    pub fn ui_client(&self) -> Client {
        Client::new(self.ui.as_deref().expect("a UI port"))
    }

    /// Host and port of the API.
    pub fn address(&self) -> &str {
        self.api.trim_start_matches("http://")
    }

    /// The directory it runs in.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// The data directory.
    pub fn data_dir(&self) -> PathBuf {
        self.builder.data_dir.clone().unwrap_or_else(|| self.directory.path().join("segb-data"))
    }

    /// What it wrote to stderr so far.
    pub fn stderr(&self) -> String {
        self.stderr.lock().expect("no panic while writing").clone()
    }

    /// The id of the process.
    pub fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// kill -9.
    pub fn kill(&mut self) {
        self.child.kill().expect("a process to kill");
        self.child.wait().expect("a process to wait for");
    }

    /// SIGTERM, and waits for the end.
    pub fn terminate(&mut self) -> ExitStatus {
        self.signal("TERM");
        self.child.wait().expect("a process to wait for")
    }

    /// Sends a signal by name.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status();
        assert!(status.expect("kill runs").success());
    }

    /// Starts it again on the same data, after [`kill`](Self::kill) or [`terminate`](Self::terminate).
    #[must_use]
    pub fn restart(self) -> Self {
        let (builder, directory) = (self.builder.clone(), Arc::clone(&self.directory));
        drop(self);
        builder
            .try_start_in(directory)
            .unwrap_or_else(|log| panic!("the server does not start again:\n{log}"))
    }

    /// Runs a subcommand of the server program with the same settings; gives exit status, stdout and stderr.
    pub fn run_command(&self, arguments: &[&str]) -> (ExitStatus, String, String) {
        let output =
            self.builder.command(self.directory.path(), arguments).output().expect("the program runs");
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        (output.status, text(output.stdout), text(output.stderr))
    }

    /// Waits until GET /healthz/ready says 200.
    pub fn wait_until_ready(&self) {
        let start = Instant::now();
        while self.client().get("/healthz/ready").status != 200 {
            assert!(start.elapsed() < Duration::from_secs(120), "not ready:\n{}", self.stderr());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The ids of its query processes.
    pub fn query_processes(&self) -> Vec<u32> {
        let mut found = Vec::new();
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.child.id()));
        for task in tasks.into_iter().flatten().flatten() {
            let children = std::fs::read_to_string(task.path().join("children")).unwrap_or_default();
            found.extend(children.split_whitespace().filter_map(|id| id.parse::<u32>().ok()));
        }
        found
    }

    /// A number that `/metrics` shows, by the beginning of its line up to the value.
    pub fn metric(&self, name: &str) -> u64 {
        let text = self.client().get("/metrics").text();
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("no {name} in:\n{text}"))
    }

    /// Processor time used so far, in clock ticks of 10 ms; none where there is no /proc.
    pub fn cpu_ticks(&self) -> Option<u64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).ok()?;
        let (_, fields) = stat.rsplit_once(") ")?;
        let ticks = fields.split(' ').skip(11).take(2).map(|field| field.parse::<u64>().ok());
        ticks.sum()
    }

    /// A number from `/proc/<pid>/status`, in kB; none where there is no such file.
    pub fn status_kb(&self, name: &str) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with(name))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
