//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Semantic Ethical Glass Box: keeps what robots log, and lets auditors read it.
#[derive(Debug, Default, Parser)]
#[command(version, about, after_help = EXAMPLES, args_conflicts_with_subcommands = false)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The address to listen at (SEGB_HOST)
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub host: Option<String>,
    /// The port of the API; 0 for any free one (SEGB_PORT)
    #[arg(long, global = true, value_name = "PORT")]
    pub port: Option<String>,
    /// The port of the UI; 0 for none, `auto` for any free one (SEGB_UI_PORT)
    #[arg(long, global = true, value_name = "PORT")]
    pub ui_port: Option<String>,
    /// The directory that holds everything that is kept (SEGB_DATA_DIR)
    #[arg(long, global = true, value_name = "DIRECTORY")]
    pub data_dir: Option<String>,
    /// A file with settings, instead of `segb.toml` in the current directory.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Show the settings that would be used, secrets masked, and exit.
    #[arg(long)]
    pub check_config: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Build the knowledge graph anew from the journal. No server may run on the data directory.
    Rebuild {
        /// Only compare the graph with a replay of the journal; change nothing.
        #[arg(long)]
        check: bool,
    },
    /// Copy the journal into a directory, also while a server runs.
    Backup {
        /// Where to; made if it is missing.
        directory: PathBuf,
    },
}

const EXAMPLES: &str = "\
Examples:
  segb-server                                   run in learning mode, on this machine only
  SECRET_KEY=... segb-server --host 0.0.0.0     run in protected mode, for the network
  segb-server --check-config                    show the settings and exit
  segb-server backup /backups/2026-01-31        copy the journal while the server runs
  segb-server rebuild --check                   is the graph what the journal says?

All settings are environment variables, lines of `.env`, or keys of `segb.toml`; docs/configuration.md lists them.
Exit codes: 0 done, 1 it did not work, 2 bad settings or arguments.";
