//! The command line.

use clap::{Parser, Subcommand, ValueEnum};
use segb_client::Timestamp;
use segb_scenarios::Decision;

/// Plays scenarios to a running SEGB server, for newcomers, trainers and load tests.
#[derive(Debug, Parser)]
#[command(version, about, after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    pub scenario: Scenario,
    /// The address of the API
    #[arg(
        long,
        global = true,
        env = "SEGB_API_URL",
        default_value = "http://127.0.0.1:5000",
        value_name = "URL"
    )]
    pub url: String,
    /// The token, in protected mode; better in the environment, where other users do not see it
    #[arg(long, global = true, env = "SEGB_API_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    pub token: Option<String>,
    /// The address of the UI; if not given, port 8080 of the same machine
    #[arg(long, global = true, value_name = "URL")]
    pub ui_url: Option<String>,
    /// Tell the same story each time: ids and numbers from this seed, times from 2026-01-31 on
    #[arg(long, global = true, value_name = "NUMBER")]
    pub seed: Option<u64>,
    /// When the story begins; if not given, now, or with --seed 2026-01-31T10:00:00Z
    #[arg(long, global = true, value_name = "RFC 3339")]
    pub start: Option<Timestamp>,
    /// Empty the graph first; the journal keeps everything
    #[arg(long, global = true)]
    pub reset: bool,
    /// Do not ask before the graph is emptied
    #[arg(long, global = true)]
    pub yes: bool,
}

#[derive(Debug, Clone, Copy, Subcommand)]
pub enum Scenario {
    /// One interaction of two robots
    #[command(name = "01", visible_alias = "interaction")]
    Interaction,
    /// Uplifting news: a story with everything that reports are about
    #[command(name = "02", visible_alias = "report-ready")]
    ReportReady,
    /// Two robots hear one sentence, and the server knows that it is one
    #[command(name = "03", visible_alias = "matched")]
    Matched,
    /// Two robots hear something alike, and a person decides
    #[command(name = "04", visible_alias = "ambiguous")]
    Ambiguous {
        /// What the person decides
        #[arg(long, value_enum, default_value = "none")]
        decision: Choice,
    },
    /// A document is checked, stored and read back
    #[command(name = "05", visible_alias = "export")]
    Export,
    /// Many robots at once, for load and soak
    #[command(name = "06", visible_alias = "fleet")]
    Fleet {
        /// How many robots
        #[arg(long, default_value_t = 20, value_name = "NUMBER")]
        robots: u32,
        /// For how long
        #[arg(long, default_value_t = 1.0, value_name = "MINUTES")]
        minutes: f64,
        /// How many logs each robot sends in a second
        #[arg(long, default_value_t = 1.0, value_name = "LOGS")]
        rate: f64,
    },
}

/// What a person decides.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Choice {
    /// It is the same event
    Accept,
    /// It is another
    Reject,
    /// Nothing yet: the case waits on the page
    None,
}

impl From<Choice> for Decision {
    fn from(choice: Choice) -> Self {
        match choice {
            Choice::Accept => Self::Accept,
            Choice::Reject => Self::Reject,
            Choice::None => Self::None,
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  segb-demo 02                                       the story to begin with
  segb-demo 04 --decision none                       leaves a case to decide on the page
  segb-demo 06 --robots 200 --minutes 10 --rate 2    load
  segb-demo 01 --seed 7 --reset --yes                the same each time, in an empty graph

Without a server, `segb-server --demo` starts one and plays scenario 02.
Exit codes: 0 done, 1 it did not work, 2 bad arguments.";
