import { send } from "../../api/client";
import { readNTriples } from "../../rdf/ntriples";
import { readSolutions, type Solutions, type Triple } from "../../rdf/term";

export type Outcome =
  | { form: "rows"; solutions: Solutions; bytes: number; ms: number }
  | { form: "truth"; value: boolean; bytes: number; ms: number }
  | { form: "graph"; triples: Triple[]; bytes: number; ms: number };

/** One format for rows and one for graphs: the server picks the one that the form of the query has. */
const ACCEPT = "application/sparql-results+json, application/n-triples";

export async function runQuery(query: string, signal: AbortSignal): Promise<Outcome> {
  const start = performance.now();
  const response = await send("/query", { method: "POST", body: query, contentType: "application/sparql-query", accept: ACCEPT, signal });
  const text = await response.text();
  const measured = { bytes: text.length, ms: performance.now() - start };
  // The answer to a query without rows may have no body, and so no type.
  if (!(response.headers.get("content-type") ?? "").includes("json")) {
    return { form: "graph", triples: readNTriples(text), ...measured };
  }
  const json = JSON.parse(text) as { boolean?: boolean; head: { vars?: string[] } };
  if (typeof json.boolean === "boolean") return { form: "truth", value: json.boolean, ...measured };
  return { form: "rows", solutions: readSolutions(json), ...measured };
}

export interface Format {
  name: string;
  mediaType: string;
  extension: string;
}

const TURTLE: Format = { name: "Turtle", mediaType: "text/turtle", extension: "ttl" };
export const ROW_FORMATS: readonly Format[] = [
  TURTLE,
  { name: "JSON", mediaType: "application/sparql-results+json", extension: "json" },
  { name: "CSV", mediaType: "text/csv", extension: "csv" },
  { name: "XML", mediaType: "application/sparql-results+xml", extension: "xml" },
];
export const GRAPH_FORMATS: readonly Format[] = [
  TURTLE,
  { name: "N-Triples", mediaType: "application/n-triples", extension: "nt" },
  { name: "JSON-LD", mediaType: "application/ld+json", extension: "jsonld" },
  { name: "RDF/XML", mediaType: "application/rdf+xml", extension: "rdf" },
];

export async function runRaw(query: string, format: Format, signal: AbortSignal): Promise<string> {
  const response = await send("/query", { method: "POST", body: query, contentType: "application/sparql-query", accept: format.mediaType, signal });
  return await response.text();
}

/** The call as a command line; the token stays out of it. */
export function asCurl(origin: string, query: string, withToken: boolean): string {
  const quoted = `'${query.replaceAll("'", `'\\''`)}'`;
  const token = withToken ? ` \\\n  -H "Authorization: Bearer $SEGB_API_TOKEN"` : "";
  return `curl -sS ${origin}/api/query${token} \\\n  -H 'Content-Type: application/sparql-query' \\\n  -H 'Accept: application/sparql-results+json, text/turtle' \\\n  --data-binary ${quoted}`;
}
