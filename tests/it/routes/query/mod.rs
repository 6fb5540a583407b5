//! SPARQL over HTTP.

mod answers;
mod hostile;
mod killed;
mod limits;
mod negotiation;
mod protocol;
mod validate;

use segb_tests::{Server, ServerBuilder};

/// Two logs about two robots.
const LOGS: [&str; 2] = [
    "@prefix ex: <http://robots.example/ns#> . ex:ari a ex:Robot ; ex:age 3, \"01\"^^<http://www.w3.org/2001/XMLSchema#integer> ; \
     ex:name \"Ari\"@en, \"line\\nbreak\" ; ex:charge 0.5 .",
    "@prefix ex: <http://robots.example/ns#> . ex:pepper a ex:Robot ; ex:knows ex:ari, [ a ex:Human ] .",
];

const PREFIX: &str = "PREFIX ex: <http://robots.example/ns#> ";

/// A server with the logs, and their ids.
fn filled(builder: ServerBuilder) -> (Server, Vec<String>) {
    let server = builder.start();
    let ids = LOGS.map(|log| {
        let reply = server.client().publish(log);
        reply.json()["log_id"].as_str().expect("a log id").to_owned()
    });
    (server, ids.to_vec())
}
