import { expect, it } from "vitest";
import { readNTriples } from "../rdf/ntriples";
import { graphOfNeighbours } from "./neighbourhood";
import { toTurtle } from "./turtle";

const ana = { iri: "urn:ana", label: "Ana", kind: "human" as const };
const talk = { iri: "_:s1b2", label: "_:s1b2", kind: "activity" as const };
const FOUND = {
  resource: ana,
  types: ["urn:Human"],
  values: [{ predicate: "urn:name", text: 'A "n" a', datatype: null, language: "en" }],
  links: [{ subject: talk, predicate: "urn:with", object: ana }],
  next_offset: null,
};

it("writes what is drawn so that it can be read again", () => {
  const text = toTurtle(graphOfNeighbours(FOUND), [FOUND, { ...FOUND, resource: { ...ana, iri: "urn:other" } }]);
  expect(readNTriples(text).map((triple) => `${triple.subject.value} ${triple.predicate.value} ${triple.object.value}`)).toEqual([
    "s1b2 urn:with urn:ana",
    "urn:ana http://www.w3.org/1999/02/22-rdf-syntax-ns#type urn:Human",
    'urn:ana urn:name A "n" a',
  ]);
});
