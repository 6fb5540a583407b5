//! How alike two texts are: the ratio of Python's `difflib.SequenceMatcher` with its default *autojunk*, on Unicode
//! scalar values, after the algorithm of Ratcliff and Obershelp that its documentation describes.

use std::{collections::HashSet, ops::Range};

/// From this length of the second text on, characters that are frequent in it do not start a match …
const AUTOJUNK_LENGTH_MIN: usize = 200;
/// … frequent: more than one in this many, and one.
const AUTOJUNK_SHARE: usize = 100;

/// Half the Jaccard index of the sets of words, half the ratio of [`sequence_ratio`]; none if a text is empty. Both are
/// words separated by single spaces.
pub(crate) fn text_similarity(first: &str, second: &str) -> Option<f64> {
    if first.is_empty() || second.is_empty() {
        return None;
    }
    let first_words: HashSet<&str> = first.split(' ').collect();
    let second_words: HashSet<&str> = second.split(' ').collect();
    let shared = first_words.intersection(&second_words).count();
    let all = first_words.len() + second_words.len() - shared;
    let jaccard = shared as f64 / all as f64;
    Some(0.5 * jaccard + 0.5 * sequence_ratio(first, second))
}

/// `difflib.SequenceMatcher(a=first, b=second).ratio()` of CPython 3, to the last bit: between 0 and 1, not symmetric.
///
/// Takes time in proportion to the product of the lengths, and for texts made for it to more than that; the texts of
/// observations are limited for this reason.
pub fn sequence_ratio(first: &str, second: &str) -> f64 {
    let first: Vec<char> = first.chars().collect();
    let second: Vec<char> = second.chars().collect();
    let length = first.len() + second.len();
    if length == 0 {
        return 1.0;
    }
    2.0 * Matcher::new(&first, &second).matching_characters() as f64 / length as f64
}

struct Matcher<'t> {
    first: &'t [char],
    second: &'t [char],
    /// The places in the second text, sorted by their characters.
    by_character: Vec<u32>,
    /// For each place in the first text, where in `by_character` the places of its character are.
    places: Vec<Range<usize>>,
}

/// The length of the match that ends in front of a place of the second text, for two neighbouring places of the first;
/// zero wherever there is none.
struct Lengths {
    previous: Vec<usize>,
    current: Vec<usize>,
}

/// Equal characters from `first` in the first text and `second` in the second on.
struct Block {
    first: usize,
    second: usize,
    length: usize,
}

impl<'t> Matcher<'t> {
    fn new(first: &'t [char], second: &'t [char]) -> Self {
        let mut by_character: Vec<u32> = (0..second.len() as u32).collect();
        by_character.sort_by_key(|&place| second[place as usize]);
        let occurrences_max = match second.len() {
            length if length >= AUTOJUNK_LENGTH_MIN => length / AUTOJUNK_SHARE + 1,
            length => length,
        };
        let places = first.iter().map(|&character| {
            let start = by_character.partition_point(|&place| second[place as usize] < character);
            let length = by_character[start..].partition_point(|&place| second[place as usize] == character);
            if length > occurrences_max { 0..0 } else { start..start + length }
        });
        let places = places.collect();
        Self { first, second, by_character, places }
    }

    /// The sum of the lengths of the longest match, and of the longest ones before and after it, and so on.
    fn matching_characters(&self) -> usize {
        let zeros = vec![0; self.second.len() + 1];
        let mut lengths = Lengths { previous: zeros.clone(), current: zeros };
        let mut open = vec![(0..self.first.len(), 0..self.second.len())];
        let mut sum = 0;
        while let Some((first, second)) = open.pop() {
            let block = self.longest(&first, &second, &mut lengths);
            if block.length == 0 {
                continue;
            }
            sum += block.length;
            for rest in [
                (first.start..block.first, second.start..block.second),
                (block.first + block.length..first.end, block.second + block.length..second.end),
            ] {
                if !rest.0.is_empty() && !rest.1.is_empty() {
                    open.push(rest);
                }
            }
        }
        sum
    }

    /// The longest match within two ranges; of equal ones the first in the first text, then in the second. The lengths
    /// are all zero before and after.
    fn longest(&self, first: &Range<usize>, second: &Range<usize>, lengths: &mut Lengths) -> Block {
        let mut best = Block { first: first.start, second: second.start, length: 0 };
        let mut before: &[u32] = &[];
        for place in first.clone() {
            let places = self.within(place, second);
            for other in places.iter().map(|&other| other as usize) {
                let length = lengths.previous[other] + 1;
                lengths.current[other + 1] = length;
                if length > best.length {
                    best = Block { first: place + 1 - length, second: other + 1 - length, length };
                }
            }
            before.iter().for_each(|&other| lengths.previous[other as usize + 1] = 0);
            std::mem::swap(&mut lengths.previous, &mut lengths.current);
            before = places;
        }
        before.iter().for_each(|&other| lengths.previous[other as usize + 1] = 0);
        self.extended(best, first, second)
    }

    /// The places within `second` that hold the character at `place` of the first text, ascending.
    fn within(&self, place: usize, second: &Range<usize>) -> &[u32] {
        let places = &self.by_character[self.places[place].clone()];
        let start = places.partition_point(|&other| (other as usize) < second.start);
        let end = places.partition_point(|&other| (other as usize) < second.end);
        &places[start..end]
    }

    /// Frequent characters do not start a match but may go on with one.
    fn extended(&self, mut block: Block, first: &Range<usize>, second: &Range<usize>) -> Block {
        while block.first > first.start
            && block.second > second.start
            && self.first[block.first - 1] == self.second[block.second - 1]
        {
            block = Block { first: block.first - 1, second: block.second - 1, length: block.length + 1 };
        }
        while block.first + block.length < first.end
            && block.second + block.length < second.end
            && self.first[block.first + block.length] == self.second[block.second + block.length]
        {
            block.length += 1;
        }
        block
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_without_words_have_no_similarity_and_equal_ones_have_all() {
        assert_eq!(text_similarity("", "a"), None);
        assert_eq!(text_similarity("a", ""), None);
        assert_eq!(text_similarity("hello world", "hello world"), Some(1.0));
        assert_eq!(text_similarity("abc", "xyz"), Some(0.0));
        assert_eq!(sequence_ratio("", ""), 1.0);
    }
}
