import type { ComputedRef, InjectionKey } from "vue";
import type { Resource } from "../api/reports";

const LABEL_MAX = 60;

/** For each IRI whose label others have, too, the end of it that they have not. */
export type Endings = ReadonlyMap<string, string>;

/** A page that knows who has the same label lets all links of it tell them apart. */
export const ENDINGS: InjectionKey<ComputedRef<Endings>> = Symbol("endings");

const shown = (label: string): string => label.trim().slice(0, LABEL_MAX);

export function endingsOf(resources: Iterable<Resource>): Endings {
  const byLabel = new Map<string, Set<string>>();
  for (const { iri, label } of resources) {
    if (!iri) continue;
    const iris = byLabel.get(shown(label)) ?? new Set();
    byLabel.set(shown(label), iris.add(iri));
  }
  const endings = new Map<string, string>();
  for (const iris of byLabel.values()) {
    if (iris.size < 2) continue;
    for (const [iri, end] of shortestEnds([...iris])) endings.set(iri, end);
  }
  return endings;
}

/** As many last parts of each as make them different. */
function shortestEnds(iris: string[]): [string, string][] {
  const parts = iris.map((iri) => iri.split(/(?<=[/#:])/));
  const most = parts.reduce((longest, one) => Math.max(longest, one.length), 1);
  for (let length = 1; length < most; length += 1) {
    const ends = parts.map((one) => one.slice(-length).join(""));
    if (new Set(ends).size === ends.length) return iris.map((iri, place) => [iri, ends[place] ?? iri]);
  }
  return iris.map((iri) => [iri, iri]);
}

/** The label, with what tells it apart where that is needed. */
export function fullName(resource: Resource, endings: Endings): string {
  const label = shown(resource.label) || resource.iri || "";
  const ending = endings.get(resource.iri ?? "");
  return ending ? `${label} (${ending})` : label;
}
