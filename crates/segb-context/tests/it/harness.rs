//! Contexts with a clock and a source of randomness that tests can foresee.

use segb_context::{
    Change, Decided, MemoryContexts, ObservationRequest, Policy, Reconciliation, Resolution, ReviewCase,
    ReviewError, ReviewProgress, accept, parse_moment, reconcile, reject, resolve,
};
use segb_journal::Timestamp;

/// Contexts in memory, and every change they have gone through.
#[derive(Clone, Default)]
pub struct World {
    pub policy: Policy,
    pub contexts: MemoryContexts,
    pub changes: Vec<Change>,
    ticks: u64,
}

impl World {
    /// Strictly later each time.
    fn now(&mut self) -> Timestamp {
        self.ticks += 1;
        Timestamp::from_unix_us(1_769_853_600_000_000 + self.ticks as i64).unwrap()
    }

    /// Distinct numbers, well mixed.
    fn random(&self) -> impl FnMut() -> u64 + use<> {
        let mut state = self.ticks << 20;
        move || {
            state += 1;
            state.wrapping_mul(0x9e37_79b9_7f4a_7c15)
        }
    }

    fn apply(&mut self, change: Change) {
        self.contexts.apply(&change).unwrap();
        self.changes.push(change);
    }

    pub fn resolve(&mut self, request: &ObservationRequest) -> Resolution {
        let (now, mut random) = (self.now(), self.random());
        let (resolution, change) = resolve(&self.contexts, &self.policy, request, now, &mut random).unwrap();
        self.apply(change);
        resolution
    }

    pub fn reconcile(&mut self) -> Reconciliation {
        let (now, mut random) = (self.now(), self.random());
        let Ok((reconciliation, change)) = reconcile(&self.contexts, &self.policy, now, &mut random);
        self.apply(change);
        reconciliation
    }

    pub fn accept(&mut self, case_id: &str, target: &str) -> Result<Decided, String> {
        let (now, mut random) = (self.now(), self.random());
        let decided = accept(&self.contexts, &self.policy, case_id, target, now, &mut random);
        self.decided(decided)
    }

    pub fn reject(&mut self, case_id: &str) -> Result<Decided, String> {
        let (now, mut random) = (self.now(), self.random());
        let decided = reject(&self.contexts, &self.policy, case_id, now, &mut random);
        self.decided(decided)
    }

    fn decided(
        &mut self,
        decided: Result<Decided, ReviewError<std::convert::Infallible>>,
    ) -> Result<Decided, String> {
        let decided = decided.map_err(|error| error.to_string())?;
        self.apply(decided.change.clone());
        Ok(decided)
    }

    /// As after a restart: the state is what its changes make it.
    pub fn forget_reviews(&mut self) {
        let mut contexts = MemoryContexts::default();
        for change in &self.changes {
            let mut recorded = change.clone();
            recorded.review = ReviewProgress::default();
            contexts.apply(&recorded).unwrap();
        }
        self.contexts = contexts;
    }

    pub fn pending(&self) -> Vec<ReviewCase> {
        self.contexts.pending_cases()
    }
}

/// An utterance, `offset_ms` after ten o'clock.
pub fn utterance(offset_ms: i64, text: &str) -> ObservationRequest {
    let ten = parse_moment("2026-01-31T10:00:00Z").unwrap();
    ObservationRequest {
        event_kind: "human_utterance".to_owned(),
        observed_at: Timestamp::from_unix_us(ten.as_unix_us() + offset_ms * 1_000).unwrap(),
        subject_uri: Some("https://example.org/maria".to_owned()),
        modality: Some("speech".to_owned()),
        text: (!text.is_empty()).then(|| text.to_owned()),
        observation_uri: None,
        robot_uri: None,
        time_window_seconds: None,
    }
}
