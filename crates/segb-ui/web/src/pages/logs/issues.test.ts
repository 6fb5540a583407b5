import { expect, it } from "vitest";
import { lineOf } from "./issues";

const DOCUMENT = `@prefix onyx: <http://www.gsi.upm.es/ontologies/onyx/ns#> .
@prefix ex: <https://robots.example/> .
ex:first a onyx:Emotion .
ex:second a onyx:Emotion ;
  onyx:hasEmotionIntensity "much" .
<https://robots.example/third> a "text" .
`;
const INTENSITY = "http://www.gsi.upm.es/ontologies/onyx/ns#hasEmotionIntensity";
const TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

function issue(message: string, focus_node: string | null, predicate: string | null) {
  return { severity: "error", code: "X", message, focus_node, predicate, value: null };
}

it.each([
  [issue("at line 2, column 7: what?", null, null), { line: 2, column: 7 }],
  [issue("", "https://robots.example/second", INTENSITY), { line: 5, column: 3 }],
  [issue("", "https://robots.example/second", null), { line: 4, column: 1 }],
  [issue("", "https://robots.example/third", TYPE), { line: 6, column: 31 }],
  [issue("", "https://robots.example/nobody", TYPE), null],
  [issue("", null, null), null],
])("%j", (one, expected) => expect(lineOf(one, DOCUMENT)).toEqual(expected));
