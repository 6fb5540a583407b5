//! Texts that want to bring the server down.

use std::{
    fs, thread,
    time::{Duration, Instant},
};

use spareval::CancellationToken;

use super::*;
use crate::{
    pending::Pending,
    query::{
        answer::{AnswerLimits, CallerSink, Outlet},
        depth::DEPTH_MAX,
        evaluate::Evaluation,
    },
};

/// A name, and what makes the text of a size.
type Family = (&'static str, Box<dyn Fn(usize) -> String>);

/// A text for each way to write something large, `n` times something, within the limits on its length.
fn families() -> Vec<Family> {
    fn family(name: &'static str, text: impl Fn(usize) -> String + 'static) -> Family {
        (name, Box::new(text))
    }
    fn nested(open: &'static str, middle: &'static str, close: &'static str) -> impl Fn(usize) -> String {
        move |n| format!("{}{middle}{}", open.repeat(n), close.repeat(n))
    }
    fn select(pattern: impl Fn(usize) -> String) -> impl Fn(usize) -> String {
        move |n| format!("SELECT * WHERE {{ {} }}", pattern(n))
    }
    fn filter(expression: impl Fn(usize) -> String) -> impl Fn(usize) -> String {
        move |n| format!("SELECT * WHERE {{ ?s ?p ?o FILTER({}) }}", expression(n))
    }
    fn list(item: &'static str, separator: &'static str) -> impl Fn(usize) -> String {
        move |n| vec![item; n].join(separator)
    }
    fn numbered(item: impl Fn(usize) -> String) -> impl Fn(usize) -> String {
        move |n| (0..n).map(&item).collect::<Vec<_>>().join(" ")
    }
    vec![
        family("not", filter(nested("!", "true", ""))),
        family("not brackets", filter(nested("!(", "true", ")"))),
        family("minus", filter(nested("-", "1", ""))),
        family("minus brackets", filter(nested("-(", "1", ")"))),
        family("brackets", filter(nested("(", "1", ")"))),
        family("open brackets only", filter(nested("(", "", ""))),
        family("groups", select(nested("{", "?s ?p ?o", "}"))),
        family("open groups only", select(nested("{", "", ""))),
        family("optionals nested", select(nested("OPTIONAL{?s ?p ?o ", "", "}"))),
        family("optionals nested, own variables", |n: usize| {
            let open: String = (0..n).map(|i| format!("OPTIONAL{{?s{i} ?p ?o{i} ")).collect();
            format!("SELECT * WHERE {{ {open}{} }}", "}".repeat(n))
        }),
        family("optionals chained", select(list("OPTIONAL{?s ?p ?o}", ""))),
        family(
            "optionals chained, own variables",
            select(numbered(|i| format!("OPTIONAL{{?s <http://p> ?o{i}}}"))),
        ),
        family("empty optionals", select(list("OPTIONAL{}", ""))),
        family("unions chained", select(list("{?s ?p ?o}", "UNION"))),
        family("empty unions", select(list("{}", "UNION"))),
        family("unions nested", select(nested("{?s ?p ?o}UNION{", "?s ?p ?o", "}"))),
        family("unions joined", select(list("{BIND(1 AS ?a)}UNION{BIND(2 AS ?b)}", "."))),
        family("minuses", select(list("MINUS{?s ?p ?o}", ""))),
        family("minuses nested", select(nested("?s ?p ?o MINUS{", "?s ?p ?o", "}"))),
        family("graphs nested", select(nested("GRAPH ?g{", "?s ?p ?o", "}"))),
        family("binds", select(numbered(|i| format!("BIND({i} AS ?v{i})")))),
        family(
            "binds that double",
            select(|n: usize| {
                let binds: String =
                    (1..n).map(|i| format!("BIND(CONCAT(?v{}, ?v{}) AS ?v{i})", i - 1, i - 1)).collect();
                format!("BIND(\"0123456789\" AS ?v0) {binds}")
            }),
        ),
        family("replacements", filter(nested("REPLACE(", "\"aaaa\"", ", \"a\", \"aaaaaaaaaaaaaaaa\")"))),
        family("filters", select(list("FILTER(1=1)", ""))),
        family("filters on unions", |n: usize| {
            format!("SELECT * WHERE {{ {} {} }}", list("{?s ?p ?o}", "UNION")(n), list("FILTER(?o=1)", "")(n))
        }),
        family("or", filter(list("?o=1", "||"))),
        family("or, bare", filter(list("1", "||"))),
        family("and", filter(list("?o=1", "&&"))),
        family("plus", filter(list("1", "+"))),
        family("times", filter(list("1", "*"))),
        family("plus minus numbers", filter(list("1", "-1 "))),
        family("in", filter(|n| format!("?o IN ({})", list("1", ",")(n)))),
        family("in nested left", filter(|n| format!("{}1{}", "(".repeat(n), " IN (1,2,3))".repeat(n)))),
        family("in nested right", filter(nested("1 IN (", "1", ")"))),
        family("coalesce", filter(nested("COALESCE(1,", "1", ")"))),
        family("if", filter(nested("IF(true,", "1", ",2)"))),
        family("if in equality", filter(nested("(?s = IF(true, ", "?s", ", ?p))"))),
        family("calls", filter(nested("STR(", "?s", ")"))),
        family("substr", filter(nested("SUBSTR(", "STR(?s)", ",1)"))),
        family("regex", filter(nested("REGEX(", "STR(?s)", ",\"a\")"))),
        family("casts", |n: usize| {
            let nested = nested("xsd:string(", "?s", ")")(n);
            format!(
                "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT * WHERE {{ ?s ?p ?o FILTER({nested}) }}"
            )
        }),
        family("unknown function in group", |n: usize| {
            format!(
                "SELECT (COUNT(*) AS ?n) WHERE {{ ?s ?p ?o }} GROUP BY {}",
                nested("<http://f>(", "?s", ")")(n)
            )
        }),
        family("concat", filter(|n| format!("CONCAT({})", list("?s", ",")(n)))),
        family("exists nested", select(nested("?s ?p ?o FILTER EXISTS{", "?s ?p ?o", "}"))),
        family("not exists nested", select(nested("?s ?p ?o FILTER NOT EXISTS{", "?s ?p ?o", "}"))),
        family("exists in brackets", filter(nested("(EXISTS{FILTER(", "1", ")})"))),
        family("subqueries", select(nested("{SELECT*{", "?s ?p ?o", "}}"))),
        family("subqueries with aggregates", select(nested("{SELECT(COUNT(?s)AS?s){", "?s ?p ?o", "}}"))),
        family(
            "subqueries, distinct, ordered",
            select(nested("{SELECT DISTINCT*{", "?s ?p ?o", "}ORDER BY ?s LIMIT 9}")),
        ),
        family("group concats", |n: usize| {
            let nested = nested("GROUP_CONCAT(", "STR(?s)", ")")(n);
            format!("SELECT ({nested} AS ?n) WHERE {{ ?s ?p ?o }}")
        }),
        family("aggregates", |n: usize| {
            let items: String = (0..n).map(|i| format!("(SUM({i}) AS ?v{i})")).collect();
            format!("SELECT {items} WHERE {{ ?s ?p ?o }}")
        }),
        family("select items", |n: usize| {
            let items: String = (0..n).map(|i| format!("({i} AS ?v{i})")).collect();
            format!("SELECT {items} WHERE {{ ?s ?p ?o }}")
        }),
        family("order by", |n: usize| {
            format!("SELECT * WHERE {{ ?s ?p ?o }} ORDER BY {}", list("?s", " ")(n))
        }),
        family("group by", |n: usize| {
            format!("SELECT (1 AS ?n) WHERE {{ ?s ?p ?o }} GROUP BY {}", list("?s", " ")(n))
        }),
        family("having", |n: usize| {
            format!("SELECT (1 AS ?n) WHERE {{ ?s ?p ?o }} GROUP BY ?s HAVING {}", list("(1=1)", " ")(n))
        }),
        family("path sequence", select(|n| format!("?s {} ?o", list("<http://p>", "/")(n)))),
        family("path sequence repeated", select(|n| format!("?s ({})* ?o", list("<http://p>", "/")(n)))),
        family("path sequence repeated, nested", select(nested("?s (", "<http://p>", "/<http://q>)+"))),
        family("path alternatives", select(|n| format!("?s {} ?o", list("<http://p>", "|")(n)))),
        family("path alternatives repeated", select(|n| format!("?s ({})* ?o", list("<http://p>", "|")(n)))),
        family("path inverse", select(|n| format!("?s {} ?o", nested("^(", "<http://p>", ")")(n)))),
        family("path inverse marks", select(|n| format!("?s {} ?o", nested("^", "<http://p>", "")(n)))),
        family("path stars", select(|n| format!("?s {} ?o", nested("(", "<http://p>", ")*")(n)))),
        family("path options", select(|n| format!("?s {} ?o", nested("(", "<http://p>", ")?")(n)))),
        family("path negated", select(|n| format!("?s !({}) ?o", list("<http://p>", "|")(n)))),
        family("path brackets", select(|n| format!("?s {} ?o", nested("(", "<http://p>", ")")(n)))),
        family("triples", select(list("?s ?p ?o", "."))),
        family("triples in a chain", select(numbered(|i| format!("?v{i} <http://p> ?v{} .", i + 1)))),
        family("triples apart", select(numbered(|i| format!("?a{i} ?b{i} ?c{i} .")))),
        family("predicates", select(|n| format!("?s {}", list("?p ?o", ";")(n)))),
        family("semicolons", select(|n| format!("?s ?p ?o {}", ";".repeat(n)))),
        family("objects", select(|n| format!("?s ?p {}", list("?o", ",")(n)))),
        family("list", select(|n| format!("?s ?p ({})", list("1", " ")(n)))),
        family("lists nested", select(|n| format!("?s ?p {}", nested("(", "1", ")")(n)))),
        family("property lists nested", select(|n| format!("?s ?p {}", nested("[?p ", "1", "]")(n)))),
        family("mixed lists nested", select(|n| format!("?s ?p {}", nested("[?p (", "1", ")]")(n)))),
        family("anonymous nodes", select(list("[] ?p []", "."))),
        family("quoted triples", select(nested("<<", "?s ?p ?o", ">>"))),
        family("triple terms", select(|n| format!("?s ?p {}", nested("<<( ?s ?p ", "?o", ")>>")(n)))),
        family("values", select(|n| format!("VALUES ?v {{ {} }}", list("1", " ")(n)))),
        family("values rows", select(|n| format!("VALUES (?v ?w) {{ {} }}", list("(1 2)", "")(n)))),
        family("values multiplied", select(numbered(|i| format!("VALUES ?v{i} {{ 1 2 3 4 5 6 7 8 9 }}")))),
        family(
            "values variables",
            select(|n| {
                let variables: String = (0..n).map(|i| format!("?v{i} ")).collect();
                format!("VALUES ({variables}) {{ ({}) }}", list("1", " ")(n))
            }),
        ),
        family("construct template", |n: usize| {
            format!("CONSTRUCT {{ {} }} WHERE {{ ?s ?p ?o }}", list("?s ?p ?o", ".")(n))
        }),
        family("construct lists", |n: usize| {
            format!("CONSTRUCT {{ ?s ?p {} }} WHERE {{ ?s ?p ?o }}", nested("(", "?o", ")")(n))
        }),
        family("construct property lists", |n: usize| {
            format!("CONSTRUCT {{ ?s ?p {} }} WHERE {{ ?s ?p ?o }}", nested("[?p ", "?o", "]")(n))
        }),
        family("describe", |n: usize| format!("DESCRIBE {}", list("<http://s>", " ")(n))),
        family("from", |n: usize| {
            let from: String = (0..n).map(|i| format!("FROM <urn:segb:log:{i}> ")).collect();
            format!("SELECT * {from} WHERE {{ ?s ?p ?o }}")
        }),
        family("prefixes", |n: usize| {
            let prefixes: String = (0..n).map(|i| format!("PREFIX p{i}: <http://p/{i}/> ")).collect();
            format!("{prefixes} SELECT * WHERE {{ ?s ?p ?o }}")
        }),
        family("comment", |n: usize| format!("SELECT * WHERE {{ #{}\n ?s ?p ?o }}", "(".repeat(n))),
        family("less than", filter(list("?a<?b", "&&"))),
        family("update", |n: usize| list("CLEAR ALL", ";")(n)),
        family("insert", |n: usize| format!("INSERT DATA {{ {} }}", list("<http://s> <http://p> 1", ".")(n))),
        family("laterals", select(nested("?s ?p ?o LATERAL{", "?s ?p ?o", "}"))),
        family("service", select(nested("SERVICE SILENT <http://s> {", "?s ?p ?o", "}"))),
    ]
}

fn graph() -> Graph {
    Graph::of(&["<http://s> <http://p> 1, 2, \"three\" . <http://s2> <http://p> <http://s> ."])
}

/// Runs something on a thread with a stack of this size and tells how much of it was touched.
fn stack_used<R: Send>(stack_size: usize, work: impl FnOnce() -> R + Send) -> (R, usize) {
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(stack_size);
        let work = || {
            let on_stack = 0_u8;
            let address = std::ptr::from_ref(&on_stack).addr();
            let result = work();
            (result, resident_bytes(address))
        };
        thread.spawn_scoped(scope, work).unwrap().join().unwrap()
    })
}

/// The resident bytes of the mapping that holds an address.
fn resident_bytes(address: usize) -> usize {
    let maps = fs::read_to_string("/proc/self/smaps").unwrap();
    let mut inside = false;
    for line in maps.lines() {
        let first = line.split(' ').next().unwrap();
        if let Some((start, end)) = first.split_once('-')
            && let (Ok(start), Ok(end)) = (usize::from_str_radix(start, 16), usize::from_str_radix(end, 16))
        {
            inside = (start..end).contains(&address);
        } else if inside && first == "Rss:" {
            return line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() << 10;
        }
    }
    0
}

/// The largest text of a family that is not too long.
fn largest(family: &dyn Fn(usize) -> String, bytes_max: usize) -> usize {
    let (mut fits, mut too_long) = (1, bytes_max);
    while fits + 1 < too_long {
        let middle = fits.midpoint(too_long);
        if family(middle).len() <= bytes_max { fits = middle } else { too_long = middle }
    }
    fits
}

/// Runs a text on a thread with this stack; what came of it, and how much of the stack was touched.
fn run_on_stack(graph: &Graph, evaluation: &Evaluation, text: &str, stack_size: usize) -> (String, usize) {
    let duration_max = evaluation.limits.duration_max;
    let limits = AnswerLimits {
        rows_max: 10_000,
        bytes_max: 1 << 20,
        deadline: Instant::now() + duration_max,
        duration_max,
    };
    let cancellation = CancellationToken::new();
    let (reply, pending) = Pending::new(|| QueryError::Closed);
    let outlet = Outlet::query(reply);
    let ((), stack) = stack_used(stack_size, || {
        thread::scope(|scope| {
            let (done, wait) = std::sync::mpsc::channel::<()>();
            scope.spawn(|| {
                if wait.recv_timeout(duration_max).is_err() {
                    cancellation.cancel();
                }
                drop(wait);
            });
            let open = || Ok((graph.snapshot(), Arc::default()));
            let mut sink = CallerSink::new(outlet.clone(), limits);
            evaluation.run(&request(text), open, &mut sink, limits, &cancellation);
            let _ = done.send(());
        });
    });
    let outcome = match pending.wait().and_then(body) {
        Ok(body) => format!("ok, {} bytes", body.len()),
        Err(error) => error.to_string(),
    };
    (outcome, stack)
}

fn evaluation(limits: QueryLimits) -> Evaluation {
    Evaluation { limits, graph_iri: GRAPH_IRI.to_owned() }
}

#[test]
#[ignore = "a measurement, for the constants in limits.rs and depth.rs"]
fn measure() {
    let limits = QueryLimits { duration_max: Duration::from_secs(3), ..QueryLimits::default() };
    let graph = graph();
    let evaluation = evaluation(limits);
    for (name, family) in families() {
        for n in
            [10, 15, 20, 40, 60, 70, 120, 500, 990, 2_000, 10_000, largest(&family, limits.text_bytes_max)]
        {
            let text = family(n);
            if text.len() > limits.text_bytes_max {
                continue;
            }
            let started = Instant::now();
            let (outcome, stack) = run_on_stack(&graph, &evaluation, &text, 1 << 30);
            let seconds = started.elapsed().as_secs_f64();
            let outcome: String = outcome.chars().take(80).collect();
            println!(
                "{name:34} n={n:6} {:6} B {seconds:7.3} s stack {:7} kB  {outcome}",
                text.len(),
                stack >> 10
            );
        }
    }
}

/// Whether this is a way in which a hostile query may end: an answer, or an error that says what of it is too much.
#[cfg(target_os = "linux")]
fn is_an_end(outcome: &Result<String, QueryError>) -> bool {
    !matches!(
        outcome,
        Err(QueryError::ProcessLost | QueryError::NoProcess | QueryError::Busy | QueryError::Closed)
    )
}

/// Every text of every family, small or as large as allowed, ends with an answer or an error, in time, and the next
/// query is answered.
#[test]
#[cfg(target_os = "linux")]
fn hostile_texts_end_as_an_answer_or_an_error() {
    let limits =
        QueryLimits { at_once: 1, text_bytes_max: 64 << 10, memory_bytes_max: 256 << 20, ..short(250) };
    let graph = graph();
    let runner = graph.runner_of(limits, Some(processes::program()));
    let families = families();
    for (name, family) in &families {
        for n in [60, largest(family, limits.text_bytes_max)] {
            let started = Instant::now();
            let outcome = ask(&runner, &family(n), SolutionsFormat::Csv);
            assert!(is_an_end(&outcome), "{name} {n}: {outcome:?}");
            assert!(started.elapsed() < Duration::from_millis(1_250), "{name} {n}: {:?}", started.elapsed());
        }
    }
    assert_eq!(ask(&runner, "ASK {}", SolutionsFormat::Csv).unwrap(), "true");
    assert_eq!(runner.figures().ended.lost, 0, "stacks are large enough");
}

#[test]
fn what_is_refused_is_refused_for_its_reason() {
    let graph = graph();
    let refusal = |text: &str| graph.ask(text, SolutionsFormat::Csv).unwrap_err();
    let braces = format!("SELECT * WHERE {}{}", "{".repeat(5_000), "}".repeat(5_000));
    assert_eq!(refusal(&braces), QueryError::TooNested { nesting_max: 128 });
    let long = format!("ASK {{}} #{}", " ".repeat(262_144));
    assert_eq!(refusal(&long), QueryError::TooLong { bytes: 262_152, bytes_max: 262_144 });
    let deep = format!("SELECT * {{ {} }}", "?s ?p ?o MINUS { ?s ?p 7 } ".repeat(DEPTH_MAX / 2 + 10));
    let limits = QueryLimits { text_bytes_max: 1 << 20, ..QueryLimits::default() };
    let refusal = ask(&graph.runner_with(limits), &deep, SolutionsFormat::Csv).unwrap_err();
    assert_eq!(refusal.to_string(), "The query is too complex: its parts are nested too deeply.");
}

/// Nobody guesses what a query will cost: what is only large runs.
#[test]
fn what_is_only_large_runs() {
    let graph = graph();
    let numbers = |count: u64| (0..count).map(|number| format!("{number} ")).collect::<String>();
    for (text, rows) in [
        (format!("SELECT * {{ {} }}", "?s ?p ?o . ".repeat(100)), 4),
        (format!("SELECT * {{ VALUES ?x {{ {} }} }}", numbers(20_000)), 20_000),
        (format!("SELECT * {{ ?s ?p ?o FILTER(?o IN ({})) }}", numbers(30_000).trim().replace(' ', ", ")), 2),
        (format!("SELECT * {{ {{ ?s ?p 1 }} {} }}", "UNION { ?s ?p 2 } ".repeat(2_000)), 2_001),
        (format!("SELECT * {{ BIND({}1{} AS ?x) }}", "STR(".repeat(100), ")".repeat(100)), 1),
    ] {
        let limits = QueryLimits { text_bytes_max: 1 << 20, ..QueryLimits::default() };
        let answer = ask(&graph.runner_with(limits), &text, SolutionsFormat::Csv);
        assert_eq!(answer.map(|csv| sorted_rows(&csv).len()), Ok(rows), "{text:.60}");
    }
}

#[test]
fn a_large_report_query_runs() {
    let mut text =
        String::from("PREFIX ex: <http://example.org/a/rather/long/namespace#>\nSELECT * WHERE {\n");
    text.push_str("  ?activity a ex:Activity ; ex:started ?started ; ex:ended ?ended ; ex:agent ?agent .\n");
    for number in 0..30 {
        text.push_str(&format!(
            "  OPTIONAL {{\n    # what the robot saw, in case it saw something at all: value, label and how sure it is ({number})\n    ?activity ex:used ?entity{number} .\n    \
             ?entity{number} ex:value ?value{number} ; ex:label ?label{number} ; ex:confidence ?confidence{number} .\n    \
             OPTIONAL {{ ?entity{number} ex:derivedFrom/ex:source* ?origin{number} }}\n    \
             FILTER(?confidence{number} >= 0.5 && (LANG(?label{number}) = \"es\" || !BOUND(?label{number})))\n  }}\n"
        ));
    }
    for number in 0..10 {
        text.push_str(&format!(
            "  {{ ?activity ex:kind{number} ?kind }} UNION {{ ?activity ex:type{number}/ex:kind ?kind }}\n  \
             UNION {{ SELECT ?activity (MAX(?k) AS ?kind) {{ ?activity ex:k{number} ?k }} GROUP BY ?activity }}\n"
        ));
    }
    text.push_str("  BIND(CONCAT(STR(?activity), \" \", STR(?agent), \" \", STR(?started)) AS ?title)\n");
    text.push_str(
        "  FILTER NOT EXISTS { ?activity ex:deleted true }\n}\nORDER BY ?started ?title LIMIT 100\n",
    );
    assert!(text.len() > 13_000, "{}", text.len());
    let graph = graph();
    let started = Instant::now();
    assert_eq!(graph.ask(&text, SolutionsFormat::Csv).map(drop), Ok(()));
    assert!(started.elapsed() < Duration::from_secs(5));
}

/// Writes queries at random, with a liking for nesting.
struct Author {
    state: u64,
    variables: u64,
}

impl Author {
    fn choose(&mut self, below: u64) -> u64 {
        self.state =
            self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) % below
    }

    fn variable(&mut self) -> String {
        format!("?v{}", self.choose(self.variables))
    }

    fn fresh(&mut self) -> String {
        self.variables += 1;
        format!("?v{}", self.variables)
    }

    fn times(&mut self, most: u64, mut part: impl FnMut(&mut Self) -> String) -> String {
        (0..=self.choose(most)).map(|_| part(self)).collect()
    }

    fn pattern(&mut self, depth: u64) -> String {
        if depth == 0 {
            return format!("{} <http://p> {} . ", self.variable(), self.variable());
        }
        let depth = depth - 1;
        match self.choose(16) {
            0 => format!("{{ {} }} UNION {{ {} }} ", self.pattern(depth), self.pattern(depth / 2)),
            1 => format!("OPTIONAL {{ {} }} ", self.pattern(depth)),
            2 => format!("{} MINUS {{ {} }} ", self.pattern(depth / 2), self.pattern(depth)),
            3 => format!("{} FILTER EXISTS {{ {} }} ", self.pattern(0), self.pattern(depth)),
            4 => format!("{{ SELECT * {{ {} }} }} ", self.pattern(depth)),
            5 => {
                let (variable, inner) = (self.variable(), self.pattern(depth));
                format!(
                    "{{ SELECT {variable} (COUNT(*) AS {}) {{ {inner} }} GROUP BY {variable} }} ",
                    self.fresh()
                )
            }
            6 => format!("GRAPH {} {{ {} }} ", self.variable(), self.pattern(depth)),
            7 => format!("BIND({} AS {}) ", self.expression(depth), self.fresh()),
            8 => format!("{} FILTER({}) ", self.pattern(depth / 2), self.expression(depth)),
            9 => format!("{} {} {} . ", self.variable(), self.path(depth), self.variable()),
            10 => format!("VALUES {} {{ {}}} ", self.variable(), self.times(20, |_| "1 ".to_owned())),
            11 => format!("{} LATERAL {{ {} }} ", self.pattern(0), self.pattern(depth)),
            12 => format!(
                "{} <http://p> [ <http://q> ( {} ) ] . ",
                self.variable(),
                self.times(5, |author| author.variable() + " ")
            ),
            13 => self.times(8, |author| author.pattern(depth / 4)),
            _ => self.times(3, |author| author.pattern(depth / 2)),
        }
    }

    fn expression(&mut self, depth: u64) -> String {
        if depth == 0 {
            return self.variable();
        }
        let depth = depth - 1;
        match self.choose(14) {
            0 => format!("({} || {})", self.expression(depth), self.expression(depth / 2)),
            1 => format!("({} = {})", self.expression(depth), self.expression(depth / 2)),
            2 => format!("!({})", self.expression(depth)),
            3 => format!(
                "IF({}, {}, {})",
                self.expression(depth / 2),
                self.expression(depth),
                self.expression(depth / 2)
            ),
            4 => format!("COALESCE({}, {})", self.expression(depth), self.expression(depth / 2)),
            5 => format!("CONCAT({}, {})", self.expression(depth), self.expression(depth / 2)),
            6 => format!(
                "({} IN ({}, {}))",
                self.expression(depth),
                self.expression(depth / 2),
                self.expression(0)
            ),
            7 => format!("EXISTS {{ {} }}", self.pattern(depth)),
            8 => format!("SUBSTR({}, {})", self.expression(depth), self.expression(depth / 2)),
            9 => format!("REGEX({}, \"a\")", self.expression(depth)),
            10 => format!("sameTerm({}, {})", self.expression(depth / 2), self.expression(depth)),
            11 => format!(
                "(-{} + {} * 2 < {})",
                self.expression(depth),
                self.expression(depth / 2),
                self.expression(0)
            ),
            12 => format!("REPLACE(STR({}), \"a\", \"b\")", self.expression(depth)),
            _ => format!("STR({})", self.expression(depth)),
        }
    }

    fn path(&mut self, depth: u64) -> String {
        if depth == 0 {
            return "<http://p>".to_owned();
        }
        let depth = depth - 1;
        match self.choose(6) {
            0 => format!("({}/{})", self.path(depth), self.path(depth / 2)),
            1 => format!("({}|{})", self.path(depth), self.path(depth / 2)),
            2 => format!("({})*", self.path(depth)),
            3 => format!("({})+", self.path(depth)),
            4 => format!("^({})", self.path(depth)),
            _ => format!("({})?", self.path(depth)),
        }
    }
}

#[cfg(target_os = "linux")]
fn random_queries(seeds: std::ops::Range<u64>, largest: bool) {
    let limits = QueryLimits { at_once: 1, memory_bytes_max: 256 << 20, ..short(250) };
    let graph = graph();
    let runner = graph.runner_of(limits, Some(processes::program()));
    let (mut answered, mut refused) = (0, 0);
    for seed in seeds {
        let mut author = Author { state: seed, variables: 4 };
        let depth = if largest { 4 + seed % 90 } else { 2 + seed % 14 };
        let text = format!("SELECT * {{ {} }}", author.times(4, |author| author.pattern(depth)));
        if text.len() > limits.text_bytes_max {
            continue;
        }
        let started = Instant::now();
        let outcome = ask(&runner, &text, SolutionsFormat::Csv);
        assert!(is_an_end(&outcome), "seed {seed}: {outcome:?}");
        assert!(started.elapsed() < Duration::from_millis(1_250), "seed {seed}: {:?}", started.elapsed());
        if outcome.is_ok() { answered += 1 } else { refused += 1 }
    }
    println!("{answered} answered, {refused} refused");
    assert!(answered > 0);
    assert_eq!(runner.figures().ended.lost, 0, "stacks are large enough");
}

#[test]
#[cfg(target_os = "linux")]
fn random_queries_end_as_an_answer_or_an_error() {
    random_queries(0..300, false);
}

#[test]
#[ignore = "takes minutes"]
#[cfg(target_os = "linux")]
fn many_random_queries_end_as_an_answer_or_an_error() {
    random_queries(1_000..9_000, true);
}
