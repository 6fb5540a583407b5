import { expect, it } from "vitest";
import { placesOf } from "./issues";
import { statementsOf } from "./statements";

const DOCUMENT = `@prefix onyx: <http://www.gsi.upm.es/ontologies/onyx/ns#> .
PREFIX ex: <https://robots.example/>
ex:firstborn a onyx:Emotion . # ex:first is not meant
ex:second a onyx:Emotion ;
  onyx:hasEmotionIntensity 0.5,
    "much" .
<https://robots.example/third> a "text" .
ex:first a onyx:Emotion ; ex:says "ex:fourth \\u0061 . " .
ex:fourth ex:has [ onyx:hasEmotionIntensity "much" ] ,
  [ a onyx:Emotion ; onyx:hasEmotionIntensity "much" ] .
_:own onyx:hasEmotionIntensity 3 ; ex:list ( 1 ex:second [ onyx:hasEmotionIntensity 7 ] ) .
`;
const INTENSITY = "http://www.gsi.upm.es/ontologies/onyx/ns#hasEmotionIntensity";
const TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

function issue(message: string, focus_node: string | null, predicate: string | null, value: string | null = null) {
  return { severity: "error", code: "X", message, focus_node, predicate, value };
}

it.each([
  [issue("at line 2, column 7: what?", null, null), { line: 2, column: 7 }],
  [issue("the text at 3:5 is bad", "https://robots.example/second", INTENSITY, "much"), { line: 6, column: 5 }],
  [issue("", "https://robots.example/second", INTENSITY), { line: 5, column: 3 }],
  [issue("", "https://robots.example/second", null), { line: 4, column: 1 }],
  [issue("", "https://robots.example/first", null), { line: 8, column: 1 }],
  [issue("", "https://robots.example/third", TYPE, "text"), { line: 7, column: 34 }],
  [issue("", "https://robots.example/nobody", TYPE), null],
  [issue("", "_:b7", INTENSITY, "3"), { line: 11, column: 32 }],
  [issue("", "_:b7", INTENSITY, "7"), { line: 11, column: 85 }],
  [issue("", "_:b7", INTENSITY, "8"), null],
  [issue("", "_:b7", null), null],
  [issue("", null, null), null],
])("%j", (one, expected) => expect(placesOf([one], DOCUMENT)).toEqual([expected]));

it("gives each of several equal mistakes a place, and a blank node that of a statement that only it can have", () => {
  const equal = [issue("", "_:b0", INTENSITY, "much"), issue("", "_:b1", INTENSITY, "much"), issue("", "_:b2", INTENSITY, "much"), issue("", "_:b0", null)];
  expect(placesOf(equal, DOCUMENT).map((place) => place?.line)).toEqual([9, 10, undefined, undefined]);
  expect(placesOf([issue("", "_:b3", null), issue("", "_:b3", INTENSITY, "3")], DOCUMENT)).toEqual([{ line: 11, column: 1 }, { line: 11, column: 32 }]);
});

it("reads what is no Turtle without an end in itself", () => {
  for (let end = 0; end < DOCUMENT.length; end += 1) expect(Array.isArray([...statementsOf(DOCUMENT.slice(0, end))])).toBe(true);
  expect([...statementsOf(']]) ; . "open <urn:a> ^^ @prefix')]).toEqual([]);
  const [said] = statementsOf('@base <http://a.example/b/> . <c> <#p> """two "quotes" \\n""" .');
  expect([said?.subject, said?.predicate, said?.object]).toEqual(["http://a.example/b/c", "http://a.example/b/#p", 'two "quotes" \n']);
});
