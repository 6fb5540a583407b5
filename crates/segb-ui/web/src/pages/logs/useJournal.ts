import { computed, onBeforeUnmount, ref, shallowRef, watch, type ComputedRef } from "vue";
import { getJson } from "../../api/client";
import { asProblem, isAbort, type ApiProblem } from "../../api/problem";
import type { Entries, JournalEntry } from "../../api/types";
import { fits, listOf, withNewer, withNewest, withOlder, type JournalFilter, type JournalList } from "./journalList";
import { useTail } from "./useTail";

const PAGE_SIZE = 100;
/** Entries that are shown as new at one time. */
const FRESH_MAX = 50;

/** The journal as a list: its newest part, the older ones on demand, and what comes while it is live. */
export function useJournal(filters: ComputedRef<JournalFilter>, isLive: ComputedRef<boolean>, remembered: JournalList | null) {
  const list = shallowRef<JournalList>(remembered ?? { entries: [], nextBefore: null });
  const loaded = ref(remembered !== null);
  const loading = ref(false);
  const problem = shallowRef<ApiProblem | null>(null);
  const olderProblem = shallowRef<ApiProblem | null>(null);
  const olderLoading = ref(false);
  const fresh = ref(new Set<number>());
  const actors = shallowRef<readonly string[]>([]);
  let controller: AbortController | null = null;
  let olderController: AbortController | null = null;
  /** The filter of the entries in the list. */
  let filteredBy = remembered ? JSON.stringify(filters.value) : "";

  const isFiltered = computed(() => Object.values(filters.value).some(Boolean));

  function note(entries: readonly JournalEntry[]): void {
    const all = new Set([...actors.value, ...entries.map((entry) => entry.actor)]);
    if (all.size > actors.value.length) actors.value = [...all].sort((a, b) => a.localeCompare(b));
  }
  note(list.value.entries);

  /** Reads the first page and tells the newest sequence number of all. */
  async function read(signal: AbortSignal): Promise<number | null> {
    const wanted = { ...filters.value };
    const name = JSON.stringify(wanted);
    // First, so that what comes between the two calls is followed and not missed.
    const whole = isFiltered.value ? await getJson<Entries>("/logs", { limit: PAGE_SIZE }, signal) : null;
    const page = await getJson<Entries>("/logs", { ...wanted, limit: PAGE_SIZE }, signal);
    olderController?.abort();
    list.value = name === filteredBy ? withNewest(list.value, page) : listOf(page);
    filteredBy = name;
    note([...(whole?.entries ?? []), ...page.entries]);
    problem.value = olderProblem.value = null;
    loaded.value = true;
    return (whole ?? page).entries[0]?.sequence ?? null;
  }

  const tail = useTail(read, (entry) => {
    note([entry]);
    if (!fits(entry, filters.value)) return;
    list.value = withNewer(list.value, entry);
    fresh.value = new Set([...fresh.value, entry.sequence].slice(-FRESH_MAX));
  });

  /** Reads it again, and follows it if it is live. */
  async function load(): Promise<void> {
    controller?.abort();
    if (isLive.value) {
      problem.value = null;
      return tail.start();
    }
    tail.stop();
    const mine = (controller = new AbortController());
    loading.value = true;
    try {
      await read(mine.signal);
    } catch (error) {
      if (!isAbort(error)) problem.value = asProblem(error);
    } finally {
      if (controller === mine) loading.value = false;
    }
  }

  async function loadOlder(): Promise<void> {
    const before = list.value.nextBefore;
    if (before === null || olderLoading.value) return;
    const mine = (olderController = new AbortController());
    olderLoading.value = true;
    try {
      const page = await getJson<Entries>("/logs", { ...filters.value, limit: PAGE_SIZE, before }, mine.signal);
      list.value = withOlder(list.value, before, page);
      note(page.entries);
      olderProblem.value = null;
    } catch (error) {
      if (!isAbort(error)) olderProblem.value = asProblem(error);
    } finally {
      olderLoading.value = false;
    }
  }

  watch([filters, isLive], () => void load());
  onBeforeUnmount(() => {
    controller?.abort();
    olderController?.abort();
  });
  return { list, loaded, loading, problem, olderProblem, olderLoading, fresh, actors, isFiltered, tail, load, loadOlder };
}
