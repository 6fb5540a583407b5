//! The tables of the index and how its directory is opened.

use std::{
    fs,
    hash::{BuildHasher, Hasher, RandomState},
    path::{Path, PathBuf},
    sync::Mutex,
};

use heed::{Database, Env, EnvFlags, EnvOpenOptions, RoTxn, RwTxn, WithoutTls, types::Bytes};

use super::{
    IndexError, Snapshot,
    in_use::{InUseMark, Trust},
};

/// The version of the tables; an index of another version is rebuilt.
const FORMAT_VERSION: u64 = 2;

/// Address space for the map. Pages that hold nothing cost nothing; a larger index needs a larger number here.
const MAP_BYTES: usize = 256 << 30;

/// Snapshots open at once: queries, exports and a margin.
const READERS_MAX: u32 = 512;

/// Why an index is not trusted.
const MACHINE_WENT_DOWN: &str = "the machine went down while it was open";

pub(crate) type Table = Database<Bytes, Bytes>;

/// The tables. Keys and values are bytes; ids are 40 bits, big-endian.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tables {
    /// id → stored form of a term.
    pub(super) terms: Table,
    /// A term's identity → id; for a long term a keyed hash of it ‖ its place among those of equal hash, and the term
    /// is compared.
    pub(super) term_ids: Table,
    /// Word ‖ 0 ‖ id of a text that has it → nothing.
    pub(super) words: Table,
    /// Subject ‖ predicate ‖ object → nothing.
    pub(super) spo: Table,
    /// Predicate ‖ object ‖ subject → nothing.
    pub(super) pos: Table,
    /// Object ‖ subject ‖ predicate → nothing.
    pub(super) osp: Table,
    /// Triple ‖ log → nothing: who said it.
    pub(super) asserted: Table,
    /// Log ‖ triple → nothing: what it said.
    pub(super) log_triples: Table,
    /// Log → how many triples it asserts.
    pub(super) logs: Table,
    /// `format`, `applied`, `hash_key`, `words`, the last term whose words are in the table, and `erased`, if unused pages may hold what was erased.
    pub(super) meta: Table,
}

impl Tables {
    const COUNT: u32 = 10;

    fn create(env: &Env<WithoutTls>, txn: &mut RwTxn<'_>) -> heed::Result<Self> {
        let mut create = |name| env.create_database(txn, Some(name));
        Ok(Self {
            terms: create("terms")?,
            term_ids: create("term_ids")?,
            words: create("words")?,
            spo: create("spo")?,
            pos: create("pos")?,
            osp: create("osp")?,
            asserted: create("asserted")?,
            log_triples: create("log_triples")?,
            logs: create("logs")?,
            meta: create("meta")?,
        })
    }

    fn open(env: &Env<WithoutTls>, txn: &RoTxn<'_, WithoutTls>) -> heed::Result<Option<Self>> {
        let open = |name| env.open_database(txn, Some(name));
        let [terms, term_ids, words] = [open("terms")?, open("term_ids")?, open("words")?];
        let [spo, pos, osp] = [open("spo")?, open("pos")?, open("osp")?];
        let [asserted, log_triples, logs, meta] =
            [open("asserted")?, open("log_triples")?, open("logs")?, open("meta")?];
        let tables = (|| {
            Some(Self {
                terms: terms?,
                term_ids: term_ids?,
                words: words?,
                spo: spo?,
                pos: pos?,
                osp: osp?,
                asserted: asserted?,
                log_triples: log_triples?,
                logs: logs?,
                meta: meta?,
            })
        })();
        Ok(tables)
    }

    /// All that is emptied with the graph.
    pub(super) fn of_the_graph(&self) -> [Table; 9] {
        [
            self.terms,
            self.term_ids,
            self.words,
            self.spo,
            self.pos,
            self.osp,
            self.asserted,
            self.log_triples,
            self.logs,
        ]
    }

    /// A number in `meta`.
    pub(super) fn number(&self, txn: &RoTxn<'_>, name: &str) -> Result<Option<u64>, IndexError> {
        let Some(bytes) = self.meta.get(txn, name.as_bytes())? else {
            return Ok(None);
        };
        let bytes = bytes.try_into().map_err(|_| IndexError::Damaged("a number has a wrong length"))?;
        Ok(Some(u64::from_be_bytes(bytes)))
    }

    pub(super) fn set_number(&self, txn: &mut RwTxn<'_>, name: &str, number: u64) -> heed::Result<()> {
        self.meta.put(txn, name.as_bytes(), &number.to_be_bytes())
    }

    pub(super) fn hash_key(&self, txn: &RoTxn<'_>) -> Result<[u8; 16], IndexError> {
        let bytes = self.meta.get(txn, b"hash_key")?.ok_or(IndexError::Damaged("no hash key"))?;
        bytes.try_into().map_err(|_| IndexError::Damaged("the hash key has a wrong length"))
    }
}

/// Why there is no index to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unopened {
    /// There is none.
    Missing,
    /// The next start makes it anew, for this reason.
    Unfit(&'static str),
}

/// The open index.
#[derive(Debug)]
pub struct GraphIndex {
    pub(super) env: Env<WithoutTls>,
    pub(super) tables: Tables,
    in_use: Mutex<Option<InUseMark>>,
    directory: PathBuf,
}

impl GraphIndex {
    /// Opens the index in `<data_dir>/graph`, or starts a new one if there is none, if it cannot be trusted, if it is
    /// of another version, or if `rebuild` says so.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn open(data_dir: &Path, rebuild: bool) -> Result<Self, IndexError> {
        let directory = data_dir.join("graph");
        let io_error = |error: std::io::Error| IndexError::from_io(&error);
        fs::create_dir_all(&directory).map_err(io_error)?;
        let trust = InUseMark::trust(&directory).map_err(io_error)?;
        let data = directory.join("data.mdb");
        if data.exists() && (rebuild || trust == Trust::Doubtful) {
            let reason = if rebuild { "as asked" } else { MACHINE_WENT_DOWN };
            log::warn!("the graph index is made anew from the journal: {reason}");
            remove(&directory).map_err(io_error)?;
        }
        let mark = InUseMark::set(&directory).map_err(io_error)?;
        let mut index = Self::open_directory(&directory)?;
        if let Some(reason) = index.unfit()? {
            log::warn!("the graph index is made anew from the journal: {reason}");
            drop(index);
            remove(&directory).map_err(io_error)?;
            index = Self::open_directory(&directory)?;
        }
        index.in_use = Mutex::new(Some(mark));
        Ok(index)
    }

    /// Opens the index in `<data_dir>/graph` to be looked at, and changes nothing about it, not even its mark.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn look_at(data_dir: &Path) -> Result<Result<Self, Unopened>, IndexError> {
        let directory = data_dir.join("graph");
        if !directory.join("data.mdb").exists() {
            return Ok(Err(Unopened::Missing));
        }
        let trust = InUseMark::trust(&directory).map_err(|error| IndexError::from_io(&error))?;
        if trust == Trust::Doubtful {
            return Ok(Err(Unopened::Unfit(MACHINE_WENT_DOWN)));
        }
        let index = Self::open_directory(&directory)?;
        Ok(match index.unfit()? {
            Some(reason) => Err(Unopened::Unfit(reason)),
            None => Ok(index),
        })
    }

    fn open_directory(directory: &Path) -> Result<Self, IndexError> {
        let mut options = EnvOpenOptions::new().read_txn_without_tls();
        options.map_size(MAP_BYTES).max_dbs(Tables::COUNT).max_readers(READERS_MAX);
        #[expect(
            unsafe_code,
            reason = "the map is only sound while nobody else changes the file: the data directory's lock sees to \
                      that; without fsync the file may be damaged by a machine crash: the in-use mark sees to that"
        )]
        let env = unsafe { options.flags(EnvFlags::NO_SYNC).open(directory)? };
        env.clear_stale_readers()?;
        let mut txn = env.write_txn()?;
        let tables = Tables::create(&env, &mut txn)?;
        if tables.meta.is_empty(&txn)? {
            tables.meta.put(&mut txn, b"hash_key", &random_key())?;
            tables.set_number(&mut txn, "format", FORMAT_VERSION)?;
            tables.set_number(&mut txn, "applied", 0)?;
        }
        txn.commit()?;
        Ok(Self { env, tables, in_use: Mutex::new(None), directory: directory.to_owned() })
    }

    /// Opens the index in this very directory only to read it, while another process has it open.
    ///
    /// # Errors
    /// [`IndexError`], also if there is no index.
    pub fn open_to_read(directory: &Path) -> Result<Self, IndexError> {
        let mut options = EnvOpenOptions::new().read_txn_without_tls();
        options.map_size(MAP_BYTES).max_dbs(Tables::COUNT).max_readers(READERS_MAX);
        #[expect(
            unsafe_code,
            reason = "as where it is opened to be written; LMDB keeps writer and readers apart"
        )]
        let env = unsafe { options.flags(EnvFlags::READ_ONLY).open(directory)? };
        let txn = env.read_txn()?;
        let tables = Tables::open(&env, &txn)?.ok_or(IndexError::Damaged("a table is missing"))?;
        // Only so the handles of the tables stay.
        txn.commit()?;
        Ok(Self { env, tables, in_use: Mutex::new(None), directory: directory.to_owned() })
    }

    /// Where its files are.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Forgets the snapshots of processes that are gone: what they read can be written over again.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn forget_dead_readers(&self) -> Result<(), IndexError> {
        self.env.clear_stale_readers()?;
        Ok(())
    }

    /// Why the index must not be used.
    fn unfit(&self) -> Result<Option<&'static str>, IndexError> {
        let txn = self.env.read_txn()?;
        Ok(if self.tables.number(&txn, "format")? != Some(FORMAT_VERSION) {
            Some("it is of another version")
        } else if self.tables.number(&txn, "erased")?.is_some() {
            Some("its unused pages may hold what was erased")
        } else {
            None
        })
    }

    /// How many journal entries the index contains: those with sequence numbers below this.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn applied(&self) -> Result<u64, IndexError> {
        let txn = self.env.read_txn()?;
        self.tables.number(&txn, "applied")?.ok_or(IndexError::Damaged("no applied sequence"))
    }

    /// A view of the graph as it is now, which later writes do not change. While it is open the pages it sees cannot
    /// be used again, so it must not be kept for long.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn snapshot(&self) -> Result<Snapshot, IndexError> {
        Snapshot::open(self.env.clone(), self.tables)
    }

    /// Writes what is in memory to disk.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn sync(&self) -> Result<(), IndexError> {
        Ok(self.env.force_sync()?)
    }

    /// Syncs and marks the index as properly closed.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn close(&self) -> Result<(), IndexError> {
        self.sync()?;
        let mark = self.in_use.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        // If we crash before the mark is gone, the index is rebuilt although it need not be.
        mark.map_or(Ok(()), |mark| mark.clear().map_err(|error| IndexError::from_io(&error)))
    }
}

/// A key for the hashes of terms. It only has to be unknown to senders, which the randomness of the standard library's
/// hash maps is as well.
fn random_key() -> [u8; 16] {
    let random = || RandomState::new().build_hasher().finish().to_be_bytes();
    let mut key = [0; 16];
    key[..8].copy_from_slice(&random());
    key[8..].copy_from_slice(&random());
    key
}

fn remove(directory: &Path) -> std::io::Result<()> {
    for name in ["data.mdb", "lock.mdb"] {
        match fs::remove_file(directory.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}
