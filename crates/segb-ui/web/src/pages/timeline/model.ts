import type { Span } from "./scale";

/** Something that was done, from start to end. */
export interface Activity {
  iri: string;
  label: string;
  /** A word: Listening, Decision, … */
  type: string;
  robot: string;
  start: number;
  end: number;
  /** What was said in it. */
  text: string | null;
  speaker: string | null;
  events: string[];
  /** No start was logged; the end, or nothing better, stands for it. */
  isOdd: boolean;
}

export interface EmotionMark {
  iri: string;
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
  labels: Map<string, string>;
  isCut: boolean;
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
}

/** A lane: a robot with what it did, or a person with what they said and seemed to feel. */
export interface Lane {
  iri: string;
  label: string;
  kind: "robot" | "human";
  rows: number;
  /** By start. */
  bars: Placed[];
  /** The longest bar: a view has to look back so far. */
  longest: number;
  messages: Message[];
  emotions: EmotionMark[];
  stays: { state: StateMark; from: number; to: number }[];
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
  const label = (iri: string): string => data.labels.get(iri) ?? iri.split(/[/#:]/).pop() ?? iri;
  const robots = new Set(data.activities.map((one) => one.robot));
  for (const state of data.states) robots.add(state.robot);
  const humans = new Set(data.emotions.map((one) => one.human));
  for (const one of data.activities) if (one.speaker && !robots.has(one.speaker)) humans.add(one.speaker);

  const end = extent(data).to;
  const lanes: Lane[] = [];
  for (const iri of humans) {
    if (wanted.human && wanted.human !== iri) continue;
    const said = data.activities.filter((one) => one.speaker === iri && one.text !== null);
    const messages = pack(said, (one) => one.start, (one) => one.end, 3).map(({ item, row }) => ({ activity: item, text: item.text ?? "", row }));
    const rows = Math.max(1, ...messages.map((message) => message.row + 1));
    const emotions = data.emotions.filter((one) => one.human === iri).sort((a, b) => a.time - b.time);
    lanes.push({ iri, label: label(iri), kind: "human", rows, bars: [], longest: 0, messages, emotions, stays: [] });
  }
  for (const iri of robots) {
    if (wanted.robot && wanted.robot !== iri) continue;
    const own = data.activities.filter((one) => one.robot === iri).sort((a, b) => a.start - b.start);
    const bars: Placed[] = pack(own, (one) => one.start, (one) => one.end).map(({ item, row }) => ({ activity: item, row, next: Number.POSITIVE_INFINITY }));
    const following = new Map<number, number>();
    for (const bar of bars.toReversed()) {
      bar.next = following.get(bar.row) ?? Number.POSITIVE_INFINITY;
      following.set(bar.row, bar.activity.start);
    }
    const states = data.states.filter((one) => one.robot === iri).sort((a, b) => a.time - b.time);
    const stays = states.map((state, place) => ({ state, from: state.time, to: states[place + 1]?.time ?? Math.max(end, state.time) }));
    const longest = own.reduce((most, one) => Math.max(most, one.end - one.start), 0);
    lanes.push({ iri, label: label(iri), kind: "robot", rows: Math.max(1, ...bars.map((bar) => bar.row + 1)), bars, longest, messages: [], emotions: [], stays });
  }
  return lanes.sort((a, b) => a.kind.localeCompare(b.kind) || a.label.localeCompare(b.label));
}

/** From the first to the last thing there is. */
export function extent(data: Interaction): Span {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const take = (start: number, end: number): void => {
    from = Math.min(from, start);
    to = Math.max(to, end);
  };
  for (const one of data.activities) take(one.start, one.end);
  for (const one of data.states) take(one.time, one.time);
  for (const one of data.emotions) take(one.time, one.time);
  if (from > to) return { from: 0, to: 1 };
  return to - from < 1 ? { from: from - 500, to: to + 500 } : { from, to };
}

/**
 * What to look at first: where it is dense. One activity of long ago, such as the training of a model, must not squeeze
 * a conversation into a pixel.
 */
export function firstView(data: Interaction): Span {
  const whole = extent(data);
  const starts = data.activities.map((one) => one.start).sort((a, b) => a - b);
  const width = whole.to - whole.from;
  // The busiest run of activities without a pause of a fiftieth of everything.
  let best = { from: whole.from, to: whole.to, count: 0 };
  let first = 0;
  for (let place = 1; place <= starts.length; place += 1) {
    const here = starts[place] ?? Number.POSITIVE_INFINITY;
    if (here - (starts[place - 1] ?? 0) <= Math.max(width / 50, 1000)) continue;
    if (place - first > best.count) best = { from: starts[first] ?? whole.from, to: starts[place - 1] ?? whole.to, count: place - first };
    first = place;
  }
  const ends = data.activities.filter((one) => one.start >= best.from && one.start <= best.to).reduce((last, one) => Math.max(last, one.end), best.to);
  const margin = Math.max((ends - best.from) * 0.04, 5);
  return { from: best.from - margin, to: ends + margin };
}

/** The place of the first item that starts at or after a time. */
export function firstFrom<T>(items: readonly T[], time: number, start: (item: T) => number): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (start(items[middle] as T) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What led to something, and what came of it, through any number of steps. */
export function chainOf(data: Interaction, iri: string): { causes: Set<string>; effects: Set<string> } {
  const effectsOf = new Map<string, string[]>();
  for (const [effect, causes] of data.causes) for (const cause of causes) effectsOf.set(cause, [...(effectsOf.get(cause) ?? []), effect]);
  const walk = (next: Map<string, string[]>): Set<string> => {
    const seen = new Set<string>();
    const waiting = [iri];
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
      for (const other of next.get(one) ?? []) {
        if (seen.has(other) || other === iri) continue;
        seen.add(other);
        waiting.push(other);
      }
    }
    return seen;
  };
  return { causes: walk(data.causes), effects: walk(effectsOf) };
}
