//! What the program can be asked to do.

use std::{
    error::Error,
    io::{Write, stderr, stdout},
    path::Path,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use segb_auth::Mode;
use segb_http::App;
use segb_store::{DataDirLock, Store, StoreStatus, journal_format::statement::ServerStart};

use crate::{
    chores::{Chores, Start},
    demo,
    listeners::Listeners,
    serve,
    settings::{Settings, Warning},
    system,
    witness::Asking,
};

/// How often a rebuild tells how far it is.
const PROGRESS_INTERVAL: Duration = Duration::from_secs(1);
/// How often a rebuild looks whether it is done.
const PROGRESS_POLL: Duration = Duration::from_millis(50);

/// Shows the settings.
pub fn check_config(settings: &Settings, warnings: &[Warning]) -> Result<(), Box<dyn Error>> {
    let mut out = stdout().lock();
    for line in settings.lines() {
        writeln!(out, "{line}")?;
    }
    writeln!(out, "mode: {}", mode_name(settings.auth()?.mode()))?;
    for warning in warnings {
        writeln!(stderr(), "Warning: {warning}")?;
    }
    Ok(())
}

/// Runs the server until a signal ends it; `is_demo`: with a story.
pub fn serve(settings: &Settings, warnings: &[Warning], is_demo: bool) -> Result<(), Box<dyn Error>> {
    // Before anything is logged: on the data directory of another server, the log is usually that one's, too.
    let mut options = settings.store_options();
    let lock = DataDirLock::acquire(&options.data_dir)?;
    let key = settings.journal_key()?;
    let verifier = key.verifier();
    options.signer = Some(Arc::new(key));
    if options.query_program.is_none() {
        log::warn!(
            "queries run in threads, which cannot be killed: one that takes too much memory ends the server"
        );
    }
    let store = Store::open_locked(options, lock)?;
    for line in settings.lines() {
        log::info!("setting {line}");
    }
    for warning in warnings {
        log::warn!("{warning}");
    }
    let auth = settings.auth()?;
    let mode = auth.mode();
    log::info!("mode: {}", mode_name(mode));
    if mode == Mode::Learning {
        log::warn!(
            "LEARNING MODE: SECRET_KEY is not set, so nobody is asked for a token and everybody who reaches this \
             server may do everything, also empty the graph. Set SECRET_KEY before using it with real data."
        );
    }

    let statement =
        ServerStart { version: env!("CARGO_PKG_VERSION").to_owned(), mode: mode_word(mode).to_owned() };
    let start = Start { statement, settings: settings.for_the_record() };
    // If the server before this one did not end properly, that is recorded now.
    store.settle_accesses(system::now());
    let chores = Chores::start(store.clone(), start, settings.retention.clone())?;
    let asking = match settings.witnessing.witnesses.is_empty() {
        true => None,
        false => Some(Asking::start(store.clone(), verifier, settings.witnessing.clone())?),
    };

    let options = settings.app_options(mode);
    let app = App::new(store.clone(), auth, system::clock(), system::entropy(), options);
    let outcome = Listeners::bind(settings, mode).and_then(|listeners| {
        listeners.announce()?;
        if is_demo {
            demo::start(&listeners)?;
        }
        actix_web::rt::System::new().block_on(serve::run(
            app,
            listeners,
            settings.tuning(),
            serve::signal(),
        ))?;
        Ok(())
    });
    drop((chores, asking));
    // From here on nothing is accepted; what was accepted is on disk, and now the index is, too.
    store.close();
    outcome?;
    log::info!("stopped");
    Ok(())
}

/// Builds the graph anew from the journal.
pub fn rebuild(settings: &Settings) -> Result<(), Box<dyn Error>> {
    let mut options = settings.store_options();
    options.rebuild = true;
    // Nobody asks anything meanwhile.
    options.query_program = None;
    let store = Store::open(options)?;
    let mut since_told = PROGRESS_INTERVAL;
    let outcome = loop {
        match store.status() {
            StoreStatus::Ready => break Ok(()),
            StoreStatus::CatchingUp { applied, total } => {
                if since_told >= PROGRESS_INTERVAL {
                    since_told = Duration::ZERO;
                    log::info!("rebuilding the graph: {applied} of {total} entries");
                }
            }
            StoreStatus::Failed(cause) => break Err(cause),
            StoreStatus::Closed => break Err("the store was closed".to_owned()),
            other => break Err(format!("the store is in an unknown state: {other:?}")),
        }
        thread::sleep(PROGRESS_POLL);
        since_told += PROGRESS_POLL;
    };
    let figures = store.figures();
    store.close();
    outcome?;
    log::info!("the graph is rebuilt: {} entries, {} triples", figures.entries, figures.triples);
    Ok(())
}

/// Compares the graph with the journal.
pub fn check_index(settings: &Settings) -> Result<(), Box<dyn Error>> {
    let mut told = Instant::now();
    let check = segb_store::check_index(&settings.store_options().data_dir, |replayed, entries| {
        if told.elapsed() >= PROGRESS_INTERVAL {
            told = Instant::now();
            // Who does not want to know how far it is may close stderr.
            let _ = writeln!(stderr(), "{replayed} of {entries} entries are replayed");
        }
    })?;
    if let Some(reason) = check.not_compared {
        return Err(format!("the graph was not compared: {reason}; the next start makes it anew").into());
    }
    for difference in &check.told {
        writeln!(stdout(), "{difference}")?;
    }
    let untold = check.differences - check.told.len() as u64;
    if untold > 0 {
        writeln!(stdout(), "and {untold} more differences")?;
    }
    if check.differences > 0 {
        return Err("the graph is not what the journal says; `segb-server rebuild` makes it anew".into());
    }
    let (applied, triples) = (check.applied, check.triples);
    writeln!(stdout(), "The graph is what the journal says: {applied} entries, {triples} triples.")?;
    if check.entries > applied {
        writeln!(stdout(), "The next start adds {} more entries.", check.entries - applied)?;
    }
    Ok(())
}

/// Copies the journal and the access journal.
pub fn backup(settings: &Settings, directory: &Path) -> Result<(), Box<dyn Error>> {
    let summary = segb_store::backup(&settings.store_options().data_dir, directory)?;
    let (entries, bytes) = (summary.entries, summary.bytes);
    let mut out = stdout().lock();
    writeln!(out, "Copied {entries} entries, {bytes} bytes, to {}", directory.display())?;
    if let Some(records) = summary.access_records {
        writeln!(out, "and {records} records of accesses")?;
    }
    Ok(())
}

/// The name of the mode in the journal.
fn mode_word(mode: Mode) -> &'static str {
    match mode {
        Mode::Learning => "learning",
        Mode::Protected => "protected",
    }
}

fn mode_name(mode: Mode) -> &'static str {
    match mode {
        Mode::Learning => "learning (no tokens)",
        Mode::Protected => "protected (tokens)",
    }
}
