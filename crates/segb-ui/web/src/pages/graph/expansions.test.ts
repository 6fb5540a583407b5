import { expect, it } from "vitest";
import { readExpansions, writeExpansions } from "./expansions";

it("come back from the address as they went in", () => {
  const expansions = [{ iri: "https://robots.example/ari", links: 120 }, { iri: "_:s1b2", links: 60 }];
  expect(readExpansions(writeExpansions(expansions), 60)).toEqual(expansions);
  expect(readExpansions("urn:a 7:urn:b", 60)).toEqual([{ iri: "urn:a", links: 60 }, { iri: "urn:b", links: 7 }]);
  expect(readExpansions("", 60)).toEqual([]);
  const many = Array.from({ length: 30 }, (_, place) => ({ iri: `urn:${place}`, links: 1 }));
  expect(readExpansions(writeExpansions(many), 60).map((one) => one.iri)).toEqual(many.slice(10).map((one) => one.iri));
  expect(writeExpansions([{ iri: `urn:${"a".repeat(400)}`, links: 1 }])).toBe("");
});
