import { computed, type ComputedRef } from "vue";
import { getJson } from "../../api/client";
import type { Page, Participant, Resource } from "../../api/reports";
import { useCall, type UsedCall } from "../../lib/useCall";
import { endingsOf, type Endings } from "../../rdf/names";

const STEP = 10_000;
/** More than these nobody looks through; the field takes any IRI. */
const PEOPLE_MAX = 50_000;

export interface People {
  humans: ComputedRef<Resource[]>;
  /** Also who performed something without being typed. */
  robots: ComputedRef<Resource[]>;
  endings: ComputedRef<Endings>;
  /** The logs behind what is reported of each. */
  logs: ComputedRef<ReadonlyMap<string, readonly string[]>>;
  problem: UsedCall<unknown>["problem"];
  run(): void;
}

/** Everybody there is, with or without activities. */
export function usePeople(): People {
  const call = useCall(async (signal) => {
    const found: Participant[] = [];
    for (let offset: number | null = 0; offset !== null && found.length < PEOPLE_MAX; ) {
      const page: Page<Participant> = await getJson("/reports/participants", { limit: STEP, offset }, signal);
      found.push(...page.rows);
      offset = page.next_offset;
    }
    return found.filter((row) => row.participant.iri !== null && row.participant.iri !== undefined);
  });
  const everybody = computed(() => (call.data.value ?? []).map((row) => row.participant));
  return {
    humans: computed(() => everybody.value.filter((one) => one.kind === "human")),
    robots: computed(() => everybody.value.filter((one) => one.kind !== "human")),
    endings: computed(() => endingsOf(everybody.value)),
    logs: computed(() => new Map((call.data.value ?? []).map((row) => [row.participant.iri ?? "", row.logs]))),
    problem: call.problem,
    run: () => void call.run(),
  };
}
