import { computed, reactive, readonly, ref } from "vue";
import { getJson, identifyBy, send } from "../api/client";
import { ApiProblem, asProblem } from "../api/problem";
import { readToken, type Claims, type Role } from "./token";

/** The token lives as long as the tab, and nowhere else. */
const STORAGE_KEY = "segb.token";
/** What pages keep of what is being written begins with this, and goes with the token. */
const DRAFT_PREFIX = "segb.draft";
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

function clear(ended: Ended, message = ""): void {
  const had = state.token !== null;
  sessionStorage.removeItem(STORAGE_KEY);
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(DRAFT_PREFIX)) sessionStorage.removeItem(key);
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
  sessionStorage.setItem(STORAGE_KEY, token);
  Object.assign(state, { token, claims, ended: null, endedMessage: "" });
  watchExpiry(claims);
}

identifyBy({
  token: () => state.token,
  refused(problem) {
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
      sessionStorage.removeItem(STORAGE_KEY);
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

/** Tries a token on the server before taking it. Throws what is wrong with it. */
export async function signIn(token: string): Promise<void> {
  const claims = readToken(token);
  if (claims.expiresAt <= Date.now()) throw new Error("This token has expired. Ask for a new one.");
  try {
    await send("/logs", { query: { limit: 1 }, bearer: token });
  } catch (error) {
    // Forbidden is good news here: the server knows who that is.
    if (!(error instanceof ApiProblem && error.isForbidden)) throw error;
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
