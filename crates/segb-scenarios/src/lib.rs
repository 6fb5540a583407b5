//! What made-up robots do, told to a running SEGB server: the stories that newcomers and trainers need, and a fleet for
//! load. The same seed tells the same story, to the last id and microsecond. It knows no storage, no environment, no
//! clock of the day, and prints nothing.
//!
//! ```no_run
//! use segb_client::{ConnectionOptions, parse_time};
//! use segb_scenarios::{Options, Story, play};
//!
//! let server = ConnectionOptions::new("http://127.0.0.1:5000");
//! let start = parse_time("2026-01-31T10:00:00Z")?;
//! let options = Options { server, seed: 7, start, keys: Box::new(|bytes| rand::fill(bytes)) };
//! let summary = play(Story::ReportReady, options, &mut |line| println!("{line}"))?;
//! println!("{} logs, {} triples", summary.logs, summary.triples);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod fleet;
mod links;
mod stage;
mod story;

pub use error::ScenarioError;
pub use fleet::{Fleet, FleetProgress, FleetSummary, run_fleet};
pub use links::{LINKS, Link, Port, links};
pub use stage::{Options, Summary};
pub use story::{Decision, Story, play, reset};
