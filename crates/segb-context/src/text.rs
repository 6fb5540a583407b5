//! How texts are made comparable.
//!
//! The classes of characters are those of Python's `str` and `re`, since the rules were written for them: a word
//! character is a letter, a number or `_`; white space is Unicode's and the four information separators.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// Trimmed; none if nothing is left.
pub(crate) fn trimmed(text: &str) -> Option<&str> {
    let text = text.trim_matches(is_space);
    (!text.is_empty()).then_some(text)
}

/// Trimmed and in lower case; none if nothing is left.
pub(crate) fn atom(text: &str) -> Option<String> {
    trimmed(text).map(str::to_lowercase)
}

/// In lower case, its words separated by single spaces, without anything that is neither word nor white space.
pub(crate) fn canonical(text: &str) -> String {
    let lower_case = text.to_lowercase();
    let mut canonical = String::with_capacity(lower_case.len());
    for word in lower_case.split(|character: char| !is_word(character)).filter(|word| !word.is_empty()) {
        if !canonical.is_empty() {
            canonical.push(' ');
        }
        canonical.push_str(word);
    }
    canonical
}

fn is_space(character: char) -> bool {
    character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character)
}

fn is_word(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphanumeric() || character == '_';
    }
    let group = character.general_category_group();
    matches!(group, GeneralCategoryGroup::Letter | GeneralCategoryGroup::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_lower_case_words() {
        for (text, expected) in [
            ("Hello,  World!", "hello world"),
            ("", ""),
            (" .,;! ", ""),
            ("what's up\t\u{1f}now\u{2028}?", "what s up now"),
            ("snake_case x_1", "snake_case x_1"),
            ("ΟΔΥΣΣΕΥΣ", "οδυσσευς"),
            // A combining accent is no word character, a precomposed letter and a fraction are.
            ("cafe\u{301} café ½", "cafe café ½"),
            ("你好，世界", "你好 世界"),
        ] {
            assert_eq!(canonical(text), expected, "{text:?}");
        }
    }

    #[test]
    fn blank_is_absent() {
        assert_eq!(atom(" \u{1c}\u{a0}"), None);
        assert_eq!(atom("\u{1d} Speech "), Some("speech".to_owned()));
        assert_eq!(trimmed("  As it Was "), Some("As it Was"));
    }
}
