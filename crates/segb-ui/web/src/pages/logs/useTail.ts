import { onBeforeUnmount, ref, shallowRef, type Ref, type ShallowRef } from "vue";
import { follow } from "../../api/events";
import { asProblem, isAbort, type ApiProblem } from "../../api/problem";
import type { JournalEntry } from "../../api/types";

const RETRY_MS = 2000;
const RETRY_MAX_MS = 30_000;

export interface Tail {
  /** `waiting`: it tries again at `retryAt`; `off` with a problem: it will not by itself. */
  state: Ref<"off" | "connecting" | "live" | "waiting">;
  problem: ShallowRef<ApiProblem | null>;
  retryAt: Ref<number | null>;
  /** Reads what there is, and follows from there. */
  start(): void;
  stop(): void;
}

/**
 * Follows the journal. A stream that breaks is taken up where it broke, so that no entry is missed or shown twice.
 * `begin` reads what there is and tells the newest sequence number that is known then, whatever is filtered.
 */
export function tailOf(begin: (signal: AbortSignal) => Promise<number | null>, onEntry: (entry: JournalEntry) => void, connect = follow): Tail {
  const state = ref<"off" | "connecting" | "live" | "waiting">("off");
  const problem = shallowRef<ApiProblem | null>(null);
  const retryAt = ref<number | null>(null);
  let controller: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function stop(): void {
    controller?.abort();
    controller = null;
    clearTimeout(timer);
    retryAt.value = null;
    problem.value = null;
    state.value = "off";
  }

  function start(): void {
    const before = problem.value;
    stop();
    // What is wrong stays to be seen until it is known to be over.
    problem.value = before;
    const { signal } = (controller = new AbortController());
    let last: number | null | undefined;
    let delay = RETRY_MS;
    const attempt = async (): Promise<void> => {
      state.value = "connecting";
      retryAt.value = null;
      try {
        if (last === undefined) last = await begin(signal);
        await connect("/logs/stream", { after: last }, signal, (event) => {
          if (event.name !== "entry") return;
          const entry = JSON.parse(event.data) as JournalEntry;
          last = entry.sequence;
          onEntry(entry);
        }, () => {
          state.value = "live";
          problem.value = null;
          delay = RETRY_MS;
          // An empty journal has no entry to go on after: what came before the stream was open is read now.
          if (last === null) begin(signal).catch(() => undefined);
        });
        if (signal.aborted) return;
      } catch (error) {
        if (signal.aborted || isAbort(error)) return;
        const found = asProblem(error);
        problem.value = found;
        // A refusal will not change by asking again.
        if (found.status >= 400 && found.status < 500) {
          state.value = "off";
          return;
        }
      }
      const wait = Math.max(delay, (problem.value?.retryAfterS ?? 0) * 1000);
      state.value = "waiting";
      retryAt.value = Date.now() + wait;
      timer = setTimeout(attempt, wait);
      delay = Math.min(delay * 2, RETRY_MAX_MS);
    };
    void attempt();
  }
  return { state, problem, retryAt, start, stop };
}

export function useTail(begin: (signal: AbortSignal) => Promise<number | null>, onEntry: (entry: JournalEntry) => void): Tail {
  const tail = tailOf(begin, onEntry);
  onBeforeUnmount(tail.stop);
  return tail;
}
