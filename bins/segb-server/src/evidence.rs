//! `segb-server export-evidence`: a bundle from the files, with or without a server beside it.

use std::{
    error::Error,
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, IsTerminal, Write, stdout},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use segb_store::{BundleOrder, PreparedBundle, journal_format::bundle::Request};

use crate::{arguments::ExportEvidence, settings::Settings, system};

/// What robots sent is nobody else's business.
const PRIVATE_MODE: u32 = 0o600;

/// Writes the bundle.
pub fn export(settings: &Settings, wanted: ExportEvidence) -> Result<(), Box<dyn Error>> {
    let ExportEvidence { since, until, logs, actor, kind, requested_by, output } = wanted;
    let log_ids = (!logs.is_empty()).then_some(logs);
    let request = Request { since, until, log_ids, actor, kind };
    if request.is_empty() {
        return Err(
            "what is to be exported? At least one of --since, --until, --log, --actor and --kind is needed; \
                    --since 1970-01-01T00:00:00Z exports all entries"
                .into(),
        );
    }
    let signer = Arc::new(settings.existing_journal_key()?);
    let order = BundleOrder { request, created_at: system::now(), requested_by };
    let bundle = PreparedBundle::open(&settings.store_options().data_dir, signer, order)?;
    if output.as_deref() == Some(Path::new("-")) {
        return to_stdout(&bundle);
    }
    let summary = bundle.summary();
    let path = output.unwrap_or_else(|| PathBuf::from(&summary.file_name));
    let bytes = to_file(&bundle, &path)?;
    let (entries, size) = (summary.entry_count, summary.tree_size);
    writeln!(stdout(), "Wrote {entries} of {size} entries, {bytes} bytes, to {}", path.display())?;
    Ok(())
}

fn to_stdout(bundle: &PreparedBundle) -> Result<(), Box<dyn Error>> {
    let out = stdout().lock();
    if out.is_terminal() {
        return Err("a zip is nothing for a terminal: name a file, or pipe it into something".into());
    }
    bundle.write_to(BufWriter::new(out))?;
    Ok(())
}

/// Complete under its name, or not at all, and never over another file.
fn to_file(bundle: &PreparedBundle, path: &Path) -> Result<u64, Box<dyn Error>> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Some(name) = path.file_name() else {
        return Err(format!("{} is no name for a file", path.display()).into());
    };
    if path.exists() {
        return Err(format!("{} already exists", path.display()).into());
    }
    let mut partial = name.to_owned();
    partial.push(format!(".{}.partial", std::process::id()));
    let partial = directory.join(partial);
    let written = write(bundle, &partial).and_then(|bytes| {
        // If we crash before this, there is a partial file and no bundle.
        fs::hard_link(&partial, path).map_err(|cause| format!("{}: {cause}", path.display()))?;
        File::open(directory)?.sync_all()?;
        Ok(bytes)
    });
    let removed = fs::remove_file(&partial);
    let bytes = written?;
    removed?;
    Ok(bytes)
}

fn write(bundle: &PreparedBundle, path: &Path) -> Result<u64, Box<dyn Error>> {
    let open = OpenOptions::new().write(true).create(true).truncate(true).mode(PRIVATE_MODE).open(path);
    let mut file = BufWriter::new(open.map_err(|cause| format!("{}: {cause}", path.display()))?);
    bundle.write_to(&mut file)?;
    let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    Ok(file.metadata()?.len())
}
