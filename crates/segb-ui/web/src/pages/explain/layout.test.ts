import { expect, it } from "vitest";
import type { Explanation, Step } from "../../api/reports";
import { columnsOf } from "./layout";

function explanation(ids: string[], links: [string, string][]): Explanation {
  const steps = ids.map((id) => ({ id }) as unknown as Step);
  return { steps, links: links.map(([cause, effect]) => ({ cause, effect })), gaps: [], cut: null } as unknown as Explanation;
}
function check(ids: string[], links: [string, string][], expected: Record<string, [number, number]>): void {
  const { placed } = columnsOf(explanation(ids, links));
  expect(Object.fromEntries(placed.map(({ step, column, row }) => [step.id, [column, row]]))).toEqual(expected);
}

it("puts effects right of their causes", () => {
  check(["a", "b", "c", "d"], [["a", "b"], ["b", "d"], ["a", "d"], ["c", "d"]], { a: [0, 0], b: [1, 0], c: [0, 1], d: [2, 0] });
});
it("does not mind circles, steps that cause themselves, and causes that are not shown", () => {
  const { placed, columns } = columnsOf(explanation(["a", "b", "c"], [["a", "b"], ["b", "a"], ["c", "c"], ["x", "c"]]));
  expect(placed).toHaveLength(3);
  expect(columns).toBeLessThanOrEqual(3);
});
