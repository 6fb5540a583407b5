//! What may prove that a log did not only grow: kept for whoever has to explain it.

use std::{
    fs::{self, DirBuilder},
    io,
    os::unix::fs::DirBuilderExt as _,
    path::PathBuf,
};

use segb_journal::{
    Hash,
    checkpoint::SignedCheckpoint,
    witness::{AddCheckpoint, Refusal},
};

use super::state::{StateDir, sync_directory, write_synced};

/// Files that are kept at most. The log has to sign something new for each, so that no stranger can fill the disk.
const FILES_MAX: usize = 1_000;

impl StateDir {
    /// Keeps a request that was refused, with the checkpoint that was cosigned before; in one file for each pair of
    /// checkpoints. Where it is.
    pub(super) fn keep_evidence(
        &self,
        refusal: &Refusal,
        last: Option<&SignedCheckpoint>,
        body: &[u8],
        unix_s: u64,
    ) -> io::Result<PathBuf> {
        let directory = self.path().join("evidence");
        DirBuilder::new().recursive(true).mode(0o700).create(&directory)?;
        let before = last.map(|last| last.note().text()).unwrap_or_default();
        let path =
            directory.join(format!("{}.txt", Hash::of(&[before.as_bytes(), new_text(body).as_bytes()])));
        if path.exists() {
            return Ok(path);
        }
        if fs::read_dir(&directory)?.count() >= FILES_MAX {
            return Err(io::Error::other(format!(
                "there are {FILES_MAX} files in {} already",
                directory.display()
            )));
        }
        let last = last.map(ToString::to_string).unwrap_or_default();
        let head = format!(
            "{refusal}\n\nseconds since 1970-01-01T00:00:00Z: {unix_s}\n\n--- cosigned before\n{last}--- the request\n"
        );
        let bytes = [head.as_bytes(), body].concat();
        // If we crash before this is done, a part of a file is left, and the log still has what it signed.
        write_synced(&path, &bytes)?;
        sync_directory(&directory)?;
        Ok(path)
    }
}

/// What the log signed, without proof and signatures, which a stranger can vary.
fn new_text(body: &[u8]) -> String {
    AddCheckpoint::parse(body).map(|request| request.checkpoint().text().to_owned()).unwrap_or_default()
}
