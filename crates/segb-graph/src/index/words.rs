//! The words of texts, by which people search the graph.
//!
//! A log brings some hundred words, and each of them would touch a page of its own. So they are added afterwards, when
//! nobody waits, those of many texts at once and in the order of the keys; `meta` remembers up to which term. A search
//! reads the texts behind that one by one.

use std::{collections::BTreeSet, ops::Bound};

use heed::{RoTxn, RwTxn};

use super::{
    IndexError,
    ids::{ID_BYTES, TermId},
    tables::Tables,
};
use crate::term::{TermRef, XSD_STRING};

/// In `meta`: the last term whose words are in the table.
const DONE: &str = "words";

/// Words of one text that it is found by: enough for what somebody says at a time, and a text of megabytes costs no more.
const WORDS_PER_TEXT_MAX: usize = 64;
/// A word is told from others by so many bytes.
const WORD_BYTES_MAX: usize = 32;
/// Stands between word and id; no word has it.
const END: u8 = 0;

/// The different words of a text, in lower case, shortened, at most 64. A word is a run of letters
/// and digits, so that scripts without spaces are found by the beginning of a run only.
pub fn words(text: &str) -> BTreeSet<String> {
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

/// Adds the words of the next terms, at most `terms_max`; whether there may be more.
pub(super) fn add(tables: &Tables, txn: &mut RwTxn<'_>, terms_max: usize) -> Result<bool, IndexError> {
    let (mut postings, mut last, mut count) = (Vec::new(), None, 0);
    for entry in without_words(tables, txn)?.take(terms_max) {
        let (id, term) = entry?;
        postings.extend(words_of(term).iter().map(|word| posting_key(word, id)));
        (last, count) = (Some(id), count + 1);
    }
    // Neighbours land on the page that is already at hand.
    postings.sort_unstable();
    for posting in &postings {
        tables.words.put(txn, posting, &[])?;
    }
    if let Some(last) = last {
        set_done(tables, txn, last)?;
    }
    Ok(count == terms_max)
}

/// The terms whose words are not in the table yet, in the order in which they came.
pub(super) fn without_words<'t>(
    tables: &Tables,
    txn: &'t RoTxn<'_>,
) -> Result<impl Iterator<Item = Result<(TermId, TermRef<'t>), IndexError>>, IndexError> {
    let done = tables.meta.get(txn, DONE.as_bytes())?.unwrap_or(&[0; ID_BYTES]);
    let behind = (Bound::Excluded(done), Bound::Unbounded);
    Ok(tables.terms.range(txn, &behind)?.map(|entry| {
        let (id, encoded) = entry?;
        let id = TermId::from_bytes(id).ok_or(IndexError::Damaged("a term id is cut"))?;
        let term = TermRef::decode(encoded).ok_or(IndexError::Damaged("a term cannot be read"))?;
        Ok((id, term))
    }))
}

/// With the graph, all words are gone.
pub(super) fn forget_all(tables: &Tables, txn: &mut RwTxn<'_>) -> Result<(), IndexError> {
    tables.meta.delete(txn, DONE.as_bytes())?;
    Ok(())
}

/// If the last terms are gone, their ids are given again, to terms whose words are not in the table.
pub(super) fn after_erasure(tables: &Tables, txn: &mut RwTxn<'_>) -> Result<(), IndexError> {
    let last = tables.terms.last(txn)?.map(|(id, _)| id.to_vec()).unwrap_or_default();
    let is_behind = tables.meta.get(txn, DONE.as_bytes())?.is_some_and(|done| *done > *last);
    match TermId::from_bytes(&last) {
        Some(last) if is_behind => set_done(tables, txn, last),
        None => forget_all(tables, txn),
        Some(_) => Ok(()),
    }
}

fn set_done(tables: &Tables, txn: &mut RwTxn<'_>, id: TermId) -> Result<(), IndexError> {
    Ok(tables.meta.put(txn, DONE.as_bytes(), &id.to_bytes())?)
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
    use uuid::Uuid;

    use super::{
        super::{GraphIndex, IndexChange, IndexWriter},
        *,
    };
    use crate::{limits::TurtleLimits, turtle::ParsedLog};

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(words(text).into_iter().collect::<Vec<_>>(), expected, "{text}");
    }

    /// The texts that have a word that starts so.
    fn found(index: &GraphIndex, start: &str) -> Vec<String> {
        let snapshot = index.snapshot().unwrap();
        let ids = snapshot.texts_with(&[], start, 10).unwrap().ids;
        let text = |id| match snapshot.term(id).unwrap() {
            Some(TermRef::Literal { lexical, .. }) => lexical.to_owned(),
            other => panic!("{other:?}"),
        };
        ids.into_iter().map(text).collect()
    }

    #[test]
    fn texts_are_found_before_and_after_their_words_are_added() {
        let directory = tempfile::tempdir().unwrap();
        let index = GraphIndex::open(directory.path(), false).unwrap();
        let mut writer = IndexWriter::default();
        let log_id = |sequence: u64| Uuid::from_u128(u128::from(sequence) + 1);
        let say = |writer: &mut IndexWriter, sequence: u64, text: &str| {
            let document = format!("<urn:a> <urn:p> \"{text}\" .").into_bytes();
            let log = ParsedLog::parse(document, &TurtleLimits::default()).unwrap();
            let change = IndexChange::Assert { sequence, log_id: log_id(sequence), log: &log };
            writer.apply(&index, &[change], sequence + 1).unwrap();
        };
        let add_all = |writer: &IndexWriter| while writer.add_words(&index, 1).unwrap() {};
        say(&mut writer, 0, "good morning");
        assert_eq!(found(&index, "morn"), ["good morning"], "read one by one");
        assert!(!writer.add_words(&index, 100).unwrap(), "there are fewer");
        assert_eq!(found(&index, "morn"), ["good morning"], "by its words");
        say(&mut writer, 1, "good evening");
        assert_eq!(found(&index, "good"), ["good morning", "good evening"], "some so, some so");
        add_all(&writer);
        assert_eq!(found(&index, "good"), ["good morning", "good evening"]);

        // The ids of the last terms are given again.
        writer.apply(&index, &[IndexChange::Erase { log_id: log_id(1) }], 3).unwrap();
        say(&mut writer, 3, "good night");
        for _ in 0..2 {
            assert_eq!(found(&index, "even"), Vec::<String>::new());
            assert_eq!(found(&index, "night"), ["good night"]);
            add_all(&writer);
        }
        writer.apply(&index, &[IndexChange::Clear], 5).unwrap();
        assert_eq!(found(&index, "good"), Vec::<String>::new());
        say(&mut writer, 5, "good news");
        add_all(&writer);
        assert_eq!(found(&index, "good"), ["good news"]);
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
