//! What was acknowledged stays, whatever happens: kill -9, a crash of the machine, a full disk, many callers at once,
//! stopping and starting. All of it with the real server process, on real files.

mod audit;
mod concurrency;
mod crash;
mod disk_full;
mod documents;
mod format;
mod lifecycle;
mod machine_crash;
mod posting;
mod rebuild;
mod shared_contexts;
mod tmpfs;

pub use tmpfs::Tmpfs;
