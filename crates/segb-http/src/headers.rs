//! The headers of this API that HTTP itself does not know, in lower case. Those who write one, those who read it and the
//! rules for pages of other origins name it from here.

/// The id of a request.
pub(crate) const REQUEST_ID: &str = "x-request-id";
/// What makes a repeated POST /ttl harmless.
pub(crate) const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// The header of an answer that repeats an earlier one, in lower case.
pub(crate) const REPLAYED: &str = "idempotent-replayed";
/// The header with what opens the commitment of the entry: `payload_commitment` is SHA-256 of these 32 bytes, which are
/// given in hexadecimal, and the payload.
pub(crate) const PAYLOAD_SALT: &str = "payload-salt";
