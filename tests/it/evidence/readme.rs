//! What README.txt says about checking without our program is true: it is done here, word by word.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use segb_tests::{ServerBuilder, require_tool};
use serde_json::json;
use tempfile::TempDir;

use super::{ALL, evidence, published, text, unpack};

/// A bundle with an erased log, unpacked.
fn unpacked() -> (TempDir, PathBuf) {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    for number in 0..20 {
        published(&client.publish(&format!("<urn:{number}> <urn:says> \"é\u{2028}\\r\" .\r\n")));
    }
    let log = published(&client.publish("<urn:ana> a <urn:Person> ."));
    let body = json!({ "reason": "Ana asked", "legal_ground": "GDPR, article 17" });
    assert_eq!(client.post_json(&format!("/logs/{}/erase", text(&log, "log_id")), &body).status, 200);
    client.post_json("/ttl/delete_all", &json!({}));
    let directory = TempDir::new().expect("a directory");
    let bundle = directory.path().join("bundle");
    for (name, bytes) in unpack(&evidence(&client, ALL)) {
        let path = bundle.join(name);
        fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        fs::write(path, bytes).expect("a file");
    }
    (directory, bundle)
}

fn readme(bundle: &Path) -> String {
    fs::read_to_string(bundle.join("README.txt")).expect("README.txt")
}

/// The program between the lines that say so, kept beside the bundle.
fn save_script(bundle: &Path) -> PathBuf {
    let readme = readme(bundle);
    let (_, rest) = readme.split_once("---- check.py ----\n").expect("a beginning");
    let (script, _) = rest.split_once("---- end of check.py ----\n").expect("an end");
    let path = bundle.with_file_name("check.py");
    fs::write(&path, script).expect("a file");
    path
}

/// The commands of section 4: paragraphs that are two spaces in.
fn commands(bundle: &Path) -> Vec<String> {
    let readme = readme(bundle);
    let (_, section) = readme.split_once("\n4. How to check it without our program").expect("section 4");
    let (section, _) = section.split_once("---- check.py ----").expect("the script");
    let is_command = |paragraph: &&str| paragraph.starts_with("  ") && !paragraph.starts_with("   ");
    section.split("\n\n").filter(is_command).map(str::to_owned).collect()
}

fn run(program: &str, arguments: &[&str], directory: &Path) -> Output {
    Command::new(program).args(arguments).current_dir(directory).output().expect("the program runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

#[test]
fn its_script_finds_what_fits_and_what_does_not() {
    if !require_tool("python3", &["--version"]) {
        return;
    }
    let (_directory, bundle) = unpacked();
    let script = save_script(&bundle);
    let script = script.to_str().expect("UTF-8");
    let output = run("python3", &[script], &bundle);
    assert!(output.status.success(), "{}", said(&output));
    assert!(
        said(&output).contains("25 entries, 1 of them erased, are in the tree of 25 entries of segb-"),
        "{}",
        said(&output)
    );

    for (name, from, to, expect) in [
        ("payloads/0000000005.ttl", "says", "lies", "entry 5: payload and salt"),
        ("entries.jsonl", "anonymous", "somebody", "entry 2: the record is not what"),
        ("entries.jsonl", "\"salt\":\"", "\"salt\":\"ff", "entry 0: payload and salt"),
        ("checkpoint.note", "\n25\n", "\n26\n", "entry 0: another proof"),
        ("bundle.json", "\"entry_count\": 25", "\"entry_count\": 24", "there are more or fewer entries"),
        ("payloads/0000000023.json", "\"sequence\":22", "\"sequence\":21", "entry 23: payload and salt"),
    ] {
        let path = bundle.join(name);
        let original = fs::read_to_string(&path).expect("a file");
        assert!(original.contains(from), "{name}: {original}");
        fs::write(&path, original.replacen(from, to, 1)).expect("a file");
        let output = run("python3", &[script], &bundle);
        assert!(!output.status.success() && said(&output).contains(expect), "{name}: {}", said(&output));
        fs::write(&path, original).expect("a file");
    }
    assert!(run("python3", &[script], &bundle).status.success(), "all is as it was");
}

#[test]
fn its_commands_find_what_fits_and_what_does_not() {
    let tools = [("bash", "--version"), ("sha256sum", "--version"), ("openssl", "version")];
    if !tools.iter().all(|(tool, argument)| require_tool(tool, &[argument])) {
        return;
    }
    let (_directory, bundle) = unpacked();
    let commands = commands(&bundle);
    assert_eq!(commands.len(), 4, "{commands:?}");
    let run_all = || -> Vec<String> {
        let _ = fs::remove_dir_all(bundle.with_file_name("signatures"));
        commands.iter().map(|command| said(&run("bash", &["-c", command], &bundle))).collect()
    };
    let expected = |outputs: &[String]| {
        let [sums, count, list, signatures] = outputs else { panic!("{outputs:?}") };
        [
            sums.contains("README.txt: OK")
                && sums.contains("payloads/0000000005.ttl: OK")
                && !sums.contains("WARNING"),
            count == "complete\n",
            list == "the list is the signed one\n",
            signatures.matches("Signature Verified Successfully").count() == 2,
        ]
    };
    let outputs = run_all();
    assert_eq!(expected(&outputs), [true; 4], "{outputs:#?}");

    for (name, from, to, wrong) in [
        ("payloads/0000000005.ttl", "says", "lies", 0),
        ("SHA256SUMS", "README", "LIESME", 2),
        ("checkpoint.note", "\n25\n", "\n26\n", 3),
        ("manifest.note", "segb-evidence/v1", "segb-evidence/v2", 3),
    ] {
        let path = bundle.join(name);
        let original = fs::read_to_string(&path).expect("a file");
        fs::write(&path, original.replacen(from, to, 1)).expect("a file");
        let outputs = run_all();
        assert!(!expected(&outputs)[wrong], "{name}: {outputs:#?}");
        fs::write(&path, original).expect("a file");
    }
    fs::write(bundle.join("notes.txt"), "lies").expect("a file");
    assert!(!expected(&run_all())[1], "an additional file");
}
