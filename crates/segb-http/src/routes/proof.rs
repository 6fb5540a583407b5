//! What proofs of the two journals have in common: that a leaf is in the Merkle tree over one of them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{ApiError, parameters::Parameters};

/// How the proof looks; it is made by the store.
#[derive(Serialize, ToSchema)]
pub(crate) struct Inclusion {
    leaf_index: u64,
    tree_size: u64,
    /// In hexadecimal.
    hashes: Vec<String>,
}

/// The size of the journal that a proof is asked for; the present one if none is given.
pub(crate) fn size(mut parameters: Parameters) -> Result<Option<u64>, ApiError> {
    let size = parameters.integer("size", 0..=i64::MAX as u64);
    parameters.finish()?;
    Ok(size)
}

/// Adds to what is proved, which is given, what proves it. A structure within the other would be the simpler way, but the
/// OpenAPI document would not show its members as those of one object.
macro_rules! proof {
    ($(#[$about:meta])* struct $name:ident { $($(#[$member_about:meta])* $member:ident: $kind:ty,)+ }) => {
        $(#[$about])*
        #[derive(serde::Serialize, utoipa::ToSchema)]
        pub(crate) struct $name {
            $($(#[$member_about])* $member: $kind,)+
            /// SHA-256 of a zero byte and the record, in hexadecimal.
            #[schema(value_type = String)]
            leaf_hash: segb_store::Hash,
            /// The hashes that lead from the leaf to the root (RFC 6962, section 2.1.1).
            #[schema(value_type = $crate::routes::proof::Inclusion)]
            inclusion: segb_store::journal_format::tree::InclusionProof,
            /// The root of that tree, in hexadecimal.
            #[schema(value_type = String)]
            root: segb_store::Hash,
            /// The signed checkpoint about that tree, unless an earlier size was asked for.
            checkpoint: Option<String>,
        }
    };
}
pub(crate) use proof;
