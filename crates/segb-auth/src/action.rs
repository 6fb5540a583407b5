use crate::Role;

/// A thing that only some roles may do: one for each guarded part of the service.
///
/// What everybody may do (is the server alive, which mode is it in) has no action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Publish a log.
    InsertLog,
    /// Check a Turtle document without storing it.
    ValidateTurtle,
    /// Empty the knowledge graph.
    ClearGraph,
    /// Export the whole knowledge graph.
    ReadGraph,
    /// Run a SPARQL query.
    RunQuery,
    /// Check a SPARQL query without running it.
    ValidateQuery,
    /// List the logs, read one and its exact bytes.
    ReadLogs,
    /// Read the reports and explanations made of the graph.
    ReadReports,
    /// Read the log of the server itself.
    ReadServerLog,
    /// Read the measurements of the running server.
    ReadMetrics,
    /// Ask whether another robot observed the same event.
    ResolveSharedContext,
    /// Read how many shared contexts there are.
    ReadSharedContextStats,
    /// Merge the shared contexts that turned out to be one.
    ReconcileSharedContexts,
    /// See the undecided shared contexts and decide about them.
    ReviewSharedContexts,
    /// Revoke tokens, and see which are.
    RevokeTokens,
    /// Destroy the payload of a log.
    EraseLogs,
    /// See, place and release holds, which forbid that.
    ManageHolds,
    /// Read who did what: the access journal.
    ReadAudit,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 18] = [
        Self::InsertLog,
        Self::ValidateTurtle,
        Self::ClearGraph,
        Self::ReadGraph,
        Self::RunQuery,
        Self::ValidateQuery,
        Self::ReadLogs,
        Self::ReadReports,
        Self::ReadServerLog,
        Self::ReadMetrics,
        Self::ResolveSharedContext,
        Self::ReadSharedContextStats,
        Self::ReconcileSharedContexts,
        Self::ReviewSharedContexts,
        Self::RevokeTokens,
        Self::EraseLogs,
        Self::ManageHolds,
        Self::ReadAudit,
    ];
}

/// The table: which roles may do `action`. One of them is enough. `docs/authentication.md` shows it to users.
#[must_use]
pub const fn allowed_roles(action: Action) -> &'static [Role] {
    match action {
        Action::InsertLog | Action::ResolveSharedContext => &[Role::Logger, Role::Admin],
        Action::ReadGraph
        | Action::RunQuery
        | Action::ValidateQuery
        | Action::ReadLogs
        | Action::ReadReports
        | Action::ReadSharedContextStats => &[Role::Auditor, Role::Admin],
        Action::ValidateTurtle
        | Action::ClearGraph
        | Action::ReadServerLog
        | Action::ReadMetrics
        | Action::ReconcileSharedContexts
        | Action::ReviewSharedContexts
        | Action::RevokeTokens
        | Action::EraseLogs
        | Action::ManageHolds
        | Action::ReadAudit => &[Role::Admin],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table again, written by hand per action. The match has no wildcard, so that a new action has to be put
    /// here and, by the test below, into [`Action::ALL`].
    const fn expected(action: Action) -> (usize, &'static str) {
        match action {
            Action::InsertLog => (0, "logger admin"),
            Action::ValidateTurtle => (1, "admin"),
            Action::ClearGraph => (2, "admin"),
            Action::ReadGraph => (3, "auditor admin"),
            Action::RunQuery => (4, "auditor admin"),
            Action::ValidateQuery => (5, "auditor admin"),
            Action::ReadLogs => (6, "auditor admin"),
            Action::ReadReports => (7, "auditor admin"),
            Action::ReadServerLog => (8, "admin"),
            Action::ReadMetrics => (9, "admin"),
            Action::ResolveSharedContext => (10, "logger admin"),
            Action::ReadSharedContextStats => (11, "auditor admin"),
            Action::ReconcileSharedContexts => (12, "admin"),
            Action::ReviewSharedContexts => (13, "admin"),
            Action::RevokeTokens => (14, "admin"),
            Action::EraseLogs => (15, "admin"),
            Action::ManageHolds => (16, "admin"),
            Action::ReadAudit => (17, "admin"),
        }
    }

    #[test]
    fn the_table_is_the_documented_one() {
        for (index, action) in Action::ALL.into_iter().enumerate() {
            let names: Vec<_> = allowed_roles(action).iter().map(|role| role.as_str()).collect();
            assert_eq!((index, names.join(" ").as_str()), expected(action), "{action:?}");
        }
    }

    #[test]
    fn admin_may_do_everything() {
        assert!(Action::ALL.into_iter().all(|action| allowed_roles(action).contains(&Role::Admin)));
    }
}
