//! Against CPython: the script beside the fixture made it.

use segb_context::sequence_ratio;

const GOLDEN: &str = include_str!("../fixtures/sequence_ratios.jsonl");

#[test]
fn the_ratio_is_that_of_cpython_to_the_last_bit() {
    let (mut pairs, mut long) = (0, 0);
    for line in GOLDEN.lines() {
        let (first, second, ratio): (String, String, String) = serde_json::from_str(line).unwrap();
        let expected: f64 = ratio.parse().unwrap();
        assert_eq!(sequence_ratio(&first, &second), expected, "{first:?} and {second:?}");
        pairs += 1;
        long += usize::from(second.chars().count() > 200);
    }
    assert!(pairs >= 2_000 && long >= 80, "{pairs} pairs, {long} of them long");
}
