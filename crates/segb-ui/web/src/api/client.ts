import { brokenOff, isAbort, problemOf, stranger, strangerIn, unreachable, type ApiProblem } from "./problem";

export type Parameters = Record<string, string | number | boolean | string[] | null | undefined>;

export interface Call {
  method?: "GET" | "POST" | "DELETE";
  query?: Parameters;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is. */
  body?: string;
  contentType?: string;
  accept?: string;
  signal?: AbortSignal;
  headers?: Record<string, string>;
  /** Another token than that of the session, to try it; the session is not told if it is not good. */
  bearer?: string;
}

/** What the session gives and wants to know; it registers itself, so that this file knows no store. */
interface Identity {
  token(): string | null;
  refused(problem: ApiProblem): void;
}

let identity: Identity = { token: () => null, refused: () => undefined };

export function identifyBy(session: Identity): void {
  identity = session;
}

/** The path of a call with its parameters; the empty ones are left out. */
export function pathOf(path: string, query: Parameters = {}): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === "") continue;
    for (const item of Array.isArray(value) ? value : [value]) pairs.append(name, String(item));
  }
  const text = pairs.toString();
  return text ? `/api${path}?${text}` : `/api${path}`;
}

/** The whole body; the connection may end in the middle of it. */
async function textOf(response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    throw isAbort(error) ? error : brokenOff();
  }
}

async function jsonOf<T>(response: Response): Promise<T> {
  const text = await textOf(response);
  try {
    return JSON.parse(text) as T;
  } catch {
    throw stranger("what came is no JSON");
  }
}

/** Makes a call; every status that is no success is an [ApiProblem]. The token is in a header, never in the address. */
export async function send(path: string, call: Call = {}): Promise<Response> {
  const headers = new Headers(call.headers);
  if (call.accept) headers.set("accept", call.accept);
  const token = call.bearer ?? identity.token();
  if (token) headers.set("authorization", `Bearer ${token}`);
  let body = call.body;
  if (call.json !== undefined) {
    headers.set("content-type", "application/json");
    body = JSON.stringify(call.json);
  } else if (call.contentType) {
    headers.set("content-type", call.contentType);
  }
  let response: Response;
  try {
    response = await fetch(pathOf(path, call.query), {
      method: call.method ?? (body === undefined ? "GET" : "POST"),
      headers,
      body: body ?? null,
      signal: call.signal ?? null,
      credentials: "omit",
      redirect: "manual",
      cache: "no-store",
    });
  } catch (error) {
    throw isAbort(error) ? error : unreachable();
  }
  const other = strangerIn(response);
  if (other) throw stranger(other);
  if (response.ok) return response;
  const problem = problemOf(response.status, await textOf(response), response.headers);
  // A token that another tab replaced meanwhile is not this one's fault.
  if (problem.isExpired && call.bearer === undefined && token === identity.token()) identity.refused(problem);
  throw problem;
}

export async function getJson<T>(path: string, query?: Parameters, signal?: AbortSignal): Promise<T> {
  const response = await send(path, { ...(query && { query }), ...(signal && { signal }), accept: "application/json" });
  return await jsonOf<T>(response);
}

export async function postJson<T>(path: string, json: unknown, signal?: AbortSignal): Promise<T> {
  const response = await send(path, { method: "POST", json, ...(signal && { signal }), accept: "application/json" });
  return await jsonOf<T>(response);
}

export async function getText(path: string, call: Call = {}): Promise<string> {
  return await textOf(await send(path, call));
}
