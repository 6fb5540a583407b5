//! Compressed bodies (`Content-Encoding`, RFC 9110, section 8.4).

use std::io::{self, Read};

use actix_web::http::{
    StatusCode,
    header::{CONTENT_ENCODING, HeaderMap},
};
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use super::refusal::too_large;
use crate::ApiError;

/// How a body is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    Identity,
    Gzip,
    Deflate,
    Brotli,
}

/// The input buffer of the Brotli decoder, in bytes.
const BROTLI_BUFFER_BYTES: usize = 16 << 10;

impl Coding {
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self, ApiError> {
        let mut coding = Self::Identity;
        let values =
            headers.get_all(CONTENT_ENCODING).flat_map(|value| value.to_str().unwrap_or("?").split(','));
        for name in values.map(|name| name.trim().to_ascii_lowercase()).filter(|name| !name.is_empty()) {
            let next = match name.as_str() {
                "identity" => continue,
                "gzip" | "x-gzip" => Self::Gzip,
                "deflate" => Self::Deflate,
                "br" => Self::Brotli,
                _ => return Err(unsupported()),
            };
            if coding != Self::Identity {
                return Err(unsupported());
            }
            coding = next;
        }
        Ok(coding)
    }

    /// The body before it was compressed. Nothing beyond `bytes_max` is ever expanded.
    pub(crate) fn expand(self, bytes: Vec<u8>, bytes_max: usize) -> Result<Vec<u8>, ApiError> {
        let expanded = match self {
            Self::Identity => return Ok(bytes),
            Self::Gzip => take(MultiGzDecoder::new(bytes.as_slice()), bytes_max),
            // RFC 9110 says zlib; some senders leave the zlib wrapper away.
            Self::Deflate if starts_like_zlib(&bytes) => take(ZlibDecoder::new(bytes.as_slice()), bytes_max),
            Self::Deflate => take(DeflateDecoder::new(bytes.as_slice()), bytes_max),
            Self::Brotli => take(brotli::Decompressor::new(bytes.as_slice(), BROTLI_BUFFER_BYTES), bytes_max),
        };
        let expanded = expanded.map_err(|error| {
            ApiError::new(StatusCode::BAD_REQUEST, format!("The body could not be decompressed: {error}"))
        })?;
        if expanded.len() > bytes_max { Err(too_large(bytes_max)) } else { Ok(expanded) }
    }
}

/// At most one byte more than the limit, to tell a body at the limit from one above it.
fn take(decoder: impl Read, bytes_max: usize) -> io::Result<Vec<u8>> {
    let mut expanded = Vec::new();
    decoder.take(bytes_max as u64 + 1).read_to_end(&mut expanded)?;
    Ok(expanded)
}

/// The check of a zlib header (RFC 1950, section 2.2).
fn starts_like_zlib(bytes: &[u8]) -> bool {
    matches!(bytes, [cmf, flg, ..] if cmf & 0x0f == 8 && u16::from_be_bytes([*cmf, *flg]) % 31 == 0)
}

fn unsupported() -> ApiError {
    ApiError::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "Content-Encoding has to be gzip, deflate, br or identity.",
    )
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use actix_web::{ResponseError, http::header::HeaderValue};
    use flate2::{
        Compression,
        write::{DeflateEncoder, GzEncoder, ZlibEncoder},
    };

    use super::*;

    const TEXT: &[u8] = b"<urn:a> <urn:b> <urn:c> .";

    fn check(coding: Coding, compressed: Vec<u8>) {
        assert_eq!(coding.expand(compressed.clone(), TEXT.len()).unwrap(), TEXT, "{coding:?}");
        let error = coding.expand(compressed, TEXT.len() - 1).unwrap_err();
        assert_eq!(error.status_code(), StatusCode::PAYLOAD_TOO_LARGE, "{coding:?}");
        let error = coding.expand(b"\xffnonsense".to_vec(), TEXT.len()).unwrap_err();
        assert_eq!(error.status_code(), StatusCode::BAD_REQUEST, "{coding:?}");
    }

    #[test]
    fn every_coding_expands_up_to_the_limit() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(TEXT).unwrap();
        check(Coding::Gzip, encoder.finish().unwrap());

        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(TEXT).unwrap();
        check(Coding::Deflate, encoder.finish().unwrap());

        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(TEXT).unwrap();
        check(Coding::Deflate, encoder.finish().unwrap());

        let mut compressed = Vec::new();
        brotli::CompressorWriter::new(&mut compressed, 4096, 5, 22).write_all(TEXT).unwrap();
        check(Coding::Brotli, compressed);
    }

    #[test]
    fn a_bomb_is_not_expanded() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&vec![0; 64 << 20]).unwrap();
        let error = Coding::Gzip.expand(encoder.finish().unwrap(), 1 << 20).unwrap_err();
        assert_eq!(error.status_code(), StatusCode::PAYLOAD_TOO_LARGE);
    }

    #[test]
    fn codings_are_read_from_the_header() {
        for (value, expected) in [
            ("gzip", Some(Coding::Gzip)),
            ("X-GZIP", Some(Coding::Gzip)),
            ("identity, br", Some(Coding::Brotli)),
            ("", Some(Coding::Identity)),
            ("gzip, gzip", None),
            ("zstd", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(value));
            assert_eq!(Coding::of(&headers).ok(), expected, "{value}");
        }
    }
}
