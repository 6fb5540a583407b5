//! Paths and links in the documentation lead somewhere.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

fn pages() -> Vec<PathBuf> {
    let mut pages = vec![root().join("README.md")];
    for folder in ["docs", "docs/decisions"] {
        for entry in std::fs::read_dir(root().join(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|extension| extension == "md") {
                pages.push(path);
            }
        }
    }
    pages
}

/// The anchor that a heading gets: lower case, hyphens for blanks, no other signs.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn links_between_pages_lead_to_files_and_headings() {
    for page in pages() {
        let text = std::fs::read_to_string(&page).expect("a page");
        for link in text.split("](").skip(1).filter_map(|rest| rest.split_once(')').map(|(link, _)| link)) {
            let (path, heading) = link.split_once('#').unwrap_or((link, ""));
            if path.starts_with("http") {
                continue;
            }
            let target = match path {
                "" => page.clone(),
                path => page.parent().expect("a folder").join(path),
            };
            assert!(target.exists(), "{} links to {path}, which is not there", page.display());
            if !heading.is_empty() {
                let text = std::fs::read_to_string(&target).expect("a page");
                let mut headings = text.lines().filter(|line| line.starts_with('#'));
                let found = headings.any(|line| anchor(line.trim_start_matches('#')) == heading);
                assert!(found, "{} links to {link}, and there is no such heading", page.display());
            }
        }
    }
}

#[test]
fn every_path_that_the_architecture_names_exists() {
    let text = std::fs::read_to_string(root().join("docs/architecture.md")).expect("the page");
    assert!(text.lines().count() <= 150, "the page is meant to be read in one go");
    let named =
        |word: &&str| ["crates/", "bins/", "tests/", "docs/"].iter().any(|start| word.starts_with(start));
    let words = text.split(|c: char| c.is_whitespace() || "`(),;".contains(c));
    let paths: Vec<&str> = words.filter(named).map(|word| word.trim_end_matches(['.', ':'])).collect();
    assert!(paths.len() > 10, "the page names paths");
    for path in paths {
        assert!(root().join(path).exists(), "docs/architecture.md names {path}, which is not there");
    }
}

#[test]
fn every_page_is_listed() {
    let list = std::fs::read_to_string(root().join("docs/README.md")).expect("the page");
    let decisions = std::fs::read_to_string(root().join("docs/decisions/README.md")).expect("the page");
    for page in pages() {
        let name = page.file_name().expect("a name").to_str().expect("UTF-8");
        let listed = name == "README.md" || list.contains(name) || decisions.contains(name);
        assert!(listed, "{name} is in no list of pages");
    }
}
