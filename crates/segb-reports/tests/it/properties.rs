//! What holds for every graph.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use proptest::prelude::*;
use segb_reports::{
    CategoryFigures, Direction, EmotionRow, ExplainRequest, Filter, ProblemCode, conversations, displacement,
    emotions, explain, extreme_emotions, ml_usage, overview, participants, robot_states, to_csv,
};

use crate::{
    graphs::{Text, Told, logs},
    oracle::{Conversations, Naive},
};

fn everything() -> Filter {
    Filter { limit: 10_000, ..Filter::default() }
}

fn sorted(rows: impl Iterator<Item = String>) -> Vec<String> {
    let rows: BTreeSet<String> = rows.collect();
    rows.into_iter().collect()
}

fn iri(resource: &segb_reports::Resource) -> String {
    resource.iri.clone().unwrap_or_else(|| resource.label.clone())
}

/// For each category how many rows, and the mean intensity, to four decimals: sums depend on the order.
type Figures = BTreeMap<Option<String>, (usize, Option<String>)>;

fn figures(distribution: &[CategoryFigures]) -> Figures {
    assert!(distribution.windows(2).all(|pair| pair[0].count >= pair[1].count), "the most frequent first");
    let figure = |one: &CategoryFigures| (one.count, one.mean_intensity.map(|mean| format!("{mean:.4}")));
    distribution.iter().map(|one| (one.category.as_ref().map(iri), figure(one))).collect()
}

/// The same by looking at every row.
fn figures_of(rows: &[EmotionRow]) -> Figures {
    let mut table: BTreeMap<Option<String>, Vec<Option<f64>>> = BTreeMap::new();
    for row in rows {
        table.entry(row.category.as_ref().map(iri)).or_default().push(row.intensity);
    }
    let figure = |intensities: Vec<Option<f64>>| {
        let known: Vec<f64> = intensities.iter().copied().flatten().collect();
        let mean = (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64);
        (intensities.len(), mean.map(|mean| format!("{mean:.4}")))
    };
    table.into_iter().map(|(category, intensities)| (category, figure(intensities))).collect()
}

const HUMAN: &str = "{ ?h a oro:Human } UNION { ?h a foaf:Person } UNION { ?h a prov:Person }
                     FILTER NOT EXISTS { ?h a oro:Robot }";

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn links_are_those_of_the_definition(logs in logs()) {
        let told = Told::new(&logs);
        let page = participants(&told.store.graph().unwrap(), &everything()).unwrap();
        let ours = sorted(page.rows.iter().filter(|row| row.participant.kind == segb_reports::Kind::Robot).flat_map(|row| {
            row.linked.iter().map(|linked| format!("{} {} {}", iri(&row.participant), iri(&linked.resource), linked.activities))
        }));
        let expected = told.select(&format!(
            "?r ?h (COUNT(DISTINCT ?a) AS ?n) {{ ?a segb:wasPerformedBy ?r . ?r a oro:Robot . {HUMAN}
             {{ ?a schema:about/schema:about ?h }} UNION {{ ?a segb:wasRequestedBy ?h }}
             UNION {{ ?r oro:belongsTo ?h }} UNION {{ ?a oro:hasSpeaker ?r ; oro:hasListener ?h }}
             UNION {{ ?a oro:hasSpeaker ?h ; oro:hasListener ?r }} }} GROUP BY ?r ?h"
        ));
        prop_assert_eq!(ours, expected);
        // The humans' side says the same.
        let pairs = |kind| page.rows.iter().filter(|row| row.participant.kind == kind).flat_map(|row| {
            row.linked.iter().map(|linked| (iri(&row.participant), iri(&linked.resource))).collect::<Vec<_>>()
        }).collect::<BTreeSet<_>>();
        let mirrored: BTreeSet<_> = pairs(segb_reports::Kind::Human).into_iter().map(|(h, r)| (r, h)).collect();
        prop_assert_eq!(pairs(segb_reports::Kind::Robot), mirrored);
    }

    #[test]
    fn models_are_those_of_the_definition(logs in logs()) {
        let told = Told::new(&logs);
        let page = ml_usage(&told.store.graph().unwrap(), &everything()).unwrap();
        let ours = sorted(page.rows.iter().map(|row| format!("{} {}", iri(&row.activity), iri(&row.model))));
        let blank = |rows: Vec<String>| rows.len();
        let expected = told.select("?a ?m { ?a segb:usedMLModel ?m }");
        prop_assert_eq!(blank(ours), blank(expected));
        let data = sorted(page.rows.iter().flat_map(|row| row.runs.iter().flat_map(|run| {
            run.datasets.iter().map(|data| format!("{} {} {}", iri(&row.model), iri(&run.run), iri(data))).collect::<Vec<_>>()
        })));
        let expected = told.select(
            "?m ?run ?d { ?a segb:usedMLModel ?m . ?run mls:hasOutput ?m ; mls:hasInput ?d
             FILTER NOT EXISTS { ?d a mls:HyperParameterSetting } }",
        );
        prop_assert_eq!(data.len(), expected.len());
    }

    #[test]
    fn emotions_are_those_of_the_definition(logs in logs()) {
        let told = Told::new(&logs);
        let answer = emotions(&told.store.graph().unwrap(), &everything()).unwrap();
        let page = answer.page;
        prop_assert_eq!(figures(&answer.distribution), figures_of(&page.rows));
        let result = "?a a onyx:EmotionAnalysis . ?res onyx:hasEmotion ?e
            { ?a segb:producedEntityResult ?res } UNION { ?a prov:generated ?res
              FILTER NOT EXISTS { ?a segb:producedEntityResult ?other . ?other onyx:hasEmotion ?some } }";
        let all = page.rows.iter().filter(|row| row.emotion.is_some()).count();
        prop_assert_eq!(all, told.select(&format!("?a ?res ?e {{ {result} }}")).len());

        // Those without the marks are the definition, word by word.
        let incomplete = [ProblemCode::NoEvent, ProblemCode::NoEmotion, ProblemCode::NoTarget,
                          ProblemCode::SeveralTargets, ProblemCode::NotLoggedActivity];
        let complete = page.rows.iter().filter(|row| !row.problems.iter().any(|p| incomplete.contains(&p.code)));
        let expected = told.select(&format!(
            "?a ?res ?e ?t {{ {result} ?a a segb:LoggedActivity ; schema:about ?event . ?res oa:hasTarget ?t
             FILTER NOT EXISTS {{ ?res oa:hasTarget ?more FILTER (?more != ?t) }}
             FILTER (EXISTS {{ ?event a schema:Event }} || NOT EXISTS {{ ?event a ?class
                VALUES ?class {{ oro:Robot oro:Human foaf:Person prov:Person }} }}) }}"
        ));
        prop_assert_eq!(complete.count(), expected.len());

        let extreme = extreme_emotions(&told.store.graph().unwrap(), &everything(), 0.75).unwrap();
        let expected = told.select(&format!(
            "?a ?res ?e {{ {result} ?res oa:hasTarget ?h {HUMAN} ?e onyx:hasEmotionIntensity ?i
             FILTER NOT EXISTS {{ ?res oa:hasTarget ?more FILTER (?more != ?h) }}
             FILTER (isNumeric(?i) && ?i >= 0.75) }}"
        ));
        prop_assert_eq!(extreme.page.total, expected.len());
        prop_assert!(extreme.page.rows.windows(2).all(|pair| pair[0].intensity >= pair[1].intensity));
        prop_assert_eq!(extreme.categories.iter().map(|category| category.count).sum::<usize>(), extreme.page.total);
        prop_assert_eq!(figures(&extreme.distribution), figures_of(&extreme.page.rows));
    }

    #[test]
    fn states_are_those_of_the_definition(logs in logs()) {
        let told = Told::new(&logs);
        let view = told.store.graph().unwrap();
        let page = robot_states(&view, &everything()).unwrap();
        let strict = page.rows.iter().filter(|row| row.location.is_some()
            && !row.problems.iter().any(|p| matches!(p.code, ProblemCode::NotEntity | ProblemCode::UntypedRobot))
            && row.robot.iri.is_some());
        let ours = sorted(strict.map(|row| format!("{} {}", iri(&row.state), iri(&row.robot))));
        let expected = told.select(
            "?s ?r { ?s a prov:Entity ; prov:wasAttributedTo ?r ; prov:atLocation ?l . ?r a oro:Robot
             FILTER NOT EXISTS { ?s a schema:Message } }",
        );
        prop_assert_eq!(ours, expected);

        // Displacement is what the states say.
        let mut samples: BTreeMap<String, usize> = BTreeMap::new();
        for row in page.rows.iter().filter(|row| row.location.is_some() && row.time.is_some()) {
            *samples.entry(iri(&row.robot)).or_default() += 1;
        }
        for row in displacement(&view, &everything()).unwrap().rows {
            prop_assert_eq!(row.samples, samples.remove(&iri(&row.robot)).unwrap_or(0));
            prop_assert_eq!(row.path.iter().map(|stay| stay.samples).sum::<usize>(), row.samples);
            prop_assert_eq!(row.changes, row.path.len().saturating_sub(1));
            prop_assert!(row.path.windows(2).all(|pair| pair[0].location != pair[1].location));
            prop_assert!(row.path.windows(2).all(|pair| pair[0].last_time <= pair[1].first_time));
        }
        prop_assert!(samples.is_empty());
    }

    #[test]
    fn conversations_are_those_of_the_definition(logs in talk()) {
        let triples: Vec<Text> = logs.concat();
        let naive = Naive(&triples);
        prop_assume!(naive.is_plain());
        let told = Told::new(&logs);
        let page = conversations(&told.store.graph().unwrap(), &everything()).unwrap();
        let mut ours = Conversations::new();
        let bracketed = |resource: &segb_reports::Resource| format!("<{}>", iri(resource));
        for session in &page.rows {
            prop_assert_eq!(session.messages.len(), session.message_count);
            let times: Vec<i64> = session.messages.iter().filter_map(|m| m.time).map(|t| t.as_unix_s()).collect();
            prop_assert!(times.windows(2).all(|pair| pair[0] <= pair[1] && pair[1] - pair[0] < 120));
            let pair = (bracketed(&session.robot), bracketed(&session.human));
            let said = session.messages.iter().map(|message| {
                (message.time.map(|time| time.as_unix_s() - 1_769_853_600), bracketed(&message.message))
            });
            ours.entry(pair).or_default().extend(said);
        }
        for said in ours.values_mut() {
            said.sort_by_key(|(time, message)| (time.is_none(), *time, message.clone()));
        }
        prop_assert_eq!(ours, naive.conversations());
    }

    #[test]
    fn nothing_makes_a_report_fail(logs in logs(), since in 0..2_u8) {
        let told = Told::new(&logs);
        let view = told.store.graph().unwrap();
        let filter = Filter {
            since: (since == 1).then(|| "2026-01-31T10:01:00Z".parse().unwrap()),
            robots: vec!["urn:n1".to_owned(), "urn:n2".to_owned()],
            humans: vec!["urn:n3".to_owned()],
            ..everything()
        };
        for filter in [filter, everything()] {
            overview(&told.store, &view, &filter).unwrap();
            let rows = emotions(&view, &filter).unwrap().page.rows;
            prop_assert!(to_csv(&rows).lines().count() > rows.len());
            to_csv(&participants(&view, &filter).unwrap().rows);
            to_csv(&ml_usage(&view, &filter).unwrap().rows);
            to_csv(&robot_states(&view, &filter).unwrap().rows);
            to_csv(&displacement(&view, &filter).unwrap().rows);
            to_csv(&conversations(&view, &filter).unwrap().rows);
        }
    }

    #[test]
    fn a_filter_only_leaves_rows_out(logs in logs()) {
        let told = Told::new(&logs);
        let view = told.store.graph().unwrap();
        let all = emotions(&view, &everything()).unwrap().page;
        for human in 0..4 {
            let filter = Filter { humans: vec![format!("urn:n{human}")], ..everything() };
            let some = emotions(&view, &filter).unwrap().page;
            let expected: Vec<_> = all.rows.iter().filter(|row| {
                row.target.as_ref().is_some_and(|target| target.iri.as_deref() == Some(&*format!("urn:n{human}")))
            }).cloned().collect();
            prop_assert_eq!(some.rows, expected);
        }
        let (mut paged, mut offset) = (Vec::new(), Some(0));
        while let Some(start) = offset {
            let answer = emotions(&view, &Filter { offset: start, limit: 3, ..Filter::default() }).unwrap();
            prop_assert_eq!(figures(&answer.distribution), figures_of(&all.rows), "over all rows, whatever the page");
            let page = answer.page;
            paged.extend(page.rows);
            offset = page.next_offset;
        }
        prop_assert_eq!(paged, all.rows);
    }

    #[test]
    fn explanations_hang_together(logs in logs(), root in 0..12_u8, depth in 1..6_usize, steps_max in 1..40_usize) {
        let told = Told::new(&logs);
        let view = told.store.graph().unwrap();
        let resource = format!("urn:n{root}");
        let Ok(explanation) = explain(&view, &ExplainRequest { resource: resource.clone(), depth, steps_max }) else {
            let pattern = format!("?p {{ {{ <{resource}> ?p ?o }} UNION {{ ?s ?p <{resource}> }} }}");
            prop_assert!(told.select(&pattern).is_empty());
            return Ok(());
        };
        prop_assert!(explanation.steps.len() <= steps_max);
        let ids: HashSet<&str> = explanation.steps.iter().map(|step| step.id.as_str()).collect();
        prop_assert_eq!(ids.len(), explanation.steps.len());
        for link in &explanation.links {
            prop_assert!(ids.contains(link.cause.as_str()) && ids.contains(link.effect.as_str()));
            prop_assert!(!link.logs.is_empty() && !link.predicates.is_empty());
        }
        // What led to it does so by links, and what came of it, too.
        for (direction, forward) in [(Direction::Back, false), (Direction::Forward, true)] {
            let mut reached = HashSet::from([resource.as_str()]);
            for _ in 0..explanation.steps.len() {
                for link in &explanation.links {
                    let (from, to) = if forward { (&link.cause, &link.effect) } else { (&link.effect, &link.cause) };
                    if reached.contains(from.as_str()) {
                        reached.insert(to);
                    }
                }
            }
            for step in explanation.steps.iter().filter(|step| step.direction == direction) {
                prop_assert!(reached.contains(step.id.as_str()), "{} is not connected", step.id);
                prop_assert!(step.distance <= depth);
            }
        }
        prop_assert!(explanation.to_text().contains("What happened, in order:"));
    }
}

/// Graphs in which there is mostly talk, so that there are conversations at all.
fn talk() -> impl Strategy<Value = Vec<Vec<Text>>> {
    let people = |number: u8| format!("<urn:n{number}>");
    let said = (0..4_u8, 4..6_u8, 6..8_u8, 0..3_u8, 0..4_u8, 0..4_u8).prop_map(
        move |(number, robot, human, sender, how, when)| {
            let (message, activity) = (format!("<urn:m{number}>"), format!("<urn:a{number}>"));
            let mut log = vec![
                [message.clone(), "a".into(), "schema:Message".into()],
                [message.clone(), "schema:text".into(), "\"hello\"".into()],
                [message.clone(), "prov:wasGeneratedBy".into(), activity.clone()],
                [activity.clone(), "segb:wasPerformedBy".into(), people(robot)],
                [people(robot), "a".into(), "oro:Robot".into()],
                [people(human), "a".into(), "oro:Human".into()],
            ];
            match sender {
                0 => log.push([message.clone(), "schema:sender".into(), people(robot)]),
                1 => log.push([message.clone(), "schema:sender".into(), people(human)]),
                _ => {}
            }
            match how {
                0 => log.push([activity.clone(), "oro:hasListener".into(), people(human)]),
                1 => log.push([people(robot), "oro:belongsTo".into(), people(human)]),
                2 => {
                    log.push([activity.clone(), "schema:about".into(), "<urn:event>".into()]);
                    log.push(["<urn:event>".into(), "schema:about".into(), people(human)]);
                }
                _ => {}
            }
            let times = ["10:00:00Z", "10:01:59Z", "10:02:00Z"];
            if let Some(time) = times.get(usize::from(when)) {
                let time = format!("\"2026-01-31T{time}\"^^xsd:dateTime");
                log.push([activity, "prov:startedAtTime".into(), time]);
            }
            log
        },
    );
    proptest::collection::vec(said, 1..8)
}
