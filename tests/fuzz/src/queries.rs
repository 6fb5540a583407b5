//! The text of a query: it is read on a stack of a known size, and what is wrong is said on one line.

use std::{
    panic::resume_unwind,
    sync::{
        Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

use segb_graph::{
    fuzz::{check_query, query_stack_bytes},
    limits::QueryLimits,
    query::QueryKind,
};

/// The longest explanation, in characters: that of the parser's error, a place and what stands there.
const MESSAGE_CHARS_MAX: usize = 500;

pub(crate) fn run(text: &[u8]) {
    let Ok(text) = str::from_utf8(text) else { return };
    let text = text.to_owned();
    ON_LARGE_STACK.lock().unwrap_or_else(PoisonError::into_inner).run(text);
}

fn check(text: &str) {
    let limits = limits();
    let check = check_query(text, &limits);
    assert!(check.message.chars().count() <= MESSAGE_CHARS_MAX, "{}", check.message);
    assert!(!check.message.contains(char::is_control), "{:?}", check.message);
    if check.valid {
        assert!(text.len() <= limits.text_bytes_max);
        assert!(!matches!(check.kind, QueryKind::Update | QueryKind::Unknown), "{check:?}");
    }
    assert_eq!(check_query(text, &limits), check, "the same text, another answer");
}

/// Texts are shorter than the server takes, so that limits are found, too; and nested less deep, since the parser reads the
/// inside of some brackets two to four times at each level. In the server that takes the time of a process.
fn limits() -> QueryLimits {
    QueryLimits { text_bytes_max: 32 << 10, nesting_max: 6, ..QueryLimits::default() }
}

static ON_LARGE_STACK: Mutex<Worker> = Mutex::new(Worker(None));

/// A thread with the stack that query threads have, for one text after the other: to start it anew for each takes longer
/// than to read most texts.
struct Worker(Option<(SyncSender<String>, Receiver<thread::Result<()>>)>);

impl Worker {
    fn run(&mut self, text: String) {
        let (texts, results) = self.0.get_or_insert_with(Self::start);
        texts.send(text).expect("the thread lives");
        if let Err(panic) = results.recv().expect("the thread lives") {
            resume_unwind(panic);
        }
    }

    fn start() -> (SyncSender<String>, Receiver<thread::Result<()>>) {
        let (texts, incoming) = sync_channel::<String>(0);
        let (outgoing, results) = sync_channel(0);
        let stack = query_stack_bytes(&limits());
        let work = move || {
            for text in incoming {
                if outgoing.send(std::panic::catch_unwind(|| check(&text))).is_err() {
                    return;
                }
            }
        };
        thread::Builder::new().name("query".to_owned()).stack_size(stack).spawn(work).expect("a thread");
        (texts, results)
    }
}
