import { ref, shallowRef, type Ref, type ShallowRef } from "vue";
import { postJson, send } from "../../api/client";
import { asProblem, isAbort, type ApiProblem } from "../../api/problem";
import type { Inserted, Validation } from "../../api/types";
import { isUncertain } from "../../api/uncertain";
import { Attempts } from "./draft";

/** What came of checking or sending a document. */
export type Outcome = { text: string; user: string } & (
  | { kind: "report"; report: Validation }
  /** `isRepeated`: the log was stored earlier, and not again. */
  | { kind: "receipt"; receipt: Inserted; isRepeated: boolean }
  | { kind: "refused"; problem: ApiProblem; what: string }
  /** It may be stored or not; no problem if somebody cancelled it. */
  | { kind: "unknown"; problem: ApiProblem | null }
);

export interface Sending {
  busy: Ref<"validate" | "insert" | null>;
  outcome: ShallowRef<Outcome | null>;
  validate(text: string): Promise<void>;
  insert(text: string, user: string): Promise<void>;
  /** Sends a document that is stored already with another key, so that it is stored once more. */
  insertAnother(text: string, user: string): Promise<void>;
  cancel(): void;
}

/** Checks and sends documents, one at a time. */
export function useSending(): Sending {
  const busy = ref<"validate" | "insert" | null>(null);
  const outcome = shallowRef<Outcome | null>(null);
  const attempts = new Attempts();
  let controller = new AbortController();

  async function during(what: "validate" | "insert", work: (signal: AbortSignal) => Promise<Outcome | null>): Promise<void> {
    if (busy.value) return;
    busy.value = what;
    controller = new AbortController();
    try {
      outcome.value = await work(controller.signal);
    } finally {
      busy.value = null;
    }
  }

  async function validate(text: string): Promise<void> {
    const before = outcome.value;
    await during("validate", async (signal) => {
      try {
        return { kind: "report", text, user: "", report: await postJson<Validation>("/ttl/validate", { ttl_content: text }, signal) };
      } catch (error) {
        return isAbort(error) ? before : { kind: "refused", text, user: "", problem: asProblem(error), what: "It was not checked" };
      }
    });
  }

  async function insert(text: string, user: string): Promise<void> {
    if (text.trim() === "") return;
    await during("insert", async (signal) => {
      const headers = { "idempotency-key": attempts.of(text, user).key };
      try {
        const response = await send("/ttl", { method: "POST", json: { ttl_content: text, user: user || null }, headers, signal });
        return { kind: "receipt", text, user, receipt: (await response.json()) as Inserted, isRepeated: response.headers.get("idempotent-replayed") === "true" };
      } catch (error) {
        const problem = isAbort(error) ? null : asProblem(error);
        return !problem || isUncertain(problem) ? { kind: "unknown", text, user, problem } : { kind: "refused", text, user, problem, what: "Nothing was stored" };
      }
    });
  }

  async function insertAnother(text: string, user: string): Promise<void> {
    if (busy.value) return;
    attempts.forget(text, user);
    await insert(text, user);
  }
  return { busy, outcome, validate, insert, insertAnother, cancel: () => controller.abort() };
}
