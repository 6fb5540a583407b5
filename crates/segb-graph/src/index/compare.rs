//! Whether two indexes hold the same graph. Their term ids may differ: the one may have seen terms that were erased
//! since, which the other never saw.

use std::collections::HashMap;

use super::{
    IdTriple, IndexError, Snapshot, TermId,
    ids::{ids, key},
    tables::Table,
};
use crate::term::{TermRef, to_oxrdf};

/// Term ids of the one index whose ids in the other are remembered: those of predicates, classes and robots come again
/// and again.
const REMEMBERED_MAX: usize = 100_000;

/// How a difference is told.
pub type Report<'r> = &'r mut dyn FnMut(String);

/// Tells `report` of everything in `from` that is not in `to`, where `name` stands for `to`.
///
/// # Errors
/// [`IndexError`].
pub fn compare(
    from: &Snapshot,
    to: &Snapshot,
    name: &'static str,
    report: Report<'_>,
) -> Result<(), IndexError> {
    let mut comparison = Comparison { from, to, name, known: HashMap::new(), report };
    comparison.terms()?;
    comparison.triples(from.tables.spo, |[s, p, o]| [s, p, o])?;
    comparison.triples(from.tables.pos, |[p, o, s]| [s, p, o])?;
    comparison.triples(from.tables.osp, |[o, s, p]| [s, p, o])?;
    comparison.assertions(from.tables.asserted, |[s, p, o, log]| (log, [s, p, o]))?;
    comparison.assertions(from.tables.log_triples, |[log, s, p, o]| (log, [s, p, o]))?;
    comparison.logs()
}

struct Comparison<'c> {
    from: &'c Snapshot,
    to: &'c Snapshot,
    name: &'static str,
    known: HashMap<TermId, Option<TermId>>,
    report: Report<'c>,
}

impl Comparison<'_> {
    fn terms(&mut self) -> Result<(), IndexError> {
        for entry in self.from.tables.terms.iter(&self.from.txn)? {
            let id = TermId::from_bytes(entry?.0).ok_or(IndexError::Damaged("a term id is cut"))?;
            if self.translate(id)?.is_none() {
                let term = self.text(id)?;
                self.differs(format!("the term {term} is not in {}", self.name));
            }
        }
        Ok(())
    }

    /// Each table of triples is looked up in all three of the other index.
    fn triples(&mut self, table: Table, order: fn(IdTriple) -> IdTriple) -> Result<(), IndexError> {
        for entry in table.iter(&self.from.txn)? {
            let triple = order(read(entry?.0)?);
            let Some([s, p, o]) = self.translate_all(triple)? else {
                let triple = self.triple_text(triple)?;
                self.differs(format!("the triple {triple} is not in {}", self.name));
                continue;
            };
            let tables = &self.to.tables;
            let keys: [(Table, [u8; 15]); 3] =
                [(tables.spo, key([s, p, o])), (tables.pos, key([p, o, s])), (tables.osp, key([o, s, p]))];
            let found = keys.iter().map(|(table, key)| table.get(&self.to.txn, key));
            if !found.collect::<Result<Vec<_>, _>>()?.iter().all(Option::is_some) {
                let triple = self.triple_text(triple)?;
                self.differs(format!("the triple {triple} is not in all tables of {}", self.name));
            }
        }
        Ok(())
    }

    fn assertions(
        &mut self,
        table: Table,
        order: fn([TermId; 4]) -> (TermId, IdTriple),
    ) -> Result<(), IndexError> {
        for entry in table.iter(&self.from.txn)? {
            let (log, triple) = order(read(entry?.0)?);
            let translated = self.translate(log)?.zip(self.translate_all(triple)?);
            let found = match translated {
                None => false,
                Some((log, [s, p, o])) => {
                    let tables = &self.to.tables;
                    let asserted: [u8; 20] = key([s, p, o, log]);
                    let said: [u8; 20] = key([log, s, p, o]);
                    tables.asserted.get(&self.to.txn, &asserted)?.is_some()
                        && tables.log_triples.get(&self.to.txn, &said)?.is_some()
                }
            };
            if !found {
                let (log, triple) = (self.text(log)?, self.triple_text(triple)?);
                self.differs(format!("that {log} says {triple} is not in {}", self.name));
            }
        }
        Ok(())
    }

    fn logs(&mut self) -> Result<(), IndexError> {
        for log in self.from.logs()? {
            let log = log?;
            let sizes = match self.translate(log)? {
                None => (self.from.log_size(log)?, None),
                Some(other) => (self.from.log_size(log)?, self.to.log_size(other)?),
            };
            if sizes.0 != sizes.1 {
                let log = self.text(log)?;
                self.differs(format!("{log} has another number of triples in {}", self.name));
            }
        }
        Ok(())
    }

    /// The id in the other index of the term with this id.
    fn translate(&mut self, id: TermId) -> Result<Option<TermId>, IndexError> {
        if let Some(known) = self.known.get(&id) {
            return Ok(*known);
        }
        let other = match self.from.term(id)? {
            Some(term) => self.to.id_of(term)?,
            None => None,
        };
        if self.known.len() >= REMEMBERED_MAX {
            self.known.clear();
        }
        self.known.insert(id, other);
        Ok(other)
    }

    fn translate_all(&mut self, triple: IdTriple) -> Result<Option<IdTriple>, IndexError> {
        let [s, p, o] = triple;
        let (Some(s), Some(p), Some(o)) = (self.translate(s)?, self.translate(p)?, self.translate(o)?) else {
            return Ok(None);
        };
        Ok(Some([s, p, o]))
    }

    fn text(&self, id: TermId) -> Result<String, IndexError> {
        Ok(self.from.term(id)?.map_or_else(|| "(a term without text)".to_owned(), shown))
    }

    fn triple_text(&self, triple: IdTriple) -> Result<String, IndexError> {
        let texts = triple.map(|id| self.text(id));
        Ok(texts.into_iter().collect::<Result<Vec<_>, _>>()?.join(" "))
    }

    fn differs(&mut self, what: String) {
        (self.report)(what);
    }
}

/// As N-Triples write it, but not longer than a line.
fn shown(term: TermRef<'_>) -> String {
    const SHOWN_MAX: usize = 200;
    let text = to_oxrdf(term).to_string();
    match text.char_indices().nth(SHOWN_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn read<const N: usize>(key: &[u8]) -> Result<[TermId; N], IndexError> {
    ids(key).ok_or(IndexError::Damaged("a key has a wrong length"))
}
