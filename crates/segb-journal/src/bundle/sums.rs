//! The list of files with their hashes.

use std::collections::BTreeMap;

use crate::Hash;

/// A line of `SHA256SUMS`, as `sha256sum` writes it: hash, two spaces, name.
pub fn sums_line(hash: &Hash, name: &str) -> String {
    format!("{hash}  {name}\n")
}

/// What is wrong with a list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum InvalidSums {
    #[error("line {0} is not a hash, two spaces and a name")]
    Line(usize),
    #[error("{0:?} is listed twice")]
    Twice(String),
}

/// Names and hashes of the whole list.
pub(super) fn parse(text: &[u8]) -> Result<BTreeMap<String, Hash>, InvalidSums> {
    let mut sums = BTreeMap::new();
    for (index, line) in text.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let malformed = || InvalidSums::Line(index + 1);
        let line = std::str::from_utf8(line).ok().and_then(|line| line.strip_suffix('\n'));
        let (hash, name) = line.and_then(|line| line.split_once("  ")).ok_or_else(malformed)?;
        let hash = hash.parse().map_err(|_| malformed())?;
        if sums.insert(name.to_owned(), hash).is_some() {
            return Err(InvalidSums::Twice(name.to_owned()));
        }
    }
    Ok(sums)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_as_it_was_written_and_in_no_other_way() {
        let (one, two) = (Hash::of(&[b"1"]), Hash::of(&[b"2"]));
        let text = format!("{}{}", sums_line(&one, "README.txt"), sums_line(&two, "payloads/0.ttl"));
        let expected = [("README.txt".to_owned(), one), ("payloads/0.ttl".to_owned(), two)];
        assert_eq!(parse(text.as_bytes()), Ok(expected.into()));
        assert_eq!(parse(b""), Ok(BTreeMap::new()));
        for (wrong, line) in [
            (text.replacen("  ", " ", 1), 1),
            (text.trim_end().to_owned(), 2),
            (text.to_uppercase(), 1),
            (format!("{text}\n"), 3),
        ] {
            assert_eq!(parse(wrong.as_bytes()), Err(InvalidSums::Line(line)), "{wrong}");
        }
        let twice = text.repeat(2);
        assert_eq!(parse(twice.as_bytes()), Err(InvalidSums::Twice("README.txt".to_owned())));
    }
}
