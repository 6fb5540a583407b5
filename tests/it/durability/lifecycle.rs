//! Stopping, starting twice, backup and rebuild.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::Path,
    sync::atomic::Ordering,
    thread,
    time::Duration,
};

use segb_tests::{START_ENTRIES, Server, ServerBuilder, interaction_log};
use tempfile::TempDir;

use super::{
    audit::{Auditor, entries, export},
    posting::Memory,
};

/// Runs `work` while four clients post; ends them afterwards.
fn while_posting<T>(server: &mut Server, memory: &Memory, work: impl FnOnce(&mut Server) -> T) -> T {
    thread::scope(|scope| {
        for client_number in 0..4 {
            let client = server.client();
            scope.spawn(move || {
                memory.keep_posting(&client, |n| interaction_log(client_number * 100_000 + n))
            });
        }
        thread::sleep(Duration::from_millis(150));
        let outcome = work(server);
        memory.stop.store(true, Ordering::Relaxed);
        outcome
    })
}

#[test]
fn sigterm_loses_nothing_that_was_acknowledged() {
    let mut server = ServerBuilder::learning().start();
    let memory = Memory::default();
    let status = while_posting(&mut server, &memory, Server::terminate);
    assert_eq!(status.code(), Some(0), "{}", server.stderr());
    assert!(!server.data_dir().join("graph/in-use").exists());
    assert!(memory.acknowledged.lock().unwrap().len() > 10);
    let server = server.restart();
    assert_eq!(server.client().get("/healthz/ready").status, 200);
    Auditor::default().check(&server.client(), &memory);
}

#[test]
fn a_second_server_on_the_same_data_is_refused_and_the_first_goes_on() {
    let server = ServerBuilder::learning().start();
    let memory = Memory::default();
    memory.must_post(&server.client(), interaction_log(1));
    let second = ServerBuilder::learning().data_dir(&server.data_dir());
    let directory = TempDir::new().unwrap();
    let output = second.command(directory.path(), &[]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("is in use by another SEGB server"), "{text}");
    memory.must_post(&server.client(), interaction_log(2));
    Auditor::default().check(&server.client(), &memory);
}

#[test]
fn a_backup_of_a_busy_server_is_a_data_directory_with_a_prefix_of_the_journal() {
    let mut server = ServerBuilder::learning().start();
    let (memory, directory) = (Memory::default(), TempDir::new().unwrap());
    let copy = directory.path().join("copy");
    let known = while_posting(&mut server, &memory, |server| {
        let known = memory.acknowledged.lock().unwrap().len();
        let (status, out, err) = server.run_command(&["backup", copy.to_str().unwrap()]);
        assert!(status.success(), "{out}{err}");
        assert!(out.starts_with("Copied "), "{out}");
        known
    });
    let (status, _, err) = server.run_command(&["backup", copy.to_str().unwrap()]);
    assert_eq!(status.code(), Some(1));
    assert!(err.contains("already exists"), "{err}");
    let mut files: Vec<_> = fs::read_dir(&copy).unwrap().map(|file| file.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, ["access.sqlite3", "journal.sqlite3"], "nothing else is left in a backup");

    assert_eq!(mode(&copy), 0o700, "a backup is as private as what it copies");

    let restored = ServerBuilder::learning().data_dir(&copy).start();
    restored.wait_until_ready();
    let (all, copied) = (entries(&server.client()), entries(&restored.client()));
    // The last ones say that a server was started on the copy, with another data directory.
    let (copied, start) = copied.split_at(copied.len() - START_ENTRIES);
    assert_eq!(start.last().map(|entry| entry.kind.as_str()), Some("server_started"));
    assert!(copied.len() >= known, "what was acknowledged before the backup is in it");
    assert!(all.starts_with(copied), "the copy is a prefix of the journal");
    Auditor::default().check(&server.client(), &memory);
    let in_copy = Memory::default();
    *in_copy.sent.lock().unwrap() = memory.sent.lock().unwrap().clone();
    let in_time = |log: &&super::posting::Acknowledged| log.sequence < copied.len() as u64;
    *in_copy.acknowledged.lock().unwrap() =
        memory.acknowledged.lock().unwrap().iter().filter(in_time).cloned().collect();
    Auditor::default().check(&restored.client(), &in_copy);
    in_copy.must_post(&restored.client(), interaction_log(999_999));
    Auditor::default().check(&restored.client(), &in_copy);
}

/// The permissions of a file or directory.
fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn the_journal_and_its_copy_are_for_their_owner_only_in_any_directory() {
    let directory = TempDir::new().unwrap();
    let open_to_all = |name: &str| {
        let path = directory.path().join(name);
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
        path
    };
    let (data_dir, copy) = (open_to_all("data"), open_to_all("copy"));
    let server = ServerBuilder::learning().data_dir(&data_dir).start();
    assert_eq!(server.client().publish("<urn:a> a <urn:b> .").status, 201);
    let (status, _, err) = server.run_command(&["backup", copy.to_str().unwrap()]);
    assert!(status.success(), "{err}");
    assert_eq!(mode(&copy.join("journal.sqlite3")), 0o600);
    for name in ["journal.sqlite3", "journal.sqlite3-wal", "journal.sqlite3-shm"] {
        assert_eq!(mode(&data_dir.join(name)), 0o600, "{name}");
    }
    assert_eq!((mode(&data_dir), mode(&copy)), (0o755, 0o755), "what others made stays as they made it");
}

#[test]
fn a_stopped_server_can_be_backed_up_too() {
    let mut server = ServerBuilder::learning().start();
    let (memory, directory) = (Memory::default(), TempDir::new().unwrap());
    memory.must_post(&server.client(), interaction_log(1));
    assert!(server.terminate().success());
    let copy = directory.path().join("copy");
    let (status, out, err) = server.run_command(&["backup", copy.to_str().unwrap()]);
    assert!(status.success(), "{out}{err}");
    let restored = ServerBuilder::learning().data_dir(&copy).start();
    restored.wait_until_ready();
    Auditor::default().check(&restored.client(), &memory);

    let nothing = ServerBuilder::learning().data_dir(&directory.path().join("nothing"));
    let output = nothing.command(directory.path(), &["backup", "there"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no journal in"));
    assert!(!directory.path().join("there").exists() && !directory.path().join("nothing").exists());
}

#[test]
fn a_rebuild_gives_the_same_graph_and_keeps_away_from_a_running_server() {
    let mut server = ServerBuilder::learning().start();
    let memory = Memory::default();
    for number in 0..40 {
        memory.must_post(&server.client(), interaction_log(number));
        if number == 10 {
            memory.clear(&server.client());
        }
    }
    let before = export(&server.client());
    let (status, _, err) = server.run_command(&["rebuild"]);
    assert_eq!(status.code(), Some(1));
    assert!(err.contains("is in use by another SEGB server"), "{err}");
    assert!(export(&server.client()) == before);
    assert!(server.terminate().success());

    let (status, _, err) = server.run_command(&["rebuild"]);
    assert!(status.success(), "{err}");
    assert!(err.contains("the graph is rebuilt: 43 entries"), "{err}");
    assert!(!server.data_dir().join("graph/in-use").exists());
    let server = server.restart();
    assert_eq!(server.client().get("/healthz/ready").status, 200);
    assert!(export(&server.client()) == before);
    Auditor::default().check(&server.client(), &memory);
}

#[test]
fn nothing_can_be_rebuilt_as_well() {
    let directory = TempDir::new().unwrap();
    let builder = ServerBuilder::learning().data_dir(&directory.path().join("new"));
    for _ in 0..2 {
        let output = builder.command(directory.path(), &["rebuild"]).output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{text}");
        assert!(text.contains("the graph is rebuilt: 0 entries, 0 triples"), "{text}");
    }
    let server = builder.start();
    assert_eq!(server.client().get("/healthz/ready").status, 200);
    Auditor::default().check(&server.client(), &Memory::default());
}
