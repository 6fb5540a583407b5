import { onBeforeUnmount, ref, type Ref } from "vue";
import { follow } from "../../api/events";
import { asProblem, isAbort, type ApiProblem } from "../../api/problem";
import type { JournalEntry } from "../../api/types";

const RETRY_MS = 2000;
const RETRY_MAX_MS = 30_000;

export interface Tail {
  state: Ref<"off" | "connecting" | "live" | "waiting">;
  problem: Ref<ApiProblem | null>;
  start(after: number | null): void;
  stop(): void;
}

/** Follows the journal. A stream that breaks is taken up where it broke, so that no entry is missed or shown twice. */
export function useTail(onEntry: (entry: JournalEntry) => void): Tail {
  const state = ref<"off" | "connecting" | "live" | "waiting">("off");
  const problem = ref<ApiProblem | null>(null) as Ref<ApiProblem | null>;
  let controller: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function stop(): void {
    controller?.abort();
    controller = null;
    clearTimeout(timer);
    state.value = "off";
  }

  function start(after: number | null): void {
    stop();
    let last = after;
    let delay = RETRY_MS;
    const mine = (controller = new AbortController());
    const connect = async (): Promise<void> => {
      state.value = "connecting";
      try {
        await follow("/logs/stream", { after: last }, mine.signal, (event) => {
          if (event.name !== "entry") return;
          const entry = JSON.parse(event.data) as JournalEntry;
          last = entry.sequence;
          onEntry(entry);
        }, () => {
          state.value = "live";
          problem.value = null;
          delay = RETRY_MS;
        });
      } catch (error) {
        if (isAbort(error) || mine.signal.aborted) return;
        problem.value = asProblem(error);
        if (!problem.value.isTemporary) return stop();
      }
      if (mine.signal.aborted) return;
      state.value = "waiting";
      timer = setTimeout(connect, delay);
      delay = Math.min(delay * 2, RETRY_MAX_MS);
    };
    void connect();
  }
  onBeforeUnmount(stop);
  return { state, problem, start, stop };
}
