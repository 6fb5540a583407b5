import { expect, it } from "vitest";
import { piecesOf, visible } from "./visible";

it.each([
  ["\u202egnp.exe", "⟦U+202E⟧gnp.exe"],
  ["a\u2066b\u2069\u200f", "a⟦U+2066⟧b⟦U+2069⟧⟦U+200F⟧"],
  ["\u001b[31mred\u0000\u009b", "⟦U+001B⟧[31mred⟦U+0000⟧⟦U+009B⟧"],
  ["tag\u{e0041}", "tag⟦U+E0041⟧"],
  ["lines\r\nand\ttabs\nstay, a return\ralone does not", "lines\r\nand\ttabs\nstay, a return⟦U+000D⟧alone does not"],
  ["שלום مرحبا 👩‍👧 می‌خواهم", "שלום مرحبا 👩‍👧 می‌خواهم"],
])("%j is shown as %j", (text, expected) => expect(visible(text)).toBe(expected));

it("says what a mark stands for", () => {
  expect(piecesOf("a\u202eb")).toEqual([{ text: "a" }, { text: "⟦U+202E⟧", mark: "U+202E, right-to-left override" }, { text: "b" }]);
  expect(piecesOf("")).toEqual([]);
});
