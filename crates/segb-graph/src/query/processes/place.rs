//! A place for one job at a time, with a process to do it.

use std::{
    io::{self, Write},
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use super::{
    lanes::{Lanes, Next, count},
    process::{Ending, Process, Received},
};
use crate::{
    query::{
        QueriedGraph, QueryError, QuerySettings,
        answer::Outlet,
        frame::{FromProcess, Start, ToProcess},
        jobs::{Job, Lane, Task},
        limits::WATCH_INTERVAL,
        turtle::usable_prefixes,
    },
    stream::ChunkWriter,
};

/// How long an idle place waits before it looks whether its process is still there.
const IDLE_LOOK: Duration = Duration::from_secs(1);

/// How long to wait after a process could not be started: at first, and at most.
const RETRY_MIN: Duration = Duration::from_millis(100);
const RETRY_MAX: Duration = Duration::from_secs(5);

pub(super) struct Place {
    lane: Lane,
    lanes: Arc<Lanes>,
    settings: Arc<QuerySettings>,
    graph: Arc<dyn QueriedGraph>,
}

/// What is to become of a process after a job.
enum After {
    /// It takes the next one.
    Keeps,
    /// It has ended or will in a moment, as it should.
    Retired,
    /// Its time was up.
    Deadline,
    /// Nobody waits for its answer.
    Abandoned,
    /// Nothing more comes from it.
    Ended,
    /// It was stopped, or what it says cannot be read.
    Unfit(String),
    /// All is closed.
    Closed,
}

impl Place {
    pub(super) fn new(
        lane: Lane,
        lanes: Arc<Lanes>,
        settings: Arc<QuerySettings>,
        graph: Arc<dyn QueriedGraph>,
    ) -> Self {
        Self { lane, lanes, settings, graph }
    }

    /// Works until all is closed.
    pub(super) fn run(&self) {
        let mut retry = RETRY_MIN;
        while !self.lanes.is_closed() {
            match self.start() {
                Ok(process) => {
                    retry = RETRY_MIN;
                    self.lanes.process_is_there(self.lane);
                    self.work_with(process);
                    self.lanes.process_is_gone(self.lane);
                    self.forget_readers();
                }
                Err(error) => {
                    count(&self.lanes.counters.not_started);
                    log::error!("no query process can be started: {error}");
                    self.lanes.process_cannot_be(self.lane);
                    if !self.lanes.pause(retry) {
                        return;
                    }
                    retry = RETRY_MAX.min(retry * 2);
                }
            }
        }
    }

    fn start(&self) -> io::Result<Process> {
        let program = self.settings.program.as_ref().ok_or(io::ErrorKind::NotFound)?;
        let start = Start {
            limits: self.settings.limits,
            graph_iri: self.settings.graph_iri.clone(),
            parent: std::process::id(),
        };
        let before = Instant::now();
        let process = Process::start(program, self.graph.index().directory(), start)?;
        let counters = &self.lanes.counters;
        if !process.is_confined() && !self.lanes.told_unconfined.swap(true, Ordering::Relaxed) {
            log::warn!(
                "this system does not filter system calls (seccomp): query processes have their other limits, but could \
                 open files and sockets"
            );
        }
        count(&counters.started);
        let start_us = u64::try_from(before.elapsed().as_micros()).unwrap_or(u64::MAX);
        counters.start_last_us.store(start_us, Ordering::Relaxed);
        Ok(process)
    }

    /// Takes jobs until the process is no good any more.
    fn work_with(&self, mut process: Process) {
        loop {
            let job = match self.lanes.next(self.lane, IDLE_LOOK) {
                Next::Closed => return,
                Next::Idle if process.is_fit() => continue,
                Next::Idle => return self.lost(&mut process),
                Next::Job(job) => *job,
            };
            // It was killed or stopped while nobody needed it. Nobody needs to know.
            if !process.is_fit() {
                self.lost(&mut process);
                match self.start() {
                    Ok(fresh) => {
                        process = fresh;
                        self.forget_readers();
                    }
                    Err(error) => {
                        log::error!("no query process can be started: {error}");
                        job.outlet.fail(QueryError::NoProcess);
                        return self.lanes.done(self.lane);
                    }
                }
            }
            let mut conversation = Conversation::new(&mut process, &job);
            let after = self.work(&mut conversation);
            // The caller is told why before the stream of the answer is given up, which says less.
            let unfinished = conversation.body.take();
            let keeps = matches!(after, After::Keeps);
            self.tell(after, &mut process, &job.outlet);
            drop(unfinished);
            self.lanes.done(self.lane);
            if !keeps {
                return;
            }
        }
    }

    /// Tells the caller what there is to tell, and counts.
    fn tell(&self, after: After, process: &mut Process, outlet: &Outlet) {
        let counters = &self.lanes.counters;
        match after {
            After::Keeps => {}
            After::Closed => outlet.fail(QueryError::Closed),
            After::Retired => count(&counters.retired),
            After::Abandoned => count(&counters.abandoned),
            After::Deadline => {
                count(&counters.deadline);
                outlet.fail(QueryError::Deadline(self.settings.limits.duration_max));
            }
            After::Ended => self.ended(process, outlet),
            After::Unfit(why) => {
                count(&counters.lost);
                log::warn!("a query process is killed: {why}");
                outlet.fail(QueryError::ProcessLost);
            }
        }
    }

    fn lost(&self, process: &mut Process) {
        count(&self.lanes.counters.lost);
        log::warn!("a query process was lost while it had nothing to do: {:?}", process.ending());
    }

    /// Tells the caller why the process ended.
    fn ended(&self, process: &mut Process, outlet: &Outlet) {
        let counters = &self.lanes.counters;
        match process.ending() {
            Ending::OutOfMemory => {
                count(&counters.memory);
                outlet.fail(QueryError::Memory { bytes_max: self.settings.limits.memory_bytes_max });
            }
            Ending::OutOfStack => {
                count(&counters.lost);
                outlet.fail(QueryError::TooComplex("its parts are nested too deeply".into()));
            }
            Ending::Other(text) => {
                count(&counters.lost);
                log::error!("a query process ended: {text}");
                outlet.fail(QueryError::ProcessLost);
            }
        }
    }

    /// Lets the process do one job, and sees to it that it ends in time.
    fn work(&self, conversation: &mut Conversation<'_>) -> After {
        if conversation.job.outlet.is_abandoned() {
            return After::Keeps;
        }
        match self.hand_over(conversation.process, conversation.job) {
            Ok(()) => {}
            Err(HandOver::Refused(error)) => {
                conversation.job.outlet.fail(error);
                return After::Keeps;
            }
            // It is stuck, or has ended in this moment: then it can be told how.
            Err(HandOver::Failed(error)) if error.kind() == io::ErrorKind::BrokenPipe => return After::Ended,
            Err(HandOver::Failed(error)) => return After::Unfit(format!("it takes no request: {error}")),
        }
        loop {
            if let Some(after) = conversation.take_frames(self.settings.limits.duration_max) {
                return after;
            }
            match conversation.process.receive() {
                Ok(Received::Something | Received::Nothing) => {}
                Ok(Received::End) => return After::Ended,
                Err(error) => return After::Unfit(format!("it cannot be heard: {error}")),
            }
            if let Some(after) = self.look(conversation) {
                return after;
            }
        }
    }

    fn hand_over(&self, process: &mut Process, job: &Job) -> Result<(), HandOver> {
        let frame = match &job.task {
            Task::Check(text) => ToProcess::Check(text.clone()),
            Task::Query(request) => {
                self.graph.check_ready().map_err(HandOver::Refused)?;
                let prefixes = self.graph.prefixes();
                process
                    .know_prefixes(&prefixes, || usable_prefixes(&prefixes).into_iter().cloned().collect())
                    .map_err(HandOver::Failed)?;
                ToProcess::Query(Box::new(request.clone()))
            }
        };
        process.send(&frame).map_err(HandOver::Failed)
    }

    /// Whether the job must not go on.
    fn look(&self, conversation: &mut Conversation<'_>) -> Option<After> {
        let now = Instant::now();
        if now >= conversation.job.deadline {
            return Some(After::Deadline);
        }
        if now.duration_since(conversation.looked_at) < WATCH_INTERVAL {
            return None;
        }
        conversation.looked_at = now;
        if self.lanes.is_closed() {
            return Some(After::Closed);
        }
        if !conversation.answered && conversation.job.outlet.is_abandoned() {
            return Some(After::Abandoned);
        }
        conversation.process.is_stopped().then(|| After::Unfit("it was stopped".to_owned()))
    }

    /// Readers of a process that was killed are still in the index's table, and keep what they read from being used
    /// again.
    fn forget_readers(&self) {
        if let Err(error) = self.graph.index().forget_dead_readers() {
            log::warn!("the readers of a query process that is gone cannot be forgotten: {error}");
        }
    }
}

/// Why a job is not with the process.
enum HandOver {
    /// The graph cannot be read now.
    Refused(QueryError),
    /// The process does not take it.
    Failed(io::Error),
}

/// One job with one process.
struct Conversation<'c> {
    process: &'c mut Process,
    job: &'c Job,
    /// Where the answer goes, once it has begun and until it is complete.
    body: Option<ChunkWriter>,
    /// Whether the caller has got all that there will be.
    answered: bool,
    looked_at: Instant,
}

impl<'c> Conversation<'c> {
    fn new(process: &'c mut Process, job: &'c Job) -> Self {
        Self { process, job, body: None, answered: false, looked_at: Instant::now() }
    }

    /// Does what the frames say that are there.
    fn take_frames(&mut self, duration_max: Duration) -> Option<After> {
        let Self { process, job, body, answered, .. } = self;
        loop {
            let frame = match process.next_frame() {
                Ok(Some(frame)) => frame,
                Ok(None) => return None,
                Err(error) => return Some(After::Unfit(error.to_string())),
            };
            let passed_on = match frame {
                FromProcess::Began(head) => {
                    job.outlet.begin(head, job.deadline, duration_max).map(|begun| *body = Some(begun))
                }
                FromProcess::Bytes(bytes) => body.as_mut().map_or(Ok(()), |body| body.write_all(bytes)),
                FromProcess::Finished => {
                    *answered = true;
                    body.take().map_or(Ok(()), ChunkWriter::finish)
                }
                FromProcess::Failed(error) => {
                    *answered = true;
                    job.outlet.fail(error);
                    Ok(())
                }
                FromProcess::Checked(check) => {
                    *answered = true;
                    job.outlet.send_check(check);
                    Ok(())
                }
                FromProcess::Done { retires: false } => return Some(After::Keeps),
                FromProcess::Done { retires: true } => return Some(After::Retired),
                FromProcess::Ready { .. } => {
                    return Some(After::Unfit("it says that it is ready again".to_owned()));
                }
            };
            match passed_on {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::TimedOut => return Some(After::Deadline),
                Err(_) => return Some(After::Abandoned),
            }
        }
    }
}
