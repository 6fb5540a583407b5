import { expect, test } from "vitest";
import { clipped } from "./look";
import { emotionMark } from "./marks";
import { days, spanOf, spanOfTimes } from "./timeAxis";

test("a span has a margin, also around one moment", () => {
  expect(spanOf([null])).toBeNull();
  expect(spanOf([1000, null, 101_000])).toEqual({ from: -2000, to: 104_000 });
  expect(spanOfTimes(["1970-01-01T00:00:01Z", null, "nonsense"])).toEqual({ from: 500, to: 1500 });
});

test("an axis says its days", () => {
  expect(days({ from: 0, to: 1000 })).toBe("1970-01-01, UTC");
  expect(days({ from: 0, to: 86_400_000 })).toBe("1970-01-01 to 1970-01-02, UTC");
});

test("a line is cut by characters, not in the middle of one", () => {
  expect(clipped("a\nb\t c", 9)).toBe("a b c");
  expect(clipped("🤖🤖🤖🤖", 3)).toBe("🤖🤖…");
  expect(clipped("x".repeat(20_000), 5)).toBe("xxxx…");
});

test("emotions keep their marks", () => {
  expect(emotionMark("Fear").style).toBe("triangle");
  expect(emotionMark("made up")).toEqual(emotionMark("other"));
  expect(emotionMark(null)).not.toEqual(emotionMark("made up"));
  expect(emotionMark("constructor").style).toBe("crossRot");
});
