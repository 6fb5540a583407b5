//! Queries in processes of their own, which can be killed: whatever a query does to its process, the server goes on.
//!
//! Each place for a query is a thread here ([`place`]) with a process of its own ([`process`]). It takes a job from the
//! queue of its lane ([`lanes`]), and sees to it that the job ends in time and that a process stands ready for the next.

#[cfg(target_os = "linux")]
mod lanes;
#[cfg(target_os = "linux")]
mod place;
#[cfg(target_os = "linux")]
mod process;
mod program;

pub use program::{ProcessFigures, QueryProgram};
#[cfg(target_os = "linux")]
pub(super) use runner::ProcessRunner;

#[cfg(target_os = "linux")]
mod runner {
    use std::{io, sync::Arc, thread, time::Duration};

    use super::{
        lanes::{Counters, Lanes},
        place::Place,
    };
    use crate::query::{
        QueriedGraph, QueryError, QueryFigures, QuerySettings,
        jobs::{Job, Lane},
    };

    /// How long [`ProcessRunner::new`] waits for the processes, so that a server is ready when it says so.
    const START_WAIT: Duration = Duration::from_secs(2);

    /// Runs queries in processes.
    pub(in crate::query) struct ProcessRunner {
        lanes: Arc<Lanes>,
    }

    impl ProcessRunner {
        /// Starts the processes. One that cannot be started is tried again for as long as the runner lives.
        pub(in crate::query) fn new(
            settings: QuerySettings,
            graph: Arc<dyn QueriedGraph>,
        ) -> io::Result<Self> {
            let limits = settings.limits;
            let lanes = Arc::new(Lanes::new(limits.waiting_max, Counters::default()));
            // Dropped on failure, it ends the threads that have been started.
            let runner = Self { lanes };
            let settings = Arc::new(settings);
            let mut places = 0;
            for lane in Lane::ALL {
                for number in 0..lane.at_once(limits.at_once) {
                    let name = match lane {
                        Lane::Queries => format!("query-{number}"),
                        Lane::Checks => "query-check".to_owned(),
                    };
                    let lanes = Arc::clone(&runner.lanes);
                    let place = Place::new(lane, lanes, Arc::clone(&settings), Arc::clone(&graph));
                    thread::Builder::new().name(name).spawn(move || place.run())?;
                    places += 1;
                }
            }
            let lanes = Arc::clone(&runner.lanes);
            thread::Builder::new().name("query-queue".to_owned()).spawn(move || lanes.watch())?;
            runner.lanes.wait_for_processes(places, START_WAIT);
            Ok(runner)
        }

        pub(in crate::query) fn submit(&self, job: Job) -> Result<(), QueryError> {
            self.lanes.submit(job)
        }

        pub(in crate::query) fn figures(&self) -> QueryFigures {
            self.lanes.figures()
        }

        /// Refuses what comes, gives up what waits, ends what runs. Does not wait for it.
        pub(in crate::query) fn close(&self) {
            self.lanes.close();
        }
    }

    impl Drop for ProcessRunner {
        fn drop(&mut self) {
            self.close();
        }
    }
}
