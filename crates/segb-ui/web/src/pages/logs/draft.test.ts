import { beforeEach, expect, it } from "vitest";
import { Attempts, DRAFT_CHARACTERS_MAX, keepDraft, keptDraft } from "./draft";

beforeEach(() => {
  const kept = new Map<string, string>();
  globalThis.sessionStorage = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  } as Storage;
});

it("leaves no older draft in the place of one that is too large", () => {
  expect([keepDraft("<urn:a> a <urn:b> ."), keptDraft()]).toEqual([true, "<urn:a> a <urn:b> ."]);
  expect([keepDraft("x".repeat(DRAFT_CHARACTERS_MAX + 1)), keptDraft()]).toEqual([false, ""]);
  sessionStorage.setItem = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  expect([keepDraft("small"), keptDraft()]).toEqual([false, ""]);
});

it("gives the same document of the same sender the same key, until it is meant to be stored twice", () => {
  const attempts = new Attempts();
  const { key } = attempts.of("a", "");
  expect(attempts.of("b", "").key).not.toBe(key);
  expect(attempts.of("a", "ari").key).not.toBe(key);
  expect(attempts.of("a", "").key).toBe(key);
  attempts.forget("a", "");
  expect(attempts.of("a", "").key).not.toBe(key);
});

it("knows the key of a draft after the page was loaded again, and not that of an edited one", () => {
  keepDraft("a");
  const { key } = new Attempts().of("a", "");
  expect(new Attempts().of("a", "").key).toBe(key);
  keepDraft("b");
  keepDraft("a");
  expect(new Attempts().of("a", "").key).not.toBe(key);
});
