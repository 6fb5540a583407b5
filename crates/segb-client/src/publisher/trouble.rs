//! What can go wrong when logs are published, and what to do about it.

use std::{io, path::PathBuf, time::Duration};

use crate::{CallError, OptionsError, ReceiptError, Refusal};

/// Why a publisher does not start. The caller's fault, or that of the machine.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// An address or a token that cannot be used.
    #[error(transparent)]
    Options(#[from] OptionsError),
    /// The directory of the queue cannot be used.
    #[error(
        "the queue in {} cannot be used: {cause}; it has to be a directory that this user may write to",
        directory.display()
    )]
    Directory {
        /// The directory.
        directory: PathBuf,
        /// What went wrong.
        cause: io::Error,
    },
    /// Another publisher has it.
    #[error(
        "the queue in {} is in use by another publisher; give each its own directory, or end the other first",
        directory.display()
    )]
    InUse {
        /// The directory.
        directory: PathBuf,
    },
    /// The operating system gives no thread.
    #[error("no thread can be started: {0}")]
    Thread(io::Error),
}

/// Why a log was not accepted. It is in no queue.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PublishError {
    /// Nothing to publish.
    #[error("the log is blank; there is nothing to publish")]
    Blank,
    /// More than the server would take.
    #[error("the log has {bytes} bytes, more than {bytes_max}; publish several smaller ones")]
    TooLarge {
        /// Its length, in bytes.
        bytes: usize,
        /// The most there may be.
        bytes_max: usize,
    },
    /// The bound of the queue.
    #[error(
        "the queue is full with {logs} logs of {bytes} bytes{}; older logs are kept and new ones refused until the server \
         takes some: see that it is reachable, or give the queue more room (logs_max, bytes_max)",
        because(trouble)
    )]
    Full {
        /// How many logs wait.
        logs: usize,
        /// How many bytes they take up.
        bytes: u64,
        /// Why they wait.
        trouble: Option<Trouble>,
    },
    /// The queue cannot be written to.
    #[error("the queue cannot be written to: {0}; make room on the disk, then publish the log again")]
    Disk(io::Error),
    /// After the end.
    #[error("the publisher is closed; start another")]
    Closed,
}

/// Why an accepted log has no receipt that can be believed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DeliveryError {
    /// The server does not take it, and never will. It is set aside, and the next ones are sent.
    #[error("the log was refused, and set aside: {0}")]
    Refused(Refusal),
    /// The server stored something, and the receipt does not fit.
    #[error("the log was sent, but its receipt is not to be believed: {0}")]
    Distrusted(ReceiptError),
    /// The log cannot be read from the queue any more.
    #[error("the log cannot be read from the queue any more: {0}; the file is kept beside the others")]
    Damaged(String),
    /// The publisher ended before. The log is in its directory, if it has one, and will be sent by the next publisher.
    #[error("the publisher was closed before the log was sent; it is still in the directory of the queue")]
    Closed,
}

/// Why nothing is sent just now. Logs wait, and it is tried again.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Trouble {
    /// No answer.
    #[error(transparent)]
    NoAnswer(#[from] CallError),
    /// The token is not good, or not for this (401, 403). With another one, logs are sent at once.
    #[error("the server refuses the token: {0}")]
    Token(Refusal),
    /// The server cannot do it now.
    #[error("the server does not take logs: {0}")]
    Server(Refusal),
}

/// Logs were not sent in time.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{logs} logs still wait{}", because(trouble))]
pub struct StillWaiting {
    /// How many.
    pub logs: usize,
    /// Why, if it is not only for want of time.
    pub trouble: Option<Trouble>,
}

fn because(trouble: &Option<Trouble>) -> String {
    trouble.as_ref().map(|trouble| format!(" ({trouble})")).unwrap_or_default()
}

impl Trouble {
    /// How long the server asks to be left alone.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::NoAnswer(_) => None,
            Self::Token(refusal) | Self::Server(refusal) => refusal.retry_after,
        }
    }
}
