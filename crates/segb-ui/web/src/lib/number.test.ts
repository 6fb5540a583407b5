import { expect, test } from "vitest";
import { readable } from "./number";

test.each([
  [9.1e-1, "0.91"], [0.1 + 0.2, "0.3"], [0, "0"], [-0.25, "−0.25"], [87, "87"], [12_345, "12\u202f345"], [-12_345, "−12\u202f345"],
  [1234.5678, "1235"], [123456.7, "123457"], [0.000_091_234, "9.123 × 10⁻⁵"], [2.5e12, "2\u202f500\u202f000\u202f000\u202f000"], [6.02e23, "6.02 × 10²³"],
  [0.99999, "1"], [null, "–"], [undefined, "–"], [Number.NaN, "–"], [Number.POSITIVE_INFINITY, "∞"],
])("%s is read as %s", (number, expected) => expect(readable(number)).toBe(expected));
