//! That a server starts to work on the journal, and with what settings.

use std::collections::BTreeMap;

use segb_journal::{
    EntryKind,
    statement::{ConfigurationChange, ServerStart},
};

use crate::{
    journal::JournalError,
    record::{Provenance, RecordError},
    store::Store,
};

impl Store {
    /// Records that a server starts to work with these settings; if they are others than those of the start before, in
    /// an entry of its own, which comes first. Blocks on the disk.
    ///
    /// # Errors
    /// [`RecordError`]; then it may be tried again.
    pub fn record_start(
        &self,
        start: &ServerStart,
        settings: BTreeMap<String, String>,
        mut provenance: impl FnMut() -> Provenance,
    ) -> Result<(), RecordError> {
        let storage = |error: JournalError| RecordError::Storage(error.to_string());
        let last = self.reader().last_of(EntryKind::ConfigurationChanged).map_err(storage)?;
        let earlier: Option<ConfigurationChange> =
            last.map(|entry| self.reader().statement(&entry)).transpose().map_err(storage)?;
        let before = difference(earlier.as_ref().map(|change| &change.settings), &settings);
        if earlier.is_none() || !before.is_empty() {
            let change = ConfigurationChange { settings, before };
            self.record_statement(EntryKind::ConfigurationChanged, &change, None, provenance())?.wait()?;
        }
        self.record_statement(EntryKind::ServerStarted, start, None, provenance())?.wait()?;
        Ok(())
    }
}

/// The settings that were other, and what they were.
fn difference(
    earlier: Option<&BTreeMap<String, String>>,
    settings: &BTreeMap<String, String>,
) -> BTreeMap<String, Option<String>> {
    let Some(earlier) = earlier else { return BTreeMap::new() };
    let names = earlier.keys().chain(settings.keys());
    names
        .filter(|name| earlier.get(*name) != settings.get(*name))
        .map(|name| (name.clone(), earlier.get(name).cloned()))
        .collect()
}
