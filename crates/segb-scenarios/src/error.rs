//! Why a story does not go on.

use segb_client::{CallError, LogError, OptionsError, Refusal, ResolveError, SendError, TimeError};

/// Why a story ended before its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScenarioError {
    /// An address or a token that cannot be used.
    #[error(transparent)]
    Options(#[from] OptionsError),
    /// The server does not answer.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The server refuses something.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A log was not sent.
    #[error(transparent)]
    Send(#[from] SendError),
    /// The server gave no name for a shared event.
    #[error(transparent)]
    Resolve(#[from] ResolveError),
    /// A log that cannot be: a mistake in the story.
    #[error(transparent)]
    Log(#[from] LogError),
    /// A moment that cannot be: a start too near the year 9999.
    #[error(transparent)]
    Time(#[from] TimeError),
    /// The server answered what the story does not expect.
    #[error("{0}")]
    Unexpected(String),
    /// A fleet that cannot be.
    #[error("{0}")]
    Fleet(String),
    /// The operating system gives no thread.
    #[error("no thread can be started: {0}")]
    Thread(std::io::Error),
}
