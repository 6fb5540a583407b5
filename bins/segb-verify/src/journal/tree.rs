//! The tree, computed anew beside the one that is stored.

use std::collections::BTreeMap;

use rusqlite::Row;
use segb_journal::{
    Hash,
    tree::{RootBuilder, StoredHash, TreeHead, leaf_position},
};

use super::{columns, cursor::Cursor};
use crate::{Findings, Problem};

pub(super) const SQL: &str = "SELECT position, hash FROM tree_hashes ORDER BY position";

/// A row of the table `tree_hashes`; no hash if the column holds something else.
pub(super) type StoredHashes<'s> = Cursor<'s, Option<Hash>>;

pub(super) fn read_hash(row: &Row<'_>) -> Option<Hash> {
    columns::hash(row, "hash").ok()
}

/// The tree over the entries so far.
pub(super) struct TreeCheck {
    builder: RootBuilder,
    /// The roots of the sizes that somebody asks about, as far as the tree has come.
    roots: BTreeMap<u64, Option<Hash>>,
    /// An entry is missing, and so are all trees from there on.
    broken: bool,
}

impl TreeCheck {
    /// A tree whose roots at these sizes will be asked for.
    pub(super) fn new(sizes: impl IntoIterator<Item = u64>) -> Self {
        let mut tree = Self { builder: RootBuilder::new(), roots: BTreeMap::new(), broken: false };
        sizes.into_iter().for_each(|size| tree.want(size));
        tree
    }

    /// Will be asked for the root at this size, too. Before the first leaf only.
    pub(super) fn want(&mut self, size: u64) {
        let empty = (size == 0).then(|| self.builder.root());
        self.roots.insert(size, empty);
    }

    /// The tree over all entries.
    pub(super) fn head(&self) -> Option<TreeHead> {
        (!self.broken).then(|| self.builder.head())
    }

    /// The root at a size that was asked for.
    pub(super) fn root_at(&self, size: u64) -> Option<Hash> {
        self.roots.get(&size).copied().flatten()
    }

    /// Puts the next leaf into the tree and compares what is stored for it. `computed` is of the record, `recorded` of
    /// the row of the entry. Where they differ, the tree goes on with the one that it was made with, so that one wrong
    /// entry is one problem.
    pub(super) fn append(
        &mut self,
        computed: Option<Hash>,
        recorded: Option<Hash>,
        stored: Option<&mut StoredHashes<'_>>,
        findings: &mut Findings,
    ) -> rusqlite::Result<()> {
        if self.broken {
            return Ok(());
        }
        let sequence = self.builder.size();
        let mut stored = stored;
        let in_tree = match (stored.as_mut(), leaf_position(sequence)) {
            (Some(stored), Some(position)) => stored.peek_at(position.cast_signed())?.copied().flatten(),
            _ => None,
        };
        let Some(leaf) = choose(computed, recorded, in_tree) else {
            self.broken = true;
            return Ok(());
        };
        let Ok(hashes) = self.builder.append_storing(leaf) else {
            self.broken = true;
            findings.add(Problem::of_entry(sequence, "no tree has so many entries"));
            return Ok(());
        };
        if let Some(root) = self.roots.get_mut(&self.builder.size()) {
            *root = Some(self.builder.root());
        }
        match stored {
            Some(stored) => compare(sequence, &hashes, stored, findings),
            None => Ok(()),
        }
    }

    /// Takes what is stored of missing entries in their place, up to the entry `sequence`, as far as it is there.
    pub(super) fn skip_to(
        &mut self,
        sequence: u64,
        mut stored: Option<&mut StoredHashes<'_>>,
        findings: &mut Findings,
    ) -> rusqlite::Result<()> {
        while !self.broken && self.builder.size() < sequence {
            self.append(None, None, stored.as_deref_mut(), findings)?;
        }
        Ok(())
    }

    /// Nothing may be stored behind the last entry. After a gap without hashes nothing is known of those behind it.
    pub(super) fn check_rest(
        &self,
        stored: &mut StoredHashes<'_>,
        findings: &mut Findings,
    ) -> rusqlite::Result<()> {
        while let Some((position, _)) = if self.broken { None } else { stored.take()? } {
            let problem = format!("it is missing: the tree has a hash at {position}, behind the last entry");
            findings.add(Problem::of_entry(self.builder.size(), problem));
        }
        Ok(())
    }
}

/// The hash that at least two of three agree on; if none do, that of the record.
fn choose(computed: Option<Hash>, recorded: Option<Hash>, in_tree: Option<Hash>) -> Option<Hash> {
    match (computed, recorded, in_tree) {
        (Some(one), Some(other), _) if one == other => Some(one),
        (Some(one), _, Some(other)) if one == other => Some(one),
        (_, Some(one), Some(other)) if one == other => Some(one),
        _ => computed.or(recorded).or(in_tree),
    }
}

/// What has to be stored for one entry against what is.
fn compare(
    sequence: u64,
    hashes: &[StoredHash],
    stored: &mut StoredHashes<'_>,
    findings: &mut Findings,
) -> rusqlite::Result<()> {
    for StoredHash { position, hash } in hashes {
        while let Some(stray) = stored.take_before(position.cast_signed())? {
            let problem = format!("the tree has a hash at {stray}, where none belongs");
            findings.add(Problem::general(problem));
        }
        let problem = match stored.take_at(position.cast_signed())? {
            Some(Some(found)) if found == *hash => continue,
            Some(_) => format!("the hash of the tree at {position} is not the one that the entries give"),
            None => format!("the hash of the tree at {position} is missing"),
        };
        findings.add(Problem::of_entry(sequence, problem));
    }
    Ok(())
}
