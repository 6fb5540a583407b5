//! What is printed: the result on standard output, errors on standard error, and the exit code that says it to scripts.

use std::{
    error::Error,
    fmt::Write as _,
    io::{self, Write as _},
    process::ExitCode,
};

use segb_verify::{
    Findings, Verdict,
    bundle::BundleReport,
    journal::{AccessReport, Expected, FileReport, JournalReport, SignedHead},
    receipt::ReceiptReport,
};
use serde::Serialize;

/// Bad arguments or an unreadable file; the same code that `clap` uses.
const UNUSABLE: u8 = 2;

/// Problems that are printed for people; all hundred that are kept are in the JSON.
const PROBLEMS_SHOWN_MAX: usize = 20;

const fn exit_code(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Verified => 0,
        Verdict::DoesNotFit => 1,
        Verdict::Incomplete => 3,
    }
}

/// Prints what was found in a journal.
pub fn journal(report: &FileReport, expected: &Expected, json: bool) -> Result<ExitCode, Box<dyn Error>> {
    if json {
        return finish(report.verdict, &line_of(report)?);
    }
    let mut text = journal_text(report, expected)?;
    if let Some(access) = &report.access {
        access_text(access, &mut text)?;
    }
    finish(report.verdict, &with_verdict(text, report.verdict)?)
}

/// Prints what was found about a receipt.
pub fn receipt(report: &ReceiptReport, json: bool) -> Result<ExitCode, Box<dyn Error>> {
    if json {
        return finish(report.verdict, &line_of(report)?);
    }
    let mut text = format!("Receipt of entry {}, log {}\n", report.sequence, report.log_id);
    if let Some(entry) = &report.entry {
        writeln!(text, "  received     {} by {:?}", entry.received_at, entry.actor)?;
    }
    if let Some(size) = report.proved_in {
        writeln!(text, "  proof        it is in the journal of {size} entries that the key has signed")?;
    }
    if report.document_fits == Some(true) {
        writeln!(text, "  document     it has the SHA-256 that the receipt states")?;
    }
    findings_text(&report.findings, &mut text)?;
    finish(report.verdict, &with_verdict(text, report.verdict)?)
}

/// Prints what was found about a bundle.
pub fn bundle(report: &BundleReport, json: bool) -> Result<ExitCode, Box<dyn Error>> {
    if json {
        return finish(report.verdict, &line_of(report)?);
    }
    let mut text = "Evidence".to_owned();
    if let Some(said) = &report.description {
        let by = said.requested_by.as_ref().map_or(String::new(), |name| format!(" for {name:?}"));
        write!(text, " from the journal {:?}, made {}{by}", said.origin, said.created_at)?;
    }
    writeln!(text)?;
    let of = report.tree_size.map_or(String::new(), |size| format!(" of {size}"));
    writeln!(text, "  entries      {}{of}", report.entries)?;
    if report.erased_logs > 0 && report.findings.problem_count == 0 {
        writeln!(text, "  erased       {} of them, commitments intact", report.erased_logs)?;
    }
    if let Some(root) = &report.root {
        writeln!(text, "  root         {}", root.to_base64())?;
    }
    if let Some(key) = &report.verifier {
        writeln!(text, "  key          {key}")?;
    }
    for (first, last) in &report.gaps {
        let numbers = if first == last { first.to_string() } else { format!("{first} to {last}") };
        writeln!(
            text,
            "  not in it    {numbers}, between entries that are: received outside of the window, or left out"
        )?;
    }
    findings_text(&report.findings, &mut text)?;
    finish(report.verdict, &with_verdict(text, report.verdict)?)
}

/// Prints why nothing could be checked.
pub fn complain(error: &(dyn Error + 'static), json: bool) -> ExitCode {
    // If even standard error is closed there is nobody left to tell.
    let _ = writeln!(io::stderr(), "Error: {error}");
    if json {
        let _ = print(&format!("{}\n", serde_json::json!({ "error": error.to_string() })));
    }
    ExitCode::from(UNUSABLE)
}

fn journal_text(report: &FileReport, expected: &Expected) -> Result<String, Box<dyn Error>> {
    let JournalReport { version, entries, payloads, erased_logs, cosigned_checkpoints, findings, .. } =
        &report.journal;
    let mut text = format!("Journal {}, tables of version {version}\n", report.path.display());
    writeln!(text, "  entries      {entries}")?;
    writeln!(text, "  payloads     {payloads} are what their entries commit to")?;
    match erased_logs {
        0 => writeln!(text, "  erased       no logs")?,
        1 => writeln!(text, "  erased       1 log erased, commitment intact")?,
        _ => writeln!(text, "  erased       {erased_logs} logs erased, commitments intact")?,
    }
    if let Some(root) = &report.journal.root {
        writeln!(text, "  root         {}", root.to_base64())?;
    }
    checkpoint_text(report.journal.checkpoint.as_ref(), report.journal.kept_checkpoints, &mut text)?;
    if report.journal.checkpoint.is_some() && expected.key.is_none() {
        writeln!(
            text,
            "               the key is the one in the file; compare it with one that was kept elsewhere"
        )?;
    }
    if *cosigned_checkpoints > 0 {
        writeln!(text, "  cosigned     {cosigned_checkpoints} checkpoints that witnesses have seen")?;
    }
    findings_text(findings, &mut text)?;
    Ok(text)
}

fn access_text(report: &AccessReport, text: &mut String) -> Result<(), Box<dyn Error>> {
    writeln!(text, "Journal of accesses")?;
    writeln!(text, "  records      {}", report.records)?;
    if let Some(root) = &report.root {
        writeln!(text, "  root         {}", root.to_base64())?;
    }
    checkpoint_text(report.checkpoint.as_ref(), report.kept_checkpoints, text)?;
    findings_text(&report.findings, text)
}

fn checkpoint_text(stored: Option<&SignedHead>, kept: u64, text: &mut String) -> Result<(), Box<dyn Error>> {
    if let Some(SignedHead { size, verifier, .. }) = stored {
        writeln!(text, "  checkpoint   of {size}, signed with {verifier}")?;
    }
    if kept > 0 {
        writeln!(text, "  kept         {kept} checkpoints that were kept elsewhere fit")?;
    }
    Ok(())
}

fn findings_text(findings: &Findings, text: &mut String) -> Result<(), Box<dyn Error>> {
    let Findings { problem_count, first_problem, problems, unchecked } = findings;
    if let Some(first) = first_problem {
        writeln!(text, "  FIRST PROBLEM  {first}")?;
        let mut others = problems.iter().filter(|problem| *problem != first).take(PROBLEMS_SHOWN_MAX);
        others.try_for_each(|problem| writeln!(text, "  problem        {problem}"))?;
        writeln!(text, "  problems       {problem_count} in all")?;
    }
    for what in unchecked {
        writeln!(text, "  NOT CHECKED    {what}")?;
    }
    Ok(())
}

fn with_verdict(mut text: String, verdict: Verdict) -> Result<String, Box<dyn Error>> {
    writeln!(
        text,
        "{}",
        match verdict {
            Verdict::Verified => "VERIFIED: everything fits.",
            Verdict::DoesNotFit => "NOT VERIFIED: something does not fit.",
            Verdict::Incomplete =>
                "INCOMPLETE: what could be checked fits, but not everything could be checked.",
        }
    )?;
    Ok(text)
}

fn line_of(report: &impl Serialize) -> Result<String, Box<dyn Error>> {
    Ok(format!("{}\n", serde_json::to_string(report)?))
}

fn finish(verdict: Verdict, text: &str) -> Result<ExitCode, Box<dyn Error>> {
    print(text).map_err(|error| format!("cannot write to standard output: {error}"))?;
    Ok(ExitCode::from(exit_code(verdict)))
}

/// Writes to standard output.
pub fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush())
}
