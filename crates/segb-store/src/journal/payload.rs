//! How payload bytes are kept: compressed with zlib (RFC 1950) where that makes them shorter, which any language's
//! standard library can undo.

use std::io::{Read, Write};

use flate2::{Compression, read::ZlibDecoder, write::ZlibEncoder};

use super::JournalError;

/// A payload as it is stored.
#[derive(Debug, Clone)]
pub(crate) struct EncodedPayload {
    pub(super) encoding: &'static str,
    pub(super) bytes: Vec<u8>,
}

/// Memory asked for ahead of decompression; a damaged size must not ask for more than there is.
const CAPACITY_MAX: u64 = 1 << 20;

const IDENTITY: &str = "identity";
const DEFLATE: &str = "deflate";

impl EncodedPayload {
    /// Compresses lightly: a log of a few kB takes some 30 µs and shrinks to a quarter.
    pub(crate) fn encode(payload: Vec<u8>) -> Self {
        let mut encoder = ZlibEncoder::new(Vec::with_capacity(payload.len() / 2), Compression::fast());
        // Writing into memory does not fail; if it did, the bytes would be stored as they are.
        match encoder.write_all(&payload).and_then(|()| encoder.finish()) {
            Ok(bytes) if bytes.len() < payload.len() => Self { encoding: DEFLATE, bytes },
            _ => Self { encoding: IDENTITY, bytes: payload },
        }
    }
}

/// The original bytes; `size` is how many there must be.
pub(super) fn decode(encoding: &str, bytes: Vec<u8>, size: u64) -> Result<Vec<u8>, JournalError> {
    let payload = match encoding {
        IDENTITY => bytes,
        DEFLATE => {
            let mut payload = Vec::with_capacity(size.min(CAPACITY_MAX) as usize);
            // One byte more than there should be is enough to notice that there are too many.
            let mut decoder = ZlibDecoder::new(bytes.as_slice()).take(size.saturating_add(1));
            decoder.read_to_end(&mut payload).map_err(|error| damaged(&error.to_string()))?;
            payload
        }
        other => return Err(damaged(&format!("unknown encoding {other:?}"))),
    };
    if payload.len() as u64 == size { Ok(payload) } else { Err(damaged("its size is not the recorded one")) }
}

fn damaged(why: &str) -> JournalError {
    JournalError::Damaged(format!("a payload cannot be read: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_come_back_and_damage_is_noticed() {
        for payload in [Vec::new(), b"<a> <b> <c> .".repeat(100), (0..=255).collect()] {
            let size = payload.len() as u64;
            let EncodedPayload { encoding, bytes } = EncodedPayload::encode(payload.clone());
            assert!(bytes.len() <= payload.len());
            assert_eq!(decode(encoding, bytes.clone(), size).unwrap(), payload);
            for wrong in [size + 1, size.wrapping_sub(1)] {
                assert!(decode(encoding, bytes.clone(), wrong.min(1 << 20)).is_err());
            }
            assert!(decode("zstd", bytes, size).is_err());
        }
    }
}
