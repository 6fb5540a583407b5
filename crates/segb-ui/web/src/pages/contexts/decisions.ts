import { getJson } from "../../api/client";
import type { Entries, JournalEntry } from "../../api/types";

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

/** The last decisions, and whether there are no others. */
export interface PastDecisions {
  decisions: PastDecision[];
  isWhole: boolean;
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

/** The last decisions of either kind, at least as many as are asked for if there are. */
export async function lastDecisions(limit: number, signal: AbortSignal): Promise<PastDecisions> {
  const pages = await Promise.all(["review_case_accepted", "review_case_rejected"].map((kind) => getJson<Entries>("/logs", { kind, limit }, signal)));
  const isWhole = pages.every((page) => (page.next_before ?? null) === null || page.entries.length < limit);
  // What is older than the end of a page that has more may lack decisions of the other kind.
  const since = Math.max(...pages.map((page) => (page.entries.length < limit ? 0 : (page.entries.at(-1)?.sequence ?? 0))));
  return { decisions: decisionsOf(pages.flatMap((page) => page.entries)).filter((decision) => decision.sequence >= since), isWhole };
}
