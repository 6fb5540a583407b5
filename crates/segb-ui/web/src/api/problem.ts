/** What is wrong with one part of a request. */
export interface FieldProblem {
  type: string;
  loc: (string | number)[];
  msg: string;
}

/**
 * Whose problem it is: an `answer` of the API that is no success; no `connection` to it, or one that ended too early;
 * a `stranger` that answered in the place of the API, as a proxy does; the `page` itself.
 */
export type ProblemKind = "answer" | "connection" | "stranger" | "page";

/** A call that did not give an answer, in the words of docs/api.md, or another reason why something cannot be shown. */
export class ApiProblem extends Error {
  constructor(
    /** 0 if the API gave no answer. */
    readonly status: number,
    message: string,
    readonly fields: FieldProblem[] = [],
    readonly requestId: string | null = null,
    readonly retryAfterS: number | null = null,
    readonly kind: ProblemKind = status === 0 ? "page" : "answer",
  ) {
    super(message);
    this.name = "ApiProblem";
  }

  get isExpired(): boolean {
    return this.status === 401;
  }

  get isForbidden(): boolean {
    return this.status === 403;
  }

  get isTemporary(): boolean {
    return this.kind === "connection" || this.kind === "stranger" || this.status === 503 || this.status === 504;
  }
}

/** The position of a mistake in a text, counted from 1, as the server's messages name it. */
export interface Position {
  line: number;
  column: number;
}

/** Finds “line 3, column 5” or “at 3:5” in a message. */
export function positionIn(message: string): Position | null {
  const found = /line (\d+),? column (\d+)/i.exec(message) ?? /\bat (\d+):(\d+)/.exec(message);
  return found ? { line: Number(found[1]), column: Number(found[2]) } : null;
}

function isFieldList(detail: unknown): detail is FieldProblem[] {
  return Array.isArray(detail) && detail.every((item) => typeof item?.msg === "string");
}

/** No answer, or only a part of one. */
export function unreachable(message = "The server cannot be reached. Is it running?"): ApiProblem {
  return new ApiProblem(0, message, [], null, null, "connection");
}

export function brokenOff(): ApiProblem {
  return unreachable("The connection ended before the answer was complete.");
}

/** An answer that is not of the API. */
export function stranger(what: string): ApiProblem {
  return new ApiProblem(0, `The answer is not one of SEGB: ${what}.`, [], null, null, "stranger");
}

/** What an answer is that is not of the API, which gives no pages and redirects nowhere; null if it may be of it. */
export function strangerIn(response: Response): string | null {
  if (response.type === "opaqueredirect") return "it leads to another address";
  const type = response.headers.get("content-type") ?? "";
  return /^(text\/html|application\/xhtml)/i.test(type) ? `a web page came, with status ${response.status}` : null;
}

/** Makes the problem of an answer that is no success. */
export function problemOf(status: number, body: string, headers: Headers): ApiProblem {
  const requestId = headers.get("x-request-id");
  const retry = Number(headers.get("retry-after"));
  const retryAfterS = Number.isFinite(retry) && retry > 0 ? retry : null;
  let detail: unknown;
  try {
    detail = (JSON.parse(body) as { detail?: unknown } | null)?.detail;
  } catch {
    // The API names every request, and says in JSON what is wrong.
    if (!requestId) return stranger(`status ${status} came${body.trim() === "" ? " without a word" : ""}`);
  }
  if (isFieldList(detail)) {
    const text = detail.map((field) => `${field.loc.slice(1).join(".") || "body"}: ${field.msg}`).join("; ");
    return new ApiProblem(status, text, detail, requestId, retryAfterS);
  }
  const text = typeof detail === "string" ? detail : `The server answered ${status}.`;
  return new ApiProblem(status, text, [], requestId, retryAfterS);
}

/** Whether somebody stopped the call on purpose. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/** How browsers word it if a part of the page, or of an answer, did not come. */
const NOT_LOADED = /^(failed to fetch|load failed|networkerror|network error|error loading dynamically|importing a module script failed|unable to preload)/i;

/** Anything thrown, as a problem that can be shown. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (!(error instanceof Error)) return new ApiProblem(0, String(error));
  if (NOT_LOADED.test(error.message)) return unreachable();
  // What the page says about itself is an Error; any other class is a mistake in it.
  return new ApiProblem(0, error.name === "Error" ? error.message : `The page made a mistake: ${error.message}`);
}
