import { expect, it } from "vitest";
import { ApiProblem, asProblem, positionIn, problemOf, strangerIn } from "./problem";

const NAMED = new Headers({ "x-request-id": "ab12" });

it.each([
  [422, '{"detail":"No query."}', NAMED, "answer", 422, "No query."],
  [422, '{"detail":[{"type":"missing","loc":["query","q"],"msg":"Field required"}]}', NAMED, "answer", 422, "q: Field required"],
  [503, '{"ready":false}', new Headers(), "answer", 503, "The server answered 503."],
  [500, "", NAMED, "answer", 500, "The server answered 500."],
  [502, "", new Headers(), "stranger", 0, "The answer is not one of SEGB: status 502 came without a word."],
  [504, "upstream timed out", new Headers(), "stranger", 0, "The answer is not one of SEGB: status 504 came."],
] as const)("%d with %j", (status, body, headers, kind, shownStatus, message) => {
  const problem = problemOf(status, body, headers);
  expect([problem.kind, problem.status, problem.message]).toEqual([kind, shownStatus, message]);
});

it("knows pages and redirects as somebody else's", () => {
  expect(strangerIn(new Response("<html>", { headers: { "content-type": "text/html; charset=utf-8" } }))).toContain("a web page");
  expect(strangerIn(new Response("{}", { headers: { "content-type": "application/json" } }))).toBeNull();
});

it.each([
  [new TypeError("Failed to fetch dynamically imported module: /assets/x.js"), "connection", /cannot be reached/],
  [new TypeError("network error"), "connection", /cannot be reached/],
  [new TypeError("a is not a function"), "page", /^The page made a mistake: a is not/],
  [new Error("The drawing would have too many resources."), "page", /^The drawing/],
  ["words", "page", /^words$/],
] as const)("%s is of the kind %s", (thrown, kind, message) => {
  const problem = asProblem(thrown);
  expect(problem.kind).toBe(kind);
  expect(problem.message).toMatch(message);
});

it("tries again only what may work later", () => {
  expect([asProblem(new TypeError("Load failed")), asProblem(new Error("x")), new ApiProblem(503, ""), new ApiProblem(404, "")].map((one) => one.isTemporary)).toEqual([true, false, true, false]);
});

it("finds the place of a mistake", () => {
  expect([positionIn("error at line 3, column 5"), positionIn("error at 2:7: x"), positionIn("no place")]).toEqual([{ line: 3, column: 5 }, { line: 2, column: 7 }, null]);
});
