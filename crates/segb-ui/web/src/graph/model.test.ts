import { expect, it } from "vitest";
import { readNTriples } from "../rdf/ntriples";
import { graphOf, merged } from "./model";

const TRIPLES = `
<urn:x:ana> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://kb.openrobots.org#Human> .
<urn:x:ana> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/prov#Entity> .
<urn:x:ana> <http://xmlns.com/foaf/0.1/firstName> "Ana"@en .
<urn:x:talk> <urn:x:with> <urn:x:ana> .
<urn:x:talk> <urn:x:note> "long" .
_:b0 <urn:x:of> <urn:x:talk> .
`;

it("folds types and literals into nodes", () => {
  const graph = graphOf(readNTriples(TRIPLES));
  expect(graph.nodes.map((node) => [node.id, node.label, node.kind])).toEqual([
    ["urn:x:ana", "Ana", "human"],
    ["urn:x:talk", "talk", "unknown"],
    ["_:b0", "_:b0", "unknown"],
  ]);
  expect(graph.edges.map((edge) => [edge.source, edge.label, edge.target])).toEqual([
    ["urn:x:talk", "with", "urn:x:ana"],
    ["_:b0", "of", "urn:x:talk"],
  ]);
});

it("merges without forgetting what a node is", () => {
  const full = graphOf(readNTriples(TRIPLES));
  const rim = graphOf(readNTriples("<urn:x:new> <urn:x:knows> <urn:x:ana> ."));
  const both = merged(full, rim);
  expect(both.nodes).toHaveLength(4);
  expect(both.nodes.find((node) => node.id === "urn:x:ana")?.kind).toBe("human");
  expect(merged(both, rim).edges).toHaveLength(3);
});
