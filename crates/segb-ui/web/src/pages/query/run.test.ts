import { expect, it } from "vitest";
import { asCurl, bodyOf, summary } from "./run";

it("quotes for the shell, and never has the token in it", () => {
  const line = asCurl("http://127.0.0.1:8080", "ASK { ?s ?p 'it''s' }", true);
  expect(line).toContain(`--data-binary 'ASK { ?s ?p '\\''it'\\'''\\''s'\\'' }'`);
  expect(line).toContain("$SEGB_API_TOKEN");
  expect(asCurl("x", "ASK {}", false)).not.toContain("Authorization");
});

it("measures bytes, not characters", async () => {
  expect(await bodyOf(new Response("Zoë, 你好"))).toEqual({ text: "Zoë, 你好", bytes: 12 });
});

it("counts one row as one", () => {
  const answer = { raw: "", mediaType: "", bytes: 0, ms: 0 };
  expect([
    summary({ ...answer, form: "rows", solutions: { variables: [], rows: [{}] } }),
    summary({ ...answer, form: "graph", triples: [] }),
    summary({ ...answer, form: "truth", value: false }),
  ]).toEqual(["1 row", "0 triples", "no"]);
});
