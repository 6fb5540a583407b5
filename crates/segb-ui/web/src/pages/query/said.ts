import { RDF_TYPE, resourceName, type Term, type Triple } from "../../rdf/term";

export interface Said {
  values: { predicate: string; term: Term }[];
  /** Links from the resource, and to it. */
  to: { predicate: string; other: string }[];
  from: { predicate: string; other: string }[];
}

/** What triples say about a resource, but for its types. */
export function saidAbout(triples: readonly Triple[], id: string): Said {
  const said: Said = { values: [], to: [], from: [] };
  for (const { subject, predicate: { value: predicate }, object } of triples) {
    const isResource = object.kind !== "literal";
    if (resourceName(subject) === id) {
      if (!isResource) said.values.push({ predicate, term: object });
      else if (predicate !== RDF_TYPE) said.to.push({ predicate, other: resourceName(object) });
    } else if (isResource && resourceName(object) === id) said.from.push({ predicate, other: resourceName(subject) });
  }
  return said;
}
