import { onBeforeUnmount, onMounted, ref, shallowRef, type Ref, type ShallowRef } from "vue";
import { asProblem, isAbort, type ApiProblem } from "../../api/problem";
import { isDialogOpen } from "../../shell/keys";
import { runQuery, type Outcome } from "./run";

const TICK_MS = 100;

export interface UsedRun {
  /** The last answer; it stays while the next query runs, and if that is stopped. */
  outcome: ShallowRef<Outcome | null>;
  /** The query of `outcome`. */
  answered: Ref<string>;
  /** The query that runs, or ran last. */
  asked: Ref<string>;
  problem: ShallowRef<ApiProblem | null>;
  running: Ref<boolean>;
  elapsedMs: Ref<number>;
  /** After how long the last run was stopped by hand. */
  stoppedAfterMs: Ref<number | null>;
  run(query: string): Promise<void>;
  stop(): void;
}

/** Runs queries, one at a time. Escape stops the one that runs, wherever the focus is. */
export function useRun(onAnswer: (query: string, outcome: Outcome) => void, onProblem: (query: string, problem: ApiProblem) => void): UsedRun {
  const outcome = shallowRef<Outcome | null>(null);
  const answered = ref("");
  const asked = ref("");
  const problem = shallowRef<ApiProblem | null>(null);
  const running = ref(false);
  const elapsedMs = ref(0);
  const stoppedAfterMs = ref<number | null>(null);
  let controller: AbortController | null = null;
  let ticking: ReturnType<typeof setInterval> | undefined;
  let start = 0;

  function end(): void {
    controller?.abort();
    controller = null;
    clearInterval(ticking);
    running.value = false;
  }

  async function run(query: string): Promise<void> {
    end();
    const mine = (controller = new AbortController());
    asked.value = query;
    running.value = true;
    problem.value = null;
    stoppedAfterMs.value = null;
    elapsedMs.value = 0;
    start = performance.now();
    ticking = setInterval(() => (elapsedMs.value = performance.now() - start), TICK_MS);
    try {
      const answer = await runQuery(query, mine.signal);
      if (controller !== mine) return;
      outcome.value = answer;
      answered.value = query;
      onAnswer(query, answer);
    } catch (error) {
      if (controller !== mine || isAbort(error)) return;
      problem.value = asProblem(error);
      outcome.value = null;
      onProblem(query, problem.value);
    } finally {
      if (controller === mine) end();
    }
  }

  function stop(): void {
    if (!running.value) return;
    stoppedAfterMs.value = performance.now() - start;
    end();
  }

  function onKey(event: KeyboardEvent): void {
    // A list of completions or a dialog that is open is closed first.
    if (event.key !== "Escape" || !running.value || event.defaultPrevented || isDialogOpen()) return;
    event.preventDefault();
    stop();
  }

  onMounted(() => addEventListener("keydown", onKey));
  onBeforeUnmount(() => {
    removeEventListener("keydown", onKey);
    end();
  });
  return { outcome, answered, asked, problem, running, elapsedMs, stoppedAfterMs, run, stop };
}
