import { kindOf, type Kind } from "../rdf/kinds";
import { visible } from "../lib/visible";
import { localName, shorten } from "../rdf/prefixes";
import { RDF_TYPE, resourceName, type Term, type Triple } from "../rdf/term";

export interface GraphNode {
  /** As requests name the resource: an IRI, or `_:` and a label. */
  id: string;
  label: string;
  kind: Kind;
  types: string[];
  /** What literals say about it. */
  values: { predicate: string; value: string }[];
}

export interface GraphEdge {
  id: string;
  source: string;
  target: string;
  predicate: string;
  label: string;
}

export interface GraphModel {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

const LABELS = [
  "http://xmlns.com/foaf/0.1/firstName",
  "http://schema.org/name",
  "http://www.w3.org/2000/01/rdf-schema#label",
  "http://schema.org/text",
];
const LABEL_MAX = 42;

function cut(text: string): string {
  return text.length > LABEL_MAX ? `${text.slice(0, LABEL_MAX - 1)}…` : text;
}

/** Triples as something to draw: types and literals belong to their node, everything else is an edge. */
export function graphOf(triples: readonly Triple[]): GraphModel {
  const nodes = new Map<string, GraphNode>();
  const edges = new Map<string, GraphEdge>();
  const node = (term: Term): GraphNode => {
    const id = resourceName(term);
    let found = nodes.get(id);
    if (!found) nodes.set(id, (found = { id, label: "", kind: "unknown", types: [], values: [] }));
    return found;
  };
  for (const { subject, predicate, object } of triples) {
    const source = node(subject);
    if (predicate.value === RDF_TYPE && object.kind === "iri") source.types.push(object.value);
    else if (object.kind === "literal") source.values.push({ predicate: predicate.value, value: object.value });
    else {
      const target = node(object);
      const id = `${source.id} ${predicate.value} ${target.id}`;
      edges.set(id, { id, source: source.id, target: target.id, predicate: predicate.value, label: localName(predicate.value) });
    }
  }
  for (const one of nodes.values()) {
    const named = LABELS.map((label) => one.values.find((value) => value.predicate === label)?.value).find(Boolean);
    one.label = visible(cut(named ?? (one.id.startsWith("_:") ? one.id : localName(one.id) || shorten(one.id))));
    one.kind = kindOf(one.types);
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

/** Both together; what is newer wins. */
export function merged(first: GraphModel, second: GraphModel): GraphModel {
  const nodes = new Map(first.nodes.map((one) => [one.id, one]));
  for (const one of second.nodes) {
    const known = nodes.get(one.id);
    // A node on the rim comes without its types: what is known of it stays.
    if (!known || one.types.length >= known.types.length) nodes.set(one.id, one);
  }
  const edges = new Map([...first.edges, ...second.edges].map((one) => [one.id, one]));
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}
