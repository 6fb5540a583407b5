import type { Neighbours, Resource } from "../api/reports";
import type { Kind } from "../rdf/kinds";
import { visible } from "../lib/visible";
import { localName } from "../rdf/prefixes";
import type { GraphModel, GraphNode } from "./model";

const LABEL_MAX = 42;

function nodeOf(resource: Resource): GraphNode | null {
  if (!resource.iri) return null;
  const label = resource.label.length > LABEL_MAX ? `${resource.label.slice(0, LABEL_MAX - 1)}…` : resource.label;
  return { id: resource.iri, label: visible(label), kind: resource.kind as Kind, types: [], values: [] };
}

/** What the server says about a resource, as something to draw. */
export function graphOfNeighbours(found: Neighbours): GraphModel {
  const nodes = new Map<string, GraphNode>();
  const add = (resource: Resource): void => {
    const node = nodeOf(resource);
    if (node) nodes.set(node.id, node);
  };
  add(found.resource);
  const edges = found.links.flatMap(({ subject, predicate, object }) => {
    add(subject);
    add(object);
    if (!subject.iri || !object.iri) return [];
    return [{ id: `${subject.iri} ${predicate} ${object.iri}`, source: subject.iri, target: object.iri, predicate, label: localName(predicate) }];
  });
  return { nodes: [...nodes.values()], edges };
}
