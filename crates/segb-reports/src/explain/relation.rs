//! Which predicates say that one thing led to another, and which way round.

use segb_graph::index::TermId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::vocabulary::Vocabulary;

/// How a cause and an effect belong together; of several the first says it best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The cause triggered the effect.
    Triggered,
    /// The cause produced the effect.
    Produced,
    /// The effect used the cause, a model.
    Model,
    /// The effect used the cause.
    Input,
    /// The effect was made of the cause.
    Derived,
    /// The cause is a step of the effect.
    Step,
    /// The effect is a part of the cause.
    Part,
    /// The cause, a person, asked for the effect.
    Requested,
    /// The cause performed the effect.
    Performed,
    /// The cause sent the effect.
    Sent,
    /// The cause spoke or listened in the effect.
    Said,
    /// The effect is a finding about the cause.
    Target,
    /// The effect is attributed to the cause.
    Attributed,
    /// The effect is about the cause, or an observation of it.
    Observed,
    /// The cause influenced the effect in a way that is not said.
    Influenced,
}

impl Relation {
    /// Whether it leads on from a cause to what came of it, and not only to what else it has a part in.
    pub(super) fn leads_forward(self) -> bool {
        matches!(
            self,
            Self::Triggered
                | Self::Produced
                | Self::Input
                | Self::Derived
                | Self::Step
                | Self::Part
                | Self::Influenced
        )
    }
}

/// A predicate that says a relation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    pub(super) predicate: TermId,
    pub(super) relation: Relation,
    /// Whether the object of a triple is the cause; else the subject is.
    pub(super) object_is_cause: bool,
}

/// All rules for the words that the graph has.
pub(super) fn rules(words: &Vocabulary) -> Vec<Rule> {
    use Relation::{
        Attributed, Derived, Influenced, Input, Model, Observed, Part, Performed, Produced, Requested, Said,
        Sent, Step, Target, Triggered,
    };
    let rules = [
        (words.triggered_by_activity, Triggered, true),
        (words.triggered_by_entity, Triggered, true),
        (words.was_informed_by, Triggered, true),
        (words.was_generated_by, Produced, true),
        (words.generated, Produced, false),
        (words.produced_entity, Produced, false),
        (words.produced_activity, Produced, false),
        (words.has_output, Produced, false),
        (words.used_ml_model, Model, true),
        (words.used, Input, true),
        (words.has_input, Input, true),
        (words.was_derived_from, Derived, true),
        (words.intermediate_activity, Step, true),
        (words.has_emotion, Part, false),
        (words.was_requested_by, Requested, true),
        (words.sender, Sent, true),
        (words.has_speaker, Said, true),
        (words.has_listener, Said, true),
        (words.was_performed_by, Performed, true),
        (words.was_associated_with, Performed, true),
        (words.has_target, Target, true),
        (words.was_attributed_to, Attributed, true),
        (words.specialization_of, Observed, true),
        (words.about, Observed, true),
        (words.was_influenced_by, Influenced, true),
    ];
    let known = |(predicate, relation, object_is_cause)| {
        (predicate != TermId::ABSENT).then_some(Rule { predicate, relation, object_is_cause })
    };
    rules.into_iter().filter_map(known).collect()
}
