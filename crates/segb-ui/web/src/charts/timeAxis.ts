import type { ScaleOptions } from "chart.js";
import { millis, ticks, type Span, type Tick } from "../pages/timeline/scale";
import type { Look } from "./look";

/** Milliseconds around what is only one moment. */
const MARGIN_MS_MIN = 500;
/** Pixels between two marks, enough for a day. */
const GAP = 96;

/** The time of some moments with a margin; nothing if there is none. */
export function spanOf(moments: Iterable<number | null>): Span | null {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const at of moments) {
    if (at === null) continue;
    from = Math.min(from, at);
    to = Math.max(to, at);
  }
  if (from > to) return null;
  const margin = Math.max((to - from) * 0.03, MARGIN_MS_MIN);
  return { from: from - margin, to: to + margin };
}

export const spanOfTimes = (times: Iterable<string | null | undefined>): Span | null => spanOf([...times].map(millis));

/** The day, or the days, that an axis is about: its marks say only the time of the day. */
export function days(span: Span): string {
  const [from, to] = [span.from, span.to].map((at) => new Date(at).toISOString().slice(0, 10));
  return from === to ? `${from}, UTC` : `${from} to ${to}, UTC`;
}

/** A linear axis in milliseconds with the marks of the timeline; a date adapter would know less about microseconds. */
export function timeAxis(span: Span, look: Look): ScaleOptions<"linear"> {
  return {
    type: "linear",
    min: span.from,
    max: span.to,
    afterBuildTicks: (scale) => {
      scale.ticks = ticks({ from: scale.min, to: scale.max }, scale.chart.width, GAP).map((tick: Tick) => ({ value: tick.at, label: tick.label, major: tick.major }));
    },
    // Bars would like it otherwise.
    offset: false,
    grid: { color: look.line, offset: false },
    border: { color: look.strong },
    ticks: { autoSkip: false, maxRotation: 0, color: look.soft, callback: (_value, place, all) => String(all[place]?.label ?? "") },
    title: { display: true, text: days(span), color: look.soft, align: "end" },
  };
}
