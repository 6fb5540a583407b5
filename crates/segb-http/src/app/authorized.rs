//! The guard: an extractor that only exists if the caller may do what the handler does.

use std::{
    future::{Ready, ready},
    marker::PhantomData,
    rc::Rc,
};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{AUTHORIZATION, HeaderValue},
};
use segb_auth::{Action, Actor, AuthError};
use segb_store::{ContextCall, Provenance, Salt, Store, Timestamp};

use super::{App, AppOptions};
use crate::{
    ApiError,
    description::Description,
    request::{RequestContext, host},
};

/// A type that stands for an [`Action`], so that a handler's signature says what it does.
pub trait ActionMarker: 'static {
    /// The action.
    const ACTION: Action;
}

/// One marker type for each [`Action`] that has a route.
pub mod actions {
    use super::{Action, ActionMarker};

    macro_rules! markers {
        ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy)]
            pub struct $name;

            impl ActionMarker for $name {
                const ACTION: Action = Action::$name;
            }
        )+};
    }

    markers! {
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
}

/// Proof that the caller may do `A`, and the only way to the store.
///
/// It has to be the first argument of a handler: it is decided from the head of the request alone, synchronously, so
/// that nothing else about the request is looked at before, and the body of a refused request is never read.
pub struct Authorized<A> {
    app: App,
    actor: Actor,
    context: Rc<RequestContext>,
    received_at: Timestamp,
    action: PhantomData<A>,
}

impl<A: ActionMarker> Authorized<A> {
    fn decide(request: &HttpRequest) -> Result<Self, ApiError> {
        let app = App::of(request)?.clone();
        let context = RequestContext::of(request);
        let received_at = app.clock().now();
        let headers = request.headers().get_all(AUTHORIZATION).map(|value| value.as_bytes());
        let actor = app.0.auth.authenticate(headers, received_at.as_unix_s())?;
        context.set_actor(&actor.username);
        context.set_verified(actor.authenticated);
        if actor.jti.as_deref().is_some_and(|jti| app.0.store.is_revoked(jti)) {
            return Err(AuthError::InvalidToken.into());
        }
        let actor = identify(&app, request.headers().get_all(AUTHORIZATION), received_at, &context)?;
        app.0.auth.authorize(&actor, A::ACTION)?;
        if !actor.authenticated {
            refuse_foreign_pages(&app, request)?;
        }
        Ok(Self { app, actor, context, received_at, action: PhantomData })
    }
}

/// Where no token is asked for, any page that somebody on this machine looks at could make the browser ask.
fn refuse_foreign_pages(app: &App, request: &HttpRequest) -> Result<(), ApiError> {
    if app.options().local_only && !host::is_address_or_this_machine(request) {
        return Err(ApiError::foreign_host());
    }
    if app.options().cors.refuses(request) {
        return Err(ApiError::foreign_origin());
    }
    Ok(())
}

/// Who that is, by a token that is neither expired nor revoked.
fn identify<'h>(
    app: &App,
    credentials: impl Iterator<Item = &'h HeaderValue>,
    now: Timestamp,
    context: &RequestContext,
) -> Result<Actor, ApiError> {
    let actor = app.0.auth.authenticate(credentials.map(HeaderValue::as_bytes), now.as_unix_s())?;
    context.set_actor(&actor.username);
    context.set_verified(actor.authenticated);
    if actor.jti.as_deref().is_some_and(|jti| app.0.store.is_revoked(jti)) {
        return Err(AuthError::InvalidToken.into());
    }
    Ok(actor)
}

impl<A> Authorized<A> {
    /// Whether the caller would still be let in by what the request came with: for answers that go on for long.
    pub(crate) fn is_still_good(&self, credentials: &[HeaderValue]) -> bool {
        identify(&self.app, credentials.iter(), self.app.clock().now(), &self.context).is_ok()
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.app.0.store
    }

    /// Who calls.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Who sent what came with this request, with a new log id and salt. `claimed_user` is what the body says about
    /// its sender: where a token proved who that is it is only kept beside the name; else it is all there is to go by.
    pub(crate) fn provenance(&self, claimed_user: Option<String>) -> Provenance {
        let entropy = self.app.entropy();
        let actor = match &claimed_user {
            Some(user) if !self.actor.authenticated => user.clone(),
            _ => self.actor.username.clone(),
        };
        self.context.set_actor(&actor);
        Provenance {
            actor,
            claimed_user,
            origin: self.context.ip().map(|ip| ip.to_string()),
            received_at: self.received_at,
            log_id: uuid::Builder::from_random_bytes(entropy.bytes()).into_uuid(),
            salt: Salt::from_bytes(entropy.bytes()),
        }
    }

    /// Who asks something about shared contexts, with new randomness.
    pub(crate) fn context_call(&self) -> ContextCall<impl FnMut() -> u64 + Send + use<A>> {
        let entropy = self.app.entropy().clone();
        ContextCall {
            provenance: self.provenance(None),
            request_id: self.context.id().to_owned(),
            random: move || u64::from_be_bytes(entropy.bytes()),
        }
    }

    pub(crate) fn context(&self) -> &Rc<RequestContext> {
        &self.context
    }

    pub(crate) fn app(&self) -> &App {
        &self.app
    }

    pub(crate) fn options(&self) -> &AppOptions {
        self.app.options()
    }
}

impl<A: ActionMarker> FromRequest for Authorized<A> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let decision = Self::decide(request);
        // What robots send is in the journal itself; that one was turned away is not.
        if decision.is_err() || !matches!(A::ACTION, Action::InsertLog | Action::ResolveSharedContext) {
            RequestContext::of(request).set_operation(Description::operation_of(request));
        }
        ready(decision)
    }
}
