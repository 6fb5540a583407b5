//! How often each emotion was found, over all rows of a report and not only those of a page.

use std::collections::{BTreeMap, HashMap};

use segb_graph::index::TermId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    ReportError, Resource,
    graph::Graph,
    ids::{Column, IdSet},
    problem::Problems,
};

/// Categories named in one answer. People know a dozen; a log may name as many as it likes.
const CATEGORIES_MAX: usize = 1_000;

/// Six decimals: more than any robot knows.
const MILLION: f64 = 1e6;

/// What all rows of one category come to.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CategoryFigures {
    /// The category; none of rows that have none.
    pub category: Option<Resource>,
    /// How many rows.
    pub count: usize,
    /// The mean of their intensities, of those that have one, to six decimals.
    pub mean_intensity: Option<f64>,
}

#[derive(Default)]
struct Tally {
    count: usize,
    intensities: usize,
    sum: f64,
}

/// The most frequent categories first. `emotions` has the emotion of each row, if it has one.
pub(crate) fn distribution(
    graph: &Graph<'_>,
    emotions: impl Iterator<Item = Option<TermId>> + Clone,
) -> Result<Vec<CategoryFigures>, ReportError> {
    let wanted: IdSet = emotions.clone().flatten().collect();
    let categories = Column::read(graph, graph.words.emotion_category, Some(&wanted))?;
    let intensities = Column::read(graph, graph.words.emotion_intensity, Some(&wanted))?;
    let mut tallies: BTreeMap<Option<TermId>, Tally> = BTreeMap::new();
    // Robots round, so that many emotions share one number.
    let mut numbers: HashMap<TermId, Option<f64>> = HashMap::new();
    for emotion in emotions {
        let category = emotion.and_then(|emotion| categories.first(emotion));
        if !tallies.contains_key(&category) {
            graph.reserve(2 * size_of::<(Option<TermId>, Tally)>())?;
        }
        let tally = tallies.entry(category).or_default();
        tally.count += 1;
        let mut highest: Option<f64> = None;
        for value in emotion.into_iter().flat_map(|emotion| intensities.of(emotion)) {
            let number = match numbers.get(&value) {
                Some(known) => *known,
                None => {
                    graph.reserve(2 * size_of::<(TermId, Option<f64>)>())?;
                    *numbers.entry(value).or_insert(graph.number(value)?)
                }
            };
            highest = number.map(|number| highest.map_or(number, |highest| highest.max(number))).or(highest);
        }
        if let Some(intensity) = highest {
            tally.intensities += 1;
            tally.sum += intensity;
        }
    }
    let mut tallies: Vec<(Option<TermId>, Tally)> = tallies.into_iter().collect();
    tallies.sort_by_key(|(_, tally)| std::cmp::Reverse(tally.count));
    let mut figures = Vec::with_capacity(tallies.len().min(CATEGORIES_MAX));
    for (category, tally) in tallies.into_iter().take(CATEGORIES_MAX) {
        let category = category.map(|id| graph.category(id, &mut Problems::default())).transpose()?;
        // Rounded, since the last digits of a sum depend on the order.
        let mean = (tally.intensities > 0)
            .then(|| (tally.sum / tally.intensities as f64 * MILLION).round() / MILLION);
        // The sum of absurd intensities may be infinite, which JSON cannot say.
        let mean_intensity = mean.filter(|mean| mean.is_finite());
        figures.push(CategoryFigures { category, count: tally.count, mean_intensity });
    }
    Ok(figures)
}
