import { send } from "../../api/client";
import { readSolutions, RDF_TYPE, resourceName, type Term } from "../../rdf/term";
import { typeName } from "../../rdf/kinds";
import { localName } from "../../rdf/prefixes";
import type { Activity, EmotionMark, Interaction, StateMark } from "./model";
import { millis } from "./scale";

/** Activities that are drawn; more are a matter of filters. */
export const ACTIVITIES_MAX = 20_000;
const ROWS_MAX = 60_000;

const PREFIXES = `PREFIX segb: <http://www.gsi.upm.es/ontologies/segb/ns#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX schema: <http://schema.org/>
PREFIX oro: <http://kb.openrobots.org#>
PREFIX onyx: <http://www.gsi.upm.es/ontologies/onyx/ns#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
`;
type Row = Record<string, Term>;

export interface Window {
  since: string;
  until: string;
}

async function select(query: string, signal: AbortSignal): Promise<Row[]> {
  const response = await send("/query", { method: "POST", body: PREFIXES + query, contentType: "application/sparql-query", accept: "application/sparql-results+json", signal });
  return readSolutions(await response.json()).rows;
}

/** The condition on a time; a time without zone compares as the server compares it. */
function within(variable: string, { since, until }: Window): string {
  const conditions = [since && `${variable} >= "${since}"^^xsd:dateTime`, until && `${variable} < "${until}"^^xsd:dateTime`].filter(Boolean);
  return conditions.length > 0 ? `FILTER (${conditions.join(" && ")})` : "";
}

const name = (term: Term | undefined): string => (term ? resourceName(term) : "");
const value = (term: Term | undefined): string | null => term?.value ?? null;

/** Asks for everything in a window, in a few queries side by side: each is one walk through an index. */
export async function loadInteraction(window: Window, signal: AbortSignal): Promise<Interaction> {
  const times = `{ ?a segb:wasPerformedBy ?robot ; prov:startedAtTime ?start } ${within("?start", window)}`;
  const [performed, ended, types, labels, messages, events, causes, emotions, states, names] = await Promise.all([
    select(`SELECT ?a ?robot ?start WHERE { ${times} } ORDER BY ?start LIMIT ${ACTIVITIES_MAX + 1}`, signal),
    select(`SELECT ?a ?end WHERE { ${times} ?a prov:endedAtTime ?end } LIMIT ${ROWS_MAX}`, signal),
    select(`SELECT ?a ?type WHERE { ${times} ?a <${RDF_TYPE}> ?type FILTER (?type NOT IN (segb:LoggedActivity, prov:Activity)) } LIMIT ${ROWS_MAX}`, signal),
    select(`SELECT ?a ?label WHERE { ${times} ?a rdfs:label ?label } LIMIT ${ROWS_MAX}`, signal),
    select(`SELECT ?a ?text ?sender WHERE { ${times} { ?a prov:generated ?m } UNION { ?m prov:wasGeneratedBy ?a } UNION { ?a segb:producedEntityResult ?m } ?m schema:text ?text OPTIONAL { ?m schema:sender ?sender } OPTIONAL { ?m prov:wasAttributedTo ?sender } } LIMIT ${ROWS_MAX}`, signal),
    select(`SELECT ?a ?event ?human WHERE { ${times} ?a schema:about ?event OPTIONAL { ?event schema:about ?human } } LIMIT ${ROWS_MAX}`, signal),
    select(`SELECT ?a ?cause WHERE { ${times} ?a segb:triggeredByActivity ?cause } LIMIT ${ROWS_MAX}`, signal),
    select(`SELECT ?a ?set ?human ?category ?intensity ?start WHERE { ${times} { ?a segb:producedEntityResult ?set } UNION { ?a prov:generated ?set } UNION { ?set prov:wasGeneratedBy ?a } ?set onyx:hasEmotion ?emotion ; oa:hasTarget ?human . OPTIONAL { ?emotion onyx:hasEmotionCategory ?category } OPTIONAL { ?emotion onyx:hasEmotionIntensity ?intensity } } LIMIT ${ROWS_MAX}`, signal),
    select(`SELECT ?state ?robot ?time ?location ?note WHERE { ?state prov:wasAttributedTo ?robot ; prov:generatedAtTime ?time . ?robot a oro:Robot . ${within("?time", window)} OPTIONAL { ?state prov:atLocation ?location } OPTIONAL { ?state rdfs:comment ?note } FILTER NOT EXISTS { ?state a schema:Message } } LIMIT ${ROWS_MAX}`, signal),
    select(`SELECT ?who ?name WHERE { { ?who a oro:Robot } UNION { ?who a oro:Human } UNION { ?who a foaf:Person } { ?who foaf:firstName ?name } UNION { ?who schema:name ?name } } LIMIT ${ROWS_MAX}`, signal),
  ]);

  const activities = activitiesOf(performed.slice(0, ACTIVITIES_MAX));
  for (const row of ended) {
    const one = activities.get(name(row["a"]));
    const end = millis(value(row["end"]));
    if (one && end !== null) {
      one.isOdd ||= end < one.start;
      one.end = Math.max(one.end, end);
    }
  }
  for (const row of types) {
    const one = activities.get(name(row["a"]));
    const type = row["type"] && typeName(row["type"].value);
    // Of several types the first in the order of characters, so that every load shows the same.
    if (one && type && (one.type === "Activity" || type < one.type)) one.type = type;
  }
  for (const row of labels) {
    const one = activities.get(name(row["a"]));
    if (one) one.label = value(row["label"]) ?? one.label;
  }
  addEvents(activities, events, messages);
  return {
    activities: [...activities.values()],
    emotions: emotionsOf(emotions),
    states: statesOf(states),
    causes: causesOf(causes),
    labels: new Map(names.map((row) => [name(row["who"]), value(row["name"]) ?? ""])),
    isCut: performed.length > ACTIVITIES_MAX,
  };
}

function activitiesOf(rows: readonly Row[]): Map<string, Activity> {
  const activities = new Map<string, Activity>();
  for (const row of rows) {
    const [iri, start] = [name(row["a"]), millis(value(row["start"]))];
    if (start === null || activities.has(iri)) continue;
    activities.set(iri, { iri, label: localName(iri), type: "Activity", robot: name(row["robot"]), start, end: start, text: null, speaker: null, events: [], isOdd: false });
  }
  return activities;
}

function addEvents(activities: Map<string, Activity>, events: readonly Row[], messages: readonly Row[]): void {
  const humanOf = new Map<string, string>();
  for (const row of events) {
    const one = activities.get(name(row["a"]));
    const event = name(row["event"]);
    if (one && !one.events.includes(event)) one.events.push(event);
    if (row["human"]) humanOf.set(name(row["a"]), name(row["human"]));
  }
  for (const row of messages) {
    const one = activities.get(name(row["a"]));
    if (!one) continue;
    one.text ??= value(row["text"]);
    // Who listens hears the person that the event is about.
    const fallback = one.type === "Listening" ? (humanOf.get(one.iri) ?? null) : one.robot;
    one.speaker ??= row["sender"] ? name(row["sender"]) : fallback;
  }
}

function emotionsOf(rows: readonly Row[]): EmotionMark[] {
  const seen = new Set<string>();
  return rows.flatMap((row) => {
    const time = millis(value(row["start"]));
    const category = localName(value(row["category"]) ?? "emotion").replace(/^big6_/, "");
    const key = `${name(row["set"])} ${category} ${name(row["human"])}`;
    if (time === null || seen.has(key)) return [];
    seen.add(key);
    const intensity = Number(value(row["intensity"]) ?? Number.NaN);
    return [{ iri: name(row["set"]), activity: name(row["a"]), human: name(row["human"]), category, intensity: Number.isFinite(intensity) ? intensity : null, time }];
  });
}

function statesOf(rows: readonly Row[]): StateMark[] {
  const states = new Map<string, StateMark>();
  for (const row of rows) {
    const time = millis(value(row["time"]));
    const iri = name(row["state"]);
    if (time === null || states.has(iri)) continue;
    const locationIri = row["location"] ? name(row["location"]) : null;
    states.set(iri, { iri, robot: name(row["robot"]), time, locationIri, location: locationIri && localName(locationIri), note: value(row["note"]) ?? "" });
  }
  return [...states.values()];
}

function causesOf(rows: readonly Row[]): Map<string, string[]> {
  const causes = new Map<string, string[]>();
  for (const row of rows) {
    const [effect, cause] = [name(row["a"]), name(row["cause"])];
    causes.set(effect, [...(causes.get(effect) ?? []), cause]);
  }
  return causes;
}
