import type { Entries, JournalEntry } from "../../api/types";

/** Entries of the journal that are shown, the newest first, and where the older ones go on. */
export interface JournalList {
  entries: readonly JournalEntry[];
  /** Asks for what is older than the last one here; null at the beginning of the journal. */
  nextBefore: number | null;
}

export interface JournalFilter {
  /** The whole name. */
  actor: string;
  kind: string;
  /** In ISO 8601, included. */
  since: string;
  /** Not included. */
  until: string;
}

/** What a live page keeps, so that a night of following does not fill the memory. */
export const KEPT_MAX = 5_000;

export function listOf(page: Entries): JournalList {
  return { entries: page.entries, nextBefore: page.next_before ?? null };
}

/** One entry more, as it came. What is cut from the old end can be asked for again; what somebody asked for stays. */
export function withNewer(list: JournalList, entry: JournalEntry, keptMax = KEPT_MAX): JournalList {
  if (list.entries.some((known) => known.sequence === entry.sequence)) return list;
  const all = [entry, ...list.entries].sort((a, b) => b.sequence - a.sequence);
  const entries = all.slice(0, Math.max(keptMax, list.entries.length));
  return { entries, nextBefore: entries.length < all.length ? (entries.at(-1)?.sequence ?? null) : list.nextBefore };
}

/** The first page, read again: what it has is newer, and the older ones stay if it reaches them. */
export function withNewest(list: JournalList, page: Entries): JournalList {
  const oldest = page.entries.at(-1)?.sequence;
  const isConnected = oldest !== undefined && list.entries.some((known) => known.sequence === oldest);
  if (!isConnected) return listOf(page);
  return { entries: [...page.entries, ...list.entries.filter((known) => known.sequence < oldest)], nextBefore: list.nextBefore };
}

/** The page that was asked for with `before`. If the end moved meanwhile, it does not belong there any more. */
export function withOlder(list: JournalList, before: number, page: Entries): JournalList {
  if (list.nextBefore !== before) return list;
  return { entries: [...list.entries, ...page.entries], nextBefore: page.next_before ?? null };
}

export function fits(entry: JournalEntry, { actor, kind, since, until }: JournalFilter): boolean {
  const time = Date.parse(entry.received_at);
  return (!actor || entry.actor === actor) && (!kind || entry.kind === kind) && (!since || time >= Date.parse(since)) && (!until || time < Date.parse(until));
}

const LOG_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The log id that a text is, or nothing. */
export function logIdOf(text: string): string | null {
  const id = text.trim().toLowerCase();
  return LOG_ID.test(id) ? id : null;
}
