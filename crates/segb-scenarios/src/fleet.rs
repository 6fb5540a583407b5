//! 06: many robots at once, for load and soak.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use segb_client::{
    Activity, ActivityKind, Connection, EmotionAnnotation, EmotionCategory, EmotionScore, Logger, Message,
    RobotState, Timestamp,
};

use crate::{
    Options, ScenarioError,
    stage::{after, robot},
};

/// Threads that send; more robots than this share them.
const THREADS_MAX: usize = 64;
/// How often it is told how far it is.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(500);
/// Different errors that are kept.
const ERRORS_MAX: usize = 20;
/// Limits against slips of the finger.
const ROBOTS_MAX: u32 = 100_000;
const RATE_MAX: f64 = 10_000.0;
const MINUTES_MAX: f64 = 60.0 * 24.0 * 31.0;

/// How large a fleet, and for how long.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fleet {
    /// How many robots.
    pub robots: u32,
    /// For how long, in minutes.
    pub minutes: f64,
    /// How many logs each robot sends in a second.
    pub rate: f64,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FleetProgress {
    /// Logs that were stored.
    pub stored: u64,
    /// Logs that were not.
    pub failed: u64,
    /// Logs that are planned.
    pub planned: u64,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FleetSummary {
    /// Logs that were stored.
    pub stored: u64,
    /// Logs that were not.
    pub failed: u64,
    /// How long it took.
    pub duration: Duration,
    /// From the request to its answer, of what was stored: half of them are not slower, 95 and 99 of a hundred, and the
    /// slowest. None if nothing was stored.
    pub latency: Option<[Duration; 4]>,
    /// How far behind its plan the fleet was at most: a server or machine that is too slow for it.
    pub behind_max: Duration,
    /// What went wrong, and how often.
    pub errors: BTreeMap<String, u64>,
}

impl Fleet {
    /// How many logs one robot sends.
    fn logs_of_each(&self) -> u64 {
        (self.minutes * 60.0 * self.rate).ceil().max(1.0) as u64
    }

    fn check(&self) -> Result<(), ScenarioError> {
        let refuse = |what: String| Err(ScenarioError::Fleet(what));
        if !(1..=ROBOTS_MAX).contains(&self.robots) {
            return refuse(format!("a fleet has 1 to {ROBOTS_MAX} robots, not {}", self.robots));
        }
        for (what, value, max) in
            [("minutes", self.minutes, MINUTES_MAX), ("logs a second", self.rate, RATE_MAX)]
        {
            if !(value > 0.0 && value <= max) {
                return refuse(format!("{value} {what}: it has to be more than 0 and at most {max}"));
            }
        }
        Ok(())
    }
}

#[derive(Default)]
struct Counters {
    stored: AtomicU64,
    failed: AtomicU64,
}

/// What one thread found out.
#[derive(Default)]
struct Found {
    latencies_us: Vec<u32>,
    errors: BTreeMap<String, u64>,
    behind_max: Duration,
}

/// Has a fleet send logs, each robot at its rate. Logs that fail are counted and not sent again.
///
/// # Errors
/// [`ScenarioError`] if it cannot begin.
pub fn run_fleet(
    fleet: Fleet,
    options: Options,
    tell: &mut dyn FnMut(FleetProgress),
) -> Result<FleetSummary, ScenarioError> {
    fleet.check()?;
    let Options { server, seed, start, mut keys } = options;
    let connection = Arc::new(Connection::new(server)?);
    // Whoever is not there should be told before a thousand robots try.
    connection.get("/healthz/live", None)?.success()?;
    let counters = Arc::new(Counters::default());
    let found = Arc::new(Mutex::new(Vec::new()));
    let threads = THREADS_MAX.min(fleet.robots as usize);
    let begin = Instant::now();
    let mut workers = Vec::new();
    for number in 0..threads {
        let mut salt = [0; 8];
        keys(&mut salt);
        let robots = (number..fleet.robots as usize).step_by(threads);
        let members = robots.map(|robot| Member::new(robot, fleet, seed)).collect::<Result<Vec<_>, _>>()?;
        let mut worker = Worker {
            fleet,
            connection: Arc::clone(&connection),
            counters: Arc::clone(&counters),
            members,
            start,
            begin,
            salt: u64::from_be_bytes(salt),
            found: Found::default(),
        };
        let found = Arc::clone(&found);
        let work = move || {
            worker.run();
            found.lock().unwrap_or_else(PoisonError::into_inner).push(worker.found);
        };
        let thread = thread::Builder::new().name(format!("fleet-{number}")).spawn(work);
        workers.push(thread.map_err(ScenarioError::Thread)?);
    }
    let planned = fleet.logs_of_each() * u64::from(fleet.robots);
    while workers.iter().any(|worker| !worker.is_finished()) {
        tell(counters.progress(planned));
        thread::sleep(PROGRESS_INTERVAL.min(Duration::from_secs_f64(fleet.minutes * 60.0)));
    }
    tell(counters.progress(planned));
    let duration = begin.elapsed();
    let found = std::mem::take(&mut *found.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(summary(found, &counters, duration))
}

impl Counters {
    fn progress(&self, planned: u64) -> FleetProgress {
        let (stored, failed) = (self.stored.load(Ordering::Relaxed), self.failed.load(Ordering::Relaxed));
        FleetProgress { stored, failed, planned }
    }
}

fn summary(found: Vec<Found>, counters: &Counters, duration: Duration) -> FleetSummary {
    let mut all = Found::default();
    for one in found {
        all.latencies_us.extend(one.latencies_us);
        all.behind_max = all.behind_max.max(one.behind_max);
        for (error, count) in one.errors {
            *all.errors.entry(error).or_default() += count;
        }
    }
    all.latencies_us.sort_unstable();
    let last = all.latencies_us.len().checked_sub(1);
    let at = |last: usize, hundredths: usize| {
        let place = last * hundredths / 100;
        Duration::from_micros(u64::from(all.latencies_us.get(place).copied().unwrap_or_default()))
    };
    FleetSummary {
        stored: counters.stored.load(Ordering::Relaxed),
        failed: counters.failed.load(Ordering::Relaxed),
        duration,
        latency: last.map(|last| [50, 95, 99, 100].map(|hundredths| at(last, hundredths))),
        behind_max: all.behind_max,
        errors: all.errors,
    }
}

struct Member {
    number: usize,
    log: Logger,
    sent: u64,
}

impl Member {
    fn new(number: usize, fleet: Fleet, seed: u64) -> Result<Self, ScenarioError> {
        let id = format!("fleet{seed:x}_{number}");
        let log = robot(&id, &format!("Robot {number} of {}", fleet.robots), seed ^ number as u64)?;
        Ok(Self { number, log, sent: 0 })
    }

    /// When the next log is due, after the beginning: robots begin one after the other, within one interval.
    fn due(&self, fleet: Fleet) -> Duration {
        let phase = self.number as f64 / f64::from(fleet.robots);
        Duration::from_secs_f64((self.sent as f64 + phase) / fleet.rate)
    }

    /// About fifty triples.
    fn next_log(&mut self, start: Timestamp, due: Duration) -> Result<String, ScenarioError> {
        let at = |offset_ms: i64| after(start, due.as_millis() as i64 + offset_ms);
        let (log, id) = (&mut self.log, self.sent);
        let human = log.register_human(&format!("person_{}", id % 9), Some("Person"), None)?;
        let hearing =
            log.log_activity(Activity::new(ActivityKind::Listening).started_at(at(0)?).ended_at(at(400)?))?;
        let heard = log.log_message(
            Message::new(format!("What is the time in hall {id}?"))
                .language("en")
                .message_type("oro:InitialMessage")
                .generated_by_activity(&hearing)
                .sender(&human),
        )?;
        let analysing = log.log_activity(
            Activity::new(ActivityKind::EmotionAnalysis)
                .started_at(at(410)?)
                .triggered_by_activity(&hearing)
                .used_entity(&heard),
        )?;
        let emotion =
            EmotionScore::new(EmotionCategory::Happiness, (id % 100) as f64 / 100.0).confidence(0.9);
        log.log_emotion(EmotionAnnotation::new(&analysing).target(&human).emotion(emotion))?;
        let responding = log.log_activity(
            Activity::new(ActivityKind::Response).started_at(at(700)?).triggered_by_entity(&heard),
        )?;
        let robot = log.robot().clone();
        log.log_message(Message::new("Five past ten.").generated_by_activity(&responding).sender(robot))?;
        log.log_robot_state(RobotState::new(at(900)?).battery_level(0.7))?;
        Ok(log.take_turtle()?)
    }
}

struct Worker {
    fleet: Fleet,
    connection: Arc<Connection>,
    counters: Arc<Counters>,
    members: Vec<Member>,
    start: Timestamp,
    begin: Instant,
    salt: u64,
    found: Found,
}

impl Worker {
    /// Round after round: within a round the members are in the order in which they are due.
    fn run(&mut self) {
        for round in 0..self.fleet.logs_of_each() {
            for place in 0..self.members.len() {
                if let Err(error) = self.send(place, round) {
                    self.counters.failed.fetch_add(1, Ordering::Relaxed);
                    let text = error.to_string();
                    if self.found.errors.len() < ERRORS_MAX || self.found.errors.contains_key(&text) {
                        *self.found.errors.entry(text).or_default() += 1;
                    }
                }
            }
        }
    }

    fn send(&mut self, place: usize, round: u64) -> Result<(), ScenarioError> {
        let Some(member) = self.members.get_mut(place) else { return Ok(()) };
        let due = member.due(self.fleet);
        let log = member.next_log(self.start, due);
        member.sent += 1;
        let (log, number) = (log?, member.number);
        let now = self.begin.elapsed();
        match due.checked_sub(now) {
            Some(early) => thread::sleep(early),
            None => self.found.behind_max = self.found.behind_max.max(now - due),
        }
        let key = format!("{:016x}-{number}-{round}", self.salt);
        let user = format!("fleet-{number}");
        let sending = Instant::now();
        self.connection.send_log(&log, Some(&user), &key, None)?;
        let latency_us = u32::try_from(sending.elapsed().as_micros()).unwrap_or(u32::MAX);
        self.found.latencies_us.push(latency_us);
        self.counters.stored.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}
