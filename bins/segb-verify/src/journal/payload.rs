//! Payloads as they are stored.

use flate2::{Decompress, FlushDecompress, Status};
use rusqlite::Row;
use segb_journal::{CommitmentBuilder, Entry, Salt};

use super::columns;

/// How much of a payload is decompressed at once.
const BLOCK_BYTES: usize = 64 << 10;
/// The longest payload of the server's own entries that is read as JSON; a hold may name very many logs.
const STATEMENT_BYTES_MAX: u64 = 64 << 20;

/// A row of the table `payloads`.
pub(super) struct PayloadRow {
    salt: Result<[u8; Salt::LENGTH_BYTES], String>,
    encoding: Result<String, String>,
    bytes: Result<Vec<u8>, String>,
}

impl PayloadRow {
    pub(super) const SQL: &str = "SELECT sequence, salt, encoding, bytes FROM payloads ORDER BY sequence";

    pub(super) fn read(row: &Row<'_>) -> Self {
        Self {
            salt: columns::array(row, "salt"),
            encoding: columns::text(row, "encoding"),
            bytes: columns::bytes(row, "bytes").map(<[u8]>::to_vec),
        }
    }
}

/// Decompresses one payload after the other.
pub(super) struct Inflater {
    decompress: Decompress,
    block: Vec<u8>,
}

impl Inflater {
    pub(super) fn new() -> Self {
        Self { decompress: Decompress::new(true), block: vec![0; BLOCK_BYTES] }
    }

    /// Whether a payload is the one that its entry commits to; says what is wrong otherwise. The payload itself is
    /// answered only if `keep` and if it is not longer than anything that is worth reading.
    pub(super) fn check(&mut self, entry: &Entry, row: PayloadRow, keep: bool) -> Result<Vec<u8>, String> {
        let PayloadRow { salt, encoding, bytes } = row;
        let (salt, encoding, bytes) = (salt?, encoding?, bytes?);
        let mut commitment = CommitmentBuilder::new(&Salt::from_bytes(salt));
        let keep = keep && entry.payload_size <= STATEMENT_BYTES_MAX;
        let mut kept = Vec::new();
        let length = self.decode(&encoding, &bytes, entry.payload_size, |piece| {
            commitment.update(piece);
            if keep {
                kept.extend_from_slice(piece);
            }
        })?;
        if length != entry.payload_size {
            let expected = entry.payload_size;
            return Err(format!("the payload has {length} bytes, the entry is about {expected}"));
        }
        if commitment.finish() != entry.payload_commitment {
            return Err("the payload is not what the entry commits to".to_owned());
        }
        Ok(kept)
    }

    /// Hands the decoded bytes over in pieces; how many they were. Ends early when they are more than `size`.
    fn decode(
        &mut self,
        encoding: &str,
        bytes: &[u8],
        size: u64,
        mut piece: impl FnMut(&[u8]),
    ) -> Result<u64, String> {
        match encoding {
            "identity" => {
                piece(bytes);
                Ok(bytes.len() as u64)
            }
            "deflate" => self.inflate(bytes, size, piece),
            other => Err(format!("the payload is in the unknown encoding {other:?}")),
        }
    }

    fn inflate(&mut self, bytes: &[u8], size: u64, mut piece: impl FnMut(&[u8])) -> Result<u64, String> {
        self.decompress.reset(true);
        loop {
            let (read, written) = (self.decompress.total_in(), self.decompress.total_out());
            let rest = bytes.get(read as usize..).unwrap_or_default();
            let status = self
                .decompress
                .decompress(rest, &mut self.block, FlushDecompress::None)
                .map_err(|error| format!("the payload cannot be decompressed: {error}"))?;
            let total = self.decompress.total_out();
            piece(self.block.get(..(total - written) as usize).unwrap_or_default());
            if total > size {
                return Err(format!("the payload has more than the {size} bytes that the entry is about"));
            }
            match status {
                Status::StreamEnd if self.decompress.total_in() == bytes.len() as u64 => return Ok(total),
                Status::StreamEnd => {
                    return Err("there is something behind the compressed payload".to_owned());
                }
                _ if total == written && self.decompress.total_in() == read => {
                    return Err("the compressed payload is cut off".to_owned());
                }
                _ => {}
            }
        }
    }
}
