import { onBeforeUnmount, ref, shallowRef, type Ref, type ShallowRef } from "vue";
import { asProblem, isAbort, type ApiProblem } from "../api/problem";

export interface UsedCall<T> {
  data: ShallowRef<T | null>;
  problem: ShallowRef<ApiProblem | null>;
  loading: Ref<boolean>;
  /** Makes the call; a running one is given up. */
  run(): Promise<void>;
  stop(): void;
}

/** A call with its states. What was there stays while new data is loading. */
export function useCall<T>(call: (signal: AbortSignal) => Promise<T>): UsedCall<T> {
  const data = shallowRef<T | null>(null);
  const problem = shallowRef<ApiProblem | null>(null);
  const loading = ref(false);
  let controller: AbortController | null = null;

  async function run(): Promise<void> {
    controller?.abort();
    const mine = (controller = new AbortController());
    loading.value = true;
    try {
      const answer = await call(mine.signal);
      if (controller !== mine) return;
      data.value = answer;
      problem.value = null;
    } catch (error) {
      if (controller !== mine || isAbort(error)) return;
      problem.value = asProblem(error);
    } finally {
      if (controller === mine) loading.value = false;
    }
  }
  function stop(): void {
    controller?.abort();
    controller = null;
    loading.value = false;
  }
  onBeforeUnmount(stop);
  return { data, problem, loading, run, stop };
}
