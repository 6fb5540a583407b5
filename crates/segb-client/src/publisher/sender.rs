//! The thread that sends: always the first log of the queue, until it is done with.

use std::{
    sync::PoisonError,
    time::{Duration, Instant},
};

use serde::Deserialize;

use super::{DeliveryError, Outcome, Shared, Trouble};
use crate::{Answer, Receipt, queue::Request};

/// After so many answers that say that the server failed on one log, while it answers, the log is set aside: others wait
/// behind it.
const SERVER_ERRORS_MAX: u32 = 8;
/// The longest pause that a server can ask for.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(300);

/// What to do with the first log.
enum Step {
    /// It is done with.
    Done(Box<Outcome>),
    /// It has to be tried again.
    Again(Trouble),
}

impl Step {
    fn of(outcome: Outcome) -> Self {
        Self::Done(Box::new(outcome))
    }
}

impl Shared {
    pub(super) fn send_all(&self) {
        let mut failures = 0;
        while let Some((request, token_changes)) = self.next() {
            let step = match request {
                Ok(request) => self.send(&request),
                Err(error) => Step::of(Err(DeliveryError::Damaged(error))),
            };
            match step {
                Step::Done(outcome) => {
                    failures = 0;
                    self.done(*outcome);
                }
                Step::Again(trouble) => {
                    failures += 1;
                    self.wait_after(trouble, failures, token_changes);
                }
            }
        }
    }

    /// Waits for a log; none at the end. With it comes how often the token was changed.
    fn next(&self) -> Option<(Result<Request, String>, u64)> {
        let mut state = self.lock();
        loop {
            if state.is_closed {
                return None;
            }
            if let Some(request) = state.queue.read_front() {
                return Some((request.map_err(|error| error.to_string()), state.token_changes));
            }
            state = self.work.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn send(&self, request: &Request) -> Step {
        let answer = self.connection.post_log(&request.body, &request.key, self.journal_key.is_some());
        match answer {
            Ok(answer) => self.judge(request, answer),
            Err(error) => Step::Again(error.into()),
        }
    }

    fn judge(&self, request: &Request, answer: Answer) -> Step {
        let refusal = match answer.success() {
            Ok(answer) => return Step::of(self.check(request, &answer)),
            Err(refusal) => refusal,
        };
        match refusal.status {
            401 | 403 => Step::Again(Trouble::Token(refusal)),
            // What is wrong with the log today is wrong with it tomorrow.
            400 | 413 | 415 | 422 => Step::of(Err(DeliveryError::Refused(refusal))),
            500 | 501 if self.counts_as_refused() => Step::of(Err(DeliveryError::Refused(refusal))),
            _ => Step::Again(Trouble::Server(refusal)),
        }
    }

    fn counts_as_refused(&self) -> bool {
        let mut state = self.lock();
        state.queue.front().is_some_and(|waiting| {
            waiting.server_errors += 1;
            waiting.server_errors >= SERVER_ERRORS_MAX
        })
    }

    fn check(&self, request: &Request, answer: &Answer) -> Outcome {
        #[derive(Deserialize)]
        struct Sent {
            ttl_content: String,
        }
        let sent: Sent =
            serde_json::from_str(&request.body).map_err(|error| DeliveryError::Damaged(error.to_string()))?;
        let receipt = Receipt::check(answer, sent.ttl_content.as_bytes(), self.journal_key.as_ref());
        receipt.map_err(DeliveryError::Distrusted)
    }

    fn done(&self, outcome: Outcome) {
        let slot = {
            let mut state = self.lock();
            if state.is_closed {
                return;
            }
            if let Err(DeliveryError::Refused(refusal)) = &outcome
                && let Some(Ok(request)) = state.queue.read_front()
                && let Some(sequence) = state.queue.front().map(|waiting| waiting.sequence)
                && let Err(error) = state.queue.set_aside(sequence, &refusal.to_string(), &request)
            {
                state.disk_trouble = Some(format!("a refused log could not be kept: {error}"));
            }
            match &outcome {
                Ok(_) => state.delivered += 1,
                Err(DeliveryError::Refused(_)) => state.refused += 1,
                Err(DeliveryError::Distrusted(_)) => state.distrusted += 1,
                Err(_) => state.damaged += 1,
            }
            state.trouble = None;
            let (done, noted) = state.queue.pop();
            if let Err(error) = noted {
                state.disk_trouble = Some(format!("it cannot be noted what is sent: {error}"));
            }
            done.and_then(|done| done.slot)
        };
        if let Some(slot) = slot {
            slot.fill(outcome);
        }
        self.progress.notify_all();
    }

    /// Sleeps before the next try, until another token is set or the end.
    fn wait_after(&self, trouble: Trouble, failures: u32, token_changes: u64) {
        let doubled = self.retry.first.saturating_mul(1 << failures.min(16).saturating_sub(1));
        let pause = doubled.min(self.retry.longest);
        let [random] = self.random::<1>();
        let jittered = pause.mul_f64(0.5 + f64::from(random) / 510.0);
        let asked = trouble.retry_after().unwrap_or_default().min(RETRY_AFTER_MAX);
        let deadline = Instant::now() + jittered.max(asked);
        let mut state = self.lock();
        state.trouble = Some(trouble);
        self.progress.notify_all();
        while !state.is_closed && state.token_changes == token_changes {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            state = self.work.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}
