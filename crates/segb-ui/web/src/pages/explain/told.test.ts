import { expect, it } from "vitest";
import type { CauseLink, Step } from "../../api/reports";
import { tell } from "./told";

it("tells what happened in order, with the days, and who took part apart from it", () => {
  const step = (id: string, kind: string, start: string | null, direction = "back") => ({ id, resource: { kind }, start, end: null, direction }) as unknown as Step;
  const link = (cause: string, effect: string, relation: string) => ({ cause, effect, relation }) as unknown as CauseLink;
  const { happened, took } = tell({
    steps: [step("ari", "robot", null), step("a", "activity", "2026-01-30T10:00:00.000000Z"), step("m", "message", null), step("b", "activity", "2026-01-31T10:00:00.000000Z", "self"), step("e", "event", "2026-01-31T11:00:00.000000Z")],
    links: [link("ari", "b", "performed"), link("a", "m", "produced"), link("m", "b", "input"), link("a", "b", "triggered")],
  });
  expect(happened.map((one) => [one.number, one.step.id, one.day])).toEqual([[1, "a", "2026-01-30"], [2, "m", null], [3, "b", "2026-01-31"], [4, "e", null]]);
  expect(took.map((one) => one.step.id)).toEqual(["ari"]);
  expect(happened[2]?.because.map((one) => [one.words, one.links[0]?.cause])).toEqual([["It was triggered by", "a"], ["It used", "m"]]);
  expect(happened[0]?.then.map((one) => one.effect)).toEqual(["m", "b"]);
});
