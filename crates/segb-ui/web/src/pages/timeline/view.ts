import type { Activity, Interaction, Lane } from "./model";
import type { Span } from "./scale";

/** A pause is no shorter than this, in milliseconds, */
const PAUSE_MIN = 60_000;
/** and so much longer than the usual distance between starts. */
const PAUSE_FACTOR = 20;

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

/** Fewer activities than this are no conversation. */
const CLUSTER_MIN = 3;

/**
 * What to look at first: the latest conversation. One activity of long ago, such as the training of a model, must not
 * squeeze it into a pixel. A conversation ends with a pause that is long beside the usual one. If a moment is named, it is
 * the conversation of that moment.
 */
export function firstView(data: Interaction, around?: number): Span {
  const whole = extent(data);
  const starts = data.activities.map((one) => one.start).sort((a, b) => a - b);
  const pauses = starts.slice(1).map((start, place) => start - (starts[place] ?? start)).sort((a, b) => a - b);
  const pauseMax = Math.max(PAUSE_MIN, (pauses[Math.floor(pauses.length / 2)] ?? 0) * PAUSE_FACTOR);
  let view: { from: number; to: number } | null = null;
  let end = starts.length;
  for (let place = starts.length - 1; place >= 0 && !view; place -= 1) {
    const here = starts[place] ?? 0;
    if (place > 0 && here - (starts[place - 1] ?? 0) <= pauseMax) continue;
    const isWanted = around === undefined ? end - place >= Math.min(CLUSTER_MIN, starts.length) : here <= around || place === 0;
    if (isWanted) view = { from: here, to: starts[end - 1] ?? here };
    end = place;
  }
  if (!view) return whole;
  const { from, to } = view;
  const last = data.activities.filter((one) => one.start >= from && one.start <= to).reduce((latest, one) => Math.max(latest, one.end), to);
  const margin = Math.max((last - from) * 0.04, 5);
  return { from: from - margin, to: last + margin };
}

/** How much starts in each of some columns, as shares of the most. */
export function densityOf(lanes: readonly Lane[], { from, to }: Span, columns: number): Float32Array {
  const density = new Float32Array(columns);
  for (const lane of lanes) for (const bar of lane.bars) {
    const place = Math.min(columns - 1, Math.max(0, Math.floor(((bar.activity.start - from) / (to - from)) * columns)));
    density[place] = (density[place] ?? 0) + 1;
  }
  const most = density.reduce((a, b) => Math.max(a, b), 1);
  return density.map((number) => number / most);
}

/** Whether something happens on a lane in a span. */
export function isInUse(lane: Lane, { from, to }: Span): boolean {
  const within = <T>(all: readonly T[], start: (one: T) => number, end: (one: T) => number): boolean => {
    for (let place = firstFrom(all, from - lane.longest, start); place < all.length; place += 1) {
      const one = all[place] as T;
      if (start(one) > to) return false;
      if (end(one) >= from) return true;
    }
    return false;
  };
  const start = (one: { activity: Activity }): number => one.activity.start;
  const end = (one: { activity: Activity }): number => one.activity.end;
  return within(lane.bars, start, end) || within(lane.messages, start, end) || within(lane.emotions, (one) => one.time, (one) => one.time);
}

/** The lanes on which something happens in a span; all if there are none. */
export function inUse(lanes: readonly Lane[], span: Span): readonly Lane[] {
  const used = lanes.filter((lane) => isInUse(lane, span));
  return used.length > 0 ? used : lanes;
}

/** The activities of some lanes, each once. */
export function activitiesOn(lanes: readonly Lane[]): Activity[] {
  return [...new Set(lanes.flatMap((lane) => [...lane.bars, ...lane.messages].map(({ activity }) => activity)))];
}

/** Anything that can be chosen, as the list and the keys go through it. */
export interface Item {
  iri: string;
  kind: "activity" | "emotion" | "state";
  start: number;
  /** Milliseconds; none of an emotion or a state. */
  took: number | null;
  type: string;
  /** A category, place or name. */
  label: string;
  text: string;
  /** Whose lane it is on. */
  lane: string;
  who: string;
}

/** Everything on the lanes, by time. */
export function itemsOf(lanes: readonly Lane[]): Item[] {
  const items = lanes.flatMap((lane): Item[] => {
    const on = { lane: lane.iri, who: lane.label };
    return [
      ...lane.bars.map(({ activity }): Item => ({ ...on, iri: activity.iri, kind: "activity", start: activity.start, took: activity.end - activity.start, type: activity.type, label: activity.label, text: activity.text ?? "" })),
      ...lane.emotions.map((one): Item => ({ ...on, iri: one.iri, kind: "emotion", start: one.time, took: null, type: "Emotion", label: one.category, text: one.intensity === null ? "" : `intensity ${one.intensity}` })),
      ...lane.stays.map(({ state }): Item => ({ ...on, iri: state.iri, kind: "state", start: state.time, took: null, type: "State", label: state.location ?? "state", text: state.note })),
    ];
  });
  return items.sort((a, b) => a.start - b.start || a.iri.localeCompare(b.iri));
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
