import { describe, expect, it } from "vitest";
import { readToken, tokenIn } from "./token";

function token(payload: unknown): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "HS256" })}.${part(payload)}.c2ln`;
}

describe("tokenIn", () => {
  it.each([
    ["a.b.c", "a.b.c"],
    ["  Bearer a.b.c\n", "a.b.c"],
    ['{"token": "a.b.c", "username": "ana"}', "a.b.c"],
    ["SEGB_API_TOKEN=a.b.c", "a.b.c"],
    ["{broken", "{broken"],
  ])("%j", (text, expected) => expect(tokenIn(text)).toBe(expected));
});

describe("readToken", () => {
  it("reads what is there, in any script", () => {
    const claims = readToken(token({ username: "añá 人", roles: ["auditor"], exp: 100, jti: "x", nbf: 50 }));
    expect(claims).toEqual({ username: "añá 人", name: null, roles: ["auditor"], expiresAt: 100_000, notBefore: 50_000, id: "x" });
  });
  it.each([
    ["abc", "three parts"],
    ["a.%%%.c", "cannot be read"],
    [token({ roles: ["auditor"], exp: 1 }), "no user"],
    [token({ username: "a", roles: ["auditor", "root"], exp: 1 }), "no roles"],
    [token({ username: "a", roles: [], exp: 1 }), "no roles"],
    [token({ username: "a", roles: ["admin"] }), "expires"],
  ])("%j says %j", (text, message) => expect(() => readToken(text)).toThrow(message));
});
