//! `segb-verify witness`: the HTTP face of a witness.

use std::{
    error::Error,
    io::{self, Write as _},
    net::TcpListener,
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use actix_web::{
    App, HttpResponse, HttpServer,
    http::StatusCode,
    rt::{
        self,
        signal::unix::{SignalKind, signal},
    },
    web::{self, Data, Payload},
};
use segb_journal::witness::AddCheckpoint;
use segb_verify::witness::{AddError, Witness, load_key};

use crate::{arguments::WitnessArguments, output, system};

/// How long a body of at most a megabyte may take.
const BODY_DURATION_MAX: Duration = Duration::from_secs(10);
/// How long the head of a request may take.
const HEAD_DURATION_MAX: Duration = Duration::from_secs(10);
/// How long a connection may be idle between two requests.
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// How long running requests may take after the signal to end, in seconds.
const SHUTDOWN_S: u64 = 10;
/// Connections at once: a witness has few logs.
const CONNECTIONS_MAX: usize = 256;
/// The media type of the body of a 409 (C2SP tlog-witness, "add-checkpoint").
const SIZE_MEDIA_TYPE: &str = "text/x.tlog.size";
const TEXT: &str = "text/plain; charset=utf-8";

/// Serves until a signal.
pub fn witness(arguments: WitnessArguments, json: bool) -> Result<ExitCode, Box<dyn Error>> {
    let random = || (system::random_bytes(), u64::from_le_bytes(system::random_bytes()));
    let key = load_key(&arguments.key_file, arguments.name.as_ref(), random)?;
    let witness = Witness::open(key, &arguments.log, &arguments.state)?;
    let listener = TcpListener::bind(&arguments.listen)
        .map_err(|error| format!("--listen {}: {error}", arguments.listen))?;
    announce(&witness, &listener, json)?;
    rt::System::new().block_on(run(witness, listener))?;
    Ok(ExitCode::SUCCESS)
}

/// With port 0 there is no other way to know where it listens.
fn announce(witness: &Witness, listener: &TcpListener, json: bool) -> Result<(), Box<dyn Error>> {
    let (verifier, address) = (witness.verifier().to_string(), format!("http://{}", listener.local_addr()?));
    if json {
        let logs: Vec<_> = witness.heads().map(|(origin, head)| (origin.as_str(), head.size)).collect();
        let logs: Vec<_> =
            logs.iter().map(|(origin, size)| serde_json::json!({ "origin": origin, "size": size })).collect();
        let line = serde_json::json!({ "verifier": verifier, "address": address, "logs": logs });
        output::print(&format!("{line}\n"))?;
    } else {
        output::print(&format!("{verifier}\n"))?;
    }
    for (origin, head) in witness.heads() {
        say(&format!("log: {origin}, {} entries seen", head.size));
    }
    say(&format!("witness: {address}"));
    Ok(())
}

async fn run(witness: Witness, listener: TcpListener) -> io::Result<()> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let witness = Data::from(Arc::new(witness));
    let server = HttpServer::new(move || {
        App::new()
            .app_data(witness.clone())
            .route("/", web::get().to(describe))
            .route("/add-checkpoint", web::post().to(add_checkpoint))
    })
    .workers(1)
    .max_connections(CONNECTIONS_MAX)
    .keep_alive(KEEP_ALIVE)
    .client_request_timeout(HEAD_DURATION_MAX)
    .shutdown_timeout(SHUTDOWN_S)
    .disable_signals()
    .listen(listener)?
    .run();
    let handle = server.handle();
    let server = rt::spawn(server);
    std::future::poll_fn(|context| {
        if terminate.poll_recv(context).is_ready() || interrupt.poll_recv(context).is_ready() {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    say("stopping");
    handle.stop(true).await;
    server.await.map_err(io::Error::other)?
}

/// For people who find the address.
async fn describe(witness: Data<Witness>) -> HttpResponse {
    let mut text = format!("A witness of logs (C2SP tlog-witness)\n\nkey: {}\n\n", witness.verifier());
    for (origin, head) in witness.heads() {
        text.push_str(&format!("log: {origin}\n  size: {}\n  root: {}\n", head.size, head.root.to_base64()));
    }
    HttpResponse::Ok().content_type(TEXT).body(text)
}

/// `POST /add-checkpoint` (C2SP tlog-witness).
async fn add_checkpoint(witness: Data<Witness>, payload: Payload) -> HttpResponse {
    let body = payload.to_bytes_limited(AddCheckpoint::BODY_BYTES_MAX);
    let body = match rt::time::timeout(BODY_DURATION_MAX, body).await {
        Ok(Ok(Ok(body))) => body,
        Ok(Err(_)) => return plain(StatusCode::PAYLOAD_TOO_LARGE, "the request is too long"),
        Ok(Ok(Err(_))) => return plain(StatusCode::BAD_REQUEST, "the request cannot be read"),
        Err(_) => return plain(StatusCode::REQUEST_TIMEOUT, "the request takes too long"),
    };
    // The decision waits for the disk.
    match web::block(move || witness.add_checkpoint(&body, system::unix_s())).await {
        Ok(Ok(signature)) => HttpResponse::Ok().content_type(TEXT).body(format!("{signature}\n")),
        Ok(Err(AddError::Refused { refusal, evidence })) => {
            if let Some(evidence) = evidence {
                shout(&evidence, &refusal);
            }
            let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
            match refusal.last_size() {
                Some(size) => {
                    HttpResponse::build(status).content_type(SIZE_MEDIA_TYPE).body(format!("{size}\n"))
                }
                None => plain(status, &refusal.to_string()),
            }
        }
        Ok(Err(error)) => {
            say(&format!("ERROR: {error}"));
            plain(StatusCode::INTERNAL_SERVER_ERROR, "the witness cannot work")
        }
        Err(_) => plain(StatusCode::SERVICE_UNAVAILABLE, "the witness is stopping"),
    }
}

fn plain(status: StatusCode, text: &str) -> HttpResponse {
    HttpResponse::build(status).content_type(TEXT).body(format!("{text}\n"))
}

/// Two checkpoints of one log that contradict each other are what a witness is there for.
fn shout(evidence: &segb_verify::witness::Evidence, refusal: &segb_journal::witness::Refusal) {
    let file = match &evidence.file {
        Ok(path) => format!("kept in {}", path.display()),
        Err(error) => format!("COULD NOT BE KEPT: {error}"),
    };
    say(&format!(
        "!!! the log {} may not be append-only: {refusal}; the evidence is {file}",
        evidence.origin
    ));
}

/// If standard error is closed nobody watches.
fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
