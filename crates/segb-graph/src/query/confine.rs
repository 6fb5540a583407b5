//! What a query process gives up before it reads its first query.
//!
//! It evaluates what strangers write with libraries that were not written against them. So it can take no more memory
//! than it is allowed, can reach no file and no network, start nothing, and does not outlive the process that it works for.

use std::{collections::BTreeMap, fs, io};

use rustix::process::{
    DumpableBehavior, Pid, Resource, Rlimit, Signal, getppid, set_dumpable_behavior,
    set_parent_process_death_signal, setpriority_process, setrlimit,
};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch, apply_filter_all_threads};

use super::limits::NICENESS;

/// Ends the process with its parent, whatever happens to that.
pub(super) fn die_with(parent: u32) -> io::Result<()> {
    set_parent_process_death_signal(Some(Signal::KILL))?;
    // If it died before it was asked to tell, somebody else is the parent by now.
    if getppid().map(Pid::as_raw_nonzero).is_none_or(|now| now.get().cast_unsigned() != parent) {
        return Err(io::Error::other("the process that this one works for is gone"));
    }
    Ok(())
}

/// Lets others go first: with the processor, and when the machine has no memory left. That some of it is forbidden
/// somewhere does no harm.
pub(super) fn stand_back() {
    let _ = setpriority_process(None, NICENESS);
    let _ = fs::write("/proc/self/oom_score_adj", "1000");
    let _ = rustix::thread::set_name(c"segb-query");
}

/// Limits the memory that the process can take to `bytes_max`, which the map of the index does not count to, and leaves
/// no picture of it on the disk when it ends badly: it holds what people said.
pub(super) fn limit_memory(bytes_max: u64) -> io::Result<()> {
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    let to = |bytes| Rlimit { current: Some(bytes), maximum: Some(bytes) };
    setrlimit(Resource::Core, to(0))?;
    setrlimit(Resource::Data, to(bytes_max))?;
    Ok(())
}

/// System calls that evaluating a query over a map that is there needs, and ending badly.
const ALLOWED: &[i64] = &[
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_pread64,
    libc::SYS_close,
    libc::SYS_fstat,
    libc::SYS_lseek,
    // Memory.
    libc::SYS_brk,
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mprotect,
    libc::SYS_mremap,
    libc::SYS_madvise,
    // Locks between threads and, in the table of readers, between processes.
    libc::SYS_futex,
    libc::SYS_set_robust_list,
    libc::SYS_fcntl,
    libc::SYS_sched_yield,
    libc::SYS_nanosleep,
    libc::SYS_clock_nanosleep,
    libc::SYS_clock_gettime,
    libc::SYS_getrandom,
    // Ending, also by a panic, by an allocation that fails and by a stack that overflows.
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_tgkill,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_restart_syscall,
];

/// Forbids the whole process every system call that it does not need: opening files, sockets, other programs. A forbidden
/// call fails as one without permission does.
pub(super) fn forbid_the_rest() -> Result<(), seccompiler::Error> {
    let rules: BTreeMap<i64, Vec<_>> = ALLOWED.iter().map(|call| (*call, Vec::new())).collect();
    let refuse = SeccompAction::Errno(libc::EPERM.cast_unsigned());
    let arch = TargetArch::try_from(std::env::consts::ARCH)?;
    let filter: BpfProgram = SeccompFilter::new(rules, refuse, SeccompAction::Allow, arch)?.try_into()?;
    apply_filter_all_threads(&filter)
}
