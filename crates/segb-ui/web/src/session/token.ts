/** What a token says about its bearer. The server verifies it; this is only for showing. */
export type Role = "logger" | "auditor" | "admin";

export interface Claims {
  username: string;
  name: string | null;
  roles: Role[];
  /** Milliseconds since 1970. */
  expiresAt: number;
  notBefore: number | null;
  id: string | null;
}

const ROLES: readonly string[] = ["logger", "auditor", "admin"];

function decodePart(part: string): unknown {
  const base64 = part.replaceAll("-", "+").replaceAll("_", "/");
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
}

/** Takes a token out of what somebody pastes or drops: `Bearer …`, the JSON of the token tool, or the token alone. */
export function tokenIn(text: string): string {
  const trimmed = text.trim();
  if (trimmed.startsWith("{")) {
    try {
      const json = JSON.parse(trimmed) as { token?: unknown };
      if (typeof json.token === "string") return json.token.trim();
    } catch {
      // Not JSON after all: it is judged as a token below.
    }
  }
  return trimmed.replace(/^bearer\s+/i, "").replace(/^[A-Z_]*TOKEN=/, "").trim();
}

/** Reads the claims; throws an Error that says what is wrong. */
export function readToken(token: string): Claims {
  const parts = token.split(".");
  if (parts.length !== 3) throw new Error("This is no token: a token has three parts, separated by dots.");
  let payload: Record<string, unknown>;
  try {
    payload = decodePart(parts[1] ?? "") as Record<string, unknown>;
  } catch {
    throw new Error("This is no token: its middle part cannot be read.");
  }
  const { username, roles, exp, nbf, jti, name } = payload;
  if (typeof username !== "string" || username.trim() === "") throw new Error("The token names no user.");
  if (!Array.isArray(roles) || roles.length === 0 || !roles.every((role) => ROLES.includes(role))) {
    throw new Error("The token has no roles that are known here: logger, auditor, admin.");
  }
  if (typeof exp !== "number") throw new Error("The token does not say when it expires.");
  return {
    username,
    name: typeof name === "string" ? name : null,
    roles: roles as Role[],
    expiresAt: exp * 1000,
    notBefore: typeof nbf === "number" ? nbf * 1000 : null,
    id: typeof jti === "string" ? jti : null,
  };
}
