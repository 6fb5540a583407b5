import { expect, it } from "vitest";
import { ago, clock, count, duration, inUtc, moment, shownInField, size } from "./time";

it.each([
  ["2026-01-31T10:00:00.123456Z", 3, "2026-01-31 10:00:00.123"],
  ["2026-01-31T10:00:00.123456Z", 6, "2026-01-31 10:00:00.123456"],
  ["2026-01-31T11:00:00+01:00", 0, "2026-01-31 10:00:00"],
  ["yesterday", 3, "yesterday"],
  [null, 3, "–"],
] as const)("moment %j to %d digits is %j", (iso, digits, expected) => expect(moment(iso, digits)).toBe(expected));

it("shows the clock alone", () => expect(clock("2026-01-31T10:00:00.5Z")).toBe("10:00:00.500"));

it.each([
  [0.02, "20 µs"],
  [5.25, "5.3 ms"],
  [250, "250 ms"],
  [3_200, "3.2 s"],
  [65_000, "1 min 5 s"],
  [3_900_000, "1 h 5 min"],
  [200 * 3_600_000, "8 d 8 h"],
])("%d ms is %j", (ms, expected) => expect(duration(ms)).toBe(expected));

it("speaks of the past and the future", () => {
  expect(ago("2026-01-31T10:00:00Z", Date.parse("2026-01-31T10:00:30Z"))).toBe("30 s ago");
  expect(ago("2026-01-31T10:00:00Z", Date.parse("2026-01-31T09:59:00Z"))).toBe("in 1 min 0 s");
});

it("shortens bytes and groups digits", () => {
  expect([size(999), size(12_345), size(3_400_000)]).toEqual(["999 B", "12 kB", "3.4 MB"]);
  expect(count(1_234_567)).toBe("1\u202f234\u202f567");
});

it("takes what a field gives as UTC", () => {
  expect(["2026-01-31T10:00:00Z", "2026-01-31T10:00:00.250Z", "2026-01-31T11:00:01+01:00", "2026-01-31T10:00", "", "noonZ"].map(shownInField)).toEqual(["2026-01-31T10:00:00", "2026-01-31T10:00:00.250", "2026-01-31T10:00:01", "2026-01-31T10:00", "", "noonZ"]);
  expect([inUtc("2026-01-31T10:00"), inUtc("2026-01-31T10:00:01"), inUtc("2026-01-31T10:00:01+01:00"), inUtc("")]).toEqual(["2026-01-31T10:00:00Z", "2026-01-31T10:00:01Z", "2026-01-31T10:00:01+01:00", ""]);
});
