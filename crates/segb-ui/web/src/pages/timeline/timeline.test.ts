import { describe, expect, it } from "vitest";
import { chainOf, firstFrom, firstView, lanesOf, pack, type Activity, type Interaction } from "./model";
import { clamped, millis, ticks, zoomed } from "./scale";

function activity(iri: string, start: number, end: number, more: Partial<Activity> = {}): Activity {
  return { iri, label: iri, type: "Listening", robot: "urn:ari", start, end, text: null, speaker: null, events: [], isOdd: false, ...more };
}
function interaction(activities: Activity[], more: Partial<Interaction> = {}): Interaction {
  return { activities, emotions: [], states: [], causes: new Map(), labels: new Map(), isCut: false, ...more };
}

describe("time", () => {
  it("is read to the microsecond, and without a zone as UTC", () => {
    expect(millis("1970-01-01T00:00:01.000002Z")).toBeCloseTo(1000.002, 6);
    expect(millis("1970-01-01T01:00:00+01:00")).toBe(0);
    expect(millis("1970-01-01T00:00:01")).toBe(1000);
    expect([millis("yesterday"), millis(""), millis(null)]).toEqual([null, null, null]);
  });
  it.each([
    [0, 86_400_000 * 3, "1970-01-02"],
    [0, 3_600_000, "00:10"],
    [0, 10_000, "00:00:01"],
    [0, 100, "00:00:00.01"],
    [0, 0.1, "00:00:00.000010"],
  ])("from %d to %d has a mark %s", (from, to, label) => {
    const marks = ticks({ from, to }, 1000);
    expect(marks.map((mark) => mark.label)).toContain(label);
    expect(marks.length).toBeLessThan(15);
    expect(marks.length).toBeGreaterThan(1);
  });
  it("zooms around the pointer and keeps the data in sight", () => {
    const limit = { from: 0, to: 1000 };
    expect(zoomed({ from: 0, to: 1000 }, 250, 0.5, limit)).toEqual({ from: 125, to: 625 });
    expect(clamped({ from: 5000, to: 5100 }, limit)).toEqual({ from: 950, to: 1050 });
    expect(zoomed({ from: 0, to: 1000 }, 500, 100, limit).to).toBeLessThanOrEqual(1300);
    expect(zoomed({ from: 0, to: 0.02 }, 0.01, 0.0001, limit)).toEqual({ from: 0.005, to: 0.015 });
  });
});

describe("lanes", () => {
  it("have rows only where bars overlap", () => {
    const rows = pack([[0, 10], [5, 8], [10, 12], [11, 20]], ([start]) => start as number, ([, end]) => end as number).map(({ row }) => row);
    expect(rows).toEqual([0, 1, 0, 1]);
    const many = pack(Array.from({ length: 100 }, () => [0, 10]), () => 0, () => 10, 4);
    expect(Math.max(...many.map(({ row }) => row))).toBe(3);
  });
  it("are people first, with what they said and felt", () => {
    const data = interaction(
      [activity("a", 0, 10, { text: "hello", speaker: "urn:ana" }), activity("b", 12, 14, { text: "hi", speaker: "urn:ari" })],
      {
        emotions: [{ iri: "e", activity: "a", human: "urn:ana", category: "fear", intensity: 0.8, time: 5 }],
        states: [{ iri: "s", robot: "urn:tiago", time: 3, location: "kitchen", locationIri: null, note: "" }],
        labels: new Map([["urn:ana", "Ana"]]),
      },
    );
    const lanes = lanesOf(data, { robot: "", human: "" });
    expect(lanes.map((lane) => [lane.label, lane.kind, lane.bars.length, lane.messages.length, lane.emotions.length, lane.stays.length])).toEqual([
      ["Ana", "human", 0, 1, 1, 0],
      ["ari", "robot", 2, 0, 0, 0],
      ["tiago", "robot", 0, 0, 0, 1],
    ]);
    expect(lanesOf(data, { robot: "urn:ari", human: "urn:nobody" }).map((lane) => lane.iri)).toEqual(["urn:ari"]);
  });
  it("find what is in sight without looking at all of it", () => {
    const items = Array.from({ length: 1000 }, (_, place) => place * 2);
    expect([firstFrom(items, 0, (one) => one), firstFrom(items, 501, (one) => one), firstFrom(items, 1e9, (one) => one)]).toEqual([0, 251, 1000]);
  });
});

it("looks at the conversation first, not at the training of years ago", () => {
  const view = firstView(interaction([activity("training", 0, 5000), ...Array.from({ length: 20 }, (_, place) => activity(`a${place}`, 1e9 + place * 100, 1e9 + place * 100 + 50))]));
  expect(view.from).toBeGreaterThan(9e8);
  expect(view.to - view.from).toBeLessThan(10_000);
});

it("follows causes both ways, and circles end", () => {
  const causes = new Map([["c", ["b"]], ["b", ["a"]], ["a", ["c"]], ["d", ["c"]]]);
  const chain = chainOf(interaction([], { causes }), "b");
  expect([[...chain.causes].sort(), [...chain.effects].sort()]).toEqual([["a", "c"], ["a", "c", "d"]]);
});

it("places ten thousand activities quickly", () => {
  const activities = Array.from({ length: 10_000 }, (_, place) => activity(`a${place}`, place * 10, place * 10 + 35, { robot: `urn:r${place % 5}` }));
  const start = performance.now();
  const lanes = lanesOf(interaction(activities), { robot: "", human: "" });
  expect(lanes.reduce((sum, lane) => sum + lane.bars.length, 0)).toBe(10_000);
  expect(performance.now() - start).toBeLessThan(500);
});
