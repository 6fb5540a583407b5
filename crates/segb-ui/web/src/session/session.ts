import { computed, reactive, readonly, ref } from "vue";
import { getJson, identifyBy, send } from "../api/client";
import { ApiProblem, asProblem } from "../api/problem";
import { ago, moment } from "../lib/time";
import { readToken, type Claims, type Role } from "./token";

/** What is kept for the tab, and nowhere else: the token, and drafts that were written with it. */
const STORAGE_PREFIX = "segb.";
const STORAGE_KEY = `${STORAGE_PREFIX}token`;
/** How long before its end a token is warned about. */
export const WARNING_MS = 5 * 60_000;
/** The clock of the page moves this often. */
const TICK_MS = 1000;
/** The longest delay that browsers keep to. */
const TIMER_MAX_MS = 2 ** 31 - 1;

export type Ended = "expired" | "refused" | "left" | null;

interface State {
  mode: "unknown" | "learning" | "protected";
  modeProblem: ApiProblem | null;
  token: string | null;
  claims: Claims | null;
  /** Why there is no token any more. */
  ended: Ended;
  endedMessage: string;
}

const state = reactive<State>({ mode: "unknown", modeProblem: null, token: null, claims: null, ended: null, endedMessage: "" });
/** Moves only while somebody looks: to show the time left. */
export const now = ref(Date.now());
let expiry: ReturnType<typeof setTimeout> | undefined;
/** Called when the session ends by itself, so that the page can go to /session. */
let onEnd: (ended: Ended) => void = () => undefined;

/** Whoever comes next to this tab finds nothing of who was there before. */
function forgetTab(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(STORAGE_PREFIX)) sessionStorage.removeItem(key);
}

function clear(ended: Ended, message = ""): void {
  const had = state.token !== null;
  forgetTab();
  clearTimeout(expiry);
  Object.assign(state, { token: null, claims: null, ended, endedMessage: message });
  if (had) onEnd(ended);
}

function watchExpiry(claims: Claims): void {
  clearTimeout(expiry);
  const left = claims.expiresAt - Date.now();
  if (left <= 0) clear("expired");
  else expiry = setTimeout(() => watchExpiry(claims), Math.min(left, TIMER_MAX_MS));
}

function accept(token: string, claims: Claims): void {
  if (state.claims && state.claims.username !== claims.username) forgetTab();
  sessionStorage.setItem(STORAGE_KEY, token);
  Object.assign(state, { token, claims, ended: null, endedMessage: "" });
  watchExpiry(claims);
}

identifyBy({
  token: () => state.token,
  refused(problem) {
    // A server that asks for tokens now did not when this page was loaded.
    if (state.mode === "learning") {
      void askMode().then(() => {
        if (state.mode === "protected") onEnd("refused");
      });
      return;
    }
    const expired = /expired/i.test(problem.message);
    clear(expired ? "expired" : "refused", problem.message);
  },
});

/** Asks the server for its mode and takes up the token of this tab. */
export async function startSession(whenEnded: (ended: Ended) => void): Promise<void> {
  onEnd = whenEnded;
  setInterval(() => {
    if (document.visibilityState === "visible") now.value = Date.now();
  }, TICK_MS);
  const kept = sessionStorage.getItem(STORAGE_KEY);
  if (kept) {
    try {
      accept(kept, readToken(kept));
    } catch {
      forgetTab();
    }
  }
  await askMode();
}

export async function askMode(): Promise<void> {
  try {
    const mode = await getJson<{ auth_enabled: boolean }>("/auth/mode");
    state.mode = mode.auth_enabled ? "protected" : "learning";
    state.modeProblem = null;
  } catch (error) {
    state.modeProblem = asProblem(error);
  }
}

/** The server only says that such a token is not good; the token itself says why. */
function notYet(claims: Claims, error: unknown): Error | null {
  const { notBefore } = claims;
  if (!(error instanceof ApiProblem && error.status === 401) || notBefore === null || notBefore <= Date.now()) return null;
  const from = moment(new Date(notBefore).toISOString(), 0);
  return new Error(`This token is not good yet: it is from ${from} UTC on, ${ago(new Date(notBefore).toISOString(), Date.now())}. Sign in with it then.`);
}

/** Tries a token on the server before taking it. Throws what is wrong with it. */
export async function signIn(token: string): Promise<void> {
  const claims = readToken(token);
  if (claims.expiresAt <= Date.now()) throw new Error("This token has expired. Ask for a new one.");
  try {
    await send("/logs", { query: { limit: 1 }, bearer: token });
  } catch (error) {
    // Forbidden is good news here: the server knows who that is.
    if (!(error instanceof ApiProblem && error.isForbidden)) throw notYet(claims, error) ?? error;
  }
  accept(token, claims);
}

export function signOut(): void {
  clear("left");
}

export const session = readonly(state);

const roles = computed<readonly Role[]>(() =>
  state.mode === "learning" ? ["logger", "auditor", "admin"] : (state.claims?.roles ?? []),
);

/** Whether one of these roles is there; nothing is asked for if there is none in the list. */
export function may(wanted: readonly Role[]): boolean {
  return wanted.length === 0 || wanted.some((role) => roles.value.includes(role));
}

export const actor = computed(() => (state.mode === "learning" ? "anonymous_user" : (state.claims?.username ?? null)));
export const timeLeftMs = computed(() => (state.claims ? state.claims.expiresAt - now.value : null));
