//! What is incomplete or odd about a row.

use serde::Serialize;
use utoipa::ToSchema;

macro_rules! codes {
    ($($(#[$doc:meta])+ $name:ident = $text:literal,)+) => {
        /// What is wrong, for programs. `docs/reports.md` lists them, too.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum ProblemCode {
            $($(#[$doc])+ $name,)+
        }

        impl ProblemCode {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// As in the answers.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

codes! {
    /// There is no time.
    NoTime = "no_time",
    /// A time cannot be read.
    TimeInvalid = "time_invalid",
    /// A time has no zone and is taken as UTC.
    TimeWithoutZone = "time_without_zone",
    /// A time is not an `xsd:dateTime`.
    TimeNotDatetime = "time_not_datetime",
    /// There are several times; the earliest is taken.
    SeveralTimes = "several_times",
    /// There are several labels; the first in the order of characters is taken.
    SeveralLabels = "several_labels",
    /// There are several texts; the first in the order of characters is taken.
    SeveralTexts = "several_texts",
    /// A text is longer than what is shown.
    TextCut = "text_cut",
    /// A literal stands where a resource is expected.
    LiteralResource = "literal_resource",
    /// No log says anything about what is named.
    NothingKnown = "nothing_known",
    /// Nobody performed the activity.
    NoPerformer = "no_performer",
    /// Several performed the activity; the first is shown.
    SeveralPerformers = "several_performers",
    /// What performed is not typed as a robot.
    UntypedRobot = "untyped_robot",
    /// A human performed the activity.
    PerformerIsHuman = "performer_is_human",
    /// Typed as a robot and as a human; it counts as a robot.
    RobotAndHuman = "robot_and_human",
    /// The activity is not typed `segb:LoggedActivity`.
    NotLoggedActivity = "not_logged_activity",
    /// An emotion analysis is not about a shared event.
    NoEvent = "no_event",
    /// An emotion analysis has no result with an emotion.
    NoEmotion = "no_emotion",
    /// A result has no target.
    NoTarget = "no_target",
    /// A result has several targets.
    SeveralTargets = "several_targets",
    /// An emotion has no category.
    NoCategory = "no_category",
    /// An emotion has several categories; the first is shown.
    SeveralCategories = "several_categories",
    /// An emotion has no intensity.
    NoIntensity = "no_intensity",
    /// An emotion has several intensities; the highest is shown.
    SeveralIntensities = "several_intensities",
    /// An intensity is no number.
    IntensityInvalid = "intensity_invalid",
    /// An intensity is not between 0 and 1.
    IntensityOutOfRange = "intensity_out_of_range",
    /// A confidence is no number.
    ConfidenceInvalid = "confidence_invalid",
    /// No run has the model as its output.
    NoRun = "no_run",
    /// What has the model as its output is not typed `mls:Run`.
    RunNotTyped = "run_not_typed",
    /// The value of an evaluation is no number.
    ValueInvalid = "value_invalid",
    /// A state is not typed `prov:Entity`.
    NotEntity = "not_entity",
    /// A state has no location.
    NoLocation = "no_location",
    /// A state has several locations; the first is taken.
    SeveralLocations = "several_locations",
    /// The sender of a message cannot be told.
    NoSender = "no_sender",
    /// A message has several senders; the first is taken.
    SeveralSenders = "several_senders",
    /// A list in the row is longer than what is shown.
    ListCut = "list_cut",
    /// Something starts before what caused it.
    EffectBeforeCause = "effect_before_cause",
    /// A person, a robot or the like is asked about, which did not happen.
    NotAnEvent = "not_an_event",
}

/// One thing that is incomplete or odd. It never makes a report fail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// What is wrong, for programs.
    pub code: ProblemCode,
    /// The same for people.
    pub message: String,
    /// The resource that it is about.
    pub iri: Option<String>,
}

/// Problems listed for one row.
const PROBLEMS_MAX: usize = 20;

/// The problems of a row, each once.
#[derive(Debug, Default)]
pub(crate) struct Problems(Vec<Problem>);

impl Problems {
    pub(crate) fn add(&mut self, problem: Problem) {
        if self.0.len() < PROBLEMS_MAX && !self.0.contains(&problem) {
            self.0.push(problem);
        }
    }

    pub(crate) fn note(&mut self, code: ProblemCode, message: impl Into<String>, iri: Option<&str>) {
        self.add(Problem { code, message: message.into(), iri: iri.map(str::to_owned) });
    }

    pub(crate) fn into_list(self) -> Vec<Problem> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_spelled_alike_in_json_and_csv() {
        for code in ProblemCode::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
    }
}
