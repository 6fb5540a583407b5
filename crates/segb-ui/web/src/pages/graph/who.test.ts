import { expect, it } from "vitest";
import { keyOf, plainOf, sourcesOf } from "./who";

it.each([
  ["<urn:a>", "urn:a"],
  ["_:s1b2", "_:s1b2"],
  ['"plain"', "plain"],
  ['"a \\"quoted\\" \\\\ line\\nbreak"@en', 'a "quoted" \\ line\nbreak'],
  ['"0.86"^^<http://www.w3.org/2001/XMLSchema#float>', "0.86"],
  ['"\\u00e9\\U0001F916"', "é🤖"],
])("reads %s", (term, plain) => expect(plainOf(term)).toBe(plain));

it("lists each log once for a triple", () => {
  const log = (id: string): never => ({ log_id: id, actor: "ari", received_at: id }) as never;
  const said = (id: string, object: string) => ({ subject: "<urn:a>", predicate: "<urn:p>", object, log: log(id), robots: [], proof: "" });
  const table = sourcesOf([{ assertions: [said("1", '"x"'), said("2", '"x"'), said("1", '"x"@en')] }, { assertions: [said("3", "<urn:b>")] }]);
  expect(table.get(keyOf("urn:a", "urn:p", "x"))?.map((one) => one.id)).toEqual(["1", "2"]);
  expect(table.get(keyOf("urn:a", "urn:p", "urn:b"))?.map((one) => one.id)).toEqual(["3"]);
});
