import { expect, test } from "vitest";
import { endingsOf, fullName } from "./names";

const human = (iri: string | null, label: string) => ({ iri, label, kind: "human" as const });

test("only who shares a label needs more than it", () => {
  const all = [human("https://a.example/human/ana", "Ana"), human("https://a.example/human/ana2", "Ana"), human("https://a.example/human/bo", "Bo"), human(null, "Ana")];
  const endings = endingsOf(all);
  expect([...endings]).toEqual([["https://a.example/human/ana", "ana"], ["https://a.example/human/ana2", "ana2"]]);
  expect(all.map((one) => fullName(one, endings))).toEqual(["Ana (ana)", "Ana (ana2)", "Bo", "Ana"]);
});

test("the ends are as long as they have to be", () => {
  const iris = ["https://a.example/human/ana", "https://b.example/human/ana", "urn:x:ana"];
  expect([...endingsOf(iris.map((iri) => human(iri, "Ana"))).values()]).toEqual(["a.example/human/ana", "b.example/human/ana", "urn:x:ana"]);
  expect([...endingsOf([human("_:b1", "Ana"), human("_:b2", "Ana"), human("_:b1", "Ana")]).values()]).toEqual(["b1", "b2"]);
});

test("labels that look alike where they are cut are alike", () => {
  const long = "x".repeat(80);
  const endings = endingsOf([human("urn:1", `${long}1`), human("urn:2", `${long}2`)]);
  expect(endings.size).toBe(2);
});
