//! What an auditor of SEGB reads first: reports (who met whom, which models were used, what was felt, where robots were,
//! what was said) and explanations (why did the robot do this?), computed over one view of the graph, each a function of
//! a view and a filter. `docs/reports.md` defines every field. The crate knows no HTTP, no users and roles, no clock, and
//! nothing of how the graph is stored.
//!
//! ```
//! use segb_reports::{Filter, emotions};
//! # use segb_store::{ParsedLog, Provenance, Salt, Store, StoreOptions, Timestamp};
//! # let directory = tempfile::tempdir()?;
//! # let store = Store::open(StoreOptions::new(directory.path()))?;
//! # let turtle = b"@prefix onyx: <http://www.gsi.upm.es/ontologies/onyx/ns#> . @prefix oro: <http://kb.openrobots.org#> .
//! #     @prefix oa: <http://www.w3.org/ns/oa#> . @prefix segb: <http://www.gsi.upm.es/ontologies/segb/ns#> .
//! #     <urn:ana> a oro:Human . <urn:analysis> a onyx:EmotionAnalysis ; segb:producedEntityResult <urn:result> .
//! #     <urn:result> oa:hasTarget <urn:ana> ; onyx:hasEmotion [ onyx:hasEmotionIntensity 0.9 ] .".to_vec();
//! # let provenance = Provenance { actor: "ari".to_owned(), claimed_user: None, origin: None,
//! #     received_at: Timestamp::from_unix_us(0)?, log_id: uuid::Uuid::from_u128(1),
//! #     salt: Salt::from_bytes([7; Salt::LENGTH_BYTES]) };
//! # store.record(ParsedLog::parse(turtle, store.turtle_limits())?, provenance, None)?.wait()?;
//!
//! // `store` has a log in which a robot found that Ana feels something.
//! let filter = Filter { humans: vec!["urn:ana".to_owned()], limit: 10, ..Filter::default() };
//! let page = emotions(&store.graph()?, &filter)?.page;
//! assert_eq!((page.total, page.rows[0].intensity), (1, Some(0.9)));
//! // What the log left out is said, and does not make the report fail.
//! assert!(page.rows[0].problems.iter().any(|problem| problem.code.as_str() == "no_performer"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod activities;
mod conversations;
mod csv;
mod displacement;
mod distribution;
mod emotions;
mod error;
mod explain;
mod filter;
mod graph;
mod ids;
mod json;
mod links;
mod ml_usage;
mod neighbours;
mod overview;
mod participants;
mod problem;
mod resource;
mod robot_states;
mod search;
mod time;
mod vocabulary;

pub use conversations::{Session, Speaker, Utterance, conversations};
pub use csv::{Csv, CsvRow, to_csv};
pub use displacement::{Displacement, Stay, displacement};
pub use distribution::CategoryFigures;
pub use emotions::{
    CategoryCount, EmotionRow, Emotions, ExtremeEmotions, Trigger, TriggerRelation, emotions,
    extreme_emotions,
};
pub use error::ReportError;
pub use explain::{
    CauseLink, Cut, CutBy, Detail, Direction, ExplainRequest, Explanation, Gap, GapCode, LogProof, Relation,
    Step, explain,
};
pub use filter::{Filter, Page};
pub use links::Via;
pub use ml_usage::{MlEvaluation, MlRun, MlUsage, ml_usage};
pub use neighbours::{Link, LiteralValue, Neighbours, NeighboursRequest, neighbours};
pub use overview::{Busy, Counts, HourCount, LatestLog, Overview, TypeCount, overview};
pub use participants::{Linked, Participant, Peer, participants};
pub use problem::{Problem, ProblemCode};
pub use resource::{Kind, Resource};
pub use robot_states::{RobotState, StateProperty, robot_states};
pub use search::{Hit, Hits, MatchedBy, Prefix, VocabularyInUse, search, vocabulary_in_use};
pub use time::TimeSource;
