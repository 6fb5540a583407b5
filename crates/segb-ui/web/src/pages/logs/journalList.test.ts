import { expect, it } from "vitest";
import type { JournalEntry } from "../../api/types";
import { fits, logIdOf, withNewer, withNewest, withOlder, type JournalList } from "./journalList";

const entry = (sequence: number) => ({ sequence, actor: "ari", kind: "log_received", received_at: `2026-01-31T10:00:${String(sequence).padStart(2, "0")}Z` }) as JournalEntry;
const list = (sequences: number[], nextBefore: number | null = null): JournalList => ({ entries: sequences.map(entry), nextBefore });
const seen = ({ entries, nextBefore }: JournalList) => [entries.map((one) => one.sequence), nextBefore];

it("puts what comes on top, once, in order", () => {
  const all = [7, 9, 8, 9].reduce((known, sequence) => withNewer(known, entry(sequence)), list([6, 5]));
  expect(seen(all)).toEqual([[9, 8, 7, 6, 5], null]);
});

it("goes on after the cut with what was cut", () => {
  const cut = withNewer(list([4, 3, 2], 2), entry(5), 3);
  expect(seen(cut)).toEqual([[5, 4, 3], 3]);
  expect(seen(withOlder(cut, 3, { entries: [entry(2), entry(1)], next_before: 1 }))).toEqual([[5, 4, 3, 2, 1], 1]);
  // What was asked for by hand is not cut to the limit.
  expect(seen(withNewer(list([4, 3, 2, 1]), entry(5), 3))).toEqual([[5, 4, 3, 2], 2]);
});

it("takes no page that was asked for before the end moved", () => {
  const cut = withNewer(list([4, 3, 2], 2), entry(5), 3);
  expect(withOlder(cut, 2, { entries: [entry(1)], next_before: null })).toBe(cut);
});

it("keeps the older ones when the newest are read again, if they are connected", () => {
  expect(seen(withNewest(list([4, 3, 2, 1], 1), { entries: [entry(6), entry(5), entry(4), entry(3)], next_before: 3 }))).toEqual([[6, 5, 4, 3, 2, 1], 1]);
  expect(seen(withNewest(list([4, 3], 3), { entries: [entry(9), entry(8)], next_before: 8 }))).toEqual([[9, 8], 8]);
  expect(seen(withNewest(list([]), { entries: [], next_before: null }))).toEqual([[], null]);
});

it("filters as the server does", () => {
  const none = { actor: "", kind: "", since: "", until: "" };
  expect(fits(entry(5), none)).toBe(true);
  expect(fits(entry(5), { ...none, actor: "ar" })).toBe(false);
  expect(fits(entry(5), { ...none, since: "2026-01-31T10:00:05Z", until: "2026-01-31T10:00:06Z" })).toBe(true);
  expect(fits(entry(5), { ...none, until: "2026-01-31T10:00:05Z" })).toBe(false);
});

it("knows a log id", () => {
  expect(logIdOf(" 0E0F5A1A-3c0c-4f8e-9a55-0d2d1f0f5b0e\n")).toBe("0e0f5a1a-3c0c-4f8e-9a55-0d2d1f0f5b0e");
  expect(logIdOf("log 0e0f5a1a-3c0c-4f8e-9a55-0d2d1f0f5b0e")).toBeNull();
});
