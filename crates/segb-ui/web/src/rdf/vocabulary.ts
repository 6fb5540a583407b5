import { send } from "../api/client";
import { readSolutions } from "./term";

export interface KnownTerm {
  iri: string;
  role: "class" | "property";
}

const QUERIES = [
  ["class", "SELECT DISTINCT ?term WHERE { ?s a ?term FILTER isIRI(?term) } LIMIT 500"],
  ["property", "SELECT DISTINCT ?term WHERE { ?s ?term ?o } LIMIT 500"],
] as const;

let loaded: Promise<KnownTerm[]> | null = null;

/** The classes and properties that the data uses; asked for once. Nothing if it cannot be had: it only helps to type. */
export function vocabulary(): Promise<KnownTerm[]> {
  loaded ??= load().catch(() => {
    loaded = null;
    return [];
  });
  return loaded;
}

async function load(): Promise<KnownTerm[]> {
  const lists = await Promise.all(
    QUERIES.map(async ([role, query]) => {
      const response = await send("/query", { method: "POST", body: query, contentType: "application/sparql-query", accept: "application/sparql-results+json" });
      const { rows } = readSolutions(await response.json());
      return rows.flatMap((row) => (row["term"] ? [{ iri: row["term"].value, role }] : []));
    }),
  );
  return lists.flat();
}

