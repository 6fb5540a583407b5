import { expect, it } from "vitest";
import type { ServerLogEntry } from "../../api/types";
import { isOwn, LogTail, newSince } from "./tail";

const entry = (raw: string, message = raw, actor = "ana"): ServerLogEntry => ({ raw, message, actor, level: "INFO", logger: "", origin_ip: "-", request_id: "-", timestamp: "" });
const window = (text: string): ServerLogEntry[] => [...text].map((one) => entry(one));
const raws = (entries: readonly { raw: string }[] | null): string | null => entries && entries.map((one) => one.raw).join("");

it.each([
  ["abc", "abc", ""],
  ["abc", "bcde", "de"],
  ["abc", "xyabcd", "d"],
  ["aab", "aabaab", ""],
  ["abc", "cde", "de"],
  ["abc", "def", null],
  ["", "ab", null],
] as const)("after %j, %j has %j", (before, now, fresh) => expect(raws(newSince(window(before), window(now)))).toBe(fresh));

it("keeps numbers and what fell out of the window", () => {
  const tail = new LogTail();
  const noB = (one: ServerLogEntry): boolean => one.raw !== "b";
  tail.take(window("abc"), 3, noB);
  const [, c] = tail.entries;
  tail.take(window("cbd"), 3, noB);
  expect(raws(tail.entries)).toBe("acd");
  expect(tail.entries[1]?.number).toBe(c?.number);
  tail.take(window("de"), 3, noB);
  expect(raws(tail.entries)).toBe("cde");
  tail.take(window("xy"), 3, noB);
  expect(raws(tail.entries)).toBe("xy");
});

it("takes for its own only what the same person's reading made", () => {
  const messages = ["HTTP GET /logs/server -> 200 (0.3 ms)", "HTTP GET /api/logs/server -> 200 (0.3 ms)", "gave out 4 entries of the server log", "HTTP GET /logs -> 200 (1 ms)"];
  expect(messages.map((message) => isOwn(entry("", message), "ana"))).toEqual([true, true, true, false]);
  expect(isOwn(entry("", messages[0]), "ben")).toBe(false);
});
