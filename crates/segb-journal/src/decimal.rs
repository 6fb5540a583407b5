//! The one spelling of a number in the C2SP formats.

/// Reads an unsigned decimal number: ASCII digits, no sign, no leading zeros, below 2⁶⁴.
pub(crate) fn parse_decimal(text: &str) -> Option<u64> {
    let canonical = text == "0" || !text.starts_with('0');
    // `parse` alone would also take a plus sign.
    (canonical && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_spelling() {
        for (text, expected) in [("0", 0), ("7", 7), ("10", 10), ("18446744073709551615", u64::MAX)] {
            assert_eq!(parse_decimal(text), Some(expected), "{text}");
        }
        for text in ["", "00", "01", "+1", "-1", " 1", "1 ", "1\r", "1_0", "0x1", "١", "18446744073709551616"]
        {
            assert_eq!(parse_decimal(text), None, "{text}");
        }
    }
}
