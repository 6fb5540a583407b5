import type { JournalEntry } from "../../api/types";

/** A decision of a person about a case, as the journal has it. */
export interface PastDecision {
  logId: string;
  sequence: number;
  at: string;
  actor: string;
  status: "accepted" | "rejected";
  source: string;
  target: string | null;
  score: number | null;
}

interface Recorded {
  proposed?: { source_context_uri?: string; candidates?: { context_uri: string; score: number }[] };
  decision?: { source_context_uri?: string; selected_context_uri?: string | null };
}

/** The decisions in some entries, the newest first. */
export function decisionsOf(entries: readonly JournalEntry[]): PastDecision[] {
  return entries
    .filter((entry) => entry.kind.startsWith("review_case_"))
    .sort((a, b) => b.sequence - a.sequence)
    .map((entry) => {
      const { proposed, decision } = (entry.decision ?? {}) as Recorded;
      const accepted = entry.kind === "review_case_accepted";
      const target = accepted ? (decision?.selected_context_uri ?? null) : null;
      const best = proposed?.candidates?.find((one) => one.context_uri === target) ?? proposed?.candidates?.[0];
      return {
        logId: entry.log_id,
        sequence: entry.sequence,
        at: entry.received_at,
        actor: entry.actor,
        status: accepted ? "accepted" : "rejected",
        source: decision?.source_context_uri ?? proposed?.source_context_uri ?? "unknown",
        target,
        score: best?.score ?? null,
      };
    });
}
