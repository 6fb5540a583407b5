//! `segb-verify receipt` with what the API answers.

use segb_tests::{Server, ServerBuilder, interaction_log, segb_verify};

fn file(server: &Server, name: &str, content: &[u8]) -> String {
    let path = server.directory().join(name);
    std::fs::write(&path, content).expect("a file");
    path.to_str().expect("UTF-8").to_owned()
}

#[test]
fn a_receipt_is_checked_without_the_server() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let key = client.get("/journal/key").json()["verifier_key"].as_str().expect("a key").to_owned();
    let document = interaction_log(1);
    let publish = |path: &str| {
        let reply =
            client.request("POST", path).header("Content-Type", "text/turtle").send(document.as_bytes());
        assert_eq!(reply.status, 201, "{}", reply.text());
        reply
    };
    let proved = file(&server, "receipt.json", &publish("/ttl?proof=true").body);
    let log = file(&server, "log.ttl", document.as_bytes());
    let other = file(&server, "other.ttl", interaction_log(2).as_bytes());
    let early = client.get("/journal/checkpoint");
    let size = early.text().lines().nth(1).expect("a size").to_owned();
    let note = file(&server, "note.txt", &early.body);
    let receipt = publish("/ttl");
    let unproved = file(&server, "unproved.json", &receipt.body);
    let log_id = receipt.json()["log_id"].as_str().expect("an id").to_owned();
    let proof = file(&server, "proof.json", &client.get(&format!("/logs/{log_id}/proof")).body);
    let first: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&proved).expect("a file")).expect("JSON");
    let first = first["log_id"].as_str().expect("an id");
    let then = client.get(&format!("/logs/{first}/proof?size={size}"));
    let then = file(&server, "then.json", &then.body);
    for (arguments, code, text) in [
        (&[proved.as_str(), "--log", &log][..], 0, "VERIFIED"),
        (&[&proved, "--log", &other], 1, "its SHA-256 is another"),
        (&[&proof], 0, "VERIFIED"),
        (&[&unproved, "--log", &log], 3, "the receipt has no proof"),
        (&[&then], 3, "nothing signs its root"),
        (&[&then, "--checkpoint", &note], 0, "VERIFIED"),
    ] {
        let verified = segb_verify(&[&["receipt", "--key", &key], arguments].concat());
        assert_eq!(verified.code, code, "{arguments:?}: {}{}", verified.stdout, verified.stderr);
        assert!(verified.stdout.contains(text), "{arguments:?}: {}", verified.stdout);
    }
}
