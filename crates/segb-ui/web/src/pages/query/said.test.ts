import { expect, it } from "vitest";
import { readNTriples } from "../../rdf/ntriples";
import { saidAbout } from "./said";

it("finds values and links of one resource", () => {
  const triples = readNTriples(`<urn:a> <urn:p> "x"@en .
<urn:a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <urn:T> .
<urn:a> <urn:q> _:b .
_:b <urn:r> <urn:a> .
_:b <urn:p> "urn:a" .
`);
  expect(saidAbout(triples, "urn:a")).toEqual({
    values: [{ predicate: "urn:p", term: { kind: "literal", value: "x", language: "en" } }],
    to: [{ predicate: "urn:q", other: "_:b" }],
    from: [{ predicate: "urn:r", other: "_:b" }],
  });
  expect(saidAbout(triples, "_:b").from).toEqual([{ predicate: "urn:q", other: "urn:a" }]);
});
