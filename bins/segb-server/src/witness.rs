//! Asking witnesses to sign checkpoints (C2SP tlog-witness), so that nobody, not even who owns this server, can show one
//! journal to one person and another to the next.

use std::{
    fmt,
    str::FromStr,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use segb_store::{
    CosignedCheckpoint, Store,
    journal_format::{
        checkpoint::{CosignatureVerifier, SignedCheckpoint, UnverifiedCheckpoint},
        note::Verifier,
        witness::{AddCheckpoint, Answer},
    },
};
use ureq::{Agent, http::Uri};

use crate::system;

/// How long one request to a witness may take.
const REQUEST_DURATION_MAX: Duration = Duration::from_secs(10);
/// Requests to one witness about one checkpoint: one to learn what it knows, one from there, one if somebody was faster.
const ATTEMPTS_MAX: usize = 3;
/// While a witness does not answer, the pause doubles up to so many intervals.
const PAUSE_INTERVALS_MAX: u32 = 64;

/// Who is asked, and how often.
#[derive(Debug, Clone)]
pub struct Witnessing {
    /// The witnesses.
    pub witnesses: Vec<Witness>,
    /// How often they are asked, if the journal has grown.
    pub interval: Duration,
}

/// A witness: where it is, and its public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    url: String,
    key: CosignatureVerifier,
}

impl FromStr for Witness {
    type Err = ();

    /// An http or https URL, white space, a verifier key.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (url, key) = text.trim().split_once(char::is_whitespace).ok_or(())?;
        let parsed: Uri = url.parse().map_err(|_| ())?;
        let (scheme, host) = (parsed.scheme_str().unwrap_or_default(), parsed.host().unwrap_or_default());
        if !matches!(scheme, "http" | "https") || host.is_empty() || parsed.query().is_some() {
            return Err(());
        }
        Ok(Self { url: url.trim_end_matches('/').to_owned(), key: key.trim().parse().map_err(|_| ())? })
    }
}

impl fmt::Display for Witness {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} at {}", self.key.name(), self.url)
    }
}

/// The thread that asks; ends when this is dropped.
#[derive(Debug)]
pub struct Asking {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Asking {
    /// Starts the thread.
    pub fn start(store: Store, key: Verifier, witnessing: Witnessing) -> std::io::Result<Self> {
        let (stop, stopped) = channel();
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(REQUEST_DURATION_MAX))
            .max_redirects(0)
            .proxy(None)
            .build();
        let asked = witnessing.witnesses.into_iter().map(Asked::new).collect();
        let mut worker =
            Worker { store, key, agent: config.new_agent(), asked, interval: witnessing.interval };
        let thread =
            thread::Builder::new().name("segb-witness".to_owned()).spawn(move || worker.run(&stopped))?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        // A closed channel ends the thread.
        self.stop.take();
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            log::error!("the thread that asks witnesses had panicked");
        }
    }
}

/// A witness and what is known of it.
struct Asked {
    witness: Witness,
    /// The size that it signed last, as far as it is known: a wrong one costs one more request.
    last_size: u64,
    /// Requests that failed in a row.
    failures: u32,
    not_before: Instant,
}

impl Asked {
    fn new(witness: Witness) -> Self {
        Self { witness, last_size: 0, failures: 0, not_before: Instant::now() }
    }
}

struct Worker {
    store: Store,
    key: Verifier,
    agent: Agent,
    asked: Vec<Asked>,
    interval: Duration,
}

impl Worker {
    fn run(&mut self, stopped: &Receiver<()>) {
        loop {
            match stopped.recv_timeout(self.interval) {
                Err(RecvTimeoutError::Timeout) => self.ask_all(stopped),
                Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Shows the present checkpoint to all witnesses that have not signed it, and keeps what they sign.
    fn ask_all(&mut self, stopped: &Receiver<()>) {
        let mut checkpoint = match self.present() {
            Ok(Some(checkpoint)) => checkpoint,
            Ok(None) => return,
            Err(error) => return log::error!("no checkpoint for the witnesses: {error}"),
        };
        let size = checkpoint.checkpoint().head().size;
        for index in 0..self.asked.len() {
            // A witness that does not answer must not hold up the end of the server more than once.
            if stopped.try_recv() == Err(TryRecvError::Disconnected) {
                return;
            }
            let asked = &self.asked[index];
            if asked.last_size == size || asked.not_before > Instant::now() {
                continue;
            }
            let outcome = self.ask(index, &mut checkpoint);
            self.take_note(index, size, outcome);
        }
    }

    fn present(&self) -> Result<Option<SignedCheckpoint>, String> {
        let note = self.store.checkpoint().map_err(|error| error.to_string())?;
        let Some(note) = note.filter(|note| note.size > 0) else { return Ok(None) };
        let unverified =
            UnverifiedCheckpoint::parse(note.note.as_bytes()).map_err(|error| error.to_string())?;
        let origin = unverified.origin().clone();
        let verified = unverified.verify(&origin, std::slice::from_ref(&self.key));
        verified.map(Some).map_err(|error| error.to_string())
    }

    /// Asks one witness and adds its signature.
    fn ask(&mut self, index: usize, checkpoint: &mut SignedCheckpoint) -> Result<(), String> {
        let size = checkpoint.checkpoint().head().size;
        for _ in 0..ATTEMPTS_MAX {
            let asked = &self.asked[index];
            let request = self.request(asked.last_size, checkpoint)?;
            match self.send(&asked.witness, &request)? {
                Answer::Conflict { last_size } if last_size > size => {
                    return Err(format!(
                        "it has signed a journal of {last_size} entries, and this one has {size}: entries that were \
                         shown to it are missing here, or somebody else uses the key of this journal"
                    ));
                }
                Answer::Conflict { last_size } if last_size == asked.last_size => {
                    return Err(format!(
                        "it has signed another journal of {last_size} entries under the name of this one"
                    ));
                }
                Answer::Conflict { last_size } => self.asked[index].last_size = last_size,
                Answer::Cosigned(signatures) => {
                    let key = std::slice::from_ref(&asked.witness.key);
                    checkpoint.add_cosignatures(signatures, key).map_err(|error| error.to_string())?;
                    return self.keep(checkpoint);
                }
            }
        }
        Err("it changes what it knows faster than it can be asked".to_owned())
    }

    fn request(&self, from: u64, checkpoint: &SignedCheckpoint) -> Result<AddCheckpoint, String> {
        let size = checkpoint.checkpoint().head().size;
        let proof = self.store.prove_consistency(from, Some(size)).map_err(|error| error.to_string())?;
        AddCheckpoint::new(proof, checkpoint.clone()).map_err(|error| error.to_string())
    }

    fn send(&self, witness: &Witness, request: &AddCheckpoint) -> Result<Answer, String> {
        let url = format!("{}/add-checkpoint", witness.url);
        let response =
            self.agent.post(&url).content_type("text/plain; charset=utf-8").send(request.to_string());
        let mut response = response.map_err(|error| error.to_string())?;
        let limit = Answer::BODY_BYTES_MAX as u64;
        let body = response.body_mut().with_config().limit(limit).read_to_vec();
        let body = body.map_err(|error| error.to_string())?;
        Answer::read(response.status().as_u16(), &body).map_err(|error| error.to_string())
    }

    fn keep(&self, checkpoint: &SignedCheckpoint) -> Result<(), String> {
        let size = checkpoint.checkpoint().head().size;
        let kept = CosignedCheckpoint { size, cosigned_at: system::now(), note: checkpoint.to_string() };
        self.store.keep_cosigned(kept).map_err(|error| format!("its signature cannot be kept: {error}"))
    }

    /// Tells of the first failure in a row, and of its end.
    fn take_note(&mut self, index: usize, size: u64, outcome: Result<(), String>) {
        let asked = &mut self.asked[index];
        match outcome {
            Ok(()) => {
                if asked.failures > 0 || asked.last_size == 0 {
                    log::info!("the witness {} signed the journal of {size} entries", asked.witness);
                }
                (asked.last_size, asked.failures) = (size, 0);
            }
            Err(error) => {
                if asked.failures == 0 {
                    log::error!("the witness {} does not sign: {error}", asked.witness);
                }
                asked.failures += 1;
                let intervals = 1_u32.checked_shl(asked.failures - 1).unwrap_or(PAUSE_INTERVALS_MAX);
                let pause = self.interval * intervals.clamp(1, PAUSE_INTERVALS_MAX);
                asked.not_before = Instant::now() + pause;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use segb_store::journal_format::checkpoint::Cosigner;

    use super::*;

    #[test]
    fn a_witness_is_an_url_and_a_key() -> Result<(), Box<dyn std::error::Error>> {
        let key = Cosigner::from_seed("witness.example/w1".parse()?, &[1; 32]).verifier();
        let witness: Witness =
            format!(" https://witness.example/w1/  {key} ").parse().map_err(|()| "refused")?;
        assert_eq!((witness.url.as_str(), &witness.key), ("https://witness.example/w1", &key));
        assert_eq!(witness.to_string(), "witness.example/w1 at https://witness.example/w1");
        for text in [
            String::new(),
            key.to_string(),
            format!("ftp://witness.example {key}"),
            format!("witness.example {key}"),
            format!("https:// {key}"),
            format!("https://witness.example?x {key}"),
            "https://witness.example nonsense".to_owned(),
        ] {
            assert_eq!(text.parse::<Witness>(), Err(()), "{text}");
        }
        Ok(())
    }
}
