//! Who looked, who changed something, and who was turned away: the access journal.

pub(crate) mod checkpoint;
pub(crate) mod list;
pub(crate) mod proof;

use segb_store::{StoredAccess, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{ApiError, Authorized, actions::ReadAudit};

/// A record of the access journal.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuditRecord {
    /// Its place in the access journal, from 0.
    sequence: u64,
    /// When it was answered.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The user of a verified token; null without one.
    actor: Option<String>,
    /// The `operationId` of what was asked for, or `gap` where records are missing.
    action: String,
    /// The path with its parameters, or the text of a query; of a gap, how many are missing since when.
    object: Option<String>,
    /// The status of the answer; null of a gap, or if the caller went away before there was one.
    result: Option<u16>,
    /// The address it came from.
    origin: Option<String>,
    /// As in the server log.
    request_id: Option<String>,
    /// The leaf of the record in the Merkle tree over the access journal, in hexadecimal.
    leaf_hash: String,
}

impl From<StoredAccess> for AuditRecord {
    fn from(stored: StoredAccess) -> Self {
        let StoredAccess { record, leaf_hash } = stored;
        Self {
            sequence: record.sequence,
            at: record.at,
            actor: record.actor,
            action: record.action,
            object: record.object,
            result: record.result,
            origin: record.origin,
            request_id: record.request_id,
            leaf_hash: leaf_hash.to_string(),
        }
    }
}

/// Reads from the access journal, on a thread that may block, after all that was answered before is in it.
async fn read<T: Send + 'static, E: Into<ApiError> + Send + 'static>(
    authorized: &Authorized<ReadAudit>,
    read: impl FnOnce(&segb_store::Store) -> Result<T, E> + Send + 'static,
) -> Result<T, ApiError> {
    let (store, now) = (authorized.store().clone(), authorized.app().clock().now());
    let found = actix_web::web::block(move || {
        store.settle_accesses(now);
        read(&store)
    });
    found.await?.map_err(Into::into)
}
