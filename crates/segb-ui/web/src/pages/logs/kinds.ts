/** The kinds of journal entries in words. */
export const ENTRY_KINDS: Record<string, string> = {
  log_received: "Log",
  graph_cleared: "Graph emptied",
  shared_context_resolved: "Context resolved",
  shared_contexts_reconciled: "Contexts reconciled",
  review_case_accepted: "Review accepted",
  review_case_rejected: "Review rejected",
  token_revoked: "Token revoked",
  log_erased: "Log erased",
  erasure_refused: "Erasure refused",
  hold_placed: "Hold placed",
  hold_released: "Hold released",
  server_started: "Server started",
  configuration_changed: "Settings changed",
};

export function kindName(kind: string): string {
  return ENTRY_KINDS[kind] ?? kind.replaceAll("_", " ");
}

/** How much an entry should catch the eye. */
export function kindBadge(kind: string): string {
  if (kind === "log_received") return "";
  if (kind === "graph_cleared" || kind === "log_erased" || kind === "token_revoked") return "bad";
  if (kind.startsWith("review_") || kind.startsWith("hold_") || kind === "configuration_changed" || kind === "erasure_refused") return "warn";
  return "ok";
}
