import { expect, test } from "vitest";
import type { Displacement, EmotionRow, RobotState } from "../../api/reports";
import { wholeTable } from "./csv";
import { seriesOf, sharesOf, told } from "./emotions";
import { everyHour } from "./hours";
import { lanesOfPaths, lanesOfStates, stateAt } from "./lanes";
import { appended, isPage } from "./rows";

const category = (label: string) => ({ iri: `urn:${label}`, label, kind: "category" as const });
const emotion = (label: string | null, time: string | null, intensity: number | null): EmotionRow => ({
  activity: { iri: "urn:a", label: "a", kind: "activity" }, time, intensity, category: label === null ? null : category(label), triggers: [], logs: [], problems: [],
});
const T = "2026-01-31T10:00:0";

test("each category is a series, in the order of the distribution; what has no place is no point", () => {
  const rows = [emotion("fear", `${T}1Z`, 0.8), emotion("joy", `${T}2Z`, 7), emotion(null, `${T}3Z`, 0.1), emotion("fear", null, 0.5), emotion("fear", `${T}4Z`, null)];
  const distribution = [{ category: category("joy"), count: 9, mean_intensity: 0.5 }, { category: category("fear"), count: 3, mean_intensity: null }, { category: null, count: 1, mean_intensity: null }];
  const series = seriesOf(rows, distribution);
  expect(series.map((one) => [one.name, one.points.map((point) => point.y)])).toEqual([["joy", [1]], ["fear", [0.8]], ["no category", [0.1]]]);
  expect(sharesOf(distribution).shares.map((one) => [one.name, one.count, one.mean])).toEqual([["joy", 9, 0.5], ["fear", 3, null], ["no category", 1, null]]);
});

test("rare categories are one series, and few bars", () => {
  const names = Array.from({ length: 30 }, (_none, place) => `c${place}`);
  const distribution = names.map((name, place) => ({ category: category(name), count: 100 - place, mean_intensity: 0.5 }));
  const series = seriesOf(names.map((name) => emotion(name, `${T}1Z`, 0.5)), distribution);
  expect(series).toHaveLength(9);
  expect(series.at(-1)).toMatchObject({ name: "others", points: { length: 22 } });
  expect(sharesOf(distribution)).toMatchObject({ shares: { length: 12 }, more: 18 });
});

test("a tooltip has short lines, whatever a log says", () => {
  const row = { ...emotion("x".repeat(9000), `${T}1Z`, 0.123456), triggers: [{ resource: category("m"), relation: "triggered_by_entity" as const, text: "y".repeat(9000) }] };
  expect(told(row).every((line) => line.length <= 56)).toBe(true);
});

const state = (number: number, place: string | null, battery: number | null, unit: string | null = "PERCENT"): RobotState => ({
  state: { iri: `urn:s${number}`, label: "s", kind: "state" }, robot: { iri: "urn:r", label: "R", kind: "robot" }, time: `${T}${number}Z`,
  location: place === null ? null : { iri: `urn:${place}`, label: place, kind: "location" }, logs: [], problems: [],
  properties: battery === null ? [] : [{ name: "battery_level", value: String(battery), number: battery, unit }],
});

test("states are stays until the robot is seen elsewhere, and charges in percent", () => {
  const [lane] = lanesOfStates([state(1, "hall", 80), state(2, null, 0.5, null), state(3, "hall", null), state(5, "dock", 0.5), state(6, "dock", 120)], new Map([["urn:r", "r"]]));
  expect(lane?.name).toBe("R (r)");
  expect(lane?.stays.map((stay) => [stay.label, stay.to - stay.from, stay.isLast, stay.state])).toEqual([["hall", 4000, false, "urn:s1"], ["dock", 1000, true, "urn:s5"]]);
  expect(lane?.charges.map((charge) => charge.percent)).toEqual([80, 50, 0.5, 100]);
  expect(lane?.stays.map((stay) => stay.known - stay.from)).toEqual([2000, 1000]);
  // A stay is two bars where it is not sure until its end.
  expect(lane && [stateAt([lane], 0, 0), stateAt([lane], 0, 1), stateAt([lane], 0, 2), stateAt([lane], 1, 2), stateAt([lane], 0, 9)]).toEqual(["urn:s1", "urn:s1", "urn:s5", "urn:s5", null]);
});

test("paths are the same stays", () => {
  const stay = (place: string, from: number, to: number) => ({ location: { iri: place, label: place, kind: "location" as const }, first_time: `${T}${from}Z`, last_time: `${T}${to}Z`, samples: 2, state: `${place}${from}`, logs: [] });
  const row: Displacement = { robot: { iri: "urn:r", label: "R", kind: "robot" }, samples: 4, untimed_samples: 0, changes: 1, locations: 2, path: [stay("hall", 1, 3), stay("dock", 5, 6)], problems: [] };
  expect(lanesOfPaths([row], new Map())[0]?.stays.map((one) => [one.label, one.to - one.from, one.isLast])).toEqual([["hall", 4000, false], ["dock", 1000, true]]);
});

test("hours without logs are hours, too", () => {
  const bars = everyHour([{ hour: "2026-01-31T10:00:00.000000Z", logs: 2 }, { hour: "2026-01-31T13:00:00.000000Z", logs: 1 }]);
  expect(bars.map((bar) => bar.y)).toEqual([2, 0, 0, 1]);
  expect(everyHour([])).toEqual([]);
});

test("further rows come after the first ones", () => {
  const page = (rows: unknown[], next: number | null) => ({ rows, total: 3, next_offset: next, without_time: 0 });
  expect(appended(page([1, 2], 2), page([3], null))).toEqual(page([1, 2, 3], null));
  expect([isPage(null), isPage(page([], null))]).toEqual([false, true]);
});

test("a table is one file with one header, however many answers it takes", async () => {
  const parts = [{ text: "a,b\r\n1,\"x\r\ny\"\r\n", next: 2 }, { text: "a,b\r\n2,z\r\n", next: 5 }, { text: "a,b\r\n", next: null }];
  const offsets: number[] = [];
  const told: number[] = [];
  const texts = await wholeTable(async (offset) => {
    offsets.push(offset);
    return parts[offsets.length - 1] ?? { text: "", next: null };
  }, (rows) => told.push(rows));
  expect(texts.join("")).toBe("a,b\r\n1,\"x\r\ny\"\r\n2,z\r\n");
  expect([offsets, told]).toEqual([[0, 2, 5], [2, 5]]);
  await expect(wholeTable(async () => ({ text: "a\r\n", next: 0 }), () => undefined)).rejects.toThrow("again");
});
