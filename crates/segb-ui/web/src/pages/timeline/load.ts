import { send } from "../../api/client";
import { visible } from "../../lib/visible";
import { readSolutions, RDF_TYPE, resourceName, type Term } from "../../rdf/term";
import { typeName } from "../../rdf/kinds";
import { localName } from "../../rdf/prefixes";
import type { Activity, EmotionMark, Interaction, StateMark } from "./model";
import { millis } from "./scale";

/** Activities that are drawn; more are a matter of filters. */
export const ACTIVITIES_MAX = 20_000;
/** Of one query about them: several for each. */
const ROWS_MAX = 100_000;

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
/** A text of a log, to be shown: here once for lanes, list and inspector. */
const words = (term: Term | undefined): string | null => (term ? visible(term.value) : null);

/**
 * Everything that was done in a window and fits one of some patterns about `?a`. The time of an activity is its start, or
 * its end if nobody logged a start. Each branch has the whole pattern: what stands outside a union is joined without an
 * index.
 */
function done(window: Window, hasEndsOnly: boolean, ...patterns: string[]): string {
  const times = [`?a segb:wasPerformedBy ?robot ; prov:startedAtTime ?start`];
  if (hasEndsOnly) times.push(ENDS_ONLY);
  const branches = times.flatMap((time) => (patterns.length > 0 ? patterns : [""]).map((pattern) => `{ ${time} . ${pattern} ${within("?start", window)} }`));
  return branches.join(" UNION ");
}
const ENDS_ONLY = `?a segb:wasPerformedBy ?robot ; prov:endedAtTime ?start FILTER NOT EXISTS { ?a prov:startedAtTime ?other }`;

/** Activities that have no place in time, or nobody who did them. */
const UNPLACED = `SELECT (COUNT(DISTINCT ?a) AS ?number) WHERE { ?a a segb:LoggedActivity
  FILTER NOT EXISTS { ?a segb:wasPerformedBy ?robot . { ?a prov:startedAtTime ?time } UNION { ?a prov:endedAtTime ?time } } }`;

/**
 * Asks for everything in a window, first what was done and then, side by side, what else is known of it: each query is one
 * walk through an index. Of more than can be drawn the last part is taken, or the first of a window that has a beginning.
 */
export async function loadInteraction(asked: Window, signal: AbortSignal): Promise<Interaction> {
  const order = asked.since ? "?start" : "DESC(?start)";
  const ends = await select(`SELECT ?a WHERE { ${ENDS_ONLY} ${within("?start", asked)} } LIMIT ${ROWS_MAX}`, signal);
  const performed = await select(`SELECT ?a ?robot ?start WHERE { ${done(asked, ends.length > 0)} } ORDER BY ${order} LIMIT ${ACTIVITIES_MAX + 1}`, signal);
  const isCut = performed.length > ACTIVITIES_MAX;
  const window = isCut ? narrowed(asked, value(performed[ACTIVITIES_MAX - 1]?.["start"])) : asked;
  const ask = (variables: string, ...patterns: string[]): Promise<Row[]> => select(`SELECT ${variables} WHERE { ${done(window, ends.length > 0, ...patterns)} } LIMIT ${ROWS_MAX}`, signal);
  const made = (variable: string): string[] => [`?a prov:generated ${variable}`, `${variable} prov:wasGeneratedBy ?a`, `?a segb:producedEntityResult ${variable}`];
  const message = `?m schema:text ?text OPTIONAL { ?m schema:sender ?sender } OPTIONAL { ?m prov:wasAttributedTo ?sender }`;
  const emotion = `?set onyx:hasEmotion ?emotion ; oa:hasTarget ?target . OPTIONAL { ?target schema:sender ?sender } OPTIONAL { ?target prov:wasAttributedTo ?author } OPTIONAL { ?emotion onyx:hasEmotionCategory ?category } OPTIONAL { ?emotion onyx:hasEmotionIntensity ?intensity }`;
  const [ended, types, labels, messages, events, parts, causes, emotions, states, names, unplaced] = await Promise.all([
    ask("?a ?end", "?a prov:endedAtTime ?end"),
    ask("?a ?type", `?a <${RDF_TYPE}> ?type FILTER (?type NOT IN (segb:LoggedActivity, prov:Activity))`),
    ask("?a ?label", "?a rdfs:label ?label"),
    ask("?a ?m ?text ?sender", ...made("?m").map((pattern) => `${pattern} . ${message}`)),
    ask("?a ?event ?human", "?a schema:about ?event OPTIONAL { ?event schema:about ?human }"),
    ask("?a ?person", "?a oro:hasSpeaker ?person", "?a oro:hasListener ?person"),
    ask("?a ?cause", "?a segb:triggeredByActivity ?cause", "?a segb:triggeredByEntity ?cause", "?a prov:wasInformedBy ?cause"),
    ask("?a ?set ?emotion ?target ?sender ?author ?category ?intensity ?start", ...made("?set").map((pattern) => `${pattern} . ${emotion}`)),
    select(`SELECT ?state ?robot ?time ?location ?note WHERE { ?state prov:generatedAtTime ?time ; prov:wasAttributedTo ?robot . ?robot a oro:Robot . ${within("?time", window)} OPTIONAL { ?state prov:atLocation ?location } OPTIONAL { ?state rdfs:comment ?note } FILTER NOT EXISTS { ?state a schema:Message } } LIMIT ${ROWS_MAX}`, signal),
    select(`SELECT ?who ?name WHERE { { ?who a oro:Robot } UNION { ?who a oro:Human } UNION { ?who a foaf:Person } UNION { ?who a prov:Person } OPTIONAL { { ?who foaf:firstName ?name } UNION { ?who schema:name ?name } } } LIMIT ${ROWS_MAX}`, signal),
    select(UNPLACED, signal),
  ]);

  const activities = activitiesOf(performed.slice(0, ACTIVITIES_MAX), new Set(ends.map((row) => name(row["a"]))));
  addFacts(activities, ended, types, labels);
  const makers = addMessages(activities, events, parts, messages);
  const known = new Set(names.map((row) => name(row["who"])));
  for (const row of emotions) for (const made of ["set", "emotion"]) makers.set(name(row[made]), name(row["a"]));
  return {
    activities: [...activities.values()],
    emotions: emotionsOf(emotions, (row) => {
      const target = name(row["target"]);
      if (known.has(target)) return target;
      // What a message says is felt by who said it.
      const speaker = activities.get(makers.get(target) ?? "")?.speaker;
      return row["sender"] ? name(row["sender"]) : row["author"] ? name(row["author"]) : (speaker ?? target);
    }),
    states: statesOf(states),
    causes: causesOf(causes, makers),
    makers,
    labels: new Map(names.flatMap((row) => (row["name"] ? [[name(row["who"]), visible(row["name"].value)] as const] : []))),
    cut: isCut ? (asked.since ? "first" : "last") : null,
    unplaced: Number(value(unplaced[0]?.["number"]) ?? 0),
  };
}

/** The part of a window up to, or from, the last activity that is drawn. */
function narrowed(window: Window, edge: string | null): Window {
  if (edge === null) return window;
  return window.since ? { since: window.since, until: new Date((millis(edge) ?? 0) + 1).toISOString() } : { since: edge, until: window.until };
}

function activitiesOf(rows: readonly Row[], endsOnly: ReadonlySet<string>): Map<string, Activity> {
  const activities = new Map<string, Activity>();
  for (const row of rows) {
    const [iri, start] = [name(row["a"]), millis(value(row["start"]))];
    if (start === null || activities.has(iri)) continue;
    const odd = endsOnly.has(iri) ? "Only its end is logged" : null;
    activities.set(iri, { iri, label: visible(localName(iri)), type: "Activity", robot: name(row["robot"]), start, end: start, text: null, speaker: null, events: [], people: [], odd });
  }
  return activities;
}

function addFacts(activities: Map<string, Activity>, ended: readonly Row[], types: readonly Row[], labels: readonly Row[]): void {
  for (const row of ended) {
    const one = activities.get(name(row["a"]));
    const end = millis(value(row["end"]));
    if (!one || end === null) continue;
    if (end < one.start) one.odd ??= "It ends before it starts";
    one.end = Math.max(one.end, end);
  }
  for (const row of types) {
    const one = activities.get(name(row["a"]));
    const type = row["type"] && typeName(row["type"].value);
    // Of several types the first in the order of characters, so that every load shows the same.
    if (one && type && (one.type === "Activity" || type < one.type)) one.type = type;
  }
  for (const row of labels) {
    const one = activities.get(name(row["a"]));
    if (one) one.label = words(row["label"]) ?? one.label;
  }
}

/** Adds what was said and who had a part; gives which activity made which message. */
function addMessages(activities: Map<string, Activity>, events: readonly Row[], parts: readonly Row[], messages: readonly Row[]): Map<string, string> {
  const addPerson = (one: Activity, person: string): void => {
    if (!one.people.includes(person)) one.people.push(person);
  };
  const humanOf = new Map<string, string>();
  for (const row of events) {
    const one = activities.get(name(row["a"]));
    if (!one) continue;
    const event = name(row["event"]);
    if (!one.events.includes(event)) one.events.push(event);
    if (!row["human"]) continue;
    humanOf.set(one.iri, name(row["human"]));
    addPerson(one, name(row["human"]));
  }
  for (const row of parts) {
    const one = activities.get(name(row["a"]));
    if (one) addPerson(one, name(row["person"]));
  }
  const makers = new Map<string, string>();
  for (const row of messages) {
    const one = activities.get(name(row["a"]));
    const message = name(row["m"]);
    if (!one) continue;
    // Who listens hears the person that the event is about.
    const fallback = one.type === "Listening" ? (humanOf.get(one.iri) ?? null) : one.robot;
    one.speaker ??= row["sender"] ? name(row["sender"]) : fallback;
    if (one.speaker) addPerson(one, one.speaker);
    const text = words(row["text"]);
    if (text !== null && !makers.has(message)) one.text = one.text === null ? text : `${one.text}\n${text}`;
    makers.set(message, one.iri);
  }
  return makers;
}

/** `humanOf` says whose emotion a row is about. */
function emotionsOf(rows: readonly Row[], humanOf: (row: Row) => string): EmotionMark[] {
  const marks = new Map<string, EmotionMark>();
  for (const row of rows) {
    const time = millis(value(row["start"]));
    const [iri, human] = [name(row["emotion"]), humanOf(row)];
    if (time === null || marks.has(`${iri} ${human}`)) continue;
    const category = localName(value(row["category"]) ?? "emotion").replace(/^big6_/, "");
    const intensity = Number(value(row["intensity"]) ?? Number.NaN);
    marks.set(`${iri} ${human}`, { iri, set: name(row["set"]), activity: name(row["a"]), human, category, intensity: Number.isFinite(intensity) ? intensity : null, time });
  }
  return [...marks.values()];
}

function statesOf(rows: readonly Row[]): StateMark[] {
  const states = new Map<string, StateMark>();
  for (const row of rows) {
    const time = millis(value(row["time"]));
    const iri = name(row["state"]);
    if (time === null || states.has(iri)) continue;
    const locationIri = row["location"] ? name(row["location"]) : null;
    states.set(iri, { iri, robot: name(row["robot"]), time, locationIri, location: locationIri && visible(localName(locationIri)), note: words(row["note"]) ?? "" });
  }
  return [...states.values()];
}

/** What caused each activity: other activities, those that made the messages and results it is due to, or whatever is named. */
function causesOf(rows: readonly Row[], makers: ReadonlyMap<string, string>): Map<string, string[]> {
  const causes = new Map<string, string[]>();
  for (const row of rows) {
    const [effect, named] = [name(row["a"]), name(row["cause"])];
    const cause = makers.get(named) ?? named;
    const known = causes.get(effect) ?? [];
    if (cause !== effect && !known.includes(cause)) causes.set(effect, [...known, cause]);
  }
  return causes;
}
