import { toNTriples, type Term } from "../rdf/term";
import type { GraphModel } from "./model";

function resource(name: string): Term {
  return name.startsWith("_:") ? { kind: "blank", value: name.slice(2) } : { kind: "iri", value: name };
}

/** The links that are drawn, as N-Triples, which is Turtle. */
export function linksToTurtle(graph: GraphModel): string[] {
  return graph.edges.map((edge) => `${toNTriples(resource(edge.source))} <${edge.predicate}> ${toNTriples(resource(edge.target))} .`);
}

/** Queries for the types and values of what is drawn, a part of the resources in each. Blank nodes cannot be asked for. */
export function valueQueries(graph: GraphModel, perQuery: number): string[] {
  const iris = graph.nodes.filter((node) => !node.id.startsWith("_:")).map((node) => `<${node.id}>`);
  const parts = Array.from({ length: Math.ceil(iris.length / perQuery) }, (_, part) => iris.slice(part * perQuery, (part + 1) * perQuery));
  return parts.map((part) => `CONSTRUCT { ?s ?p ?o } WHERE { VALUES ?s { ${part.join(" ")} } ?s ?p ?o FILTER (isLiteral(?o) || ?p = <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>) }`);
}

/** The part of a graph without nodes of some kinds. */
export function without(graph: GraphModel, kinds: readonly string[]): GraphModel {
  const nodes = graph.nodes.filter((node) => !kinds.includes(node.kind));
  const kept = new Set(nodes.map((node) => node.id));
  return { nodes, edges: graph.edges.filter((edge) => kept.has(edge.source) && kept.has(edge.target)) };
}
