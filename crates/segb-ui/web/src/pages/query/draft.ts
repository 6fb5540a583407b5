/** The text in the editor, kept in the tab so that loading the page again loses nothing. */
export interface Draft {
  text: string;
  /** The query it was changed from: the last that was run or linked. */
  of: string;
}

const STORAGE_KEY = "segb.draft";

export function readDraft(): Draft | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? "null") as Partial<Draft> | null;
    return typeof kept?.text === "string" && typeof kept.of === "string" ? { text: kept.text, of: kept.of } : null;
  } catch {
    return null;
  }
}

export function keepDraft(draft: Draft): void {
  try {
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify(draft));
  } catch {
    // There is no room for it. An older draft in its place would be the wrong one.
    sessionStorage.removeItem(STORAGE_KEY);
  }
}

/** What the editor starts with. A draft made from the linked query is newer than the link. */
export function startFrom(linked: string, draft: Draft | null, otherwise: string): Draft {
  if (linked === "") return draft ?? { text: otherwise, of: "" };
  return draft?.of === linked ? draft : { text: linked, of: linked };
}

/** Servers and proxies take addresses of about 8 kB; the rest is for the name of the host and what proxies add. */
const ADDRESS_BYTES_MAX = 6_000;

/** Whether a path, encoded as it is in an address, can be sent to somebody. */
export function fitsAddress(path: string): boolean {
  return path.length <= ADDRESS_BYTES_MAX;
}
