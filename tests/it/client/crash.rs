//! A robot's process is killed while it publishes. Whatever it was told is accepted arrives, once, in order.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

use segb_tests::ServerBuilder;
use tempfile::TempDir;

use super::{PATIENCE, free_address, numbered, numbers, options, publisher};

const ADDRESS: &str = "SEGB_TEST_ADDRESS";
const QUEUE: &str = "SEGB_TEST_QUEUE";
const FIRST: &str = "SEGB_TEST_FIRST";

/// Not a test but the process that is killed: it says each number as soon as its log is accepted.
#[test]
#[ignore = "is started by the tests beside it"]
fn publishing_process() {
    let variable = |name| std::env::var_os(name).and_then(|value| value.into_string().ok());
    let (Some(address), Some(queue)) = (variable(ADDRESS), variable(QUEUE)) else { return };
    let first: u64 = variable(FIRST).and_then(|number| number.parse().ok()).expect("a number");
    let mut options = options(&address);
    options.queue.directory = Some(queue.into());
    let publisher = publisher(options);
    println!("begins");
    for number in first.. {
        drop(publisher.publish(&numbered(number)).expect("room"));
        println!("accepted {number}");
    }
}

struct Robot {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Robot {
    fn start(address: &str, queue: &Path, first: u64) -> Self {
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .args(["client::crash::publishing_process", "--exact", "--ignored", "--nocapture"])
            .env(ADDRESS, address)
            .env(QUEUE, queue)
            .env(FIRST, first.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a process");
        let output = BufReader::new(child.stdout.take().expect("a pipe"));
        Self { child, output }
    }

    /// kill -9 after so many logs; gives the number after the last that was accepted.
    fn kill_after(mut self, logs: u64) -> u64 {
        let number = |line: &str| {
            line.rsplit_once("accepted ").and_then(|(_, number)| number.trim().parse::<u64>().ok())
        };
        let mut accepted = Vec::new();
        let mut line = String::new();
        while (accepted.len() as u64) < logs {
            line.clear();
            assert_ne!(self.output.read_line(&mut line).expect("a line"), 0, "it ended: {accepted:?}");
            accepted.extend(number(&line));
        }
        self.child.kill().expect("a process to kill");
        self.child.wait().expect("its end");
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).expect("what it said before");
        // The last line may be cut off; only whole ones were said.
        let whole = rest.rfind('\n').map_or("", |end| &rest[..=end]);
        accepted.extend(whole.lines().filter_map(number));
        *accepted.last().expect("some") + 1
    }
}

fn check(is_server_there: bool) {
    let directory = TempDir::new().expect("a directory");
    let queue = directory.path().join("queue");
    let server = ServerBuilder::learning().start();
    let address = if is_server_there { server.address().to_owned() } else { free_address() };
    let mut next = 0;
    for round in 0..4 {
        next = Robot::start(&address, &queue, next).kill_after(40 + 37 * round);
    }
    let mut options = options(server.address());
    options.queue.directory = Some(queue);
    let last = publisher(options);
    last.flush(PATIENCE).expect("the server is there");
    assert_eq!(last.status().damaged, 0);
    let found = numbers(&server);
    // A log may be in the queue although the robot was killed before it could say so: then the next round says it again.
    let mut expected = 0;
    for number in &found {
        assert!(*number == expected || *number + 1 == expected, "{number} after {expected}: {found:?}");
        expected = number + 1;
    }
    assert!(expected >= next, "{expected} of {next}");
    assert!(found.len() as u64 <= next + 4, "some came twice: {found:?}");
}

#[test]
fn while_the_server_is_away() {
    check(false);
}

#[test]
fn while_the_server_answers() {
    check(true);
}
