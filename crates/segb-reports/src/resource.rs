//! What rows say about the things they name.

use serde::Serialize;
use utoipa::ToSchema;

/// A thing that a log named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Resource {
    /// The IRI, `_:…` for a blank node, none for a literal.
    pub iri: Option<String>,
    /// `foaf:firstName`, else `schema:name`, else `rdfs:label`, else the last segment of the IRI; the text of a literal.
    pub label: String,
    /// What it is.
    pub kind: Kind,
}

macro_rules! kinds {
    ($($(#[$doc:meta])+ $name:ident = $text:literal,)+) => {
        /// What a resource is, by its types.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Kind {
            $($(#[$doc])+ $name,)+
        }

        impl Kind {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// As in the answers.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

kinds! {
    /// Typed `oro:Robot`.
    Robot = "robot",
    /// Typed `oro:Human`, `foaf:Person` or `prov:Person`, and not a robot.
    Human = "human",
    /// Typed `schema:Message`.
    Message = "message",
    /// An emotion, or the result of an emotion analysis.
    Emotion = "emotion",
    /// How a robot was at some time.
    State = "state",
    /// A shared event.
    Event = "event",
    /// A model.
    Model = "model",
    /// A data set.
    Dataset = "dataset",
    /// An evaluation of a model.
    Evaluation = "evaluation",
    /// A setting of a model.
    Setting = "setting",
    /// An observation.
    Observation = "observation",
    /// A place.
    Location = "location",
    /// The category of an emotion.
    Category = "category",
    /// Something that was done.
    Activity = "activity",
    /// Somebody or something that can act.
    Agent = "agent",
    /// Any other `prov:Entity`.
    Entity = "entity",
    /// A text or number in the place of a resource.
    Literal = "literal",
    /// Nothing says what it is.
    Unknown = "unknown",
}

impl Kind {
    /// What has a part in so much that nobody learns anything from following it.
    pub(crate) fn is_hub(self) -> bool {
        matches!(
            self,
            Self::Robot
                | Self::Human
                | Self::Agent
                | Self::Model
                | Self::Dataset
                | Self::Evaluation
                | Self::Setting
                | Self::Event
                | Self::Location
                | Self::Category
                | Self::Literal
        )
    }
}
