//! Logs of all sizes, and a little randomness.

use std::{
    fmt::Write,
    hash::{BuildHasher, Hasher, RandomState},
};

/// `triples` distinct triples that no other `number` has, the literals `literal_bytes` long and hard to compress. Every
/// tenth subject is a blank node.
pub fn document(number: u64, triples: usize, literal_bytes: usize) -> String {
    let mut random = Random::new(number + 1);
    let mut text = String::with_capacity(triples * (literal_bytes + 60));
    for index in 0..triples {
        match index % 10 {
            0 => write!(text, "_:b{index}"),
            _ => write!(text, "<urn:doc:{number}:{index}>"),
        }
        .expect("memory");
        write!(text, " <urn:p:{}> \"{index} ", index % 17).expect("memory");
        let end = text.len() + literal_bytes;
        while text.len() < end {
            write!(text, "{:016x}", random.next()).expect("memory");
        }
        text.truncate(end);
        text.push_str("\" .\n");
    }
    text
}

/// Xorshift: the same numbers for the same seed.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Seeded differently in each run; the seed is told, for who wants to see a failure again.
    pub fn of_this_run() -> Self {
        let seed = RandomState::new().build_hasher().finish();
        eprintln!("seed {seed}");
        Self::new(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}
