//! How long something is as JSON, without writing it anywhere.

use std::io::{self, Write};

use serde::Serialize;

/// The bytes of a text between its quotes.
pub(crate) fn text_bytes(text: &str) -> usize {
    text.bytes()
        .map(|byte| match byte {
            b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 8 | 12 => 2,
            0..32 => 6,
            _ => 1,
        })
        .sum()
}

/// The bytes of a value; 0 if it cannot be written, which whoever writes it will notice.
pub(crate) fn bytes(value: &impl Serialize) -> usize {
    let mut length = Length(0);
    match serde_json::to_writer(&mut length, value) {
        Ok(()) => length.0,
        Err(_) => 0,
    }
}

struct Length(usize);

impl Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_as_long_as_they_are_written() {
        let odd: String = (0..200).filter_map(char::from_u32).chain("ñ€𝄞".chars()).collect();
        for text in ["", "plain", &odd] {
            assert_eq!(text_bytes(text) + 2, serde_json::to_string(text).unwrap().len());
            assert_eq!(bytes(&text), text_bytes(text) + 2);
        }
    }
}
