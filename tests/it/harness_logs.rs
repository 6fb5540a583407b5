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
