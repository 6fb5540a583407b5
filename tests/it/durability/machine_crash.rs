//! The index after a crash of the machine, without one, or not fitting to the journal. The machine cannot be made to
//! crash here: what it leaves behind can be made.

use std::{fs, path::Path, process::Stdio, thread, time::Duration};

use segb_tests::{Server, ServerBuilder, interaction_log};
use tempfile::TempDir;

use super::{
    audit::{Auditor, export},
    documents::document,
    posting::Memory,
};

fn fill(server: &Server, memory: &Memory, from: u64) {
    let client = server.client();
    for number in from..from + 20 {
        memory.must_post(&client, interaction_log(number));
    }
    memory.must_post(&client, document(from, 500, 20));
    // The same triples by two logs, and blank nodes of the same name.
    memory.must_post(&client, "<urn:a> <urn:b> <urn:c>, _:x . _:x <urn:b> _:y .".to_owned());
    memory.must_post(&client, "<urn:a> <urn:b> <urn:c>, _:x . _:x <urn:b> _:y .".to_owned());
}

/// What a machine may leave behind that went down while the index was open.
fn spoil(data_dir: &Path) {
    let graph = data_dir.join("graph");
    let mark = fs::read_to_string(graph.join("in-use")).expect("a killed server leaves its mark");
    assert_eq!(mark, fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap().trim());
    fs::write(graph.join("in-use"), "00000000-0000-4000-8000-000000000000").unwrap();
    let size = fs::metadata(graph.join("data.mdb")).unwrap().len() as usize;
    // The first pages look right, the rest is rubbish: opening it would seem to work.
    let mut data = fs::read(graph.join("data.mdb")).unwrap();
    data[8_192..].fill(0xa5);
    assert!(size > 100_000);
    fs::write(graph.join("data.mdb"), data).unwrap();
}

fn assert_same(server: &Server, memory: &Memory, before: &str) {
    server.wait_until_ready();
    Auditor::default().check(&server.client(), memory);
    assert!(export(&server.client()) == before, "the export differs, or its blank nodes have other labels");
}

#[test]
fn an_index_from_before_a_machine_crash_is_made_anew_unread() {
    let directory = TempDir::new().unwrap();
    let data_dir = directory.path().join("data");
    let builder = ServerBuilder::learning().data_dir(&data_dir);
    let memory = Memory::default();
    let mut server = builder.clone().start();
    fill(&server, &memory, 0);
    memory.clear(&server.client());
    fill(&server, &memory, 100);
    let before = export(&server.client());
    server.kill();
    spoil(&data_dir);
    // The first starts after the crash do not get far.
    for lived_ms in [0, 2, 4, 6, 8, 12, 16, 25, 40] {
        let mut child = builder
            .command(directory.path(), &[])
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        thread::sleep(Duration::from_millis(lived_ms));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let mut server = builder.clone().start();
    assert_same(&server, &memory, &before);

    server.kill();
    spoil(&data_dir);
    let server = builder.start();
    assert!(server.stderr().contains("the machine went down"), "{}", server.stderr());
    assert_same(&server, &memory, &before);
}

#[test]
fn a_clean_end_leaves_no_mark_and_a_missing_index_is_made_anew() {
    let directory = TempDir::new().unwrap();
    let data_dir = directory.path().join("data");
    let builder = ServerBuilder::learning().data_dir(&data_dir);
    let memory = Memory::default();
    let mut server = builder.clone().start();
    fill(&server, &memory, 0);
    let before = export(&server.client());
    assert!(data_dir.join("graph/in-use").exists());
    assert!(server.terminate().success());
    assert!(!data_dir.join("graph/in-use").exists());

    fs::remove_dir_all(data_dir.join("graph")).unwrap();
    let mut server = builder.clone().start();
    assert_same(&server, &memory, &before);
    assert!(server.terminate().success());

    // After a clean end another boot id means nothing.
    let server = builder.start();
    assert!(!server.stderr().contains("made anew"), "{}", server.stderr());
    assert_same(&server, &memory, &before);
}

#[test]
fn an_index_that_is_newer_than_the_journal_is_made_anew() {
    let directory = TempDir::new().unwrap();
    let data_dir = directory.path().join("data");
    let builder = ServerBuilder::learning().data_dir(&data_dir);
    let memory = Memory::default();
    let mut server = builder.clone().start();
    fill(&server, &memory, 0);
    let before = export(&server.client());
    assert!(server.terminate().success());
    let (journal, older) = (data_dir.join("journal.sqlite3"), directory.path().join("older"));
    fs::copy(&journal, &older).unwrap();

    let mut server = builder.clone().start();
    server.wait_until_ready();
    fill(&server, &Memory::default(), 500);
    assert_ne!(export(&server.client()), before);
    assert!(server.terminate().success());
    for name in ["journal.sqlite3-wal", "journal.sqlite3-shm"] {
        let _ = fs::remove_file(data_dir.join(name));
    }
    fs::copy(&older, &journal).unwrap();

    let server = builder.start();
    assert!(server.stderr().contains("made anew"), "{}", server.stderr());
    assert_same(&server, &memory, &before);
}
