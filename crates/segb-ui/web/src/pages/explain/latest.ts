import { send } from "../../api/client";
import { readSolutions } from "../../rdf/term";

export interface Latest {
  iri: string;
  start: string;
  label: string;
  types: string[];
}

/** Activities that are named; the timeline has them all. */
const LATEST_MAX = 10;

/** How somebody can have a part in an activity `?a`. The time is asked for in each, so that none walks through all times. */
const PARTS = [
  "?a segb:wasPerformedBy ?who",
  "?a schema:about ?who",
  "?event schema:about ?who . ?a schema:about ?event",
  "?result schema:sender|oa:hasTarget ?who . ?a segb:producedEntityResult|prov:generated ?result",
  "?result schema:sender|oa:hasTarget ?who . ?result prov:wasGeneratedBy ?a",
];

/** The last activities that somebody performed, spoke in, or that are about them; nothing for what has no IRI. */
export async function latestOf(iri: string, signal: AbortSignal): Promise<Latest[]> {
  if (iri.startsWith("_:") || /[\s<>"{}|\\^`]/.test(iri)) return [];
  const parts = PARTS.map((part) => `{ ${part.replaceAll("?who", `<${iri}>`)} . ?a prov:startedAtTime ?start }`);
  const query = `PREFIX segb: <http://www.gsi.upm.es/ontologies/segb/ns#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX schema: <http://schema.org/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?a ?start (SAMPLE(?name) AS ?label) (GROUP_CONCAT(DISTINCT STR(?type); SEPARATOR=" ") AS ?types) WHERE {
  { SELECT DISTINCT ?a ?start WHERE { ${parts.join(" UNION ")} } ORDER BY DESC(?start) LIMIT ${LATEST_MAX} }
  OPTIONAL { ?a rdfs:label ?name } OPTIONAL { ?a a ?type }
} GROUP BY ?a ?start ORDER BY DESC(?start)`;
  const response = await send("/query", { method: "POST", body: query, contentType: "application/sparql-query", accept: "application/sparql-results+json", signal });
  return readSolutions(await response.json()).rows.flatMap((row) => {
    const { a, start, label, types } = row;
    if (a?.kind !== "iri" || !start) return [];
    return [{ iri: a.value, start: start.value, label: label?.value ?? "", types: (types?.value ?? "").split(" ").filter(Boolean) }];
  });
}
