import type { ServerLogEntry } from "../../api/types";

/** An entry with a number of its own, by which it is known however the window over the log moves. */
export interface NumberedEntry extends ServerLogEntry {
  number: number;
}

const READING = /^(HTTP GET (?:\/api)?\/logs\/server -> |gave out \d+ entries of the server log$)/;

/** Whether an entry is there only because somebody, by this name, looks at this page. */
export function isOwn(entry: ServerLogEntry, actor: string | null): boolean {
  return entry.actor === actor && READING.test(entry.message);
}

/** What came after `before`, the least that it can be, where both are windows over the end of one log; null if they do not meet. */
export function newSince(before: readonly ServerLogEntry[], now: readonly ServerLogEntry[]): readonly ServerLogEntry[] | null {
  for (let last = now.length - 1; last >= 0; last -= 1) {
    let met = 0;
    while (met <= last && met < before.length && now[last - met]?.raw === before[before.length - 1 - met]?.raw) met += 1;
    if (met > 0 && (met > last || met === before.length)) return now.slice(last + 1);
  }
  return null;
}

/** The end of the server log, put together from what is read of it again and again. */
export class LogTail {
  private window: readonly ServerLogEntry[] = [];
  private next = 0;
  entries: NumberedEntry[] = [];

  get isEmpty(): boolean {
    return this.window.length === 0;
  }

  /** Takes what was read now; `keeps` says what is of interest, and no more than `limit` of it stay. */
  take(now: readonly ServerLogEntry[], limit: number, keeps: (entry: ServerLogEntry) => boolean): void {
    const fresh = newSince(this.window, now);
    this.window = now;
    const numbered = (fresh ?? now).filter(keeps).map((entry) => ({ ...entry, number: (this.next += 1) }));
    this.entries = [...(fresh ? this.entries : []), ...numbered].slice(-limit);
  }
}
