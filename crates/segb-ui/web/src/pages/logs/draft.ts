/** The document that is being written, kept by the tab; the session removes everything that begins with `segb.draft`. */
const DRAFT_KEY = "segb.draft.turtle";
const ATTEMPT_KEY = "segb.draft.turtle.attempt";
/** More is not kept: a tab has room for some five million characters. */
export const DRAFT_CHARACTERS_MAX = 1_000_000;

export function keptDraft(): string {
  return sessionStorage.getItem(DRAFT_KEY) ?? "";
}

/** Keeps a draft; whether that was possible. If not, no older one is left that could be taken for it. */
export function keepDraft(text: string): boolean {
  sessionStorage.removeItem(ATTEMPT_KEY);
  sessionStorage.removeItem(DRAFT_KEY);
  if (text.length > DRAFT_CHARACTERS_MAX) return false;
  try {
    if (text !== "") sessionStorage.setItem(DRAFT_KEY, text);
    return true;
  } catch {
    return false;
  }
}

/** A document that was sent, and the key that it has to be sent again with, so that it is stored once. */
export interface Attempt {
  text: string;
  user: string;
  key: string;
}

/** Documents remembered; they may be large. */
const ATTEMPTS_MAX = 4;

/** Gives each document its Idempotency-Key: the same one whenever the same is sent. */
export class Attempts {
  private list: Attempt[] = [];

  /** Takes up what was sent before the page was loaded again. */
  constructor() {
    try {
      const { user, key } = JSON.parse(sessionStorage.getItem(ATTEMPT_KEY) ?? "{}") as Partial<Attempt>;
      if (user !== undefined && key !== undefined) this.list = [{ text: keptDraft(), user, key }];
    } catch {
      sessionStorage.removeItem(ATTEMPT_KEY);
    }
  }

  of(text: string, user: string): Attempt {
    const known = this.list.find((one) => one.text === text && one.user === user);
    const attempt = known ?? { text, user, key: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}` };
    this.list = [attempt, ...this.list.filter((one) => one !== attempt)].slice(0, ATTEMPTS_MAX);
    if (text !== "" && text === keptDraft()) sessionStorage.setItem(ATTEMPT_KEY, JSON.stringify({ user, key: attempt.key }));
    return attempt;
  }

  /** The document is meant to be stored once more. */
  forget(text: string, user: string): void {
    this.list = this.list.filter((one) => one.text !== text || one.user !== user);
  }
}
