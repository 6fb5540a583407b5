//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use segb_store::{EntryKind, Timestamp};
use uuid::Uuid;

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
    /// Start in learning mode on a temporary directory, with a story in it; nothing is kept
    #[arg(long, conflicts_with_all = ["data_dir", "check_config"])]
    pub demo: bool,
    /// Where a demonstration keeps everything while it runs.
    #[arg(skip)]
    pub demo_directory: Option<PathBuf>,
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
    /// Write entries with their payloads and proofs into a zip, also while a server runs.
    ExportEvidence(ExportEvidence),
}

/// What is to be exported: what fits everything that is given, of which there has to be something.
#[derive(Debug, Args)]
#[command(after_help = EVIDENCE_EXAMPLES)]
pub struct ExportEvidence {
    /// Entries received from this moment on
    #[arg(long, value_name = "RFC 3339")]
    pub since: Option<Timestamp>,
    /// Entries received before this moment
    #[arg(long, value_name = "RFC 3339")]
    pub until: Option<Timestamp>,
    /// This log; several with commas, or the option again
    #[arg(long = "log", value_name = "ID", value_delimiter = ',')]
    pub logs: Vec<Uuid>,
    /// Entries of this actor
    #[arg(long, value_name = "NAME")]
    pub actor: Option<String>,
    /// Entries of this kind: log_received, log_erased, ...
    #[arg(long)]
    pub kind: Option<EntryKind>,
    /// Who asks for it, to be written into the bundle
    #[arg(long, value_name = "NAME")]
    pub requested_by: Option<String>,
    /// The file to write, which must not exist; `-` for stdout; a telling name in this directory if not given
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

const EVIDENCE_EXAMPLES: &str = "\
Examples:
  segb-server export-evidence --since 2026-01-01T00:00:00Z --until 2026-02-01T00:00:00Z
  segb-server export-evidence --log 0e0f5a1a-3c0c-4f8e-9a55-0d2d1f0f5b0e --output evidence.zip
  segb-server export-evidence --since 1970-01-01T00:00:00Z --output - | segb-verify bundle -

The journal is read from the data directory, and signed with the key there. README.txt in the zip says how to check it.";

const EXAMPLES: &str = "\
Examples:
  segb-server --demo                            look at it, with a story in it
  segb-server                                   run in learning mode, on this machine only
  SECRET_KEY=... segb-server --host 0.0.0.0     run in protected mode, for the network
  segb-server --check-config                    show the settings and exit
  segb-server backup /backups/2026-01-31        copy the journal while the server runs
  segb-server rebuild --check                   is the graph what the journal says?
  segb-server export-evidence --help            what an auditor can take away

All settings are environment variables, lines of `.env`, or keys of `segb.toml`; docs/configuration.md lists them.
Exit codes: 0 done, 1 it did not work, 2 bad settings or arguments.";
