import { describe, expect, it } from "vitest";
import type { CauseLink, Step } from "../../api/reports";
import { BOX, draw } from "./lanes";
import { columnsOf } from "./layout";

type Times = Record<string, [number | null, number?]>;
/** Steps with the seconds at which they start and end, none if they have no time. */
function chain(times: Times, links: [string, string][]): { steps: Step[]; links: CauseLink[] } {
  const iso = (second: number | null | undefined) => (second === null || second === undefined ? null : `2026-01-31T10:00:${String(second).padStart(2, "0")}.000000Z`);
  const steps = Object.entries(times).map(([id, [start, end]]) => ({ id, start: iso(start), end: iso(end) }) as unknown as Step);
  return { steps, links: links.map(([cause, effect]) => ({ cause, effect }) as unknown as CauseLink) };
}
function check(times: Times, links: [string, string][], expected: Record<string, number>): void {
  expect(Object.fromEntries(columnsOf(chain(times, links)))).toEqual(expected);
}

describe("columns", () => {
  it("put effects right of their causes, where nothing has a time", () =>
    check({ a: [null], b: [null], c: [null], d: [null] }, [["a", "b"], ["b", "d"], ["a", "d"], ["c", "d"]], { a: 0, b: 1, c: 1, d: 2 }));
  it("put what has no cause where its time is", () =>
    check({ a: [10, 11], b: [20, 21], c: [30, 31], late: [50, 51], e: [55] }, [["a", "b"], ["b", "c"], ["c", "e"], ["late", "e"]], { a: 0, b: 1, c: 2, late: 3, e: 4 }));
  it("are shared by what happened at one time", () =>
    check({ ari: [0, 9], tiago: [5, 12], then: [10, 11], event: [0] }, [["event", "ari"]], { event: 0, ari: 1, tiago: 1, then: 2 }));
  it("go by causes for steps without a time, between steps with one", () =>
    check({ hear: [0, 1], heard: [null], feel: [2], model: [null] }, [["hear", "heard"], ["heard", "feel"], ["model", "feel"]], { hear: 0, heard: 1, model: 1, feel: 2 }));
  it("show an effect before its cause as it is", () => check({ cause: [20], effect: [10] }, [["cause", "effect"]], { effect: 0, cause: 1 }));
  it("do not mind circles, steps that cause themselves, and causes that are not shown", () => {
    const columns = columnsOf(chain({ a: [null], b: [null], c: [null] }, [["a", "b"], ["b", "a"], ["c", "c"], ["x", "c"]]));
    expect(Object.fromEntries(columns)).toEqual({ a: 0, b: 1, c: 0 });
  });
});

/** Numbers that look random and are the same in every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

describe("the drawing of any chain", () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed + 1))("%i is in time from left to right, and no arrow runs behind a box", (seed) => {
    const random = numbers(seed * 7919);
    const names = Array.from({ length: 3 + Math.floor(random() * 30) }, (_, place) => `s${place}`);
    const any = () => names[Math.floor(random() * names.length)] as string;
    const times = Object.fromEntries(names.map((name) => {
      const start = Math.floor(random() * 50);
      return [name, (random() < 0.3 ? [null] : [start, start + Math.floor(random() * 9)]) as [number | null, number?]];
    }));
    const { steps, links } = chain(times, Array.from({ length: names.length * 2 }, () => [any(), any()]));
    const columns = columnsOf({ steps, links });
    for (const one of steps) for (const other of steps) {
      if (one.start && other.start && one.start < other.start) expect(columns.get(one.id)).toBeLessThanOrEqual(columns.get(other.id) ?? -1);
      if (one.end && other.start && one.end < other.start) expect(columns.get(one.id)).toBeLessThan(columns.get(other.id) ?? -1);
    }
    const { boxes, arrows, width, height } = draw(steps, links, columns);
    const all = [...boxes.values()];
    for (const [place, box] of all.entries()) {
      expect(box.x >= 0 && box.y >= 0 && box.x + BOX.width <= width && box.y + BOX.height <= height).toBe(true);
      for (const other of all.slice(place + 1)) expect(box.x !== other.x || Math.abs(box.y - other.y) >= BOX.height).toBe(true);
    }
    for (const { d } of arrows) {
      // Where an arrow passes a column it is level: `C… x y H x2`.
      for (const [, x, y] of d.matchAll(/ (-?[\d.]+) (-?[\d.]+)H/g)) {
        const behind = all.filter((box) => box.x === Number(x) && Number(y) > box.y && Number(y) < box.y + BOX.height);
        expect(behind).toEqual([]);
      }
    }
  });
});
