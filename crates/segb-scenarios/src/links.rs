//! What to open afterwards.

/// At which port a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Port {
    /// That of the API.
    Api,
    /// That of the UI.
    Ui,
}

/// A page that shows what was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// At which port it is.
    pub port: Port,
    /// Its path.
    pub path: &'static str,
    /// What it shows.
    pub shows: &'static str,
}

const fn link(port: Port, path: &'static str, shows: &'static str) -> Link {
    Link { port, path, shows }
}

/// All pages, the best first.
pub const LINKS: [Link; 9] = [
    link(Port::Ui, "/reports", "the reports"),
    link(Port::Ui, "/timeline", "the interaction as it happened"),
    link(Port::Ui, "/explain", "why a robot did what it did"),
    link(Port::Ui, "/kg-graph", "the graph, to walk through"),
    link(Port::Ui, "/query", "questions to the graph"),
    link(Port::Ui, "/shared-context", "events that several robots observed"),
    link(Port::Api, "/docs", "the API, described"),
    link(Port::Api, "/events", "the whole graph, as Turtle"),
    link(Port::Api, "/logs?limit=20", "the newest entries of the journal"),
];

/// The addresses of the pages that are there, as `is_there` finds out, with what they show. Without an address for the
/// UI, those of the API only.
pub fn links(api: &str, ui: Option<&str>, is_there: impl Fn(&str) -> bool) -> Vec<(String, &'static str)> {
    let address = |link: &Link| match link.port {
        Port::Api => Some(format!("{api}{}", link.path)),
        Port::Ui => ui.map(|ui| format!("{ui}{}", link.path)),
    };
    let known = LINKS.iter().filter_map(|link| Some((address(link)?, link.shows)));
    known.filter(|(address, _)| is_there(address)).collect()
}
