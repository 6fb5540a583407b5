//! A state and what an operation has changed about it so far.

use std::collections::BTreeMap;

use segb_journal::Timestamp;

use crate::{
    CaseStatus, Change, Context, ContextSource, ContextStatus, JoinedObservation, Merge, MergeBasis,
    Neighbourhood, Observation, Policy, ReviewCase, ReviewProgress, policy::CANDIDATE_WINDOWS,
};

/// Reads through to the state, shows changes at once, and gives them all as one [`Change`] in the end.
pub(crate) struct Draft<'s, S> {
    source: &'s S,
    now: Timestamp,
    /// Contexts further apart than this do not matter to each other when they are reviewed.
    review_distance_us: u64,
    contexts: BTreeMap<u64, Context>,
    cases: BTreeMap<String, ReviewCase>,
    observations: Vec<JoinedObservation>,
    merges: Vec<Merge>,
    rejected_pairs: Vec<[u64; 2]>,
    review: ReviewProgress,
}

impl<'s, S: ContextSource> Draft<'s, S> {
    /// Without changes yet; `now` is when they are made.
    pub(crate) fn new(source: &'s S, policy: &Policy, now: Timestamp) -> Self {
        Self {
            source,
            now,
            review_distance_us: distance_us(policy.time_window_seconds),
            contexts: BTreeMap::new(),
            cases: BTreeMap::new(),
            observations: Vec::new(),
            merges: Vec::new(),
            rejected_pairs: Vec::new(),
            review: ReviewProgress::default(),
        }
    }

    pub(crate) fn source(&self) -> &'s S {
        self.source
    }

    /// The time of a change: a microsecond later for each, so that they can be told apart and put in their order.
    pub(crate) fn tick(&mut self) -> Timestamp {
        let now = self.now;
        self.now = Timestamp::from_unix_us(now.as_unix_us() + 1).unwrap_or(now);
        now
    }

    pub(crate) fn into_change(self) -> Change {
        Change {
            contexts: self.contexts.into_values().collect(),
            observations: self.observations,
            merges: self.merges,
            rejected_pairs: self.rejected_pairs,
            cases: self.cases.into_values().collect(),
            review: self.review,
        }
    }

    pub(crate) fn context(&self, number: u64) -> Result<Option<Context>, S::Error> {
        match self.contexts.get(&number) {
            Some(context) => Ok(Some(context.clone())),
            None => self.source.context(number),
        }
    }

    /// The context that a URI leads to, through merges.
    pub(crate) fn canonical(&self, uri: &str) -> Result<Option<Context>, S::Error> {
        let Some(number) = self.source.number_of(uri)? else {
            return Ok(None);
        };
        let mut context = self.context(number)?;
        while let Some(next) = context.as_ref().and_then(|context| context.merged_into) {
            context = self.context(next)?;
        }
        Ok(context)
    }

    /// As [`ContextSource::contexts_near`], ascending.
    pub(crate) fn contexts_near(
        &self,
        event_kind: &str,
        moment: Timestamp,
        distance_us: u64,
        each_way_max: usize,
    ) -> Result<Vec<Context>, S::Error> {
        let mut found = self.source.contexts_near(event_kind, moment, distance_us, each_way_max)?;
        found.retain(|context| !self.contexts.contains_key(&context.number));
        let near = |context: &&Context| {
            context.event_kind == event_kind
                && context.status != ContextStatus::Merged
                && context.observed_at.as_unix_us().abs_diff(moment.as_unix_us()) <= distance_us
        };
        found.extend(self.contexts.values().filter(near).cloned());
        found.sort_by_key(|context| context.number);
        Ok(found)
    }

    pub(crate) fn case(&self, case_id: &str) -> Result<Option<ReviewCase>, S::Error> {
        match self.cases.get(case_id) {
            Some(case) => Ok(Some(case.clone())),
            None => self.source.case(case_id),
        }
    }

    /// The pending case about a context.
    pub(crate) fn pending_case_of(&self, source_uri: &str) -> Result<Option<ReviewCase>, S::Error> {
        let about_it = |case: &&ReviewCase| case.source_context_uri == source_uri;
        if let Some(case) = self.cases.values().find(about_it) {
            return Ok(Some(case.clone()).filter(|case| case.status == CaseStatus::Pending));
        }
        self.source.pending_case_of(source_uri)
    }

    /// Two contexts, in the order in which pairs of them are kept.
    pub(crate) fn pair(one: &Context, other: &Context) -> [u64; 2] {
        [one.number.min(other.number), one.number.max(other.number)]
    }

    /// Puts a context with the time of its change.
    pub(crate) fn put_context(&mut self, context: Context) -> Result<(), S::Error> {
        if let Some(before) = self.context(context.number)? {
            self.make_due(&before);
        }
        self.make_due(&context);
        self.contexts.insert(context.number, context);
        Ok(())
    }

    fn make_due(&mut self, context: &Context) {
        let moment_us = context.observed_at.as_unix_us();
        let neighbourhood = Neighbourhood {
            event_kind: context.event_kind.clone(),
            first_us: moment_us.saturating_sub_unsigned(self.review_distance_us),
            last_us: moment_us.saturating_add_unsigned(self.review_distance_us),
        };
        if !self.review.due.contains(&neighbourhood) {
            self.review.due.push(neighbourhood);
        }
    }

    /// How many more cases are pending than before; below zero if there are fewer.
    pub(crate) fn pending_cases_added(&self) -> Result<i64, S::Error> {
        let mut added = 0;
        for case in self.cases.values() {
            let before = self.source.case(&case.case_id)?;
            let was_pending = before.is_some_and(|before| before.status == CaseStatus::Pending);
            added += i64::from(case.status == CaseStatus::Pending) - i64::from(was_pending);
        }
        Ok(added)
    }

    /// Remembers that a context was compared with all others that matter to it.
    pub(crate) fn reviewed(&mut self, number: u64) {
        self.review.done.push(number);
    }

    /// Decides a case.
    pub(crate) fn decide(
        &mut self,
        mut case: ReviewCase,
        status: CaseStatus,
        selected_context_uri: Option<String>,
    ) -> Result<(), S::Error> {
        case.status = status;
        case.decided_at = Some(self.tick());
        case.selected_context_uri = selected_context_uri;
        self.put_case(case)
    }

    /// Puts a case; one that is as it was before is no change.
    pub(crate) fn put_case(&mut self, case: ReviewCase) -> Result<(), S::Error> {
        if self.case(&case.case_id)?.as_ref() != Some(&case) {
            self.cases.insert(case.case_id.clone(), case);
        }
        Ok(())
    }

    pub(crate) fn join(&mut self, context: &Context, observation: Observation) {
        self.observations.push(JoinedObservation { context: context.number, observation });
    }

    /// Keeps two contexts apart from now on.
    pub(crate) fn reject(&mut self, one: &Context, other: &Context) -> Result<(), S::Error> {
        self.make_due(one);
        self.make_due(other);
        let pair = Self::pair(one, other);
        if !self.source.is_rejected(pair)? && !self.rejected_pairs.contains(&pair) {
            self.rejected_pairs.push(pair);
        }
        Ok(())
    }

    /// Makes `source` a name for `target`, which takes over what belonged to it. A case about the target is closed: it
    /// is not ambiguous any more.
    pub(crate) fn merge(
        &mut self,
        mut source: Context,
        mut target: Context,
        basis: MergeBasis,
    ) -> Result<(), S::Error> {
        if let Some(case) = self.pending_case_of(&target.uri)? {
            self.decide(case, CaseStatus::Rejected, None)?;
        }
        target.status = ContextStatus::Active;
        target.observed_at = target.observed_at.max(source.observed_at);
        target.observation_count += source.observation_count;
        target.fill_in(source.subject_uri.as_ref(), source.modality.as_ref(), &source.canonical_text);
        (source.updated_at, target.updated_at) = (self.now, self.tick());
        source.status = ContextStatus::Merged;
        source.merged_into = Some(target.number);
        self.merges.push(Merge {
            source: source.number,
            source_uri: source.uri.clone(),
            target: target.number,
            target_uri: target.uri.clone(),
            basis,
        });
        self.put_context(source)?;
        self.put_context(target)
    }
}

/// How far away in time a candidate may be, in microseconds: one more than may be needed, since what is exact is decided
/// on the seconds of the rules.
pub(crate) fn distance_us(time_window_seconds: f64) -> u64 {
    (time_window_seconds * CANDIDATE_WINDOWS * 1e6).ceil() as u64 + 1
}
