//! What the key of the journal signs about a bundle.

use std::{fmt, str::FromStr};

use super::FORMAT;
use crate::{Hash, Timestamp, checkpoint::Origin};

/// The text of the signed note `manifest.note`: four lines, [`FORMAT`], origin, time, and the SHA-256 of `SHA256SUMS`
/// in hexadecimal. It can never be taken for a checkpoint, and no checkpoint for it: the first line of a checkpoint is
/// the origin of the log, which for a journal is the name of its key, and the second line here is no number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The origin of the journal.
    pub origin: Origin,
    /// When the bundle was made.
    pub created_at: Timestamp,
    /// The SHA-256 of the file `SHA256SUMS`.
    pub sums: Hash,
}

/// A text that is not that of a manifest. The fault of whoever made it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the text is not {FORMAT}, origin, time and hash, in four lines")]
pub struct InvalidManifest;

impl fmt::Display for Manifest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{FORMAT}\n{}\n{}\n{}\n", self.origin, self.created_at, self.sums)
    }
}

impl FromStr for Manifest {
    type Err = InvalidManifest;

    fn from_str(text: &str) -> Result<Self, InvalidManifest> {
        let mut lines = text.split('\n');
        let mut next = || lines.next().ok_or(InvalidManifest);
        let (format, origin, created_at, sums) = (next()?, next()?, next()?, next()?);
        let manifest = Self {
            origin: origin.parse().map_err(|_| InvalidManifest)?,
            created_at: created_at.parse().map_err(|_| InvalidManifest)?,
            sums: sums.parse().map_err(|_| InvalidManifest)?,
        };
        // Whatever else could be read as the same is refused: a manifest has one spelling.
        if format == FORMAT && manifest.to_string() == text { Ok(manifest) } else { Err(InvalidManifest) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_has_one_spelling() -> Result<(), Box<dyn std::error::Error>> {
        let hash = Hash::of(&[b"sums"]);
        let text = format!("segb-evidence/v1\nglassbox.example\n2026-01-31T10:00:00.000000Z\n{hash}\n");
        assert_eq!(text.parse::<Manifest>()?.to_string(), text);
        for (from, to) in [
            ("v1", "v2"),
            (".000000", ""),
            ("Z\n", "Z\n\n"),
            ("glassbox.example\n", "\n"),
            ("segb", " segb"),
            (&hash.to_string(), "ba78"),
        ] {
            assert_eq!(text.replace(from, to).parse::<Manifest>(), Err(InvalidManifest), "{from}");
        }
        assert_eq!(format!("{text}more\n").parse::<Manifest>(), Err(InvalidManifest));
        Ok(())
    }

    #[test]
    fn a_checkpoint_is_no_manifest_and_a_manifest_no_checkpoint() {
        let hash = Hash::of(&[b"root"]);
        let checkpoint = format!("{FORMAT}\n12\n{}\n", hash.to_base64());
        assert_eq!(checkpoint.parse::<Manifest>(), Err(InvalidManifest));
        let manifest = format!("{FORMAT}\n{FORMAT}\n2026-01-31T10:00:00.000000Z\n{hash}\n");
        assert!(manifest.parse::<Manifest>().is_ok());
        assert!(manifest.parse::<crate::checkpoint::Checkpoint>().is_err());
    }
}
