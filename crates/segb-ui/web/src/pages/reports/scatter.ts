import { millis, ticks, type Tick } from "../timeline/scale";

export interface Axis {
  x(iso: string): number | null;
  marks: (Tick & { x: number })[];
}

/** A time axis over some moments; they may all be one. */
export function axisOf(times: readonly (string | null | undefined)[], width: number, left: number): Axis {
  const found = times.map(millis).filter((time): time is number => time !== null);
  const from = found.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const to = found.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (found.length === 0) return { x: () => null, marks: [] };
  const margin = Math.max((to - from) * 0.03, 500);
  const span = { from: from - margin, to: to + margin };
  const place = (time: number): number => left + ((time - span.from) / (span.to - span.from)) * (width - left);
  return {
    x: (iso) => {
      const time = millis(iso);
      return time === null ? null : place(time);
    },
    marks: ticks(span, width - left).map((tick) => ({ ...tick, x: place(tick.at) })),
  };
}

/** Colours for categories that are named by the data: the six of EmotionML have their own. */
export function categoryColour(label: string): string {
  const known: Record<string, string> = { happiness: "state", fear: "event", sadness: "message", anger: "human", surprise: "model", disgust: "activity" };
  return `var(--kind-${known[label.toLowerCase()] ?? "emotion"})`;
}
