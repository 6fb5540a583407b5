//! Mutations of a corpus, the same ones each time.

/// What the parsers know, and what has bitten other parsers.
const WORDS: &[&str] = &[
    "\0",
    "\n",
    "\r",
    "\r\n\r\n",
    "\t",
    " ",
    "\"",
    "'",
    "\"\"\"",
    "'''",
    "\\",
    "\\u0000",
    "\\uD800",
    "\\U0010FFFF",
    "\\u",
    "<",
    ">",
    "<<",
    "<a",
    "^^",
    "@en",
    "@en--ltr",
    "@prefix p: <urn:p> .",
    "PREFIX :<urn:q>",
    "BASE <urn:b>",
    "_:b",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    "[]",
    "()",
    "{}",
    "#",
    ";",
    ",",
    ".",
    "|",
    "/",
    "*",
    "+",
    "?",
    "!",
    "^",
    "=",
    "&",
    "&&",
    "||",
    "!(",
    "SUBSTR(",
    "COUNT(",
    "GROUP_CONCAT(",
    "FILTER(",
    "OPTIONAL{",
    "UNION{",
    "VALUES",
    "SELECT*{",
    "GRAPH",
    "SERVICE",
    "BIND(",
    "EXISTS{",
    "MINUS{",
    "ORDER BY",
    "?x",
    "$y",
    "a",
    "true",
    "null",
    "0",
    "-1",
    "1e999",
    "18446744073709551615",
    "9007199254740993",
    "9223372036854775808",
    "NaN",
    "1.5",
    "%",
    "%2",
    "%00",
    "%ff",
    "%E2%80%A8",
    "é",
    "𝄞",
    "\u{feff}",
    "\u{2028}",
    "\u{202e}",
    "\u{85}",
    "\u{a0}",
    "\u{1b}",
    "\u{fffe}",
    "— ",
    "=== ",
    "sequence",
    "old ",
    "Bearer ",
    ":",
    "://",
    "[::1]",
    ";q=0",
    ";q=nan",
    "*/*",
    "charset=",
    "limit=",
    "since=",
    "9999-12-31T23:59:59Z",
    "0000-01-01T00:00:00Z",
    "-00:00",
    "+",
];

/// Bytes that are in no text.
const BYTES: [u8; 6] = [0x00, 0x7f, 0x80, 0xbf, 0xc0, 0xff];

/// Makes inputs from those of a corpus.
pub struct Mutator<'c> {
    corpus: &'c [Vec<u8>],
    random: Random,
}

impl<'c> Mutator<'c> {
    /// Always makes the same ones from a corpus.
    pub fn new(corpus: &'c [Vec<u8>]) -> Self {
        Self { corpus, random: Random(0x5EED_5EED_5EED_5EED) }
    }

    /// The next input: one of the corpus with a few mutations.
    pub fn next_input(&mut self) -> Vec<u8> {
        let mut input = self.any().to_vec();
        for _ in 0..=self.random.below(6) {
            self.mutate(&mut input);
        }
        input
    }

    fn any(&mut self) -> &'c [u8] {
        &self.corpus[self.random.below(self.corpus.len())]
    }

    fn mutate(&mut self, input: &mut Vec<u8>) {
        let at = self.random.below(input.len() + 1);
        let end = (at + 1 + self.random.below(32)).min(input.len());
        match self.random.below(10) {
            0 if at < input.len() => input[at] ^= 1 << self.random.below(8),
            1 if at < input.len() => input[at] = BYTES[self.random.below(BYTES.len())],
            2 => input.truncate(at),
            3 => drop(input.drain(at.min(end)..end)),
            4 => {
                let other = self.any();
                let from = self.random.below(other.len() + 1);
                input.truncate(at);
                input.extend_from_slice(&other[from..]);
            }
            5 => {
                let other = self.any();
                let from = self.random.below(other.len() + 1);
                let to = (from + self.random.below(64)).min(other.len());
                input.splice(at..at, other[from..to].iter().copied());
            }
            6 => {
                let times = 1 + self.random.below(40);
                let part = input[at.min(end)..end].repeat(times);
                input.splice(at..at, part);
            }
            7 => {
                let digits = [b'0', b'9', b'-', b'.'];
                if let Some(digit) = input[at..].iter_mut().find(|byte| byte.is_ascii_digit()) {
                    *digit = digits[self.random.below(digits.len())];
                }
            }
            _ => {
                let word = WORDS[self.random.below(WORDS.len())];
                input.splice(at..at, word.bytes());
            }
        }
    }
}

/// xorshift64*: it need not be good, only the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        (high as usize) % end.max(1)
    }
}
