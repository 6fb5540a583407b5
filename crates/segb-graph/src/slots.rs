//! A fixed number of places for something that may run only so many times at once.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// The places.
#[derive(Debug)]
pub struct Slots {
    free: Arc<AtomicUsize>,
}

/// A taken place; it is free again when this is dropped.
#[derive(Debug)]
pub struct Slot {
    free: Arc<AtomicUsize>,
}

impl Slots {
    /// So many, all of them free.
    pub fn new(count: usize) -> Self {
        Self { free: Arc::new(AtomicUsize::new(count)) }
    }

    /// A place, if one is free.
    pub fn take(&self) -> Option<Slot> {
        let take_one = |free: usize| free.checked_sub(1);
        self.free.fetch_update(Ordering::AcqRel, Ordering::Acquire, take_one).ok()?;
        Some(Slot { free: Arc::clone(&self.free) })
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.free.fetch_add(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_slot_can_be_taken_again() {
        let slots = Slots::new(2);
        let (first, _second) = (slots.take(), slots.take());
        assert!(first.is_some() && slots.take().is_none());
        drop(first);
        assert!(slots.take().is_some());
    }
}
