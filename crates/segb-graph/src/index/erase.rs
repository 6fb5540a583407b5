//! Forgetting what one log asserted.

use std::collections::BTreeSet;

use heed::{RoTxn, RwTxn};
use uuid::Uuid;

use super::{
    IdTriple, IndexError,
    identity::{Probe, probe, remove_id},
    ids::{TermId, ids, key},
    tables::{Table, Tables},
    words::{self, posting_key, words_of},
};
use crate::term::{TermRef, log_iri};

/// Removes the triples that only this log asserts, and the terms that nobody mentions any more. The index remembers
/// that unused pages may still hold them, so that it is made anew when it is opened next.
pub(super) fn erase(tables: &Tables, txn: &mut RwTxn<'_>, log_id: Uuid) -> Result<(), IndexError> {
    let hash_key = tables.hash_key(txn)?;
    let mut name = Vec::new();
    TermRef::Iri(&log_iri(log_id)).encode(&mut name);
    let Probe::Found(log) = probe(tables, txn, &hash_key, &name)? else {
        return Ok(());
    };
    // Otherwise it was erased before it came into the graph, or the graph was emptied since.
    if !tables.logs.delete(txn, &log.to_bytes())? {
        return Ok(());
    }
    let mut mentioned = BTreeSet::from([log]);
    for [subject, predicate, object] in triples_of(tables, txn, log)? {
        tables.log_triples.delete(txn, &key::<4, 20>([log, subject, predicate, object]))?;
        tables.asserted.delete(txn, &key::<4, 20>([subject, predicate, object, log]))?;
        let triple: [u8; 15] = key([subject, predicate, object]);
        if !has_prefix(tables.asserted, txn, &triple)? {
            tables.spo.delete(txn, &triple)?;
            tables.pos.delete(txn, &key::<3, 15>([predicate, object, subject]))?;
            tables.osp.delete(txn, &key::<3, 15>([object, subject, predicate]))?;
            mentioned.extend([subject, predicate, object]);
        }
    }
    for term in mentioned {
        if !is_mentioned(tables, txn, term)? {
            forget(tables, txn, &hash_key, term)?;
        }
    }
    words::after_erasure(tables, txn)?;
    Ok(tables.set_number(txn, "erased", 1)?)
}

fn triples_of(tables: &Tables, txn: &RoTxn<'_>, log: TermId) -> Result<Vec<IdTriple>, IndexError> {
    let keys = tables.log_triples.prefix_iter(txn, &log.to_bytes())?;
    keys.map(|entry| {
        let [_, subject, predicate, object] =
            ids(entry?.0).ok_or(IndexError::Damaged("a key has a wrong length"))?;
        Ok([subject, predicate, object])
    })
    .collect()
}

fn is_mentioned(tables: &Tables, txn: &RoTxn<'_>, term: TermId) -> Result<bool, IndexError> {
    let prefix = term.to_bytes();
    for table in [tables.spo, tables.pos, tables.osp, tables.logs] {
        if has_prefix(table, txn, &prefix)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn has_prefix(table: Table, txn: &RoTxn<'_>, prefix: &[u8]) -> Result<bool, IndexError> {
    Ok(table.prefix_iter(txn, prefix)?.next().transpose()?.is_some())
}

fn forget(tables: &Tables, txn: &mut RwTxn<'_>, hash_key: &[u8; 16], term: TermId) -> Result<(), IndexError> {
    let Some(encoded) = tables.terms.get(txn, &term.to_bytes())?.map(<[u8]>::to_vec) else {
        return Ok(());
    };
    remove_id(tables, txn, hash_key, &encoded, term)?;
    let decoded = TermRef::decode(&encoded).ok_or(IndexError::Damaged("a term cannot be read"))?;
    for word in words_of(decoded) {
        tables.words.delete(txn, &posting_key(&word, term))?;
    }
    tables.terms.delete(txn, &term.to_bytes())?;
    Ok(())
}
