//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use segb_journal::note::{KeyName, Verifier};

const EXAMPLES: &str = "\
Examples:
  Check a journal against the public key and a checkpoint that were kept elsewhere, also beside a running server:
    segb-verify journal ./segb-data --key \"$KEY\" --checkpoint march.txt

  Check the receipt of a log, and that it is about this document:
    segb-verify receipt receipt.json --key \"$KEY\" --log log.ttl

  Check evidence that was carried away:
    segb-verify bundle evidence.zip --key \"$KEY\"

  Be a witness of a server's checkpoints:
    segb-verify witness --key-file witness.key --state ./witness --log \"$KEY\"

KEY is what GET /journal/key of the server answers as `verifier_key`: name+id+base64. Get it once, by a way you trust.

Exit codes:
  0  everything was checked and fits
  1  something does not fit
  2  bad arguments, or a file that cannot be read
  3  what could be checked fits, but something could not be checked: nothing is signed, a receipt has no proof,
     a bundle was given without the key";

/// Check what a SEGB server says it has recorded, without the server
#[derive(Debug, Parser)]
#[command(name = "segb-verify", version, after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,

    /// Print one JSON object instead of text
    #[arg(long, global = true)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check all entries, payloads, the tree and the signature of a journal
    Journal(JournalArguments),
    /// Check that an entry is in the journal, by a receipt or a proof
    Receipt(ReceiptArguments),
    /// Check a bundle of evidence, the zip of GET /evidence or segb-server export-evidence
    Bundle(BundleArguments),
    /// Cosign the checkpoints of logs that only grow (C2SP tlog-witness)
    Witness(WitnessArguments),
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  segb-verify journal ./segb-data
  segb-verify journal /backups/2026-01-31 --key \"$KEY\"
  segb-verify journal journal.sqlite3 --key \"$KEY\" --checkpoint january.txt --checkpoint february.txt --json

The file is opened for reading only and read as it is at one moment. Without --key the journal is checked with the key
that it brings along, which anybody could have put there. A checkpoint is what GET /journal/checkpoint answered one day:
somebody who wrote the whole journal anew cannot make it fit that.")]
pub struct JournalArguments {
    /// A data directory, a backup, or the file journal.sqlite3 itself
    #[arg(value_name = "DIRECTORY|FILE")]
    pub path: PathBuf,

    /// The public key that the journal must be signed with
    #[arg(long, value_name = "KEY")]
    pub key: Option<Verifier>,

    /// A checkpoint that was kept elsewhere, of the journal or of the access journal; may be given several times
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Vec<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  segb-verify receipt receipt.json --key \"$KEY\" --log log.ttl
  segb-verify receipt proof-at-100.json --key \"$KEY\" --checkpoint checkpoint-100.txt

FILE is the answer of POST /ttl?proof=true or of GET /logs/{log_id}/proof.")]
pub struct ReceiptArguments {
    /// The receipt or the proof, JSON
    pub file: PathBuf,

    /// The public key of the journal
    #[arg(long, value_name = "KEY")]
    pub key: Verifier,

    /// A checkpoint of the size that the proof is about, if it has none of its own
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Option<PathBuf>,

    /// The document that was sent
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  segb-verify bundle evidence.zip --key \"$KEY\"
  segb-verify bundle evidence.zip --key \"$KEY\" --checkpoint march.txt --json
  segb-server export-evidence --since 1970-01-01T00:00:00Z --output - | segb-verify bundle - --key \"$KEY\"

Nothing is unpacked. Every file, every entry with its proof and its payload, and who signed it are checked; what was
removed, added or changed is named. Without --key the bundle is checked with the key that it brings along, which anybody
could have put there: then the exit code is 3, not 0.")]
pub struct BundleArguments {
    /// The zip; `-` for standard input
    pub file: PathBuf,

    /// The public key of the journal
    #[arg(long, value_name = "KEY")]
    pub key: Option<Verifier>,

    /// A checkpoint of the journal that was kept elsewhere; may be given several times
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Vec<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  segb-verify witness --key-file witness.key --name witness.example/w1 --state ./witness --log \"$KEY\"
  segb-verify witness --key-file witness.key --state ./witness --log \"$KEY\" --log \"$OTHER\" --listen 0.0.0.0:7380

It answers POST /add-checkpoint, and GET / for people. It remembers the last checkpoint of each log and cosigns only
those that continue it. What proves that a log did not only grow is kept in the directory `evidence` of the state.")]
pub struct WitnessArguments {
    /// The secret key of the witness; made if it is missing
    #[arg(long, value_name = "FILE")]
    pub key_file: PathBuf,

    /// What a new key is called: a name without spaces and plus signs, such as witness.example/w1
    #[arg(long)]
    pub name: Option<KeyName>,

    /// Where the witness remembers what it has seen; made if it is missing
    #[arg(long, value_name = "DIRECTORY")]
    pub state: PathBuf,

    /// The public key of a log to watch; may be given several times
    #[arg(long, value_name = "KEY", required = true)]
    pub log: Vec<Verifier>,

    /// The address and port to listen at; port 0 for any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7380")]
    pub listen: String,
}
