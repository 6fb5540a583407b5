import { describe, expect, it } from "vitest";
import { lanesOf, pack, type Activity, type Interaction } from "./model";
import { thumbOf } from "./draw";
import { clamped, isoOf, millis, ticks, zoomed } from "./scale";
import { placements } from "./scene";
import { chainOf, densityOf, firstFrom, firstView, inUse, itemsOf } from "./view";

function activity(iri: string, start: number, end: number, more: Partial<Activity> = {}): Activity {
  return { iri, label: iri, type: "Listening", robot: "urn:ari", start, end, text: null, speaker: null, events: [], people: [], odd: null, ...more };
}
function interaction(activities: Activity[], more: Partial<Interaction> = {}): Interaction {
  return { activities, emotions: [], states: [], causes: new Map(), makers: new Map(), labels: new Map(), cut: null, unplaced: 0, ...more };
}

describe("time", () => {
  it("is read to the microsecond, and without a zone as UTC", () => {
    expect(millis("1970-01-01T00:00:01.000002Z")).toBeCloseTo(1000.002, 6);
    expect(millis("1970-01-01T01:00:00+01:00")).toBe(0);
    expect(millis("1970-01-01T00:00:01")).toBe(1000);
    expect(isoOf(millis("2026-01-31T10:00:00.123456Z") ?? 0)).toBe("2026-01-31T10:00:00.123456Z");
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
        emotions: [{ iri: "e", set: "s", activity: "a", human: "urn:ana", category: "fear", intensity: 0.8, time: 5 }],
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
    expect(lanesOf(data, { robot: "urn:ari", human: "urn:nobody" })).toEqual([]);
  });
  it("of one name are told apart by their IRIs", () => {
    const robots = ["urn:lab/ari1", "urn:lab/ari2", "urn:lab/tiago"];
    const data = interaction(robots.map((robot, place) => activity(`a${place}`, place, place + 1, { robot })), { labels: new Map([[robots[0] ?? "", "ARI"], [robots[1] ?? "", "ARI"]]) });
    expect(lanesOf(data, { robot: "", human: "" }).map((lane) => lane.label)).toEqual(["ARI (ari1)", "ARI (ari2)", "tiago"]);
  });
  it("are those of the robots that had to do with a person, if one is asked for", () => {
    const data = interaction([activity("a", 0, 1, { robot: "urn:ari", people: ["urn:ana"] }), activity("b", 2, 3, { robot: "urn:tiago", text: "hi", speaker: "urn:ana" }), activity("c", 4, 5, { robot: "urn:pepper" })]);
    expect(lanesOf(data, { robot: "", human: "urn:ana" }).map((lane) => [lane.iri, lane.bars.length])).toEqual([["urn:ana", 0], ["urn:ari", 1]]);
    expect(lanesOf(data, { robot: "urn:tiago", human: "" }).map((lane) => [lane.iri, lane.messages.length + lane.bars.length])).toEqual([["urn:ana", 1], ["urn:tiago", 1]]);
    expect(lanesOf(data, { robot: "urn:ari", human: "" }).map((lane) => lane.iri)).toEqual(["urn:ari"]);
  });
  it("end the last stay where nothing more is known of the robot", () => {
    const state = (iri: string, time: number): Interaction["states"][number] => ({ iri, robot: "urn:ari", time, location: iri, locationIri: `urn:${iri}`, note: "" });
    const data = interaction([activity("a", 0, 40), activity("late", 9e9, 9e9, { robot: "urn:other" })], { states: [state("hall", 10), state("sofa", 20)] });
    const [ari] = lanesOf(data, { robot: "urn:ari", human: "" });
    expect(ari?.stays.map((stay) => [stay.state.iri, stay.from, stay.known, stay.to, stay.isOpen])).toEqual([["hall", 10, 10, 20, false], ["sofa", 20, 20, 40, true]]);
  });
  it("have everything that can be chosen, by time", () => {
    const data = interaction([activity("a", 5, 9)], {
      emotions: [{ iri: "e1", set: "s", activity: "a", human: "urn:ana", category: "fear", intensity: 0.8, time: 5 }, { iri: "e2", set: "s", activity: "a", human: "urn:ana", category: "sadness", intensity: null, time: 5 }],
      states: [{ iri: "st", robot: "urn:ari", time: 1, location: null, locationIri: null, note: "ready" }],
    });
    const lanes = lanesOf(data, { robot: "", human: "" });
    expect(itemsOf(lanes).map((one) => [one.iri, one.kind, one.label])).toEqual([["st", "state", "state"], ["a", "activity", "a"], ["e1", "emotion", "fear"], ["e2", "emotion", "sadness"]]);
    expect([...densityOf(lanes, { from: 0, to: 10 }, 2)]).toEqual([0, 1]);
  });
  it("are in use if something on them is in sight", () => {
    const data = interaction([activity("a", 0, 100, { robot: "urn:r1" }), activity("b", 200, 210, { robot: "urn:r2" }), activity("c", 300, 310, { robot: "urn:r3" })]);
    const lanes = lanesOf(data, { robot: "", human: "" });
    const used = (from: number, to: number): string[] => inUse(lanes, { from, to }).map((lane) => lane.label);
    expect([used(50, 60), used(150, 205), used(220, 290), used(90, 400)]).toEqual([["r1"], ["r2"], ["r1", "r2", "r3"], ["r1", "r2", "r3"]]);
  });
  it("have a scroll bar if they do not fit", () => {
    const lanes = lanesOf(interaction(Array.from({ length: 30 }, (_, place) => activity(`a${place}`, 0, 1, { robot: `urn:r${place}` }))), { robot: "", human: "" });
    const { placed, height } = placements(lanes);
    expect(thumbOf({ placed, scroll: 0, height: height + 100 })).toBeNull();
    const thumb = thumbOf({ placed, scroll: height - 274, height: 300 });
    expect((thumb?.top ?? 0) + (thumb?.height ?? 0)).toBeCloseTo(300, 6);
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

it("looks at the latest conversation, or at that of a moment, in its whole length", () => {
  const talk = (day: number): Activity[] => Array.from({ length: 7 }, (_, place) => activity(`d${day}a${place}`, day * 864e5 + place * 43_000, day * 864e5 + place * 43_000 + 2000));
  const data = interaction([...talk(1), ...talk(40), activity("alone", 80 * 864e5, 80 * 864e5)]);
  const view = firstView(data);
  expect([Math.floor(view.from / 864e5), view.to - view.from > 258_000, view.to - view.from < 400_000]).toEqual([39, true, true]);
  const other = firstView(data, 864e5 + 100_000);
  expect(other.from <= 864e5 && other.to >= 864e5 + 260_000 && other.to < 2 * 864e5).toBe(true);
  const few = firstView(interaction([activity("a", 0, 5)]));
  expect(few.from <= 0 && few.to >= 5).toBe(true);
});

it("follows causes both ways, and circles end", () => {
  const causes = new Map([["c", ["b"]], ["b", ["a"]], ["a", ["c"]], ["d", ["c"]]]);
  const chain = chainOf(interaction([], { causes }), "b");
  expect([[...chain.causes].sort(), [...chain.effects].sort()]).toEqual([["a", "c"], ["a", "c", "d"]]);
});
