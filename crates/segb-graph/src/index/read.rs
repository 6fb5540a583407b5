//! Reading the graph as it was at one moment.

use heed::{Env, RoPrefix, RoTxn, WithoutTls, types::Bytes};

use super::{
    IdTriple, IndexError, TermId,
    identity::{Probe, identity, probe},
    ids::{ID_BYTES, ids, key},
    tables::{Table, Tables},
};
use crate::term::TermRef;

/// A log with more triples than this is not read through for a pattern that the main indexes answer more directly.
const LOG_SCAN_TRIPLES_MAX: u64 = 4_096;

/// One consistent view of the graph.
pub struct Snapshot {
    pub(super) txn: RoTxn<'static, WithoutTls>,
    pub(super) tables: Tables,
    hash_key: [u8; 16],
}

/// In which order the parts of a triple stand in a key, and what of the key comes before them.
#[derive(Debug, Clone, Copy)]
enum KeyOrder {
    SubjectPredicateObject,
    PredicateObjectSubject,
    ObjectSubjectPredicate,
    LogSubjectPredicateObject,
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Snapshot").field("transaction", &self.txn.id()).finish_non_exhaustive()
    }
}

impl Snapshot {
    pub(super) fn open(env: Env<WithoutTls>, tables: Tables) -> Result<Self, IndexError> {
        let txn = env.static_read_txn()?;
        let hash_key = tables.hash_key(&txn)?;
        Ok(Self { txn, tables, hash_key })
    }

    /// The term with this id.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn term(&self, id: TermId) -> Result<Option<TermRef<'_>>, IndexError> {
        let Some(encoded) = self.tables.terms.get(&self.txn, &id.to_bytes())? else {
            return Ok(None);
        };
        TermRef::decode(encoded).map(Some).ok_or(IndexError::Damaged("a term cannot be read"))
    }

    /// The id of a term that some log mentions.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn id_of(&self, term: TermRef<'_>) -> Result<Option<TermId>, IndexError> {
        let mut encoded = Vec::new();
        term.encode(&mut encoded);
        let identity = identity(&encoded)?;
        match probe(&self.tables, &self.txn, &self.hash_key, &identity)? {
            Probe::Found(id) => Ok(Some(id)),
            Probe::Free(_) => Ok(None),
        }
    }

    /// The triples of the union of all logs that fit, in the order of the index that fits best.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn triples(
        &self,
        subject: Option<TermId>,
        predicate: Option<TermId>,
        object: Option<TermId>,
    ) -> Result<Triples<'_>, IndexError> {
        use KeyOrder::{ObjectSubjectPredicate, PredicateObjectSubject, SubjectPredicateObject};
        let Tables { spo, pos, osp, .. } = self.tables;
        match (subject, predicate, object) {
            (Some(s), Some(p), Some(o)) => self.scan(spo, SubjectPredicateObject, &[s, p, o]),
            (Some(s), Some(p), None) => self.scan(spo, SubjectPredicateObject, &[s, p]),
            (Some(s), None, None) => self.scan(spo, SubjectPredicateObject, &[s]),
            (Some(s), None, Some(o)) => self.scan(osp, ObjectSubjectPredicate, &[o, s]),
            (None, Some(p), Some(o)) => self.scan(pos, PredicateObjectSubject, &[p, o]),
            (None, Some(p), None) => self.scan(pos, PredicateObjectSubject, &[p]),
            (None, None, Some(o)) => self.scan(osp, ObjectSubjectPredicate, &[o]),
            (None, None, None) => self.scan(spo, SubjectPredicateObject, &[]),
        }
    }

    /// The triples that one log asserts and that fit.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn triples_of_log(
        &self,
        log: TermId,
        subject: Option<TermId>,
        predicate: Option<TermId>,
        object: Option<TermId>,
    ) -> Result<Triples<'_>, IndexError> {
        let large = self.log_size(log)?.unwrap_or(0) > LOG_SCAN_TRIPLES_MAX;
        let mut triples = if subject.is_none() && (predicate.is_some() || object.is_some()) && large {
            let mut triples = self.triples(subject, predicate, object)?;
            triples.asserted_by = Some((self, log));
            triples
        } else {
            let prefix = [Some(log), subject, subject.and(predicate)];
            let prefix: Vec<TermId> = prefix.into_iter().flatten().collect();
            self.scan(self.tables.log_triples, KeyOrder::LogSubjectPredicateObject, &prefix)?
        };
        triples.wanted = [subject, predicate, object];
        Ok(triples)
    }

    /// The logs that assert a triple, in the order in which they were received.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn logs_of(
        &self,
        triple: IdTriple,
    ) -> Result<impl Iterator<Item = Result<TermId, IndexError>> + '_, IndexError> {
        let keys = self.keys(self.tables.asserted, &key::<3, 15>(triple))?;
        Ok(keys.map(|key| {
            let [_, _, _, log] = ids(key?).ok_or(IndexError::Damaged("a key has a wrong length"))?;
            Ok(log)
        }))
    }

    /// Whether a log asserts a triple.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn asserts(&self, log: TermId, triple: IdTriple) -> Result<bool, IndexError> {
        let [subject, predicate, object] = triple;
        let key: [u8; 4 * ID_BYTES] = key([subject, predicate, object, log]);
        Ok(self.tables.asserted.get(&self.txn, &key)?.is_some())
    }

    /// Whether the id is that of a log that is in the graph.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn is_log(&self, id: TermId) -> Result<bool, IndexError> {
        Ok(self.log_size(id)?.is_some())
    }

    /// All logs in the graph, in the order in which they were received.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn logs(&self) -> Result<impl Iterator<Item = Result<TermId, IndexError>> + '_, IndexError> {
        let keys = self.keys(self.tables.logs, &[])?;
        Ok(keys.map(|key| TermId::from_bytes(key?).ok_or(IndexError::Damaged("a log id is cut"))))
    }

    /// How many triples the graph holds.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn triple_count(&self) -> Result<u64, IndexError> {
        Ok(self.tables.spo.len(&self.txn)?)
    }

    /// How many logs the graph is made of.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn log_count(&self) -> Result<u64, IndexError> {
        Ok(self.tables.logs.len(&self.txn)?)
    }

    /// How many triples a log asserts; none if it is not in the graph.
    pub(super) fn log_size(&self, log: TermId) -> Result<Option<u64>, IndexError> {
        let Some(bytes) = self.tables.logs.get(&self.txn, &log.to_bytes())? else {
            return Ok(None);
        };
        let bytes = bytes.try_into().map_err(|_| IndexError::Damaged("a number has a wrong length"))?;
        Ok(Some(u64::from_be_bytes(bytes)))
    }

    fn scan(&self, table: Table, order: KeyOrder, prefix: &[TermId]) -> Result<Triples<'_>, IndexError> {
        let prefix: Vec<u8> = prefix.iter().flat_map(|id| id.to_bytes()).collect();
        Ok(Triples { keys: self.keys(table, &prefix)?, order, wanted: [None; 3], asserted_by: None })
    }

    fn keys(&self, table: Table, prefix: &[u8]) -> Result<Keys<'_>, IndexError> {
        // LMDB has no empty keys, and so heed no empty prefix: ids start with 1, and their first byte is far from 255.
        if prefix.is_empty() {
            return Ok(Keys::All(table.iter(&self.txn)?));
        }
        Ok(Keys::Prefixed(table.prefix_iter(&self.txn, prefix)?))
    }
}

/// The keys of a table that start alike.
enum Keys<'t> {
    All(heed::RoIter<'t, Bytes, Bytes>),
    Prefixed(RoPrefix<'t, Bytes, Bytes>),
}

impl<'t> Iterator for Keys<'t> {
    type Item = Result<&'t [u8], IndexError>;

    fn next(&mut self) -> Option<Self::Item> {
        let item = match self {
            Self::All(keys) => keys.next()?,
            Self::Prefixed(keys) => keys.next()?,
        };
        Some(item.map(|(key, _)| key).map_err(IndexError::from))
    }
}

/// Triples that fit a pattern.
pub struct Triples<'t> {
    keys: Keys<'t>,
    order: KeyOrder,
    /// What must be equal although the prefix of the keys does not see to it.
    wanted: [Option<TermId>; 3],
    asserted_by: Option<(&'t Snapshot, TermId)>,
}

impl Triples<'_> {
    fn fits(&self, triple: IdTriple) -> Result<bool, IndexError> {
        let equal = |(wanted, id): (&Option<TermId>, TermId)| wanted.is_none_or(|wanted| wanted == id);
        if !self.wanted.iter().zip(triple).all(equal) {
            return Ok(false);
        }
        self.asserted_by.map_or(Ok(true), |(snapshot, log)| snapshot.asserts(log, triple))
    }
}

impl Iterator for Triples<'_> {
    type Item = Result<IdTriple, IndexError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let triple = self.keys.next()?.and_then(|key| read_triple(key, self.order));
            match triple.and_then(|triple| Ok((triple, self.fits(triple)?))) {
                Ok((_, false)) => {}
                Ok((triple, true)) => return Some(Ok(triple)),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

fn read_triple(key: &[u8], order: KeyOrder) -> Result<IdTriple, IndexError> {
    let triple = match order {
        KeyOrder::SubjectPredicateObject => ids(key),
        KeyOrder::PredicateObjectSubject => ids(key).map(|[p, o, s]| [s, p, o]),
        KeyOrder::ObjectSubjectPredicate => ids(key).map(|[o, s, p]| [s, p, o]),
        KeyOrder::LogSubjectPredicateObject => ids(key).map(|[_, s, p, o]| [s, p, o]),
    };
    triple.ok_or(IndexError::Damaged("a key has a wrong length"))
}
