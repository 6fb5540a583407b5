import { send } from "../../api/client";
import { brokenOff, isAbort } from "../../api/problem";
import { count } from "../../lib/time";
import { readNTriples } from "../../rdf/ntriples";
import { readSolutions, type Solutions, type Triple } from "../../rdf/term";

interface Answer {
  /** The answer as it came, and in which media type: that form needs no second run. */
  raw: string;
  mediaType: string;
  bytes: number;
  ms: number;
}

export type Outcome = Answer &
  ({ form: "rows"; solutions: Solutions } | { form: "truth"; value: boolean } | { form: "graph"; triples: Triple[] });

const ROWS = "application/sparql-results+json";
const TRIPLES = "application/n-triples";

/** Makes the call; one format for rows and one for graphs: the server picks the one that the form of the query has. */
export async function runQuery(query: string, signal: AbortSignal): Promise<Outcome> {
  const start = performance.now();
  const response = await ask(query, `${ROWS}, ${TRIPLES}`, signal);
  const { text: raw, bytes } = await bodyOf(response);
  const measured = { raw, bytes, ms: performance.now() - start };
  // The answer to a query without rows may have no body, and so no type.
  if (!(response.headers.get("content-type") ?? "").includes("json")) {
    return { form: "graph", triples: readNTriples(raw), mediaType: TRIPLES, ...measured };
  }
  const json = JSON.parse(raw) as { boolean?: boolean; head: { vars?: string[] } };
  if (typeof json.boolean === "boolean") return { form: "truth", value: json.boolean, mediaType: ROWS, ...measured };
  return { form: "rows", solutions: readSolutions(json), mediaType: ROWS, ...measured };
}

function ask(query: string, accept: string, signal: AbortSignal): Promise<Response> {
  return send("/query", { method: "POST", body: query, contentType: "application/sparql-query", accept, signal });
}

/** The text of an answer and its size, which is not its number of characters. */
export async function bodyOf(response: Response): Promise<{ text: string; bytes: number }> {
  try {
    const bytes = await response.arrayBuffer();
    return { text: new TextDecoder().decode(bytes), bytes: bytes.byteLength };
  } catch (error) {
    throw isAbort(error) ? error : brokenOff();
  }
}

/** `20 rows`, in one or two words. */
export function summary(answer: Outcome): string {
  if (answer.form === "rows") return counted(answer.solutions.rows.length, "row");
  if (answer.form === "graph") return counted(answer.triples.length, "triple");
  return answer.value ? "yes" : "no";
}

function counted(number: number, word: string): string {
  return `${count(number)} ${word}${number === 1 ? "" : "s"}`;
}

export interface Format {
  name: string;
  mediaType: string;
  extension: string;
}

const TURTLE: Format = { name: "Turtle", mediaType: "text/turtle", extension: "ttl" };
export const ROW_FORMATS: readonly Format[] = [
  TURTLE,
  { name: "JSON", mediaType: ROWS, extension: "json" },
  { name: "CSV", mediaType: "text/csv", extension: "csv" },
  { name: "XML", mediaType: "application/sparql-results+xml", extension: "xml" },
];
export const GRAPH_FORMATS: readonly Format[] = [
  TURTLE,
  { name: "N-Triples", mediaType: TRIPLES, extension: "nt" },
  { name: "JSON-LD", mediaType: "application/ld+json", extension: "jsonld" },
  { name: "RDF/XML", mediaType: "application/rdf+xml", extension: "rdf" },
];

export async function runRaw(query: string, format: Format, signal: AbortSignal): Promise<string> {
  return (await bodyOf(await ask(query, format.mediaType, signal))).text;
}

/** The call as a command line; the token stays out of it. */
export function asCurl(origin: string, query: string, withToken: boolean): string {
  const quoted = `'${query.replaceAll("'", `'\\''`)}'`;
  const token = withToken ? ` \\\n  -H "Authorization: Bearer $SEGB_API_TOKEN"` : "";
  return `curl -sS ${origin}/api/query${token} \\\n  -H 'Content-Type: application/sparql-query' \\\n  -H 'Accept: application/sparql-results+json, text/turtle' \\\n  --data-binary ${quoted}`;
}
