//! Receipts, with the key of the journal and with another.

use std::time::Duration;

use segb_client::*;
use segb_tests::{ServerBuilder, segb_verify};

use super::{numbered, options, publisher, stand_in::StandIn};

fn key(server: &segb_tests::Server) -> Verifier {
    let page = server.client().get("/journal/key").json();
    page["verifier_key"].as_str().expect("a key").parse().expect("a key")
}

#[test]
fn a_receipt_is_proved_and_segb_verify_agrees() {
    let server = ServerBuilder::learning().start();
    let mut options = options(server.address());
    options.journal_key = Some(key(&server));
    let publisher = publisher(options);
    for number in 0..20 {
        let receipt = publisher.publish(&numbered(number)).expect("room").wait().expect("a proved receipt");
        assert!(receipt.proof.is_some());
        receipt.verify(numbered(number).len() as u64, &key(&server)).expect("proved");
        if number == 7 {
            let files = [("receipt.json", receipt.json.clone()), ("log.ttl", numbered(number))];
            let paths = files.map(|(name, content)| {
                let path = server.directory().join(name);
                std::fs::write(&path, content).expect("a file");
                path.to_str().expect("UTF-8").to_owned()
            });
            let key = key(&server).to_string();
            let verified = segb_verify(&["receipt", &paths[0], "--key", &key, "--log", &paths[1]]);
            assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);
        }
    }
}

#[test]
fn a_receipt_by_another_key_is_not_believed() {
    let (server, other) = (ServerBuilder::learning().start(), ServerBuilder::learning().start());
    let mut options = options(server.address());
    options.journal_key = Some(key(&other));
    let publisher = publisher(options);
    let error = publisher.publish(&numbered(1)).expect("room").wait().expect_err("another key");
    assert!(matches!(error, DeliveryError::Distrusted(ReceiptError::Signature(_))), "{error}");
    assert!(error.to_string().contains("GET /journal/key"), "{error}");
    let status = publisher.status();
    assert_eq!((status.distrusted, status.delivered, status.waiting_logs), (1, 0, 0));
}

/// What a server with a real receipt changes in it is noticed.
#[test]
fn a_changed_receipt_is_not_believed() {
    let server = ServerBuilder::learning().start();
    let key = key(&server);
    let connection =
        Connection::new(ConnectionOptions::new(format!("http://{}", server.address()))).expect("a server");
    let receipt = connection.send_log(&numbered(1), None, "one", Some(&key)).expect("a receipt");
    let again = connection.send_log(&numbered(1), None, "one", Some(&key)).expect("a receipt");
    assert!(again.is_repeated && again.log_id == receipt.log_id);

    let honest: serde_json::Value = serde_json::from_str(&receipt.json).expect("JSON");
    let lie = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut changed = honest.clone();
        change(&mut changed);
        let liar = StandIn::with_status("201 Created", "", &changed.to_string());
        let liar =
            Connection::new(ConnectionOptions::new(format!("http://{}", liar.address))).expect("a liar");
        liar.send_log(&numbered(1), None, "one", Some(&key))
    };
    lie(&|_| {}).expect("the truth is believed, whoever says it");
    let zeros = "0".repeat(64);
    let distrusted = |change: &dyn Fn(&mut serde_json::Value)| match lie(change) {
        Err(SendError::Receipt(error)) => error,
        other => panic!("{other:?}"),
    };
    type Lie<'a> = (&'a str, &'a dyn Fn(&mut serde_json::Value));
    let lies: [Lie<'_>; 10] = [
        ("another document", &|receipt| receipt["content_sha256"] = zeros.clone().into()),
        ("another log id", &|receipt| receipt["log_id"] = "00000000-0000-4000-8000-000000000000".into()),
        ("another number", &|receipt| receipt["sequence"] = 77.into()),
        ("another time", &|receipt| receipt["received_at"] = "2026-01-31T10:00:00Z".into()),
        ("another leaf hash", &|receipt| receipt["leaf_hash"] = zeros.clone().into()),
        ("the proof proves nothing", &|receipt| receipt["proof"]["root"] = zeros.clone().into()),
        ("no signed proof", &|receipt| receipt["proof"] = serde_json::Value::Null),
        ("no signed proof", &|receipt| receipt["proof"]["checkpoint"] = serde_json::Value::Null),
        ("not signed with the key", &|receipt| receipt["proof"]["checkpoint"] = "nothing".into()),
        ("not a receipt", &|receipt| {
            receipt.as_object_mut().expect("members").remove("leaf_hash");
        }),
    ];
    for (says, change) in lies {
        let error = distrusted(change).to_string();
        assert!(error.contains(says), "{says}: {error}");
    }
    let record = |receipt: &mut serde_json::Value| {
        let text = receipt["proof"]["record"]
            .as_str()
            .expect("a record")
            .replace("anonymous_user", "somebody_else_");
        receipt["proof"]["record"] = text.into();
    };
    assert!(matches!(distrusted(&record), ReceiptError::Contradiction(_) | ReceiptError::Inclusion(_)));
}

#[test]
fn what_answers_without_being_segb_is_told() {
    for (answer, says) in [
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
            "is the address that of a SEGB server?",
        ),
        ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "check the address"),
        ("SSH-2.0-OpenSSH_9.2\r\n", "is the server running there"),
    ] {
        let other = StandIn::answering(answer, Duration::ZERO);
        let connection =
            Connection::new(ConnectionOptions::new(format!("http://{}", other.address))).expect("options");
        let error = connection.send_log(&numbered(1), None, "one", None).expect_err(answer).to_string();
        assert!(error.contains(says), "{answer}: {error}");
    }
}
