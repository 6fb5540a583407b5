//! A way out that can be shut.

use std::{
    cell::Cell,
    io::{self, Write},
    rc::Rc,
};

/// A writer that throws everything away after it failed or was shut. `ZipWriter` writes the end of the zip when it is
/// dropped, also half way through, and complains on stderr if it cannot: neither may happen.
pub(super) struct Gate<W> {
    out: W,
    latch: Latch,
}

/// Shuts its [`Gate`].
#[derive(Clone, Default)]
pub(super) struct Latch(Rc<Cell<bool>>);

impl Latch {
    pub(super) fn shut(&self) {
        self.0.set(true);
    }
}

impl<W: Write> Gate<W> {
    pub(super) fn new(out: W, latch: Latch) -> Self {
        Self { out, latch }
    }

    fn pass<T>(&mut self, write: impl FnOnce(&mut W) -> io::Result<T>, otherwise: T) -> io::Result<T> {
        if self.latch.0.get() {
            return Ok(otherwise);
        }
        write(&mut self.out).inspect_err(|_| self.latch.shut())
    }
}

impl<W: Write> Write for Gate<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A writer that takes nothing is full, and will be the next time, too.
        let write = |out: &mut W| match out.write(bytes)? {
            0 if !bytes.is_empty() => Err(io::ErrorKind::WriteZero.into()),
            written => Ok(written),
        };
        self.pass(write, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pass(Write::flush, ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_comes_through_when_it_is_shut() {
        let mut out = Vec::new();
        let latch = Latch::default();
        let mut gate = Gate::new(&mut out, latch.clone());
        gate.write_all(b"before").unwrap();
        latch.shut();
        gate.write_all(b"after").unwrap();
        gate.flush().unwrap();
        assert_eq!(out, b"before");
    }

    #[test]
    fn it_fails_once() {
        let mut full = [0_u8; 3];
        let mut gate = Gate::new(full.as_mut_slice(), Latch::default());
        assert!(gate.write_all(b"long").is_err());
        gate.write_all(b"more").unwrap();
        assert_eq!(&full, b"lon");
    }
}
