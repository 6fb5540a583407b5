import { describe, expect, it } from "vitest";
import { localName, shorten } from "./prefixes";
import { readNTriples, readTerm } from "./ntriples";
import { isWebAddress, readSolutions, toNTriples } from "./term";

describe("N-Triples", () => {
  it.each([
    "<urn:a>",
    "_:s1b2",
    '"plain"',
    '"Hola"@es-ES',
    '"1"^^<http://www.w3.org/2001/XMLSchema#integer>',
    '"a \\"quote\\", a \\\\ and a \\n"',
    '"]^^<urn:x> ."',
  ])("%s survives", (text) => expect(toNTriples(readTerm(text))).toBe(text));

  it("reads escapes of characters", () => expect(readTerm('"\\u00e9\\U0001F600"').value).toBe("é😀"));

  it("reads lines, and says which one is none", () => {
    const triples = readNTriples('<urn:a> <urn:b> "c . d" .\n\n_:x <urn:b> <urn:c> .\n');
    expect(triples.map((triple) => triple.object.value)).toEqual(["c . d", "urn:c"]);
    expect(() => readNTriples("<urn:a> <urn:b> .")).toThrow("no triple");
    expect(readNTriples("<urn:a> <urn:b> <urn:c> .\n".repeat(5), 2)).toHaveLength(2);
  });
});

it("only follows web addresses", () => {
  expect(["http://a", "HTTPS://a/b", "javascript:alert(1)", "data:text/html,x", "urn:a", "http://a b"].map(isWebAddress)).toEqual([
    true, true, false, false, false, false,
  ]);
});

it("reads solutions", () => {
  const solutions = readSolutions({
    head: { vars: ["a", "b"] },
    results: { bindings: [{ a: { type: "literal", value: "x", "xml:lang": "en" } }] },
  });
  expect(solutions).toEqual({ variables: ["a", "b"], rows: [{ a: { kind: "literal", value: "x", language: "en" } }] });
});

describe("names", () => {
  it.each([
    ["http://www.w3.org/ns/prov#Activity", "prov:Activity"],
    ["http://schema.org/text", "schema:text"],
    ["https://robots.example/story/human/ana", "…/human/ana"],
    ["urn:ari", "urn:ari"],
    ["http://www.w3.org/ns/prov#a/b c", "…/prov#a/b c"],
  ])("%s is shown as %s", (iri, expected) => expect(shorten(iri)).toBe(expected));
  it("takes the last part", () => {
    expect([localName("http://a/b#c"), localName("http://a/b/"), localName("urn:x:y")]).toEqual(["c", "b", "y"]);
  });
});
