//! What a parsed query would cost, before anything is planned or evaluated.
//!
//! The planner and the evaluator recurse over the algebra, rewrite some parts of it twice for every level they are
//! nested, and look for cancellation only when they read a triple. None of that can be stopped from outside, so what
//! would take too much is refused here. The limits are far above what people and programs write: a report query of
//! 15 kB weighs a few thousand.

use std::collections::HashMap;

use oxrdf::Variable;
use spargebra::{
    Query,
    algebra::{
        AggregateExpression, AggregateFunction, Expression, Function, GraphPattern, OrderExpression,
        PropertyPathExpression,
    },
};

use super::QueryError;

/// Levels of the algebra. The thread's stack is measured for this many.
pub(super) const DEPTH_MAX: usize = 1_000;
/// Nodes of the algebra, where what the planner rewrites `n` times counts `n` times.
const WEIGHT_MAX: u64 = 50_000;
/// Triple patterns, paths, UNION branches and the like.
const LEAVES_MAX: u64 = 2_000;
/// Work of the planner on ordering joins, see `Cost::join`. Measured: 60 triple patterns in one group take up to 0.9 s
/// with little optimisation, 120 up to 20 s.
const JOIN_WORK_MAX: u64 = 30_000_000;
/// Variables of VALUES blocks. The evaluator looks for each of them in the list of all.
const VALUES_VARIABLES_MAX: usize = 500;
/// Expression nodes × leaves: the planner copies filters to every part of a query where their variables are bound.
const FILTER_COPIES_MAX: u64 = 5_000_000;
/// Cells of VALUES blocks.
const CELLS_MAX: u64 = 200_000;
/// Solutions that arise without reading a triple: products of VALUES blocks and of UNIONs of constants.
const CONSTANT_SOLUTIONS_MAX: u64 = 100_000_000;
/// How many times longer than a value of the graph the text made by one expression can be.
const TEXT_GROWTH_MAX: u64 = 256;
/// What a replacement counts that is not a constant in REPLACE.
const UNKNOWN_REPLACEMENT: u64 = 64;

/// Refuses a query that asks other servers, or whose cost has no sensible bound.
pub(super) fn check(query: &Query) -> Result<(), QueryError> {
    let (Query::Select { pattern, .. }
    | Query::Construct { pattern, .. }
    | Query::Describe { pattern, .. }
    | Query::Ask { pattern, .. }) = query;
    let mut cost = Cost::default();
    let solutions = cost.pattern(pattern, At::ROOT)?;
    if solutions > CONSTANT_SOLUTIONS_MAX {
        return Err(QueryError::TooComplex("its VALUES blocks multiply to too many solutions".into()));
    }
    if let Query::Construct { template, .. } = query {
        cost.leaf(template.len() as u64, At::ROOT)?;
    }
    if cost.values_variables > VALUES_VARIABLES_MAX {
        return Err(QueryError::TooComplex("its VALUES blocks have too many variables".into()));
    }
    Ok(())
}

/// Where in the algebra, and how often the planner works on that place.
#[derive(Clone, Copy)]
struct At {
    depth: usize,
    times: u64,
}

impl At {
    const ROOT: Self = Self { depth: 0, times: 1 };

    fn below(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }

    fn repeated(self, times: u64) -> Self {
        Self { depth: self.depth + 1, times: self.times.saturating_mul(times) }
    }
}

#[derive(Default)]
struct Cost {
    weight: u64,
    leaves: u64,
    /// As in the text: without counting what the planner repeats.
    leaves_written: u64,
    optionals_written: u64,
    expressions: u64,
    cells: u64,
    values_variables: usize,
    join_work: u64,
    /// How much longer than values of the graph the values of a variable can be; without entry: as long.
    growth: HashMap<Variable, u64>,
}

impl Cost {
    fn node(&mut self, at: At) -> Result<(), QueryError> {
        self.weight = self.weight.saturating_add(at.times);
        if at.depth > DEPTH_MAX || self.weight > WEIGHT_MAX {
            return Err(QueryError::TooComplex("it has too many parts, or parts nested too deep".into()));
        }
        Ok(())
    }

    fn leaf(&mut self, count: u64, at: At) -> Result<(), QueryError> {
        self.node(at)?;
        self.leaves_written += count;
        self.leaves = self.leaves.saturating_add(count.saturating_mul(at.times));
        if self.leaves > LEAVES_MAX {
            return Err(QueryError::TooComplex("it has too many triple patterns".into()));
        }
        self.check_copies()
    }

    fn check_copies(&self) -> Result<(), QueryError> {
        if self.expressions.saturating_mul(self.leaves) > FILTER_COPIES_MAX {
            return Err(QueryError::TooComplex(
                "it has too many expressions over too many triple patterns".into(),
            ));
        }
        Ok(())
    }

    /// Weighs a pattern; how many solutions it has if every triple pattern has one.
    fn pattern(&mut self, pattern: &GraphPattern, at: At) -> Result<u64, QueryError> {
        let (leaves_before, optionals_before) = (self.leaves_written, self.optionals_written);
        let (parts, solutions) = self.join_part(pattern, at)?;
        let leaves = self.leaves_written - leaves_before;
        let optionals = self.optionals_written - optionals_before;
        self.join(parts, leaves, optionals, at)?;
        Ok(solutions)
    }

    /// Counts the work of ordering a join of so many parts, which hold so many leaves and OPTIONALs: every part is
    /// compared with every other one by the cost of what is joined so far, and that is worked out anew each time, over
    /// all leaves and again for every level of joins already nested in it.
    fn join(&mut self, parts: u64, leaves: u64, optionals: u64, at: At) -> Result<(), QueryError> {
        if parts < 2 {
            return Ok(());
        }
        let comparisons = parts.saturating_mul(parts);
        let each = leaves.saturating_mul(parts.saturating_add(optionals));
        self.join_work =
            self.join_work.saturating_add(comparisons.saturating_mul(each).saturating_mul(at.times));
        if self.join_work > JOIN_WORK_MAX {
            return Err(QueryError::TooComplex("it has too many triple patterns in one group".into()));
        }
        Ok(())
    }

    /// Weighs a pattern that may be part of a larger join; how many parts it is for that join, and its solutions.
    fn join_part(&mut self, pattern: &GraphPattern, at: At) -> Result<(u64, u64), QueryError> {
        match pattern {
            GraphPattern::Bgp { patterns } => {
                self.leaf(patterns.len() as u64, at)?;
                Ok((patterns.len() as u64, 1))
            }
            GraphPattern::Path { path, .. } => {
                let leaves_before = self.leaves_written;
                self.leaf(1, at)?;
                self.path(path, at.below(), false)?;
                Ok((self.leaves_written - leaves_before, 1))
            }
            GraphPattern::Join { left, right } => {
                self.node(at)?;
                let (left_parts, left) = self.join_part(left, at.below())?;
                let (right_parts, right) = self.join_part(right, at.below())?;
                Ok((left_parts + right_parts, left.saturating_mul(right)))
            }
            other => Ok((1, self.other_pattern(other, at)?)),
        }
    }

    fn other_pattern(&mut self, pattern: &GraphPattern, at: At) -> Result<u64, QueryError> {
        self.node(at)?;
        match pattern {
            GraphPattern::Values { variables, bindings } => self.values(variables, bindings, at),
            GraphPattern::Bgp { .. } | GraphPattern::Path { .. } | GraphPattern::Join { .. } => {
                self.pattern(pattern, at.below())
            }
            GraphPattern::Lateral { left, right } => {
                Ok(self.pattern(left, at.below())?.saturating_mul(self.pattern(right, at.below())?))
            }
            GraphPattern::LeftJoin { left, right, expression } => {
                let left = self.pattern(left, at.below())?;
                self.optionals_written += 1;
                // Planned once for each of two ways to join.
                let right = self.pattern(right, at.repeated(2))?;
                if let Some(expression) = expression {
                    self.expression(expression, at.repeated(2))?;
                }
                Ok(left.saturating_mul(right.max(1)))
            }
            GraphPattern::Minus { left, right } => {
                let solutions = self.pattern(left, at.below())?;
                self.limited(right, at.below())?;
                Ok(solutions)
            }
            GraphPattern::Union { left, right } => {
                self.leaf(1, at)?;
                Ok(self.pattern(left, at.below())?.saturating_add(self.pattern(right, at.below())?))
            }
            GraphPattern::Filter { expr, inner } => {
                self.expression(expr, at.below())?;
                self.pattern(inner, at.below())
            }
            GraphPattern::Graph { inner, .. } => {
                self.leaf(1, at)?;
                self.pattern(inner, at.below())
            }
            GraphPattern::Extend { inner, variable, expression } => {
                let solutions = self.pattern(inner, at.below())?;
                let growth = self.expression(expression, at.below())?;
                self.growth.insert(variable.clone(), growth);
                Ok(solutions)
            }
            GraphPattern::OrderBy { inner, expression } => {
                for OrderExpression::Asc(expression) | OrderExpression::Desc(expression) in expression {
                    self.expression(expression, at.below())?;
                }
                self.pattern(inner, at.below())
            }
            GraphPattern::Group { inner, aggregates, .. } => self.group(inner, aggregates, at),
            GraphPattern::Project { inner, .. }
            | GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::Slice { inner, .. } => self.pattern(inner, at.below()),
            GraphPattern::Service { .. } => Err(QueryError::Service),
        }
    }

    fn limited(&mut self, pattern: &GraphPattern, at: At) -> Result<(), QueryError> {
        if self.pattern(pattern, at)? > CONSTANT_SOLUTIONS_MAX {
            return Err(QueryError::TooComplex("its VALUES blocks multiply to too many solutions".into()));
        }
        Ok(())
    }

    fn values<T>(&mut self, variables: &[Variable], bindings: &[T], at: At) -> Result<u64, QueryError> {
        let rows = bindings.len() as u64;
        let cells = rows.saturating_mul((variables.len() as u64).max(1));
        self.cells = self.cells.saturating_add(cells.saturating_mul(at.times));
        if self.cells > CELLS_MAX {
            return Err(QueryError::TooComplex("its VALUES blocks have too many cells".into()));
        }
        self.values_variables += variables.len();
        self.leaf(1, at)?;
        Ok(rows)
    }

    fn group(
        &mut self,
        inner: &GraphPattern,
        aggregates: &[(Variable, AggregateExpression)],
        at: At,
    ) -> Result<u64, QueryError> {
        // The types of the variables inside are inferred twice at every level.
        self.limited(inner, at.repeated(2))?;
        for (variable, aggregate) in aggregates {
            if let AggregateExpression::FunctionCall { name, expr, .. } = aggregate {
                let mut growth = self.expression(expr, at.below())?;
                if matches!(name, AggregateFunction::GroupConcat { .. }) {
                    // As long as the group is large: what is made of it must not grow much further.
                    growth = growth.saturating_mul(16);
                }
                self.growth.insert(variable.clone(), growth);
            }
        }
        Ok(1)
    }

    /// Weighs a path. Under `*`, `+` and `?` a sequence is costed in both directions, each time with all it contains.
    fn path(&mut self, path: &PropertyPathExpression, at: At, closure: bool) -> Result<(), QueryError> {
        self.node(at)?;
        match path {
            PropertyPathExpression::NamedNode(_) => Ok(()),
            PropertyPathExpression::Reverse(path) => self.path(path, at.below(), closure),
            PropertyPathExpression::Sequence(left, right) => {
                // Elsewhere it becomes a join of its parts.
                if closure {
                    let at = at.repeated(2);
                    self.path(left, at, closure)?;
                    return self.path(right, at, closure);
                }
                let at = at.below();
                self.leaf(1, at)?;
                self.path(left, at, closure)?;
                self.path(right, at, closure)
            }
            PropertyPathExpression::Alternative(left, right) => {
                self.path(left, at.below(), true)?;
                self.path(right, at.below(), true)
            }
            PropertyPathExpression::ZeroOrMore(path)
            | PropertyPathExpression::OneOrMore(path)
            | PropertyPathExpression::ZeroOrOne(path) => self.path(path, at.below(), true),
            PropertyPathExpression::NegatedPropertySet(set) => {
                self.expressions = self.expressions.saturating_add(set.len() as u64);
                self.check_copies()
            }
        }
    }

    /// Weighs an expression; how many times longer than a value of the graph its value can be.
    fn expression(&mut self, expression: &Expression, at: At) -> Result<u64, QueryError> {
        self.node(at)?;
        self.expressions = self.expressions.saturating_add(at.times);
        self.check_copies()?;
        match expression {
            Expression::NamedNode(_) | Expression::Literal(_) | Expression::Bound(_) => Ok(1),
            Expression::Variable(variable) => Ok(self.growth.get(variable).copied().unwrap_or(1)),
            Expression::Or(left, right)
            | Expression::And(left, right)
            | Expression::Greater(left, right)
            | Expression::GreaterOrEqual(left, right)
            | Expression::Less(left, right)
            | Expression::LessOrEqual(left, right)
            | Expression::Add(left, right)
            | Expression::Subtract(left, right)
            | Expression::Multiply(left, right)
            | Expression::Divide(left, right) => self.expressions([&**left, &**right], at.below()),
            // An evaluator is built for terms, and where that does not work out another one for values.
            Expression::Equal(left, right) | Expression::SameTerm(left, right) => {
                self.expressions([&**left, &**right], at.repeated(2))
            }
            Expression::UnaryPlus(inner) | Expression::UnaryMinus(inner) | Expression::Not(inner) => {
                self.expression(inner, at.below())
            }
            // Rewritten to one comparison an item, each with its own copy of the left side.
            Expression::In(left, items) => {
                self.expression(left, at.repeated(items.len().max(1) as u64))?;
                self.expressions(items, at.below())
            }
            Expression::If(condition, then, otherwise) => {
                self.expression(condition, at.below())?;
                self.expressions([&**then, &**otherwise], at.below())
            }
            Expression::Coalesce(items) => self.expressions(items, at.below()),
            Expression::Exists(pattern) => {
                self.limited(pattern, at.below())?;
                Ok(1)
            }
            Expression::FunctionCall(function, arguments) => self.call(function, arguments, at.below()),
        }
    }

    /// The largest growth among several expressions.
    fn expressions<'e>(
        &mut self,
        expressions: impl IntoIterator<Item = &'e Expression>,
        at: At,
    ) -> Result<u64, QueryError> {
        let mut largest = 1;
        for expression in expressions {
            largest = self.expression(expression, at)?.max(largest);
        }
        Ok(largest)
    }

    fn call(&mut self, function: &Function, arguments: &[Expression], at: At) -> Result<u64, QueryError> {
        let growths: Vec<u64> =
            arguments.iter().map(|argument| self.expression(argument, at)).collect::<Result<_, _>>()?;
        let first = growths.first().copied().unwrap_or(1);
        let growth = match function {
            Function::Concat => growths.iter().fold(0, |sum: u64, growth| sum.saturating_add(*growth)),
            Function::EncodeForUri => first.saturating_mul(3),
            Function::Replace => {
                let replacement = match arguments.get(2) {
                    Some(Expression::Literal(literal)) => (literal.value().len() as u64).max(1),
                    _ => UNKNOWN_REPLACEMENT,
                };
                first.saturating_mul(replacement)
            }
            _ => growths.into_iter().max().unwrap_or(1),
        };
        if growth > TEXT_GROWTH_MAX {
            return Err(QueryError::TooComplex("its functions make texts too long".into()));
        }
        Ok(growth)
    }
}
