//! The words of texts, by which people search the graph.

use std::collections::BTreeSet;

use super::ids::{ID_BYTES, TermId};
use crate::term::{TermRef, XSD_STRING};

/// Words of one text that it is found by: enough for what somebody says at a time, and a text of megabytes costs no more.
const WORDS_PER_TEXT_MAX: usize = 64;
/// A word is told from others by so many bytes.
const WORD_BYTES_MAX: usize = 32;
/// Stands between word and id; no word has it.
const END: u8 = 0;

/// The different words of a text, in lower case, shortened, at most [`WORDS_PER_TEXT_MAX`]. A word is a run of letters
/// and digits, so that scripts without spaces are found by the beginning of a run only.
pub(crate) fn words(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for run in text.split(|character: char| !character.is_alphanumeric()).filter(|run| !run.is_empty()) {
        if found.len() >= WORDS_PER_TEXT_MAX {
            break;
        }
        found.insert(word(run));
    }
    found
}

/// A run of letters and digits as it is kept.
fn word(run: &str) -> String {
    let mut word = String::new();
    for character in run.chars().flat_map(char::to_lowercase) {
        if word.len() + character.len_utf8() > WORD_BYTES_MAX {
            break;
        }
        word.push(character);
    }
    word
}

/// The words that a term is found by: of texts, not of numbers, times and names.
pub(super) fn words_of(term: TermRef<'_>) -> BTreeSet<String> {
    match term {
        TermRef::Literal { lexical, datatype: XSD_STRING } | TermRef::LangLiteral { lexical, .. } => {
            words(lexical)
        }
        TermRef::Iri(_) | TermRef::Blank { .. } | TermRef::Literal { .. } => BTreeSet::new(),
    }
}

/// All keys of a word start with this.
pub(super) fn word_key(word: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(word.len() + 1 + ID_BYTES);
    key.extend_from_slice(word.as_bytes());
    key.push(END);
    key
}

/// That a text has a word.
pub(super) fn posting_key(word: &str, id: TermId) -> Vec<u8> {
    let mut key = word_key(word);
    key.extend_from_slice(&id.to_bytes());
    key
}

/// The text of a [`posting_key`].
pub(super) fn id_of_posting(key: &[u8]) -> Option<TermId> {
    TermId::from_bytes(key.get(key.len().checked_sub(ID_BYTES)?..)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(words(text).into_iter().collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn words_are_runs_of_letters_and_digits_in_lower_case() {
        check(
            "Did you read the NEWS, Ana? The exam-2!",
            &["2", "ana", "did", "exam", "news", "read", "the", "you"],
        );
        check("ÁRBOL árbol", &["árbol"]);
        check("  …—  ", &[]);
        check("", &[]);
    }

    #[test]
    fn long_texts_and_words_cost_no_more_than_others() {
        let long: String = (0..1_000).map(|number| format!("w{number} ")).collect();
        assert_eq!(words(&long).len(), WORDS_PER_TEXT_MAX);
        assert!(words(&"ß".repeat(10_000)).iter().all(|word| word.len() <= WORD_BYTES_MAX));
    }

    #[test]
    fn postings_give_their_id_back() {
        let id = TermId::FIRST.next().unwrap();
        let key = posting_key("añb", id);
        assert!(key.starts_with(&word_key("añb")) && !key.starts_with(&word_key("añ")));
        assert_eq!(id_of_posting(&key), Some(id));
    }
}
