//! The generated logs are what the figures say they are.

#[test]
fn an_interaction_log_has_the_size_that_is_measured() {
    for number in [0, 1, 999_999] {
        let log = segb_tests::interaction_log(number);
        let parsed =
            segb_store::ParsedLog::parse(log.clone().into_bytes(), &segb_store::TurtleLimits::default());
        let triples = parsed.expect("valid Turtle").triple_count();
        assert!((47..=51).contains(&triples), "{triples} triples");
        assert!((3_300..=3_900).contains(&log.len()), "{} bytes", log.len());
    }
}

#[test]
fn an_interaction_has_the_logs_that_are_measured() {
    let logs: Vec<String> = (0..4).flat_map(|number| segb_tests::interaction(7, number)).collect();
    assert_eq!(logs.len(), 4 * 55);
    let mut triples = 0;
    for log in &logs {
        let parsed =
            segb_store::ParsedLog::parse(log.clone().into_bytes(), &segb_store::TurtleLimits::default());
        triples += parsed.unwrap_or_else(|error| panic!("{error}: {log}")).triple_count();
    }
    let mean = triples as f64 / logs.len() as f64;
    assert!((47.0..=51.0).contains(&mean), "{mean} triples");
    assert_eq!(logs, (0..4).flat_map(|number| segb_tests::interaction(7, number)).collect::<Vec<_>>());
    assert_ne!(segb_tests::interaction(8, 0), segb_tests::interaction(7, 0));
}
