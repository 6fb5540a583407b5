//! Applying journal entries to the index.

use std::collections::HashMap;

use heed::{PutFlags, RwTxn};

use super::{
    IndexError, erase,
    identity::{Probe, identity, probe},
    ids::{TermId, key},
    tables::{GraphIndex, Table, Tables},
    words,
};
use crate::{
    term::{TermRef, log_iri},
    turtle::{LogTerm, ParsedLog},
};

/// Terms whose ids are remembered between logs: predicates, classes, robots and the like come again and again.
const REMEMBERED_TERMS_MAX: usize = 50_000;

/// The meaning of one journal entry for the graph.
#[derive(Debug, Clone, Copy)]
pub enum IndexChange<'a> {
    /// A log asserts its triples.
    Assert {
        /// The entry's place in the journal.
        sequence: u64,
        /// The id of the log.
        log_id: uuid::Uuid,
        /// What it says.
        log: &'a ParsedLog,
    },
    /// What a log asserted is forgotten, as far as no other log asserts it.
    Erase {
        /// The id of the log.
        log_id: uuid::Uuid,
    },
    /// The graph is emptied.
    Clear,
}

/// The only writer of the index.
#[derive(Debug, Default)]
pub struct IndexWriter {
    /// A term's identity → its id; emptied when a transaction is given up.
    remembered: HashMap<Box<[u8]>, TermId>,
}

impl IndexWriter {
    /// Applies changes and the new number of applied entries in one transaction: after a crash all of it is there or
    /// nothing.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn apply(
        &mut self,
        index: &GraphIndex,
        changes: &[IndexChange<'_>],
        applied: u64,
    ) -> Result<(), IndexError> {
        let done = self.try_apply(index, changes, applied);
        if done.is_err() {
            self.remembered.clear();
        }
        done
    }

    fn try_apply(
        &mut self,
        index: &GraphIndex,
        changes: &[IndexChange<'_>],
        applied: u64,
    ) -> Result<(), IndexError> {
        let mut txn = index.env.write_txn()?;
        for change in changes {
            match *change {
                IndexChange::Assert { sequence, log_id, log } => {
                    self.assert(&index.tables, &mut txn, sequence, log_id, log)?;
                }
                IndexChange::Erase { log_id } => {
                    self.remembered.clear();
                    erase::erase(&index.tables, &mut txn, log_id)?;
                }
                IndexChange::Clear => {
                    self.remembered.clear();
                    for table in index.tables.of_the_graph() {
                        table.clear(&mut txn)?;
                    }
                    words::forget_all(&index.tables, &mut txn)?;
                }
            }
        }
        index.tables.set_number(&mut txn, "applied", applied)?;
        Ok(txn.commit()?)
    }

    /// Makes the next texts that came be found by their words, up to `terms_max` terms; whether there may be more.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn add_words(&self, index: &GraphIndex, terms_max: usize) -> Result<bool, IndexError> {
        let mut txn = index.env.write_txn()?;
        let more = words::add(&index.tables, &mut txn, terms_max)?;
        txn.commit()?;
        Ok(more)
    }

    fn assert(
        &mut self,
        tables: &Tables,
        txn: &mut RwTxn<'_>,
        sequence: u64,
        log_id: uuid::Uuid,
        log: &ParsedLog,
    ) -> Result<(), IndexError> {
        let mut terms = TermWriter::new(tables, txn, &mut self.remembered)?;
        let mut buffer = Vec::new();
        TermRef::Iri(&log_iri(log_id)).encode(&mut buffer);
        let log_term = terms.id(txn, &buffer)?;
        let mut ids = Vec::with_capacity(log.terms.len());
        for term in &log.terms {
            ids.push(match term {
                LogTerm::Encoded(encoded) => terms.id(txn, encoded)?,
                LogTerm::Blank(number) => {
                    buffer.clear();
                    TermRef::Blank { sequence, number: *number }.encode(&mut buffer);
                    terms.id(txn, &buffer)?
                }
            });
        }
        let mut triples: Vec<[TermId; 3]> =
            log.triples.iter().map(|triple| triple.map(|place| ids[place as usize])).collect();
        // In the order of the keys, so that neighbours land on the page that is already at hand.
        triples.sort_unstable();
        insert_triples(tables, txn, log_term, &triples)
    }
}

fn insert_triples(
    tables: &Tables,
    txn: &mut RwTxn<'_>,
    log: TermId,
    triples: &[[TermId; 3]],
) -> Result<(), IndexError> {
    for [subject, predicate, object] in triples.iter().copied() {
        let spo: [u8; 15] = key([subject, predicate, object]);
        if put_new(tables.spo, txn, &spo)? {
            put_new(tables.pos, txn, &key::<3, 15>([predicate, object, subject]))?;
            put_new(tables.osp, txn, &key::<3, 15>([object, subject, predicate]))?;
        }
        put_new(tables.asserted, txn, &key::<4, 20>([subject, predicate, object, log]))?;
        append(tables.log_triples, txn, &key::<4, 20>([log, subject, predicate, object]), &[])?;
    }
    append(tables.logs, txn, &log.to_bytes(), &(triples.len() as u64).to_be_bytes())
}

/// Puts a key that is greater than all in the table: each log's number is greater than that of the logs before it.
fn append(table: Table, txn: &mut RwTxn<'_>, key: &[u8], value: &[u8]) -> Result<(), IndexError> {
    Ok(table.put_with_flags(txn, PutFlags::APPEND, key, value)?)
}

/// Puts a key without a value; whether it is new.
fn put_new(table: Table, txn: &mut RwTxn<'_>, key: &[u8]) -> Result<bool, IndexError> {
    match table.put_with_flags(txn, PutFlags::NO_OVERWRITE, key, &[]) {
        Ok(()) => Ok(true),
        Err(heed::Error::Mdb(heed::MdbError::KeyExist)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Finds the ids of terms within one transaction, giving new ones.
struct TermWriter<'t> {
    tables: &'t Tables,
    hash_key: [u8; 16],
    next: Option<TermId>,
    remembered: &'t mut HashMap<Box<[u8]>, TermId>,
}

impl<'t> TermWriter<'t> {
    fn new(
        tables: &'t Tables,
        txn: &RwTxn<'_>,
        remembered: &'t mut HashMap<Box<[u8]>, TermId>,
    ) -> Result<Self, IndexError> {
        let next = match tables.terms.last(txn)? {
            None => Some(TermId::FIRST),
            Some((id, _)) => TermId::from_bytes(id).ok_or(IndexError::Damaged("a term id is cut"))?.next(),
        };
        Ok(Self { tables, hash_key: tables.hash_key(txn)?, next, remembered })
    }

    fn id(&mut self, txn: &mut RwTxn<'_>, encoded: &[u8]) -> Result<TermId, IndexError> {
        let identity = identity(encoded)?;
        if let Some(id) = self.remembered.get(&*identity) {
            return Ok(*id);
        }
        let id = match probe(self.tables, txn, &self.hash_key, &identity)? {
            Probe::Found(id) => id,
            Probe::Free(slot) => {
                let id = self.next.ok_or(IndexError::Full("all 40-bit term ids are used".to_owned()))?;
                self.tables.terms.put_with_flags(txn, PutFlags::APPEND, &id.to_bytes(), encoded)?;
                self.tables.term_ids.put(txn, &slot, &id.to_bytes())?;
                self.next = id.next();
                id
            }
        };
        if self.remembered.len() >= REMEMBERED_TERMS_MAX {
            self.remembered.clear();
        }
        self.remembered.insert(identity.into(), id);
        Ok(id)
    }
}
