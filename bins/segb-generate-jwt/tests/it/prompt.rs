//! The hidden prompt, at a terminal that python3 pretends to be.

use crate::harness::{OTHER_SECRET, Place, SECRET, python};
use crate::tokens::verify;

/// Runs the program at a new terminal, types the second argument after the prompt, and prints as JSON what the
/// terminal showed, what came on standard output, and how the program ended. It types when the terminal no longer
/// echoes, which is a moment after the prompt and long before a person could.
const AT_A_TERMINAL: &str = r#"
import json, os, pty, select, sys, termios, time
typed = sys.argv[2]
reading, writing = os.pipe()
child, terminal = pty.fork()
if child == 0:
    os.dup2(writing, 1)
    os.execv(sys.argv[1], [sys.argv[1]] + sys.argv[3:])
os.close(writing)
shown, answered = b"", False
while select.select([terminal], [], [], 30)[0]:
    try:
        data = os.read(terminal, 4096)
    except OSError:
        break
    if not data:
        break
    shown += data
    if not answered and b": " in shown:
        deadline = time.monotonic() + 30
        while termios.tcgetattr(terminal)[3] & termios.ECHO and time.monotonic() < deadline:
            time.sleep(0.001)
        os.write(terminal, typed.encode())
        answered = True
out = b""
while data := os.read(reading, 4096):
    out += data
code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
print(json.dumps({"shown": shown.decode(), "out": out.decode(), "code": code}))
"#;

const WITHOUT_A_TERMINAL: &str = "
import subprocess, sys
done = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, start_new_session=True, timeout=30)
sys.exit(done.returncode)
";

#[derive(serde::Deserialize)]
struct Seen {
    shown: String,
    out: String,
    code: i32,
}

#[track_caller]
fn typing(place: &Place, typed: &str, arguments: &[&str]) -> Option<Seen> {
    let arguments = [&[typed, "--username", "r", "--role", "logger"], arguments].concat();
    let output = python(place, AT_A_TERMINAL, &arguments)?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let seen: Seen = serde_json::from_slice(&output.stdout).unwrap();
    for secret in [SECRET, OTHER_SECRET] {
        assert!(!seen.shown.contains(secret) && !seen.out.contains(secret), "a secret was shown");
    }
    Some(seen)
}

#[test]
fn a_typed_secret_is_used_and_not_shown() {
    for typed in [format!("{SECRET}\n"), format!(" {SECRET} \n")] {
        let Some(seen) = typing(&Place::new(), &typed, &["--json"]) else {
            return;
        };
        assert_eq!((seen.code, seen.shown.trim()), (0, "SECRET_KEY (not shown):"));
        let line: serde_json::Value = serde_json::from_str(&seen.out).unwrap();
        let last_second = line["exp"].as_i64().unwrap() - 1;
        assert!(verify(line["token"].as_str().unwrap(), SECRET, last_second).is_ok());
    }
}

#[test]
fn a_weak_or_empty_secret_is_refused() {
    let Some(seen) = typing(&Place::new(), "hunter2\n", &[]) else {
        return;
    };
    assert_eq!((seen.code, seen.out.as_str()), (2, ""));
    assert!(
        seen.shown.contains("Error: the secret that was typed is shorter than 32 bytes"),
        "{}",
        seen.shown
    );
    assert!(!seen.shown.contains("hunter2"));
    let Some(seen) = typing(&Place::new(), "\n", &["--allow-weak-secret"]) else {
        return;
    };
    assert_eq!(seen.code, 2);
    assert!(seen.shown.contains("Error: the secret that was typed is empty"), "{}", seen.shown);
}

#[test]
fn nobody_is_asked_if_there_is_a_secret() {
    let Some(seen) = typing(&Place::with_secret(), "", &[]) else {
        return;
    };
    assert_eq!((seen.code, seen.shown.as_str()), (0, ""));
}

#[test]
fn somebody_who_watches_is_told_where_a_new_secret_belongs() {
    let script = AT_A_TERMINAL.replace("not answered and", "False and");
    let Some(output) = python(&Place::new(), &script, &["", "--generate-secret"]) else {
        return;
    };
    let seen: Seen = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((seen.code, seen.out.len()), (0, 44));
    assert!(seen.shown.contains("SECRET_KEY"), "{}", seen.shown);
    assert!(!seen.shown.contains(seen.out.trim_end()), "the hint repeats the secret");
}

#[test]
fn without_a_terminal_there_is_an_error() {
    let place = Place::new();
    let arguments = ["--username", "r", "--role", "logger"];
    let Some(output) = python(&place, WITHOUT_A_TERMINAL, &arguments) else {
        return;
    };
    let error = place.finished(output).stderr;
    assert!(error.starts_with("Error: there is no secret and no terminal to ask for it"), "{error}");
    assert!(error.contains("SECRET_KEY") && error.contains("--secret-file"), "{error}");
}
