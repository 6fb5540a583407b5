//! How a term is found again: by its identity, under a key of `term_ids`.

use std::{borrow::Cow, hash::Hasher};

use heed::{RoTxn, RwTxn};
use siphasher::sip128::{Hasher128, SipHasher24};

use super::{IndexError, ids::TermId, tables::Tables};
use crate::term::TermRef;

/// Identities up to this length are keys themselves, so that terms that begin alike stand on one page and a log's new
/// terms touch few pages. LMDB's keys have at most 511 bytes.
const DIRECT_KEY_BYTES_MAX: usize = 480;

/// Where the search for a term ended.
pub(super) enum Probe<'i> {
    Found(TermId),
    /// The key of `term_ids` under which the term belongs.
    Free(Cow<'i, [u8]>),
}

/// Looks a term up by its identity. Long terms of equal hash stand at consecutive places.
pub(super) fn probe<'i>(
    tables: &Tables,
    txn: &RoTxn<'_>,
    hash_key: &[u8; 16],
    wanted: &'i [u8],
) -> Result<Probe<'i>, IndexError> {
    let cut = || IndexError::Damaged("a term id is cut");
    if wanted.len() <= DIRECT_KEY_BYTES_MAX {
        let id = tables.term_ids.get(txn, wanted)?;
        return id.map_or(Ok(Probe::Free(wanted.into())), |id| {
            Ok(Probe::Found(TermId::from_bytes(id).ok_or_else(cut)?))
        });
    }
    for place in 0..=u8::MAX {
        let slot = hashed_key(hash_key, wanted, place);
        let Some(id) = tables.term_ids.get(txn, &slot)? else {
            return Ok(Probe::Free(slot.to_vec().into()));
        };
        let id = TermId::from_bytes(id).ok_or_else(cut)?;
        let stored =
            tables.terms.get(txn, &id.to_bytes())?.ok_or(IndexError::Damaged("a term is missing"))?;
        if *identity(stored)? == *wanted {
            return Ok(Probe::Found(id));
        }
    }
    Err(IndexError::Damaged("too many terms of one hash"))
}

/// Takes a term out of `term_ids`. Those of equal hash behind it move up, so that they are still found.
pub(super) fn remove_id(
    tables: &Tables,
    txn: &mut RwTxn<'_>,
    hash_key: &[u8; 16],
    encoded: &[u8],
    id: TermId,
) -> Result<(), IndexError> {
    let identity = identity(encoded)?;
    if identity.len() <= DIRECT_KEY_BYTES_MAX {
        tables.term_ids.delete(txn, &identity)?;
        return Ok(());
    }
    let mut free = None;
    for place in 0..=u8::MAX {
        let slot = hashed_key(hash_key, &identity, place);
        let Some(found) = tables.term_ids.get(txn, &slot)?.map(<[u8]>::to_vec) else { break };
        match free {
            None if found == id.to_bytes() => free = Some(place),
            None => {}
            Some(hole) => {
                tables.term_ids.put(txn, &hashed_key(hash_key, &identity, hole), &found)?;
                free = Some(place);
            }
        }
    }
    if let Some(last) = free {
        tables.term_ids.delete(txn, &hashed_key(hash_key, &identity, last))?;
    }
    Ok(())
}

/// A tag that no term begins with, then SipHash-2-4 with a secret key per index, so that nobody can send long terms
/// that collide, then the place among those that do.
fn hashed_key(hash_key: &[u8; 16], identity: &[u8], place: u8) -> [u8; 18] {
    let mut hasher = SipHasher24::new_with_key(hash_key);
    hasher.write(identity);
    let mut key = [b'#'; 18];
    key[1..17].copy_from_slice(&hasher.finish128().as_u128().to_be_bytes());
    key[17] = place;
    key
}

/// The stored form with the language tag in lower case.
pub(super) fn identity(encoded: &[u8]) -> Result<Cow<'_, [u8]>, IndexError> {
    let term = TermRef::decode(encoded).ok_or(IndexError::Damaged("a term cannot be read"))?;
    let mut lower_case = String::new();
    let identity = term.identity(&mut lower_case);
    if identity == term {
        return Ok(encoded.into());
    }
    let mut bytes = Vec::with_capacity(encoded.len());
    identity.encode(&mut bytes);
    Ok(bytes.into())
}
