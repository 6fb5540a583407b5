import { expect, it } from "vitest";
import { fitsAddress, startFrom } from "./draft";

it.each([
  ["nothing is there", "", null, "example", ""],
  ["a draft", "", { text: "mine", of: "ran" }, "mine", "ran"],
  ["a link", "linked", null, "linked", "linked"],
  ["a draft of the linked query", "linked", { text: "linked, changed", of: "linked" }, "linked, changed", "linked"],
  ["a draft of another query", "linked", { text: "mine", of: "ran" }, "linked", "linked"],
] as const)("%s: the editor starts with it", (_, linked, draft, text, of) => {
  expect(startFrom(linked, draft, "example")).toEqual({ text, of });
});

it("keeps long queries out of addresses", () => {
  expect([fitsAddress(`/query?q=${"x".repeat(5_900)}`), fitsAddress(`/query?q=${encodeURIComponent("{ }".repeat(800))}`)]).toEqual([true, false]);
});
