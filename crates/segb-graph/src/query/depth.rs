//! What is refused of a parsed query before anything is planned: that it asks other servers, and that its parts are nested
//! so deep that whoever recurses over them runs out of stack. All else that a query may cost shows while it runs.

use spargebra::{
    Query,
    algebra::{AggregateExpression, Expression, GraphPattern, OrderExpression, PropertyPathExpression},
};

use super::QueryError;

/// Levels of the algebra: every UNION, OPTIONAL, FILTER or BIND in one group is one more. The stack is measured for
/// this many; a process that runs out of it nevertheless says the same less well.
pub(super) const DEPTH_MAX: usize = 10_000;

/// Refuses a query that asks other servers, or is nested deeper than [`DEPTH_MAX`].
pub(super) fn check(query: &Query) -> Result<(), QueryError> {
    let (Query::Select { pattern, .. }
    | Query::Construct { pattern, .. }
    | Query::Describe { pattern, .. }
    | Query::Ask { pattern, .. }) = query;
    Level(0).pattern(pattern)
}

/// How deep something stands.
#[derive(Clone, Copy)]
struct Level(usize);

impl Level {
    fn below(self) -> Result<Self, QueryError> {
        if self.0 >= DEPTH_MAX {
            return Err(QueryError::TooComplex("its parts are nested too deeply".into()));
        }
        Ok(Self(self.0 + 1))
    }

    fn pattern(self, pattern: &GraphPattern) -> Result<(), QueryError> {
        let below = self.below()?;
        match pattern {
            GraphPattern::Bgp { .. } | GraphPattern::Values { .. } => Ok(()),
            GraphPattern::Path { path, .. } => below.path(path),
            GraphPattern::Join { left, right }
            | GraphPattern::Lateral { left, right }
            | GraphPattern::Minus { left, right }
            | GraphPattern::Union { left, right } => {
                below.pattern(left)?;
                below.pattern(right)
            }
            GraphPattern::LeftJoin { left, right, expression } => {
                below.pattern(left)?;
                below.pattern(right)?;
                expression.iter().try_for_each(|expression| below.expression(expression))
            }
            GraphPattern::Filter { expr, inner } => {
                below.expression(expr)?;
                below.pattern(inner)
            }
            GraphPattern::Extend { inner, expression, .. } => {
                below.expression(expression)?;
                below.pattern(inner)
            }
            GraphPattern::OrderBy { inner, expression } => {
                for OrderExpression::Asc(expression) | OrderExpression::Desc(expression) in expression {
                    below.expression(expression)?;
                }
                below.pattern(inner)
            }
            GraphPattern::Group { inner, aggregates, .. } => {
                for (_, aggregate) in aggregates {
                    if let AggregateExpression::FunctionCall { expr, .. } = aggregate {
                        below.expression(expr)?;
                    }
                }
                below.pattern(inner)
            }
            GraphPattern::Graph { inner, .. }
            | GraphPattern::Project { inner, .. }
            | GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::Slice { inner, .. } => below.pattern(inner),
            GraphPattern::Service { .. } => Err(QueryError::Service),
        }
    }

    fn path(self, path: &PropertyPathExpression) -> Result<(), QueryError> {
        let below = self.below()?;
        match path {
            PropertyPathExpression::NamedNode(_) | PropertyPathExpression::NegatedPropertySet(_) => Ok(()),
            PropertyPathExpression::Sequence(left, right)
            | PropertyPathExpression::Alternative(left, right) => {
                below.path(left)?;
                below.path(right)
            }
            PropertyPathExpression::Reverse(path)
            | PropertyPathExpression::ZeroOrMore(path)
            | PropertyPathExpression::OneOrMore(path)
            | PropertyPathExpression::ZeroOrOne(path) => below.path(path),
        }
    }

    fn expression(self, expression: &Expression) -> Result<(), QueryError> {
        let below = self.below()?;
        match expression {
            Expression::NamedNode(_)
            | Expression::Literal(_)
            | Expression::Variable(_)
            | Expression::Bound(_) => Ok(()),
            Expression::Or(left, right)
            | Expression::And(left, right)
            | Expression::Equal(left, right)
            | Expression::SameTerm(left, right)
            | Expression::Greater(left, right)
            | Expression::GreaterOrEqual(left, right)
            | Expression::Less(left, right)
            | Expression::LessOrEqual(left, right)
            | Expression::Add(left, right)
            | Expression::Subtract(left, right)
            | Expression::Multiply(left, right)
            | Expression::Divide(left, right) => {
                below.expression(left)?;
                below.expression(right)
            }
            Expression::UnaryPlus(inner) | Expression::UnaryMinus(inner) | Expression::Not(inner) => {
                below.expression(inner)
            }
            Expression::In(left, items) => {
                below.expression(left)?;
                below.expressions(items)
            }
            Expression::If(condition, then, otherwise) => {
                below.expression(condition)?;
                below.expression(then)?;
                below.expression(otherwise)
            }
            Expression::Coalesce(items) | Expression::FunctionCall(_, items) => below.expressions(items),
            Expression::Exists(pattern) => below.pattern(pattern),
        }
    }

    fn expressions(self, expressions: &[Expression]) -> Result<(), QueryError> {
        expressions.iter().try_for_each(|expression| self.expression(expression))
    }
}
