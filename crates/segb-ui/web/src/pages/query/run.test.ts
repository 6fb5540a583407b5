import { expect, it } from "vitest";
import { asCurl } from "./run";

it("quotes for the shell, and never has the token in it", () => {
  const line = asCurl("http://127.0.0.1:8080", "ASK { ?s ?p 'it''s' }", true);
  expect(line).toContain(`--data-binary 'ASK { ?s ?p '\\''it'\\'''\\''s'\\'' }'`);
  expect(line).toContain("$SEGB_API_TOKEN");
  expect(asCurl("x", "ASK {}", false)).not.toContain("Authorization");
});
