import type { Resource } from "../../api/reports";
import { endingsOf, fullName } from "../../rdf/names";

/** Something that was done, from start to end. */
export interface Activity {
  iri: string;
  label: string;
  /** A word: Listening, Decision, … */
  type: string;
  robot: string;
  start: number;
  end: number;
  /** What was said in it, a line for each message. */
  text: string | null;
  speaker: string | null;
  events: string[];
  /** The people who have a part in it: who speaks and who the events are about. */
  people: string[];
  /** What is odd about its times, in words. */
  odd: string | null;
}

export interface EmotionMark {
  /** Of the emotion itself: an analysis may find several at once. */
  iri: string;
  /** What the analysis said, of which this is a part. */
  set: string;
  activity: string;
  human: string;
  category: string;
  intensity: number | null;
  time: number;
}

export interface StateMark {
  iri: string;
  robot: string;
  time: number;
  location: string | null;
  locationIri: string | null;
  note: string;
}

/** What is loaded. */
export interface Interaction {
  activities: Activity[];
  emotions: EmotionMark[];
  states: StateMark[];
  /** Effect → causes. */
  causes: Map<string, string[]>;
  /** Message or result → the activity that made it. */
  makers: Map<string, string>;
  labels: Map<string, string>;
  /** Which part is here, if it is not all of the time that was asked for. */
  cut: "first" | "last" | null;
  /** Activities that have no time, or that nobody performed, so that they have no place here. */
  unplaced: number;
}

export interface Placed {
  activity: Activity;
  row: number;
  /** When the next one in this row starts: so far there is room for a text beside a short bar. */
  next: number;
}

export interface Message {
  activity: Activity;
  text: string;
  row: number;
  next: number;
}

/** A lane: a robot with what it did, or a person with what they said and seemed to feel. */
export interface Lane {
  iri: string;
  label: string;
  kind: "robot" | "human";
  rows: number;
  /** By start. */
  bars: Placed[];
  /** The longest bar or message: a view has to look back so far. */
  longest: number;
  messages: Message[];
  emotions: EmotionMark[];
  /** `known`: so long it was there for sure. `isOpen`: nothing says when it ended. */
  stays: { state: StateMark; from: number; known: number; to: number; isOpen: boolean }[];
}

/** Puts intervals into as few rows as they need, by start: each takes the first row that is free again. */
export function pack<T>(items: readonly T[], start: (item: T) => number, end: (item: T) => number, rowsMax = 12): { item: T; row: number }[] {
  const free: number[] = [];
  return items.map((item) => {
    let row = free.findIndex((until) => until <= start(item));
    if (row < 0) row = free.length < rowsMax ? free.length : free.indexOf(Math.min(...free));
    free[row] = Math.max(free[row] ?? 0, end(item));
    return { item, row };
  });
}

/** The lanes of an interaction: people first, then robots, by name. */
export function lanesOf(data: Interaction, wanted: { robot: string; human: string }): Lane[] {
  const robots = new Set(data.activities.map((one) => one.robot));
  for (const state of data.states) robots.add(state.robot);
  const humans = new Set(data.emotions.map((one) => one.human));
  for (const one of data.activities) if (one.speaker) humans.add(one.speaker);
  for (const robot of robots) humans.delete(robot);
  const label = labeller(data.labels, [...robots, ...humans]);
  const robotOf = new Map(data.activities.map((one) => [one.iri, one.robot]));

  const lanes: Lane[] = [];
  for (const iri of humans) {
    if (wanted.human && wanted.human !== iri) continue;
    const said = data.activities.filter((one) => one.speaker === iri && one.text !== null && (!wanted.robot || one.robot === wanted.robot)).sort((a, b) => a.start - b.start);
    const messages = pack(said, (one) => one.start, (one) => one.end, 3).map(({ item, row }) => ({ activity: item, text: item.text ?? "", row, next: Number.POSITIVE_INFINITY }));
    setNext(messages);
    const rows = Math.max(1, ...messages.map((message) => message.row + 1));
    const emotions = emotionsOf(data, iri).filter((one) => !wanted.robot || robotOf.get(one.activity) === wanted.robot);
    if (wanted.robot && messages.length === 0 && emotions.length === 0) continue;
    lanes.push({ iri, label: label(iri), kind: "human", rows, bars: [], longest: longestOf(said), messages, emotions, stays: [] });
  }
  for (const iri of robots) {
    if (wanted.robot && wanted.robot !== iri) continue;
    const all = data.activities.filter((one) => one.robot === iri).sort((a, b) => a.start - b.start);
    // Who asks for a person wants what had to do with that person.
    const own = wanted.human ? all.filter((one) => one.people.includes(wanted.human)) : all;
    const emotions = emotionsOf(data, iri);
    if (wanted.human && own.length === 0) continue;
    const bars: Placed[] = pack(own, (one) => one.start, (one) => one.end).map(({ item, row }) => ({ activity: item, row, next: Number.POSITIVE_INFINITY }));
    setNext(bars);
    const rows = Math.max(1, ...bars.map((bar) => bar.row + 1));
    lanes.push({ iri, label: label(iri), kind: "robot", rows, bars, longest: longestOf(own), messages: [], emotions, stays: staysOf(data, iri, all) });
  }
  return lanes.sort((a, b) => a.kind.localeCompare(b.kind) || a.label.localeCompare(b.label));
}

/** Names for people and robots; if two have one name, the ends of their IRIs tell them apart. */
function labeller(labels: ReadonlyMap<string, string>, iris: readonly string[]): (iri: string) => string {
  const resource = (iri: string): Resource => ({ iri, label: labels.get(iri) || (iri.split(/[/#:]/).filter(Boolean).pop() ?? iri), kind: "unknown" });
  const endings = endingsOf(iris.map(resource));
  return (iri) => fullName(resource(iri), endings);
}

function emotionsOf(data: Interaction, iri: string): EmotionMark[] {
  return data.emotions.filter((one) => one.human === iri).sort((a, b) => a.time - b.time || a.category.localeCompare(b.category));
}

function longestOf(activities: readonly Activity[]): number {
  return activities.reduce((most, one) => Math.max(most, one.end - one.start), 0);
}

/** So far the next one in the same row leaves room. */
function setNext(items: readonly { activity: Activity; row: number; next: number }[]): void {
  const following = new Map<number, number>();
  for (const item of items.toReversed()) {
    item.next = following.get(item.row) ?? Number.POSITIVE_INFINITY;
    following.set(item.row, item.activity.start);
  }
}

/**
 * Where a robot was. That it stayed is known up to the last sample at a place; then it may have been there until the next
 * sample says otherwise, or until the last thing that is known of the robot.
 */
function staysOf(data: Interaction, iri: string, own: readonly Activity[]): Lane["stays"] {
  const states = data.states.filter((one) => one.robot === iri).sort((a, b) => a.time - b.time);
  const last = own.reduce((latest, one) => Math.max(latest, one.end), 0);
  return states.map((state, place) => {
    const next = states[place + 1];
    const to = next?.time ?? Math.max(last, state.time);
    return { state, from: state.time, known: next && next.locationIri === state.locationIri ? to : state.time, to, isOpen: !next };
  });
}
