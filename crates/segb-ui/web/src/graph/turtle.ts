import type { Neighbours } from "../api/reports";
import { toNTriples, type Term } from "../rdf/term";
import type { GraphModel } from "./model";

function resource(name: string): Term {
  return name.startsWith("_:") ? { kind: "blank", value: name.slice(2) } : { kind: "iri", value: name };
}

/** What is drawn, and what is known about it, as N-Triples, which is Turtle. */
export function toTurtle(graph: GraphModel, known: readonly Neighbours[]): string {
  const drawn = new Set(graph.nodes.map((node) => node.id));
  const lines = new Set(graph.edges.map((edge) => `${toNTriples(resource(edge.source))} <${edge.predicate}> ${toNTriples(resource(edge.target))} .`));
  for (const { resource: about, types, values } of known) {
    if (!about.iri || !drawn.has(about.iri)) continue;
    const subject = toNTriples(resource(about.iri));
    for (const type of types) lines.add(`${subject} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <${type}> .`);
    for (const value of values) {
      const literal: Term = { kind: "literal", value: value.text };
      if (value.language) literal.language = value.language;
      else if (value.datatype) literal.datatype = value.datatype;
      lines.add(`${subject} <${value.predicate}> ${toNTriples(literal)} .`);
    }
  }
  return `${[...lines].join("\n")}\n`;
}
