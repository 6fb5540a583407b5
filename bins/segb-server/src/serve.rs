//! The running server.

use std::{future::Future, io, net::TcpListener, time::Duration};

use actix_web::{
    App as ActixApp, HttpServer,
    dev::Server,
    rt::{
        self,
        signal::unix::{SignalKind, signal as on_signal},
    },
    web::ServiceConfig,
};
use segb_http::App;

use crate::listeners::Listeners;

/// How long a connection may be idle between two requests.
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// How long the head of a request may take.
const HEAD_DURATION_MAX: Duration = Duration::from_secs(10);
/// Connections that one worker keeps open at one time.
const CONNECTIONS_PER_WORKER_MAX: usize = 4_096;
/// Threads for the port of the UI, which people use, not robots.
const UI_WORKERS: usize = 1;

/// How the server uses the machine.
#[derive(Debug, Clone, Copy)]
pub struct Tuning {
    /// Threads that handle requests to the API.
    pub workers: usize,
    /// How long running requests may take after the signal to end.
    pub shutdown_duration_max: Duration,
}

/// Serves until `shutdown`, then lets running requests end.
pub async fn run(
    app: App,
    listeners: Listeners,
    tuning: Tuning,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let shutdown_s = tuning.shutdown_duration_max.as_secs();
    let ui_app = app.clone();
    let streams = app.clone();
    let api = start(listeners.api, tuning.workers, shutdown_s, move |config| {
        segb_http::routes(app.clone())(config);
    })?;
    let mut handles = vec![api.handle()];
    let mut servers = vec![rt::spawn(api)];
    if let Some(listener) = listeners.ui {
        let ui = start(listener, UI_WORKERS, shutdown_s, move |config| {
            segb_http::ui_routes(ui_app.clone())(config);
        })?;
        handles.push(ui.handle());
        servers.push(rt::spawn(ui));
    }

    shutdown.await;
    streams.close_streams();
    log::info!("stopping: no new requests are taken, running ones have {shutdown_s} s");
    // Both stop accepting at once; their running requests end side by side.
    let stops: Vec<_> = handles.iter().map(|handle| rt::spawn(handle.stop(true))).collect();
    for stop in stops {
        stop.await.map_err(io::Error::other)?;
    }
    for server in servers {
        server.await.map_err(io::Error::other)??;
    }
    Ok(())
}

fn start(
    listener: TcpListener,
    workers: usize,
    shutdown_s: u64,
    configure: impl Fn(&mut ServiceConfig) + Clone + Send + 'static,
) -> io::Result<Server> {
    let server = HttpServer::new(move || ActixApp::new().configure(configure.clone()))
        .workers(workers)
        .max_connections(CONNECTIONS_PER_WORKER_MAX)
        .keep_alive(KEEP_ALIVE)
        .client_request_timeout(HEAD_DURATION_MAX)
        .shutdown_timeout(shutdown_s)
        // The last piece of a long answer must not wait 40 ms for the reader to acknowledge the one before.
        .tcp_nodelay(true)
        // Who closes a connection does not wait for its answer any more: a query that was stopped must not go on.
        .h1_allow_half_closed(false)
        .disable_signals()
        .listen(listener)?;
    Ok(server.run())
}

/// SIGTERM or SIGINT.
pub async fn signal() {
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (on_signal(SignalKind::terminate()), on_signal(SignalKind::interrupt()))
    else {
        log::error!("no signal can be listened for; the server has to be killed");
        return std::future::pending().await;
    };
    std::future::poll_fn(|context| {
        if terminate.poll_recv(context).is_ready() || interrupt.poll_recv(context).is_ready() {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
}
