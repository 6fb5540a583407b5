//! How much memory one thread has asked for, at most, while it did something: what others do meanwhile does not count.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

/// More than this, in bytes, ends the test rather than the machine it runs on.
const HELD_MAX: isize = 3 << 30;

struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

#[expect(
    unsafe_code,
    reason = "an allocator is unsafe to write; this one only counts, and leaves the work to the system's"
)]
// Safety: every call goes to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if !add(layout.size()) {
            return std::ptr::null_mut();
        }
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // What another thread asked for, and this one gives back, is nobody's loss.
        let _ = HELD.try_with(|held| held.set(held.get() - layout.size().cast_signed()));
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        let _ = HELD.try_with(|held| held.set(held.get() - layout.size().cast_signed()));
        if !add(new_size) {
            return std::ptr::null_mut();
        }
        unsafe { System.realloc(block, layout, new_size) }
    }
}

fn add(bytes: usize) -> bool {
    HELD.try_with(|held| {
        let now = held.get() + bytes.cast_signed();
        held.set(now);
        let _ = PEAK.try_with(|peak| peak.set(peak.get().max(now)));
        now <= HELD_MAX
    })
    .unwrap_or(true)
}

/// What `work` gives, and the bytes that this thread held at the most because of it.
pub(crate) fn peak<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = HELD.get();
    PEAK.set(before);
    let given = work();
    (given, (PEAK.get() - before).max(0).cast_unsigned())
}
