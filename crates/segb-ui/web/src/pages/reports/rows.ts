import { ref, type Ref } from "vue";
import type { Overview, Page } from "../../api/reports";
import { useCall, type UsedCall } from "../../lib/useCall";

/** Rows of the first answer, and that a table grows by. */
export const PAGE_SIZE = 500;
/** Rows that a picture grows by. */
export const PICTURE_STEP = 5_000;

export type Answer = Page<unknown> | Overview;
export const isPage = (answer: Answer | null): answer is Page<unknown> => answer !== null && "rows" in answer;

/** A page with what comes after it. What is over all rows, the later answer knows better. */
export function appended(before: Page<unknown>, next: Page<unknown>): Page<unknown> {
  return { ...next, rows: [...before.rows, ...next.rows] };
}

export interface Rows {
  first: UsedCall<Answer>;
  further: UsedCall<void>;
  /** How many rows the table shows; pictures may have more. */
  shown: Ref<number>;
  /** Whether somebody cancelled, so that there is nothing. */
  stopped: Ref<boolean>;
  run(): void;
  cancel(): void;
  more(): void;
  moreForPicture(): void;
}

/** The rows of a report: the first ones, and further ones on demand. Another report or filter makes all of it anew. */
export function useRows(load: (offset: number, limit: number, signal: AbortSignal) => Promise<Answer>): Rows {
  const first = useCall((signal) => load(0, PAGE_SIZE, signal));
  const shown = ref(PAGE_SIZE);
  const stopped = ref(false);
  let limit = PAGE_SIZE;
  const further = useCall(async (signal) => {
    const before = first.data.value;
    if (!isPage(before) || before.next_offset === null) return;
    const next = await load(before.next_offset, limit, signal);
    // Rows of another filter do not belong to these.
    if (first.data.value === before && isPage(next)) first.data.value = appended(before, next);
  });

  function run(): void {
    further.stop();
    further.problem.value = null;
    stopped.value = false;
    shown.value = PAGE_SIZE;
    void first.run();
  }
  function cancel(): void {
    first.stop();
    // What was there is of another filter.
    first.data.value = null;
    first.problem.value = null;
    stopped.value = true;
  }
  function moreForPicture(): void {
    limit = PICTURE_STEP;
    void further.run();
  }
  function more(): void {
    const page = first.data.value;
    if (!isPage(page)) return;
    shown.value += PAGE_SIZE;
    if (shown.value <= page.rows.length || page.next_offset === null) return;
    limit = PAGE_SIZE;
    void further.run();
  }
  return { first, further, shown, stopped, run, cancel, more, moreForPicture };
}
