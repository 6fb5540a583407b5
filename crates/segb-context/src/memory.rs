//! Contexts and cases in memory.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    convert::Infallible,
};

use segb_journal::Timestamp;

use crate::{
    CaseStatus, Change, Context, ContextRecord, ContextSource, ContextStats, ContextStatus, Observation,
    OpenQuestions, RESOLVER_VERSION, ReviewCase,
};

/// Contexts and cases in memory, for programs that keep them themselves, or not at all. It becomes what it is by
/// [`apply`](Self::apply)ing changes in their order.
#[derive(Debug, Clone, Default)]
pub struct MemoryContexts {
    /// By number.
    contexts: Vec<Context>,
    /// By the number of the context.
    observations: Vec<Vec<Observation>>,
    numbers: HashMap<String, u64>,
    /// Kind → time in µs and number of the contexts that are not merged.
    by_kind: HashMap<String, BTreeSet<(i64, u64)>>,
    ambiguous: BTreeSet<u64>,
    rejected_pairs: HashSet<[u64; 2]>,
    cases: BTreeMap<String, ReviewCase>,
    /// Source URI → id of the pending case about it.
    pending: HashMap<String, String>,
    /// The ambiguous contexts that have been reviewed since anything near them changed.
    reviewed: BTreeSet<u64>,
}

/// Whether the contexts and cases are the same; what has been reviewed is not looked at.
impl PartialEq for MemoryContexts {
    fn eq(&self, other: &Self) -> bool {
        self.contexts == other.contexts
            && self.observations == other.observations
            && self.rejected_pairs == other.rejected_pairs
            && self.cases == other.cases
    }
}

/// A change that does not fit the state, because others that came before it are missing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the change is about context {0}, which is not there")]
pub struct ForeignChange(pub u64);

impl MemoryContexts {
    /// Makes the changes of one operation.
    ///
    /// # Errors
    /// [`ForeignChange`] if the change was made on another state; the state is not to be used any more then.
    pub fn apply(&mut self, change: &Change) -> Result<(), ForeignChange> {
        for context in &change.contexts {
            self.put(context)?;
        }
        for joined in &change.observations {
            let observations = self.observations.get_mut(joined.context as usize);
            observations.ok_or(ForeignChange(joined.context))?.push(joined.observation.clone());
        }
        for merge in &change.merges {
            let moved = self.observations.get_mut(merge.source as usize).map(std::mem::take);
            let target = self.observations.get_mut(merge.target as usize);
            target.ok_or(ForeignChange(merge.target))?.extend(moved.ok_or(ForeignChange(merge.source))?);
        }
        self.rejected_pairs.extend(&change.rejected_pairs);
        for case in &change.cases {
            match case.status {
                CaseStatus::Pending => {
                    self.pending.insert(case.source_context_uri.clone(), case.case_id.clone());
                }
                CaseStatus::Accepted | CaseStatus::Rejected => {
                    self.pending.remove(&case.source_context_uri);
                }
            }
            self.cases.insert(case.case_id.clone(), case.clone());
        }
        self.reviewed.extend(&change.review.done);
        for neighbourhood in &change.review.due {
            let times = self.by_kind.get(&neighbourhood.event_kind);
            let range = (neighbourhood.first_us, 0)..=(neighbourhood.last_us, u64::MAX);
            for (_, number) in times.into_iter().flat_map(|times| times.range(range.clone())) {
                self.reviewed.remove(number);
            }
        }
        Ok(())
    }

    fn put(&mut self, context: &Context) -> Result<(), ForeignChange> {
        let (index, count) = (context.number as usize, self.contexts.len());
        match self.contexts.get_mut(index) {
            Some(place) => {
                if let Some(times) = self.by_kind.get_mut(&place.event_kind) {
                    times.remove(&(place.observed_at.as_unix_us(), place.number));
                }
                *place = context.clone();
            }
            None if index == count => {
                self.numbers.insert(context.uri.clone(), context.number);
                self.contexts.push(context.clone());
                self.observations.push(Vec::new());
            }
            None => return Err(ForeignChange(context.number)),
        }
        if context.status != ContextStatus::Merged {
            let place = (context.observed_at.as_unix_us(), context.number);
            match self.by_kind.get_mut(&context.event_kind) {
                Some(times) => times.insert(place),
                None => self.by_kind.insert(context.event_kind.clone(), BTreeSet::from([place])).is_none(),
            };
        }
        match context.status {
            ContextStatus::Ambiguous => self.ambiguous.insert(context.number),
            ContextStatus::Active | ContextStatus::Merged => self.ambiguous.remove(&context.number),
        };
        Ok(())
    }

    /// All contexts that are not merged, with their observations, the one that was changed last first.
    pub fn records(&self) -> Vec<ContextRecord> {
        let shown = |context: &&Context| context.status != ContextStatus::Merged;
        let mut contexts: Vec<&Context> = self.contexts.iter().filter(shown).collect();
        contexts.sort_by_key(|context| std::cmp::Reverse(context.updated_at));
        contexts
            .into_iter()
            .map(|context| {
                let mut observations = self.observations[context.number as usize].clone();
                observations.sort_by_key(|observation| std::cmp::Reverse(observation.observed_at));
                ContextRecord::new(context.clone(), observations)
            })
            .collect()
    }

    /// The pending cases, newest first.
    pub fn pending_cases(&self) -> Vec<ReviewCase> {
        let pending = self.cases.values().filter(|case| case.status == CaseStatus::Pending);
        let mut pending: Vec<ReviewCase> = pending.cloned().collect();
        pending.sort_by_key(|case| std::cmp::Reverse(case.created_at));
        pending
    }

    /// The URI that a URI leads to through merges; none if there is no such context.
    pub fn canonical_uri(&self, uri: &str) -> Option<&str> {
        let mut context = self.contexts.get(*self.numbers.get(uri)? as usize)?;
        while let Some(next) = context.merged_into {
            context = self.contexts.get(next as usize)?;
        }
        Some(&context.uri)
    }

    /// How many contexts there are.
    pub fn stats(&self) -> ContextStats {
        let count = |status| self.contexts.iter().filter(|context| context.status == status).count() as u64;
        let merged_contexts = count(ContextStatus::Merged);
        ContextStats {
            resolver_version: RESOLVER_VERSION,
            active_contexts: count(ContextStatus::Active),
            ambiguous_contexts: count(ContextStatus::Ambiguous),
            merged_contexts,
            aliases: merged_contexts,
        }
    }
}

impl ContextSource for MemoryContexts {
    type Error = Infallible;

    fn next_number(&self) -> Result<u64, Infallible> {
        Ok(self.contexts.len() as u64)
    }

    fn context(&self, number: u64) -> Result<Option<Context>, Infallible> {
        Ok(self.contexts.get(number as usize).cloned())
    }

    fn number_of(&self, uri: &str) -> Result<Option<u64>, Infallible> {
        Ok(self.numbers.get(uri).copied())
    }

    fn contexts_near(
        &self,
        event_kind: &str,
        moment: Timestamp,
        distance_us: u64,
        each_way_max: usize,
    ) -> Result<Vec<Context>, Infallible> {
        let Some(times) = self.by_kind.get(event_kind) else {
            return Ok(Vec::new());
        };
        let moment_us = moment.as_unix_us();
        let first = (moment_us.saturating_sub_unsigned(distance_us), 0);
        let last = (moment_us.saturating_add_unsigned(distance_us), u64::MAX);
        let middle = (moment_us, u64::MAX);
        let before = times.range(first..=middle).rev().take(each_way_max);
        let after = times.range(middle..=last).take(each_way_max);
        Ok(before.chain(after).map(|(_, number)| self.contexts[*number as usize].clone()).collect())
    }

    fn open_questions(&self) -> Result<OpenQuestions, Infallible> {
        let (ambiguous_contexts, pending_cases) = (self.ambiguous.len() as u64, self.pending.len() as u64);
        Ok(OpenQuestions { ambiguous_contexts, pending_cases })
    }

    fn review_due(&self) -> Result<Vec<u64>, Infallible> {
        Ok(self.ambiguous.difference(&self.reviewed).copied().collect())
    }

    fn is_rejected(&self, pair: [u64; 2]) -> Result<bool, Infallible> {
        Ok(self.rejected_pairs.contains(&pair))
    }

    fn pending_case_of(&self, source_uri: &str) -> Result<Option<ReviewCase>, Infallible> {
        Ok(self.pending.get(source_uri).and_then(|case_id| self.cases.get(case_id)).cloned())
    }

    fn case(&self, case_id: &str) -> Result<Option<ReviewCase>, Infallible> {
        Ok(self.cases.get(case_id).cloned())
    }
}
