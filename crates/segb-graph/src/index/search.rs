//! Finding terms by what people type.

use super::{
    IndexError, Snapshot, TermId,
    ids::ids,
    tables::Table,
    words::{id_of_posting, posting_key, without_words, word_key, words_of},
};
use crate::term::TermRef;

/// Postings read for one search. With more, the search says that it is not complete: a word that is in every text tells
/// nothing.
const POSTINGS_READ_MAX: usize = 20_000;
/// Terms that are read through because their words are not in the table yet: those of some hundred logs, in about 10 ms.
const NEW_TERMS_READ_MAX: usize = 20_000;
/// Texts that are read through for one search, in bytes: a word has to be looked for again in those that the table does not
/// tell everything about, and a text may be a megabyte. It takes some tenths of a second.
const TEXT_BYTES_READ_MAX: usize = 8 << 20;
/// So far the lists of postings are measured to find the shortest.
const POSTINGS_MEASURED_MAX: usize = 2_000;

/// Texts that were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoundTexts {
    pub ids: Vec<TermId>,
    /// Whether there may be more.
    pub is_cut: bool,
}

impl Snapshot {
    /// Texts that have all of `whole` as words and a word that starts with `start`, at most `max`.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn texts_with(&self, whole: &[String], start: &str, max: usize) -> Result<FoundTexts, IndexError> {
        let prefix = match self.rarest(whole)? {
            Some(word) => word_key(word),
            None => start.as_bytes().to_vec(),
        };
        let (mut found, mut room_bytes) = (FoundTexts::default(), TEXT_BYTES_READ_MAX);
        let postings = self.tables.words.prefix_iter(&self.txn, &prefix)?;
        for (read, posting) in postings.enumerate() {
            if read >= POSTINGS_READ_MAX || found.ids.len() >= max || room_bytes == 0 {
                found.is_cut = true;
                break;
            }
            let id = id_of_posting(posting?.0).ok_or(IndexError::Damaged("a posting is cut"))?;
            // One text may have several words of one beginning.
            if !found.ids.contains(&id) && self.has_words(id, whole, start, &mut room_bytes)? {
                found.ids.push(id);
            }
        }
        self.add_new_texts(whole, start, max, &mut room_bytes, &mut found)?;
        Ok(found)
    }

    /// Texts that came just now are not in the table of words yet.
    fn add_new_texts(
        &self,
        whole: &[String],
        start: &str,
        max: usize,
        room_bytes: &mut usize,
        found: &mut FoundTexts,
    ) -> Result<(), IndexError> {
        for (read, entry) in without_words(&self.tables, &self.txn)?.enumerate() {
            if read >= NEW_TERMS_READ_MAX || found.ids.len() >= max || *room_bytes == 0 {
                found.is_cut = true;
                break;
            }
            let (id, term) = entry?;
            *room_bytes = room_bytes.saturating_sub(text_bytes(term));
            let words = words_of(term);
            if whole.iter().all(|word| words.contains(word))
                && words.iter().any(|word| word.starts_with(start))
            {
                found.ids.push(id);
            }
        }
        Ok(())
    }

    /// The word that is in the fewest texts.
    fn rarest<'w>(&self, words: &'w [String]) -> Result<Option<&'w str>, IndexError> {
        let mut rarest: Option<(usize, &str)> = None;
        for word in words {
            let postings = self.tables.words.prefix_iter(&self.txn, &word_key(word))?;
            let count = postings.take(POSTINGS_MEASURED_MAX).count();
            if rarest.is_none_or(|(least, _)| count < least) {
                rarest = Some((count, word));
            }
        }
        Ok(rarest.map(|(_, word)| word))
    }

    fn has_words(
        &self,
        id: TermId,
        whole: &[String],
        start: &str,
        room_bytes: &mut usize,
    ) -> Result<bool, IndexError> {
        if whole.is_empty() {
            return Ok(true);
        }
        for word in whole {
            if self.tables.words.get(&self.txn, &posting_key(word, id))?.is_none() {
                return Ok(false);
            }
        }
        let Some(term) = self.term(id)? else { return Ok(false) };
        *room_bytes = room_bytes.saturating_sub(text_bytes(term));
        Ok(words_of(term).iter().any(|word| word.starts_with(start)))
    }

    /// IRIs that start with a text and are mentioned in the graph, at most `max`, in the order of their characters.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn iris_starting(&self, start: &str, max: usize) -> Result<Vec<TermId>, IndexError> {
        let mut prefix = Vec::new();
        TermRef::Iri(start).encode(&mut prefix);
        let mut found = Vec::new();
        for entry in self.tables.term_ids.prefix_iter(&self.txn, &prefix)?.take(POSTINGS_READ_MAX) {
            if found.len() >= max {
                break;
            }
            let id = TermId::from_bytes(entry?.1).ok_or(IndexError::Damaged("a term id is cut"))?;
            if self.is_mentioned(id)? {
                found.push(id);
            }
        }
        Ok(found)
    }

    /// Whether a triple has it as subject or object.
    fn is_mentioned(&self, id: TermId) -> Result<bool, IndexError> {
        let as_subject = self.triples(Some(id), None, None)?.next().transpose()?;
        Ok(as_subject.is_some() || self.triples(None, None, Some(id))?.next().transpose()?.is_some())
    }

    /// The predicates of the graph, at most `max`. Costs a step for each, not for each triple.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn predicates(&self, max: usize) -> Result<Vec<TermId>, IndexError> {
        self.distinct(self.tables.pos, &[], max)
    }

    /// The objects that a predicate has, at most `max`; likewise.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn objects_of(&self, predicate: TermId, max: usize) -> Result<Vec<TermId>, IndexError> {
        self.distinct(self.tables.pos, &[predicate], max)
    }

    /// The different ids that follow `before` in the keys of a table: behind each, the search goes on at the next.
    fn distinct(&self, table: Table, before: &[TermId], max: usize) -> Result<Vec<TermId>, IndexError> {
        let mut found = Vec::new();
        let mut next = Some(TermId::FIRST);
        while let Some(from) = next.filter(|_| found.len() < max) {
            let mut start: Vec<u8> = before.iter().flat_map(|id| id.to_bytes()).collect();
            start.extend_from_slice(&from.to_bytes());
            let Some((entry, _)) = table.get_greater_than_or_equal_to(&self.txn, &start)? else { break };
            let parts: [TermId; 3] = ids(entry).ok_or(IndexError::Damaged("a key has a wrong length"))?;
            let Some(id) = parts.get(before.len()).copied().filter(|_| parts.starts_with(before)) else {
                break;
            };
            found.push(id);
            next = id.next();
        }
        Ok(found)
    }
}

/// How much is read to find the words of a term.
fn text_bytes(term: TermRef<'_>) -> usize {
    match term {
        TermRef::Literal { lexical, .. } | TermRef::LangLiteral { lexical, .. } => lexical.len(),
        TermRef::Iri(_) | TermRef::Blank { .. } => 0,
    }
}
