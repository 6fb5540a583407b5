import { ref, shallowRef, type Ref, type ShallowRef } from "vue";
import { send, type Parameters } from "../../api/client";
import { asProblem, isAbort, type ApiProblem } from "../../api/problem";
import { download } from "../../lib/download";

/** Rows in one answer, as many as the server gives. */
const STEP = 10_000;

export interface CsvPart {
  text: string;
  /** Where the next part starts; null at the end. */
  next: number | null;
}

/** All parts of a table as one file, with one header. `progress` gets how many rows are there already. */
export async function wholeTable(load: (offset: number) => Promise<CsvPart>, progress: (rows: number) => void): Promise<string[]> {
  const texts: string[] = [];
  let offset: number | null = 0;
  while (offset !== null) {
    const part: CsvPart = await load(offset);
    // No header of a report has a line break in a field.
    texts.push(texts.length === 0 ? part.text : part.text.slice(part.text.indexOf("\r\n") + 2));
    // A server that does not go on would go on for ever.
    if (part.next !== null && part.next <= offset) throw new Error("The server gives the same rows again.");
    offset = part.next;
    if (offset !== null) progress(offset);
  }
  return texts;
}

export interface SavedTable {
  /** Rows so far; null while nothing is being saved. */
  rows: Ref<number | null>;
  problem: ShallowRef<ApiProblem | null>;
  save(report: string, filters: Parameters): Promise<void>;
  cancel(): void;
}

/** Saves a report as one file, however many answers it takes. */
export function useSavedTable(): SavedTable {
  const rows = ref<number | null>(null);
  const problem = shallowRef<ApiProblem | null>(null);
  let controller: AbortController | null = null;

  async function save(report: string, filters: Parameters): Promise<void> {
    controller?.abort();
    const mine = (controller = new AbortController());
    problem.value = null;
    rows.value = 0;
    try {
      const texts = await wholeTable(async (offset) => {
        const response = await send(`/reports/${report}`, { query: { ...filters, limit: STEP, offset }, accept: "text/csv", signal: mine.signal });
        const next = response.headers.get("x-next-offset");
        return { text: await response.text(), next: next === null ? null : Number(next) };
      }, (done) => {
        if (controller === mine) rows.value = done;
      });
      if (controller === mine) download(`${report}.csv`, new Blob(texts, { type: "text/csv;charset=utf-8" }));
    } catch (error) {
      if (controller === mine && !isAbort(error)) problem.value = asProblem(error);
    } finally {
      if (controller === mine) cancel();
    }
  }
  function cancel(): void {
    controller?.abort();
    controller = null;
    rows.value = null;
  }
  return { rows, problem, save, cancel };
}
