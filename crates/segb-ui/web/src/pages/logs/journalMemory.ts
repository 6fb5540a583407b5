import type { JournalList } from "./journalList";

/** How the journal looked when a log was opened from it, for the way back. It is kept until the page is left for another one. */
export interface Remembered {
  /** With what was filtered. */
  path: string;
  /** Whose session it was; another one has to ask the server. */
  actor: string | null;
  list: JournalList;
  chosen: number | null;
  scrollTop: number;
}

let kept: Remembered | null = null;

export function rememberJournal(remembered: Remembered | null): void {
  kept = remembered;
}

export function rememberedJournal(actor: string | null): Remembered | null {
  return kept?.actor === actor ? kept : null;
}

/** Somebody has gone on to another entry: that one is chosen when they come back. */
export function chooseInJournal(sequence: number): void {
  if (kept) kept.chosen = sequence;
}
