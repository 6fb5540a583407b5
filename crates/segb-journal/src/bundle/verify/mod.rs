//! Checks a bundle, whoever packed it and however it was kept.

mod entries;
mod files;
mod notes;
mod payloads;
mod problem;
mod report;

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::{
    CHECKPOINT, DESCRIPTION, Description, ENTRIES, FILES, FORMAT, KEY, MANIFEST, PREFIXES, README, Request,
    SUMS, line::sequence_of, ranges, sums,
};
use crate::{Hash, checkpoint::UnverifiedCheckpoint, note::Verifier, tree::TreeHead};

pub use files::BundleFiles;
pub use problem::{EntryProblem, Problem};
pub use report::{Report, Unchecked};

use entries::Listed;
use files::Read;
use report::Findings;

/// The most bytes of a file that is read at once; notes and texts have some thousand.
const FILE_BYTES_MAX: u64 = 16 << 20;
/// What the lists of files and of entries may have besides, for each file of the bundle.
const LISTED_BYTES_MAX: u64 = 256;

/// What whoever verifies knows from elsewhere.
#[derive(Debug, Clone, Default)]
pub struct Trusted {
    /// The public key of the journal. Without it the bundle says itself who signed it.
    pub key: Option<Verifier>,
    /// Checkpoints of the journal that were kept elsewhere.
    pub checkpoints: Vec<UnverifiedCheckpoint>,
}

/// Checks a bundle: every file against the list, the list against the signed manifest, the checkpoint against the key,
/// every entry against its proof, every payload against its commitment, and that erased logs are explained. Goes on
/// after a problem as far as it can. Memory grows with the number of entries, by some hundred bytes each, but not with
/// their size. `progress` is called after each entry and each payload.
pub fn verify(files: &mut impl BundleFiles, trusted: &Trusted, progress: &mut dyn FnMut()) -> Report {
    let names: BTreeSet<String> = files.names().into_iter().collect();
    let mut findings = Findings::default();
    for missing in FILES.into_iter().filter(|name| !names.contains(*name)) {
        findings.add(Problem::Missing { name: missing.to_owned() });
    }
    let mut hashes = BTreeMap::new();
    let mut small = |name: &'static str, findings: &mut Findings| {
        let bytes_max = bytes_max(name, names.len() as u64);
        let Read { bytes, hash } =
            names.contains(name).then(|| files::read(files, name, bytes_max, findings))??;
        hashes.insert(name.to_owned(), hash);
        Some(bytes)
    };
    let key = small(KEY, &mut findings);
    let description = small(DESCRIPTION, &mut findings);
    let checkpoint = small(CHECKPOINT, &mut findings);
    let manifest = small(MANIFEST, &mut findings);
    let list = small(SUMS, &mut findings);
    for name in [README, PREFIXES] {
        small(name, &mut findings);
    }

    let key = notes::key(key.as_deref(), trusted, &mut findings);
    let description = description.and_then(|bytes| read_description(&bytes, &mut findings));
    let head = checkpoint.and_then(|note| notes::checkpoint(&note, key.as_ref(), trusted, &mut findings));
    let list_hash = hashes.remove(SUMS);
    hashes.remove(MANIFEST);
    if let Some(note) = manifest {
        notes::manifest(&note, key.as_ref(), list_hash, description.as_ref(), &mut findings);
    }
    if let Some(description) = &description {
        check_description(description, key.as_ref(), head, &mut findings);
    }

    // Without a checkpoint, what the bundle says about it still tells which entry does not belong to the others.
    let claimed = description.as_ref().map(|said| TreeHead { size: said.tree_size, root: said.root });
    let (listed, entries_hash) = if names.contains(ENTRIES) {
        entries::read(files, head.or(claimed), description.as_ref(), progress, &mut findings)
    } else {
        (Vec::new(), None)
    };
    hashes.extend(entries_hash.map(|hash| (ENTRIES.to_owned(), hash)));
    let erasures = payloads::read(files, &names, &listed, &mut hashes, progress, &mut findings);
    payloads::check_erasures(&listed, &erasures, &mut findings);
    if let Some(description) = &description {
        check_sequences(description, &listed, &mut findings);
    }
    check_names(&names, &listed, &mut findings);
    if let Some(list) = list {
        check_sums(&list, &names, &hashes, &mut findings);
    }
    report::make(description, key, head, trusted, &listed, findings)
}

fn bytes_max(name: &str, files: u64) -> u64 {
    if [SUMS, DESCRIPTION].contains(&name) {
        FILE_BYTES_MAX.saturating_add(files.saturating_mul(LISTED_BYTES_MAX))
    } else {
        FILE_BYTES_MAX
    }
}

fn read_description(bytes: &[u8], findings: &mut Findings) -> Option<Description> {
    match serde_json::from_slice::<Description>(bytes) {
        Ok(description) if description.format == FORMAT => return Some(description),
        Ok(other) => findings.in_file(DESCRIPTION, format!("the format is {:?}, not {FORMAT}", other.format)),
        Err(error) => findings.in_file(DESCRIPTION, format!("not the description of a bundle: {error}")),
    }
    None
}

fn check_description(
    description: &Description,
    key: Option<&Verifier>,
    head: Option<TreeHead>,
    findings: &mut Findings,
) {
    let Description { origin, tree_size, root, .. } = description;
    if let Some(name) = key.map(|key| key.name().as_str()).filter(|name| name != origin) {
        findings
            .in_file(DESCRIPTION, format!("it is about the journal {origin}, and the key is that of {name}"));
    }
    if head.is_some_and(|head| head != TreeHead { size: *tree_size, root: *root }) {
        findings
            .in_file(DESCRIPTION, "size and root of the journal are not those of the checkpoint".to_owned());
    }
}

/// What was said to be there and what is there.
fn check_sequences(description: &Description, listed: &[Listed], findings: &mut Findings) {
    let said = &description.sequences;
    let found = ranges(listed.iter().map(|entry| entry.sequence));
    for (first, last) in without(said, &found) {
        findings.add(Problem::EntriesMissing { first, last });
    }
    let within = |sequence: u64| said.iter().any(|(first, last)| (*first..=*last).contains(&sequence));
    for entry in listed.iter().filter(|entry| !within(entry.sequence)) {
        findings.entry(entry.sequence, Some(entry.log_id), EntryProblem::NotListed);
    }
    for log_id in missing_ids(&description.request, listed) {
        findings.add(Problem::LogMissing(log_id));
    }
    if description.entry_count != listed.len() as u64 {
        let (said, found) = (description.entry_count, listed.len());
        findings
            .in_file(DESCRIPTION, format!("it says that there are {said} entries, and there are {found}"));
    }
}

/// Logs that were asked for by their ids only, so that they have to be there.
fn missing_ids(request: &Request, listed: &[Listed]) -> Vec<Uuid> {
    let only_ids = Request { log_ids: request.log_ids.clone(), ..Request::default() };
    let ids = request.log_ids.iter().flatten().filter(|_| *request == only_ids);
    let there: BTreeSet<Uuid> = listed.iter().map(|entry| entry.log_id).collect();
    ids.filter(|id| !there.contains(id)).copied().collect()
}

/// The numbers that are in `ranges` and not in `taken`, both without overlaps.
fn without(ranges: &[(u64, u64)], taken: &[(u64, u64)]) -> Vec<(u64, u64)> {
    let mut left = Vec::new();
    for (first, last) in ranges {
        let mut next = Some(*first);
        for (from, to) in taken.iter().filter(|(from, to)| from <= last && to >= first) {
            if let Some(first) = next.filter(|next| next < from) {
                left.push((first, from - 1));
            }
            next = to.checked_add(1);
        }
        left.extend(next.filter(|next| next <= last).map(|next| (next, *last)));
    }
    left
}

/// Files that nothing in the bundle explains.
fn check_names(names: &BTreeSet<String>, listed: &[Listed], findings: &mut Findings) {
    let explained: BTreeSet<&str> = listed.iter().filter_map(|entry| entry.payload.as_deref()).collect();
    let others = names.iter().filter(|name| !FILES.contains(&name.as_str()));
    for name in others.filter(|name| !explained.contains(name.as_str())) {
        findings.add(match sequence_of(name) {
            Some(sequence) => Problem::PayloadWithoutEntry { name: name.clone(), sequence },
            None => Problem::Unexpected { name: name.clone() },
        });
    }
}

fn check_sums(
    list: &[u8],
    names: &BTreeSet<String>,
    hashes: &BTreeMap<String, Hash>,
    findings: &mut Findings,
) {
    let sums = match sums::parse(list) {
        Ok(sums) => sums,
        Err(error) => return findings.in_file(SUMS, error.to_string()),
    };
    for (name, sum) in &sums {
        match hashes.get(name) {
            Some(hash) if hash == sum => {}
            Some(_) => findings.add(Problem::Changed { name: name.clone() }),
            None if names.contains(name) => {}
            // Then it has been said already.
            None if FILES.contains(&name.as_str()) => {}
            None => findings.add(Problem::Missing { name: name.clone() }),
        }
    }
    for name in
        names.iter().filter(|name| !sums.contains_key(*name) && ![SUMS, MANIFEST].contains(&name.as_str()))
    {
        findings.add(Problem::NotInList { name: name.clone() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_of_ranges() {
        let all = [(0, 9), (20, 20), (u64::MAX - 1, u64::MAX)];
        assert_eq!(without(&all, &[]), all);
        assert_eq!(without(&all, &all), []);
        assert_eq!(without(&all, &[(0, 0), (3, 4), (20, 20)]), [(1, 2), (5, 9), (u64::MAX - 1, u64::MAX)]);
        assert_eq!(without(&[(5, 9)], &[(0, 6), (9, 12)]), [(7, 8)]);
    }
}
