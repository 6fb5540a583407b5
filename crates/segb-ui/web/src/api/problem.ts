/** What is wrong with one part of a request. */
export interface FieldProblem {
  type: string;
  loc: (string | number)[];
  msg: string;
}

/** A call that did not give an answer, in the words of docs/api.md. */
export class ApiProblem extends Error {
  constructor(
    /** 0 if there was no answer at all. */
    readonly status: number,
    message: string,
    readonly fields: FieldProblem[] = [],
    readonly requestId: string | null = null,
    readonly retryAfterS: number | null = null,
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
    return this.status === 0 || this.status === 503 || this.status === 504;
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

/** Makes the problem of an answer that is no success. */
export function problemOf(status: number, body: string, headers: Headers): ApiProblem {
  const requestId = headers.get("x-request-id");
  const retry = Number(headers.get("retry-after"));
  const retryAfterS = Number.isFinite(retry) && retry > 0 ? retry : null;
  let detail: unknown;
  try {
    detail = (JSON.parse(body) as { detail?: unknown }).detail;
  } catch {
    detail = undefined;
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

/** Anything thrown, as a problem that can be shown. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (error instanceof TypeError) {
    return new ApiProblem(0, "The server cannot be reached. Is it running?");
  }
  return new ApiProblem(0, error instanceof Error ? error.message : String(error));
}
