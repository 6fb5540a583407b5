//! Conversations as the definition says, over a list of triples, without any index.

use std::collections::{BTreeMap, BTreeSet};

use crate::graphs::Text;

/// The triples of a graph.
pub(crate) struct Naive<'t>(pub(crate) &'t [Text]);

/// Robot and human.
type Pair = (String, String);

/// Time, message and sender.
type Said = (Option<i64>, String, String);

/// For each message its time, in order.
pub(crate) type Conversations = BTreeMap<Pair, Vec<(Option<i64>, String)>>;

impl Naive<'_> {
    fn objects(&self, subject: &str, predicate: &str) -> BTreeSet<String> {
        let fits = |triple: &&Text| triple[0] == subject && triple[1] == predicate;
        self.0.iter().filter(fits).map(|triple| triple[2].clone()).filter(|object| object != "[]").collect()
    }

    fn subjects(&self, predicate: &str, object: &str) -> BTreeSet<String> {
        let fits = |triple: &&Text| triple[1] == predicate && triple[2] == object;
        self.0.iter().filter(fits).map(|triple| triple[0].clone()).collect()
    }

    fn is_robot(&self, name: &str) -> bool {
        self.objects(name, "a").contains("oro:Robot")
    }

    fn is_human(&self, name: &str) -> bool {
        let types = self.objects(name, "a");
        ["oro:Human", "foaf:Person", "prov:Person"].iter().any(|class| types.contains(*class))
            && !types.contains("oro:Robot")
    }

    fn humans(&self, names: BTreeSet<String>) -> BTreeSet<String> {
        names.into_iter().filter(|name| self.is_human(name)).collect()
    }

    fn time(&self, subject: &str, predicate: &str) -> Option<i64> {
        let times = self.objects(subject, predicate);
        let read = |time: &String| match time.as_str() {
            "\"2026-01-31T10:00:00Z\"^^xsd:dateTime" | "\"2026-01-31T11:00:00+01:00\"^^xsd:dateTime" => {
                Some(0)
            }
            "\"2026-01-31T10:01:59Z\"^^xsd:dateTime" => Some(119),
            "\"2026-01-31T10:02:00Z\"^^xsd:dateTime" => Some(120),
            _ => None,
        };
        times.iter().filter_map(read).min()
    }

    /// Those that can be told for sure: of several senders the report takes any.
    pub(crate) fn sender(&self, message: &str, activity: &str) -> Option<BTreeSet<String>> {
        [(message, "schema:sender"), (message, "prov:wasAttributedTo"), (activity, "oro:hasSpeaker")]
            .into_iter()
            .map(|(subject, predicate)| {
                let all: BTreeSet<String> = self
                    .0
                    .iter()
                    .filter(|triple| triple[0] == subject && triple[1] == predicate)
                    .map(|triple| triple[2].clone())
                    .collect();
                all
            })
            .find(|senders| !senders.is_empty())
    }

    /// Messages with more than one possible sender or generating activity make many right answers.
    pub(crate) fn is_plain(&self) -> bool {
        self.subjects("a", "schema:Message").iter().all(|message| {
            let activities = self.activities(message);
            activities.len() <= 1
                && activities
                    .iter()
                    .all(|activity| self.sender(message, activity).is_none_or(|senders| senders.len() == 1))
        })
    }

    fn activities(&self, message: &str) -> BTreeSet<String> {
        let mut activities = self.objects(message, "prov:wasGeneratedBy");
        activities.extend(self.subjects("prov:generated", message));
        activities.extend(self.subjects("segb:producedEntityResult", message));
        activities
    }

    pub(crate) fn conversations(&self) -> Conversations {
        let mut all: BTreeMap<Pair, Vec<Said>> = BTreeMap::new();
        for message in self.subjects("a", "schema:Message") {
            if self.objects(&message, "schema:text").is_empty() {
                continue;
            }
            for activity in self.activities(&message) {
                let sender = self.sender(&message, &activity).and_then(|senders| senders.into_iter().next());
                for robot in self.objects(&activity, "segb:wasPerformedBy") {
                    if !self.is_robot(&robot) {
                        continue;
                    }
                    for human in self.humans_of(&message, &activity, &robot, sender.as_deref()) {
                        let said = (
                            self.time_of(&message, &activity),
                            message.clone(),
                            sender.clone().unwrap_or_default(),
                        );
                        all.entry((robot.clone(), human)).or_default().push(said);
                    }
                }
            }
        }
        all.retain(|(robot, human), said| {
            said.iter().any(|(_, _, sender)| sender == robot)
                && said.iter().any(|(_, _, sender)| sender == human)
        });
        let plain = |said: Vec<Said>| {
            let mut said: Vec<(Option<i64>, String)> =
                said.into_iter().map(|(time, message, _)| (time, message)).collect();
            said.sort_by_key(|(time, message)| (time.is_none(), *time, message.clone()));
            said
        };
        all.into_iter().map(|(pair, said)| (pair, plain(said))).collect()
    }

    fn humans_of(
        &self,
        message: &str,
        activity: &str,
        robot: &str,
        sender: Option<&str>,
    ) -> BTreeSet<String> {
        if let Some(sender) = sender.filter(|sender| self.is_human(sender)) {
            return BTreeSet::from([sender.to_owned()]);
        }
        let mut talking = self.objects(activity, "oro:hasSpeaker");
        talking.extend(self.objects(activity, "oro:hasListener"));
        let about = |events: BTreeSet<String>| {
            self.humans(events.iter().flat_map(|event| self.objects(event, "schema:about")).collect())
        };
        let candidates = [
            self.humans(talking),
            about(self.events(message)),
            about(self.objects(activity, "schema:about")),
            self.humans(self.objects(robot, "oro:belongsTo")),
        ];
        candidates.into_iter().find(|humans| !humans.is_empty()).unwrap_or_default()
    }

    fn events(&self, message: &str) -> BTreeSet<String> {
        let mut events = self.objects(message, "schema:about");
        events.extend(self.objects(message, "prov:specializationOf"));
        events
    }

    fn time_of(&self, message: &str, activity: &str) -> Option<i64> {
        let own = self
            .time(activity, "prov:startedAtTime")
            .or_else(|| self.time(activity, "prov:endedAtTime"))
            .or_else(|| self.time(message, "prov:generatedAtTime"));
        let mut events = self.events(message);
        events.extend(self.objects(activity, "schema:about"));
        // Of several events with a time the report takes the first it finds; the earliest is what the oracle can tell.
        own.or_else(|| events.iter().filter_map(|event| self.time(event, "prov:generatedAtTime")).min())
    }
}
