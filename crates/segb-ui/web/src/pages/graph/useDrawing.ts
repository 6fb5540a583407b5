import { computed, onBeforeUnmount, ref, shallowRef, watch, type Ref, type ShallowRef } from "vue";
import { getJson } from "../../api/client";
import { asProblem, isAbort, type ApiProblem } from "../../api/problem";
import type { Neighbours } from "../../api/reports";
import { merged, type GraphModel } from "../../graph/model";
import { graphOfNeighbours } from "../../graph/neighbourhood";
import { readExpansions, writeExpansions, type Expansion } from "./expansions";

/** A drawing with more than this is no help to anybody. */
export const NODES_MAX = 6_000;
/** What one request to the server may ask for. */
const REQUEST_MAX = 1_000;

/** What the address says is drawn. */
export interface Address {
  resource: Ref<string>;
  expanded: Ref<string>;
  /** Links that one step brings. */
  step: Ref<number>;
  /** Conditions on neighbours, as the server takes them. */
  conditions: Ref<{ participant: string; since: string; until: string }>;
}

export interface Drawing {
  graph: ShallowRef<GraphModel>;
  /** Resources of which links are drawn, and where to go on; null if all are. */
  next: ShallowRef<ReadonlyMap<string, number | null>>;
  problem: ShallowRef<ApiProblem | null>;
  isFull: Ref<boolean>;
  isLoading: Ref<boolean>;
  expand(iri: string): Promise<void>;
  /** Everything that the address says, anew. */
  restart(): Promise<void>;
  stop(): void;
}

/** Brings what is around resources into a drawing, as the address says, and notes there what was added. */
export function useDrawing(address: Address): Drawing {
  const graph = shallowRef<GraphModel>({ nodes: [], edges: [] });
  const next = shallowRef<ReadonlyMap<string, number | null>>(new Map());
  const problem = shallowRef<ApiProblem | null>(null);
  const isFull = ref(false);
  const waiting = ref(0);
  let controller = new AbortController();
  /** How many links of each resource are drawn; the first is the one that the drawing began with. */
  let drawn: Expansion[] = [];
  /** What has come so far; it is drawn when a step is complete, since each change lays the drawing out anew. */
  let gathered: GraphModel = graph.value;

  /** What has come until now is drawn. */
  function stop(): void {
    controller.abort();
    controller = new AbortController();
    graph.value = gathered;
  }

  /** Adds links of a resource; whether there is room for more. */
  async function add(iri: string, wanted: number): Promise<boolean> {
    const mine = controller;
    waiting.value += 1;
    try {
      let offset: number | null = next.value.get(iri) ?? 0;
      let missing = wanted;
      // Where conditions are, a page may have less than asked for, and still not be the last.
      while (missing > 0 && offset !== null) {
        const page: Neighbours = await getJson<Neighbours>("/graph/neighbours", { resource: iri, limit: Math.min(missing, REQUEST_MAX), offset, ...address.conditions.value }, mine.signal);
        if (mine.signal.aborted) return false;
        const both = merged(gathered, graphOfNeighbours(page));
        if (both.nodes.length > NODES_MAX) {
          isFull.value = true;
          return false;
        }
        gathered = both;
        missing -= page.links.length;
        offset = page.next_offset ?? null;
        next.value = new Map(next.value).set(iri, offset);
        note(iri, page.links.length);
      }
      problem.value = null;
      return true;
    } catch (error) {
      if (!isAbort(error)) problem.value = asProblem(error);
      return false;
    } finally {
      waiting.value -= 1;
    }
  }

  function note(iri: string, links: number): void {
    const known = drawn.find((one) => one.iri === iri);
    if (known) known.links += links;
    else drawn.push({ iri, links });
  }
  /** The drawing began with as many links of the first resource as the address says, or one step. */
  function write(): void {
    const first = drawn.find((one) => one.iri === address.resource.value);
    const isPlain = drawn.length <= 1 && (first?.links ?? 0) <= address.step.value;
    address.expanded.value = isPlain ? "" : writeExpansions(drawn);
  }

  async function restart(): Promise<void> {
    controller.abort();
    controller = new AbortController();
    const mine = controller;
    gathered = graph.value = { nodes: [], edges: [] };
    next.value = new Map();
    problem.value = null;
    isFull.value = false;
    drawn = [];
    const resource = address.resource.value;
    if (!resource) return;
    const asked = readExpansions(address.expanded.value, address.step.value);
    const first = asked.find((one) => one.iri === resource) ?? { iri: resource, links: address.step.value };
    for (const { iri, links } of [first, ...asked.filter((one) => one.iri !== resource)]) {
      // The rest may still be there if one resource is gone from the graph.
      await add(iri, Math.max(1, links));
      if (mine.signal.aborted) return;
      if (isFull.value) break;
    }
    graph.value = gathered;
  }

  async function expand(iri: string): Promise<void> {
    if (next.value.get(iri) === null) return;
    const mine = controller;
    await add(iri, address.step.value);
    if (mine.signal.aborted) return;
    graph.value = gathered;
    write();
  }

  watch([address.resource, address.conditions], restart, { immediate: true, deep: true });
  onBeforeUnmount(() => controller.abort());
  return { graph, next, problem, isFull, isLoading: computed(() => waiting.value > 0), expand, restart, stop };
}
