//! Settings that cannot be used keep the server from starting, and it says why.

use std::{fs, net::TcpListener, process::Output};

use segb_auth::Role;
use segb_tests::{SECRET, ServerBuilder, token_with};
use tempfile::TempDir;

/// Runs the program with these arguments until it ends.
fn run(builder: &ServerBuilder, directory: &TempDir, arguments: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } =
        builder.command(directory.path(), arguments).output().expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (status.code(), text(stdout), text(stderr))
}

fn check_refused(settings: &[(&str, &str)], expected: &str) {
    let directory = TempDir::new().expect("a directory");
    let builder =
        settings.iter().fold(ServerBuilder::learning(), |builder, (name, value)| builder.set(name, value));
    for arguments in [&[][..], &["--check-config"]] {
        let (code, stdout, stderr) = run(&builder, &directory, arguments);
        assert_eq!(code, Some(2), "{settings:?}: {stderr}");
        assert_eq!(stdout, "", "{settings:?}");
        assert!(stderr.starts_with(&format!("Error: {expected}")), "{settings:?}: {stderr}");
        assert_eq!(stderr.lines().count(), 1, "{settings:?}: {stderr}");
        for (name, value) in settings {
            let is_shown = name.starts_with("SECRET") && !value.trim().is_empty() && stderr.contains(value);
            assert!(!is_shown, "{settings:?}: {stderr}");
        }
    }
    assert!(!directory.path().join("segb-data").exists(), "{settings:?}");
}

#[test]
fn a_weak_secret_is_refused() {
    let short = "only-thirty-one-bytes-of-secret";
    assert_eq!(short.len(), 31);
    check_refused(&[("SECRET_KEY", short)], "SECRET_KEY is shorter than 32 bytes. Make a strong one with ");
    check_refused(&[("SECRET_KEY", "hush")], "SECRET_KEY is shorter than 32 bytes.");
    for blank in [" ", "\t\n", &" ".repeat(40)] {
        check_refused(&[("SECRET_KEY", blank)], "SECRET_KEY is set but holds only white space.");
    }
    check_refused(
        &[("SECRET_KEY", SECRET), ("SECRET_KEY_PREVIOUS", "hush")],
        "SECRET_KEY_PREVIOUS is shorter than 32 bytes.",
    );
    check_refused(&[("SECRET_KEY_PREVIOUS", SECRET)], "SECRET_KEY_PREVIOUS is set and SECRET_KEY is not");
    check_refused(
        &[("SECRET_KEY", short), ("ALLOW_WEAK_SECRET", "false")],
        "SECRET_KEY is shorter than 32 bytes.",
    );
}

#[test]
fn a_weak_secret_may_be_allowed() {
    for secret in ["hush", " "] {
        let server =
            ServerBuilder::learning().set("SECRET_KEY", secret).set("ALLOW_WEAK_SECRET", "true").start();
        assert_eq!(server.client().get("/events").status, 401, "{secret:?}");
        let admin = server.client().with_token(&token_with(secret, "root", &[Role::Admin], 0));
        assert_eq!(admin.get("/events").status, 200, "{secret:?}");
    }
}

#[test]
fn settings_that_mean_nothing_are_named() {
    for (name, value) in [
        ("SEGB_PORT", "many"),
        ("SEGB_PORT", "65536"),
        ("SEGB_UI_PORT", "-1"),
        ("ALLOW_WEAK_SECRET", "perhaps"),
        ("LOGGING_LEVEL", "LOUD"),
        ("TRUSTED_PROXIES", "10.0.0.1,proxy"),
        ("CORS_ORIGIN_REGEX", "("),
        ("CORS_ORIGINS", "foo bar"),
        ("GRAPH_URI", "a b"),
        ("SEGB_QUERY_SECONDS_MAX", "0"),
        ("SEGB_BODY_BYTES_MAX", "lots"),
    ] {
        check_refused(&[(name, value)], &format!("{name}: {value:?} (environment) is no good: "));
    }
    let directory = TempDir::new().expect("a directory");
    for arguments in [&["--no-such"][..], &["--config", "missing.toml"], &["--port", "x"], &["nonsense"]] {
        let (code, _, stderr) = run(&ServerBuilder::learning(), &directory, arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.to_lowercase().starts_with("error: "), "{arguments:?}: {stderr}");
    }
}

#[test]
fn unknown_settings_are_warned_about() {
    let server = ServerBuilder::learning().set("SEGB_PRT", "5001").set("SEGB_API_TOKEN", "x").start();
    let stderr = server.stderr();
    assert!(
        stderr.contains("| WARNING | ") && stderr.contains("SEGB_PRT (environment) is not a setting"),
        "{stderr}"
    );
    assert!(!stderr.contains("SEGB_API_TOKEN"), "{stderr}");
}

#[test]
fn learning_mode_stays_on_this_machine_and_warns() {
    let learning = ServerBuilder::learning().set("SEGB_HOST", "").start();
    assert!(learning.address().starts_with("127.0.0.1:"), "{}", learning.address());
    let stderr = learning.stderr();
    assert!(
        stderr.contains("| WARNING | ") && stderr.contains("LEARNING MODE: SECRET_KEY is not set"),
        "{stderr}"
    );

    let protected = ServerBuilder::protected().set("SEGB_HOST", "").start();
    assert!(protected.address().starts_with("0.0.0.0:"), "{}", protected.address());
    assert!(!protected.stderr().contains("LEARNING MODE"), "{}", protected.stderr());
    let told = ServerBuilder::learning().set("SEGB_HOST", "0.0.0.0").start();
    assert!(told.address().starts_with("0.0.0.0:"), "{}", told.address());
}

#[test]
fn a_taken_port_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address");
    for name in ["SEGB_PORT", "SEGB_UI_PORT"] {
        let directory = TempDir::new().expect("a directory");
        let builder = ServerBuilder::learning().set(name, &address.port().to_string());
        let (code, _, stderr) = run(&builder, &directory, &[]);
        assert_eq!(code, Some(1), "{name}: {stderr}");
        let expected = format!("Error: {name}: {address} is already in use by another program");
        assert!(stderr.lines().any(|line| line.starts_with(&expected)), "{name}: {stderr}");
    }
    let directory = TempDir::new().expect("a directory");
    let unknown = ServerBuilder::learning().set("SEGB_HOST", "no.such.host.invalid");
    let (code, _, stderr) = run(&unknown, &directory, &[]);
    assert_eq!(code, Some(1), "{stderr}");
    assert!(stderr.contains("Error: SEGB_HOST: \"no.such.host.invalid\""), "{stderr}");
}

#[test]
fn secrets_are_never_shown() {
    let previous = "another-secret-another-secret-0123456789";
    let builder =
        ServerBuilder::protected().set("SECRET_KEY_PREVIOUS", previous).set("LOGGING_LEVEL", "DEBUG");
    let directory = TempDir::new().expect("a directory");
    let (code, stdout, stderr) = run(&builder, &directory, &["--check-config"]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    for line in ["SECRET_KEY = ******** (environment)", "SECRET_KEY_PREVIOUS = ******** (environment)"] {
        assert!(stdout.lines().any(|shown| shown == line), "{stdout}");
    }
    assert!(stdout.lines().any(|line| line == "mode: protected (tokens)"), "{stdout}");

    let mut server = builder.start();
    let good = token_with(SECRET, "ana", &[Role::Admin], 0);
    let client = server.client();
    assert_eq!(client.with_token(&good).get("/logs/server").status, 200);
    let bad = token_with("some-other-secret-some-other-secret-01", "ana", &[Role::Admin], 0);
    assert_eq!(client.with_token(&bad).get("/events").status, 401);
    let page = client.with_token(&good).get("/logs/server?limit=2000").text();
    assert!(server.terminate().success());
    let file = fs::read_to_string(server.directory().join("logs/segb.log")).expect("a log");
    assert!(file.contains("setting SECRET_KEY = ********"), "{file}");
    for (place, text) in
        [("check-config", &stdout), ("stderr", &server.stderr()), ("segb.log", &file), ("GET", &page)]
    {
        for (what, secret) in
            [("secret", SECRET), ("previous", previous), ("token", &good), ("bad token", &bad)]
        {
            assert!(!text.contains(secret), "{what} in {place}");
        }
        // Nor the part of a token that makes it one.
        let signature = good.rsplit('.').next().expect("a signature");
        assert!(!text.contains(signature), "signature in {place}");
    }
}

#[test]
fn check_config_shows_every_setting_and_where_it_is_from() {
    let directory = TempDir::new().expect("a directory");
    fs::write(directory.path().join("segb.toml"), "SEGB_QUERY_PROCESSES = 3\n").expect("a file");
    fs::write(directory.path().join(".env"), format!("SECRET_KEY={SECRET}\nLOGGING_LEVEL=debug\n"))
        .expect("a file");
    let (code, stdout, _) =
        run(&ServerBuilder::learning(), &directory, &["--check-config", "--ui-port", "auto"]);
    assert_eq!(code, Some(0));
    for line in [
        "SECRET_KEY = ******** (.env)",
        "LOGGING_LEVEL = debug (.env)",
        "SEGB_QUERY_PROCESSES = 3 (segb.toml)",
        "SEGB_PORT = 0 (environment)",
        "SEGB_UI_PORT = auto (argument)",
        "CORS_ORIGINS = http://localhost:5173,http://127.0.0.1:5173 (default)",
        "SEGB_BODY_BYTES_MAX = 10485760 (default)",
    ] {
        assert!(stdout.lines().any(|shown| shown == line), "{line}\n{stdout}");
    }
    assert!(!directory.path().join("segb-data").exists() && !directory.path().join("logs").exists());
}
