//! The page for users says what the code does.

use segb_auth::{Action, AuthError, Forbidden, InvalidClaim, Role, allowed_roles};

const PAGE: &str = include_str!("../../../../docs/authentication.md");

/// What a user calls to do `action`, as the page writes it.
fn calls(action: Action) -> &'static str {
    match action {
        Action::InsertLog => "`POST /ttl`",
        Action::ValidateTurtle => "`POST /ttl/validate`",
        Action::ClearGraph => "`POST /ttl/delete_all`",
        Action::ReadGraph => "`GET /events`",
        Action::RunQuery => "`GET /query`, `POST /query`",
        Action::ValidateQuery => "`POST /query/validate`",
        Action::ReadLogs => {
            "`GET /logs`, `GET /logs/stream`, `GET /logs/{log_id}`, `GET /logs/{log_id}/payload`, `GET /logs/{log_id}/proof`, `GET /why`, `GET /evidence`, `GET /graph/…`, `GET /journal/tile/entries/…`"
        }
        Action::ReadReports => "`GET /reports/…`, `GET /explain`",
        Action::ReadServerLog => "`GET /logs/server`",
        Action::ReadMetrics => "`GET /metrics`",
        Action::ResolveSharedContext => "`POST /shared-context/resolve`",
        Action::ReadSharedContextStats => "`GET /shared-context/stats`",
        Action::ReconcileSharedContexts => "`POST /shared-context/reconcile`",
        Action::ReviewSharedContexts => {
            "`GET /shared-context/review/pending`, `POST /shared-context/review/{case_id}/accept`, `POST /shared-context/review/{case_id}/reject`"
        }
        Action::RevokeTokens => "`POST /auth/revocations`, `GET /auth/revocations`",
        Action::EraseLogs => "`POST /logs/{log_id}/erase`",
        Action::ManageHolds => "`POST /holds`, `GET /holds`, `DELETE /holds/{hold_id}`",
        // A new action needs a row of its own.
        Action::ReadAudit => "`GET /audit`, `GET /audit/checkpoint`, `GET /audit/{sequence}/proof`",
    }
}

#[test]
fn the_page_has_the_table_of_roles() {
    for action in Action::ALL {
        let roles: Vec<_> = allowed_roles(action).iter().copied().map(Role::as_str).collect();
        let row = format!("\n| {} | {} |\n", calls(action), roles.join(", "));
        assert!(PAGE.contains(&row), "{row}");
    }
}

#[test]
fn the_page_has_every_answer() {
    for (text, form) in [
        (AuthError::HeaderRequired.detail(), "{\"detail\":\"@\"}"),
        (AuthError::InvalidToken.detail(), "{\"detail\":\"@\"}"),
        (AuthError::ExpiredToken.detail(), "{\"detail\":\"@\"}"),
        (Forbidden.detail(), "{\"detail\":\"@\"}"),
        (AuthError::MissingClaim("exp").detail(), "| `@`"),
        (AuthError::InvalidClaim(InvalidClaim::Username).detail(), "| `@`"),
        (AuthError::InvalidClaim(InvalidClaim::Roles).detail(), "| `@`"),
        (AuthError::InvalidClaim(InvalidClaim::UnknownRole).detail(), "| `@`"),
    ] {
        assert!(PAGE.contains(&form.replace('@', &text)), "{text}");
    }
}
