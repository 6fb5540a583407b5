import type { Ref } from "vue";
import { getJson } from "../../api/client";
import type { Entries, JournalEntry } from "../../api/types";
import { useCall, type UsedCall } from "../../lib/useCall";

export interface Neighbours {
  /** Of which entry, since it takes a moment to know them. */
  sequence: number;
  previous: JournalEntry | null;
  next: JournalEntry | null;
}

/** The entries of the journal just before and after one, by sequence number. */
export function useNeighbours(entry: Ref<JournalEntry | null>): UsedCall<Neighbours> {
  return useCall(async (signal) => {
    const sequence = entry.value?.sequence ?? 0;
    const at = async (wanted: number): Promise<JournalEntry | null> => {
      if (wanted < 0) return null;
      const [found] = (await getJson<Entries>("/logs", { before: wanted + 1, limit: 1 }, signal)).entries;
      return found?.sequence === wanted ? found : null;
    };
    const [previous, next] = await Promise.all([at(sequence - 1), at(sequence + 1)]);
    return { sequence, previous, next };
  });
}
