//! What is done.

use std::{
    error::Error,
    io::{IsTerminal, Write, stdin, stdout},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};
use segb_client::{Connection, ConnectionOptions, Timestamp};
use segb_scenarios::{Fleet, FleetProgress, FleetSummary, Options, Story, play, reset, run_fleet};

use crate::{
    arguments::{Arguments, Scenario},
    links, system,
};

/// When a story with a seed begins, unless somebody says when.
const START_WITH_SEED: &str = "2026-01-31T10:00:00Z";
/// Exports of demonstrations are read whole.
const ANSWER_BYTES_MAX: u64 = 1 << 30;

/// Plays the scenario and shows where to look.
pub fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let mut server = ConnectionOptions::new(&arguments.url).with_token(arguments.token.clone());
    server.answer_bytes_max = ANSWER_BYTES_MAX;
    let connection = Connection::new(server.clone())?;
    if arguments.reset {
        ask_and_reset(&connection, arguments.yes)?;
    }
    let options = Options {
        server,
        seed: arguments.seed.unwrap_or_else(system::random_seed),
        start: start(&arguments)?,
        keys: system::randomness(),
    };
    let story = match arguments.scenario {
        Scenario::Interaction => Story::Interaction,
        Scenario::ReportReady => Story::ReportReady,
        Scenario::Matched => Story::Matched,
        Scenario::Ambiguous { decision } => Story::Ambiguous(decision.into()),
        Scenario::Export => Story::Export,
        Scenario::Fleet { robots, minutes, rate } => {
            fleet(Fleet { robots, minutes, rate }, options)?;
            return links::show(&connection, arguments.ui_url.as_deref());
        }
    };
    let mut failure = None;
    let summary = play(story, options, &mut |line| {
        // A reader that went away is told of at the end; the story goes on.
        failure = writeln!(stdout(), "{line}").err().or(failure.take());
    })?;
    if let Some(error) = failure {
        return Err(error.into());
    }
    let mut out = stdout().lock();
    for note in &summary.notes {
        writeln!(out, "  {note}")?;
    }
    writeln!(out, "Done: {} logs, {} triples.", summary.logs, summary.triples)?;
    drop(out);
    links::show(&connection, arguments.ui_url.as_deref())
}

fn start(arguments: &Arguments) -> Result<Timestamp, Box<dyn Error>> {
    Ok(match (arguments.start, arguments.seed) {
        (Some(start), _) => start,
        (None, Some(_)) => START_WITH_SEED.parse()?,
        (None, None) => system::now()?,
    })
}

fn ask_and_reset(connection: &Connection, is_agreed: bool) -> Result<(), Box<dyn Error>> {
    if !is_agreed {
        if !stdin().is_terminal() {
            return Err("--reset empties the graph, and there is nobody to ask; say --yes, too".into());
        }
        write!(stdout(), "Empty the graph of {}? The journal keeps every log. [y/N] ", connection.url())?;
        stdout().flush()?;
        let mut answer = String::new();
        stdin().read_line(&mut answer)?;
        if !matches!(answer.trim(), "y" | "Y" | "yes") {
            return Err("nothing was emptied, and nothing told".into());
        }
    }
    writeln!(stdout(), "{}", reset(connection, "segb-demo")?)?;
    Ok(())
}

fn fleet(fleet: Fleet, options: Options) -> Result<(), Box<dyn Error>> {
    let bar = ProgressBar::new(0);
    bar.set_style(ProgressStyle::with_template(
        "{bar:40} {pos}/{len} logs, {per_sec}, {elapsed} of {duration} {msg}",
    )?);
    let summary = run_fleet(fleet, options, &mut |FleetProgress { stored, failed, planned }| {
        bar.set_length(planned);
        bar.set_position(stored + failed);
        if failed > 0 {
            bar.set_message(format!("{failed} FAILED"));
        }
    });
    bar.finish_and_clear();
    show_fleet(&summary?)
}

fn show_fleet(summary: &FleetSummary) -> Result<(), Box<dyn Error>> {
    let mut out = stdout().lock();
    let FleetSummary { stored, failed, duration, behind_max, .. } = summary;
    let rate = *stored as f64 / duration.as_secs_f64().max(f64::MIN_POSITIVE);
    let seconds = duration.as_secs_f64();
    writeln!(out, "Done: {stored} logs stored, {failed} failed, in {seconds:.1} s ({rate:.1} logs/s).")?;
    if let Some([p50, p95, p99, max]) = summary.latency.map(|all| all.map(milliseconds)) {
        writeln!(out, "Latency: p50 {p50}, p95 {p95}, p99 {p99}, slowest {max}.")?;
    }
    if *behind_max > Duration::from_millis(500) {
        writeln!(out, "The fleet was up to {} behind its plan.", milliseconds(*behind_max))?;
    }
    for (error, count) in &summary.errors {
        writeln!(out, "{count} times: {error}")?;
    }
    match failed {
        0 => Ok(()),
        failed => Err(format!("{failed} logs were not stored").into()),
    }
}

fn milliseconds(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1_000.0)
}
