//! The Merkle tree over the entries, kept beside them: each hash once, at its position. That over the records of the
//! access journal is another one of the same make.

use std::{str::FromStr, sync::Arc};

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use segb_journal::{
    Hash,
    access::ORIGIN_SUFFIX,
    checkpoint::{Checkpoint, Origin, SignedCheckpoint},
    note::Signer,
    tree::{HashReader, RootBuilder, StoredHash},
};

use super::JournalError;

/// The hashes of the tree in the journal file.
pub(crate) struct StoredTree<'c>(pub(crate) &'c Connection);

impl HashReader for StoredTree<'_> {
    type Error = JournalError;

    fn hashes(&self, positions: &[u64]) -> Result<Vec<Hash>, JournalError> {
        let mut statement = self.0.prepare_cached("SELECT hash FROM tree_hashes WHERE position = ?")?;
        positions
            .iter()
            .map(|position| {
                let hash: Option<[u8; Hash::LENGTH_BYTES]> =
                    statement.query_row([position.cast_signed()], |row| row.get(0)).optional()?;
                hash.map(Hash::from_bytes).ok_or_else(|| {
                    JournalError::Damaged(format!("the hash {position} of the tree is missing"))
                })
            })
            .collect()
    }
}

/// Who signs checkpoints, and of which log.
#[derive(Debug, Clone)]
pub(crate) struct Signing {
    signer: Arc<Signer>,
    origin: Origin,
    /// The public key as text.
    verifier: Arc<str>,
}

impl Signing {
    /// The origin of the log is the name of the key (C2SP tlog-checkpoint, "Note text").
    pub(crate) fn new(signer: Arc<Signer>) -> Result<Self, JournalError> {
        Self::of_log(signer, "")
    }

    /// The same key for the access journal. One key may sign for several logs; their origins tell them apart.
    pub(crate) fn for_accesses(&self) -> Result<Self, JournalError> {
        Self::of_log(Arc::clone(&self.signer), ORIGIN_SUFFIX)
    }

    fn of_log(signer: Arc<Signer>, suffix: &str) -> Result<Self, JournalError> {
        let origin = Origin::from_str(&format!("{}{suffix}", signer.verifier().name()))
            .map_err(|error| JournalError::Unusable(error.to_string()))?;
        let verifier = signer.verifier().to_string().into();
        Ok(Self { signer, origin, verifier })
    }

    pub(crate) fn verifier_text(&self) -> String {
        self.verifier.to_string()
    }

    pub(crate) fn origin(&self) -> &Origin {
        &self.origin
    }

    pub(crate) fn signer(&self) -> &Signer {
        &self.signer
    }
}

/// The growing end of the tree, as of the last commit.
#[derive(Debug, Clone)]
pub(crate) struct GrowingTree {
    builder: RootBuilder,
    signing: Option<Signing>,
}

impl GrowingTree {
    /// The tree as it is stored; entries of a journal that had no tree yet are put into it. `leaves` is the statement
    /// that reads all leaf hashes in their order.
    pub(crate) fn open(
        connection: &mut Connection,
        entries: u64,
        leaves: &str,
        signing: Option<Signing>,
    ) -> Result<Self, JournalError> {
        let last: Option<i64> =
            connection.query_row("SELECT max(position) FROM tree_hashes", [], |row| row.get(0))?;
        let mut tree = if last.is_none() {
            Self { builder: RootBuilder::new(), signing }
        } else {
            let builder =
                RootBuilder::resume(entries, &StoredTree(connection)).map_err(|error| damaged(&error))?;
            Self { builder, signing }
        };
        tree.compare_key(connection)?;
        let transaction = connection.transaction()?;
        tree.grow_up_to(&transaction, entries, leaves)?;
        if checkpoint_size(&transaction)? != Some(entries) {
            tree.sign(&transaction)?;
        }
        transaction.commit()?;
        Ok(tree)
    }

    /// Another key is another log to everybody who follows it.
    fn compare_key(&self, connection: &Connection) -> Result<(), JournalError> {
        let before: Option<String> =
            connection.query_row("SELECT max(verifier) FROM checkpoints", [], |row| row.get(0))?;
        if let (Some(before), Some(signing)) = (before, &self.signing)
            && before != signing.verifier_text()
        {
            log::warn!(
                "this journal was signed with the key {before}; from now on it is signed with {}, which is another \
                 log to everybody who follows it",
                signing.verifier_text()
            );
        }
        Ok(())
    }

    fn grow_up_to(
        &mut self,
        transaction: &Transaction<'_>,
        entries: u64,
        leaves: &str,
    ) -> Result<(), JournalError> {
        if self.builder.size() == entries {
            return Ok(());
        }
        log::info!("making the tree over the {entries} entries of the journal");
        let mut statement = transaction.prepare(leaves)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            self.append(transaction, Hash::from_bytes(row.get(0)?))?;
        }
        Ok(())
    }

    /// Adds a leaf.
    pub(crate) fn append(&mut self, transaction: &Transaction<'_>, leaf: Hash) -> Result<(), JournalError> {
        let hashes = self.builder.append_storing(leaf).map_err(|error| damaged(&error))?;
        let mut statement =
            transaction.prepare_cached("INSERT INTO tree_hashes (position, hash) VALUES (?, ?)")?;
        for StoredHash { position, hash } in hashes {
            statement.execute(params![position.cast_signed(), hash.as_bytes().as_slice()])?;
        }
        Ok(())
    }

    /// Signs the tree as it is, in the transaction that makes it so: no signature is about a tree that is not on disk.
    pub(crate) fn sign(&self, transaction: &Transaction<'_>) -> Result<(), JournalError> {
        let Some(signing) = &self.signing else {
            return Ok(());
        };
        let head = self.builder.head();
        let checkpoint = Checkpoint::new(signing.origin.clone(), head);
        let signed = SignedCheckpoint::sign(checkpoint, &signing.signer)
            .map_err(|error| JournalError::Unusable(error.to_string()))?;
        let row = params![head.size.cast_signed(), signed.to_string(), &*signing.verifier];
        let update = "UPDATE checkpoints SET size = ?, note = ?, verifier = ?";
        if transaction.prepare_cached(update)?.execute(row)? == 0 {
            let insert = "INSERT INTO checkpoints (size, note, verifier) VALUES (?, ?, ?)";
            transaction.prepare_cached(insert)?.execute(row)?;
        }
        Ok(())
    }
}

/// The size of the tree that the stored checkpoint is about.
fn checkpoint_size(connection: &Connection) -> Result<Option<u64>, JournalError> {
    let size: Option<i64> =
        connection.query_row("SELECT max(size) FROM checkpoints", [], |row| row.get(0))?;
    Ok(size.map(i64::cast_unsigned))
}

/// The stored checkpoint: its size and its note.
pub(crate) fn read_checkpoint(connection: &Connection) -> Result<Option<(u64, String)>, JournalError> {
    let sql = "SELECT size, note FROM checkpoints ORDER BY size DESC LIMIT 1";
    let row: Option<(i64, String)> =
        connection.prepare_cached(sql)?.query_row([], |row| row.try_into()).optional()?;
    Ok(row.map(|(size, note)| (size.cast_unsigned(), note)))
}

/// How many entries there are.
pub(super) fn tree_size(connection: &Connection) -> Result<u64, JournalError> {
    let sql = "SELECT coalesce(max(sequence) + 1, 0) FROM entries";
    let size: i64 = connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    Ok(size.cast_unsigned())
}

fn damaged(error: &impl std::fmt::Display) -> JournalError {
    JournalError::Damaged(error.to_string())
}
