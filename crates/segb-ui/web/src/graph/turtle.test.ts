import { expect, it } from "vitest";
import { readNTriples } from "../rdf/ntriples";
import { graphOfNeighbours } from "./neighbourhood";
import { linksToTurtle, valueQueries, without } from "./turtle";

const ana = { iri: "urn:ana", label: "Ana", kind: "human" as const };
const talk = { iri: "_:s1b2", label: "_:s1b2", kind: "activity" as const };
const hall = { iri: "urn:hall", label: "hall", kind: "location" as const };
const GRAPH = graphOfNeighbours({
  resource: ana, types: [], values: [], next_offset: null,
  links: [{ subject: talk, predicate: "urn:with", object: ana }, { subject: ana, predicate: "urn:in", object: hall }],
});

it("writes the links that are drawn so that they can be read again", () => {
  const read = (lines: string[]): string[] => readNTriples(lines.join("\n")).map((triple) => `${triple.subject.value} ${triple.predicate.value} ${triple.object.value}`);
  expect(read(linksToTurtle(GRAPH))).toEqual(["s1b2 urn:with urn:ana", "urn:ana urn:in urn:hall"]);
  expect(read(linksToTurtle(without(GRAPH, ["location"])))).toEqual(["s1b2 urn:with urn:ana"]);
});

it("asks for values of so many resources at a time", () => {
  expect(valueQueries(GRAPH, 1).map((query) => /VALUES \?s \{ (.*?) \}/.exec(query)?.[1])).toEqual(["<urn:ana>", "<urn:hall>"]);
  expect(valueQueries(GRAPH, 10)).toHaveLength(1);
});
